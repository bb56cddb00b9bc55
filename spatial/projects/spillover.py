"""Whether a treatment also reached the neighbours, by rings of distance around the treated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from fuping.spatial.inference import Estimate
from fuping.spatial.projects.aggregation import aggregate
from fuping.spatial.projects.conley import EARTH_RADIUS_KM
from fuping.spatial.projects.did import Method, group_time_effects
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import Panel
from fuping.spatial.wording import worded
from numpy.typing import NDArray
from sklearn.neighbors import BallTree

__all__ = ["Spillover", "exposure_rings", "spillover_effects"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spillover:
    """Effects on the treated and on those near them, all against units beyond the last ring.

    Parameters
    ----------
    direct
        Mean effect on the treated, with only units that no treatment came near as controls.
    naive
        The same with every never-treated unit as control; where it differs, neighbours were touched.
    rings
        One row a ring: ``from_km``, ``to_km``, ``units``, ``att``, ``se``, ``low``, ``high`` and ``why``
        (why a ring has no estimate, else empty).
    n_unexposed
        Controls beyond the last ring.
    """

    direct: Estimate
    naive: Estimate
    rings: pd.DataFrame
    n_unexposed: int


def exposure_rings(
    panel: Panel, *, longitude: Floats, latitude: Floats, breaks_km: Sequence[float]
) -> tuple[NDArray[np.intp], Floats]:
    """Find for each unit that was not treated the ring it lies in, and since when.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`.
    longitude, latitude
        Shape (n,); degrees of one point of each unit, in the panel's order.
    breaks_km
        Outer distances of the rings, ascending; the first ring starts at zero.

    Returns
    -------
    (numpy.ndarray of intp, numpy.ndarray of float64)
        Shape (n,) each. The ring, 0 for the innermost, by the nearest unit ever treated; −1 beyond the last and for
        treated units. The period in which a treated unit first lay within that ring's outer distance; infinite outside.

    Raises
    ------
    DesignError
        Breaks that do not ascend from above zero, positions missing or not one a unit, or nobody treated.
    """
    breaks = np.asarray(breaks_km, dtype=float)
    if not len(breaks) or not (np.isfinite(breaks).all() and breaks[0] > 0 and (np.diff(breaks) > 0).all()):
        raise DesignError(f"The rings {list(breaks_km)} do not ascend.", remedy="Give distances in km, smallest first.")
    points = np.radians(np.column_stack([np.asarray(latitude, dtype=float), np.asarray(longitude, dtype=float)]))
    if points.shape != (len(panel.units), 2) or not np.isfinite(points).all():
        raise DesignError(
            "Positions are missing or not one a unit.", remedy="Give longitude and latitude of every unit."
        )
    treated = ~panel.never_treated
    if not treated.any():
        raise DesignError(worded("No unit is treated, so that none lies near one."))
    tree = BallTree(points[treated], metric="haversine")
    nearest = tree.query(points, k=1)[0][:, 0] * EARTH_RADIUS_KM
    ring = np.searchsorted(breaks, nearest, side="left")
    ring = np.where(treated | (ring == len(breaks)), -1, ring)
    since = np.full(len(panel.units), np.inf)
    cohorts = panel.cohort[treated]
    for i in np.flatnonzero(ring >= 0):
        within = tree.query_radius(points[[i]], r=breaks[ring[i]] / EARTH_RADIUS_KM * (1 + 1e-12))[0]
        since[i] = cohorts[within].min()
    return ring, since


def spillover_effects(
    panel: Panel,
    *,
    longitude: Floats,
    latitude: Floats,
    breaks_km: Sequence[float],
    method: Method = "doubly_robust",
    confidence: float = 0.95,
) -> Spillover:
    """Estimate the effect on the treated and on the rings around them.

    Parameters
    ----------
    panel, longitude, latitude, breaks_km
        As :func:`exposure_rings` takes them.
    method, confidence
        As :func:`~fuping.spatial.projects.did.group_time_effects` takes them.

    Raises
    ------
    DesignError
        No unit lies beyond the last ring, or the design identifies nothing.

    Notes
    -----
    Units in a ring are treated, as it were, from the period in which the treatment first came within its outer
    distance. Clarke (2017), IZA DP 10540; Butts (2021), arXiv:2105.03737. Nothing is assumed beyond the last ring but
    that the treatment did not reach that far; rings that are too narrow leave touched units among the controls.
    """
    ring, since = exposure_rings(panel, longitude=longitude, latitude=latitude, breaks_km=breaks_km)
    far = panel.never_treated & (ring < 0)
    if not far.any():
        raise DesignError(
            worded("No unit lies farther than {km} km from every treated one.", km=breaks_km[-1]),
            remedy=worded("Use narrower rings; without controls out of reach nothing is identified."),
        )

    def effect(keep: NDArray[np.bool_], cohort: Floats) -> Estimate:
        part = replace(
            panel,
            units=panel.units[keep],
            outcome=panel.outcome[keep],
            cohort=cohort[keep],
            covariates=panel.covariates[keep],
            weights=panel.weights[keep] / panel.weights[keep].mean(),
            clusters=None if panel.clusters is None else np.unique(panel.clusters[keep], return_inverse=True)[1],
        )
        return aggregate(group_time_effects(part, method=method, confidence=confidence, draws=0), by="simple").overall

    treated = ~panel.never_treated
    rows = []
    for k, outer in enumerate(breaks_km):
        inside = ring == k
        row: dict[str, object] = {
            "from_km": 0.0 if k == 0 else float(breaks_km[k - 1]),
            "to_km": float(outer),
            "units": int(inside.sum()),
        }
        try:
            found = effect(inside | far, np.where(inside, since, np.inf))
            row |= {"att": found.value, "se": found.se, "low": found.low, "high": found.high, "why": ""}
        except DesignError as error:
            row |= {"att": np.nan, "se": np.nan, "low": np.nan, "high": np.nan, "why": error.message}
        rows.append(row)
    return Spillover(
        direct=effect(treated | far, panel.cohort),
        naive=effect(np.ones(len(panel.units), dtype=bool), panel.cohort),
        rings=pd.DataFrame(rows),
        n_unexposed=int(far.sum()),
    )
