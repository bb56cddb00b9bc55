"""Standard errors where near units are alike (Conley 1999)."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from fuping.spatial.projects.errors import SpatialCovarianceError
from fuping.spatial.projects.influence import Influence
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.neighbors import BallTree

__all__ = ["EARTH_RADIUS_KM", "Kernel", "conley_covariance", "conley_standard_errors"]

Floats = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the ellipsoid (IUGG)."""

Kernel = Literal["bartlett", "uniform"]
"""How the likeness of two units falls with their distance: evenly to zero at the cutoff, or not at all until it."""


def conley_covariance(
    influence: Influence, *, longitude: Floats, latitude: Floats, cutoff_km: float, kernel: Kernel = "bartlett"
) -> Floats:
    r"""Estimate the covariance of estimates whose units are correlated up to a distance.

    Parameters
    ----------
    influence
        Of each unit on each estimate, as effects and their sums carry it; clusters are not read.
    longitude, latitude
        Shape (n,); degrees of one point of each unit, in the order of the influence.
    cutoff_km
        Great-circle distance from which on units count as independent.
    kernel
        ``"bartlett"``: :math:`K(d) = 1 - d/c`; ``"uniform"``: 1.

    Returns
    -------
    numpy.ndarray
        Shape (k, k).

    Raises
    ------
    SpatialCovarianceError
        Positions are missing, out of range or not one a unit; the cutoff is not positive; the kernel is unknown; or a
        variance comes out negative, as these kernels allow on a sphere.

    Notes
    -----
    :math:`\hat V = n^{-2} \sum_{i,j} K(d_{ij}) \psi_i \psi_j'` over pairs nearer than c. Conley (1999), J. Econometrics
    92, 1–45. With a panel the influence of a unit already sums over its periods, so that any correlation over time
    within a unit is in.
    """
    n = len(influence.values)
    if kernel not in get_args(Kernel):
        raise SpatialCovarianceError(f"The kernel {kernel!r} is unknown.", remedy="Choose bartlett or uniform.")
    if not (np.isfinite(cutoff_km) and cutoff_km > 0):
        raise SpatialCovarianceError(f"The cutoff is {cutoff_km} km.", remedy="Give a distance above zero.")
    points = np.column_stack([np.asarray(latitude, dtype=float), np.asarray(longitude, dtype=float)])
    if len(points) != n:
        raise SpatialCovarianceError(f"There are {len(points)} positions for {n} units.", remedy="Give one a unit.")
    wrong = np.flatnonzero(~((np.abs(points[:, 0]) <= 90) & (np.abs(points[:, 1]) <= 180)))
    if len(wrong):
        raise SpatialCovarianceError(
            f"{len(wrong)} positions are missing or no degrees, first that of unit number {wrong[0]}: "
            f"longitude {points[wrong[0], 1]}, latitude {points[wrong[0], 0]}.",
            remedy="Give longitude and latitude of every unit.",
            units=wrong.tolist(),
        )
    tree = BallTree(np.radians(points), metric="haversine")
    near, distance = tree.query_radius(np.radians(points), r=cutoff_km / EARTH_RADIUS_KM, return_distance=True)
    weight = 1 - np.concatenate(distance) * EARTH_RADIUS_KM / cutoff_km
    if kernel == "uniform":
        weight = np.ones_like(weight)
    starts = np.append(0, np.cumsum([len(row) for row in near]))
    kernels = csr_array((weight, np.concatenate(near), starts), shape=(n, n))
    covariance = influence.values.T @ (kernels @ influence.values) / n**2
    negative = np.flatnonzero(np.diag(covariance) < 0)
    if len(negative):
        raise SpatialCovarianceError(
            f"The variance of {len(negative)} estimates is negative with the {kernel} kernel and {cutoff_km} km.",
            remedy="Use the bartlett kernel or a shorter cutoff.",
            estimates=negative.tolist(),
        )
    return covariance


def conley_standard_errors(
    influence: Influence, *, longitude: Floats, latitude: Floats, cutoff_km: float, kernel: Kernel = "bartlett"
) -> Floats:
    """Return the square roots of the variances of :func:`conley_covariance`, which takes and raises the same."""
    covariance = conley_covariance(
        influence, longitude=longitude, latitude=latitude, cutoff_km=cutoff_km, kernel=kernel
    )
    return np.sqrt(np.diag(covariance))
