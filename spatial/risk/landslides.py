"""Where slopes have failed and may fail again: frequency ratios of factors, and how well they tell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from fuping.spatial.risk.errors import HazardError
from numpy.typing import ArrayLike, NDArray

__all__ = ["frequency_ratio", "infinite_slope", "success_rate", "susceptibility_index"]


def frequency_ratio(classes: ArrayLike, landslide: ArrayLike, *, area: ArrayLike | None = None) -> pd.DataFrame:
    r"""Tell for each class of a factor how much more often slopes failed there than elsewhere.

    Parameters
    ----------
    classes
        Of each cell, such as of slope or rock; NaN and None where not known.
    landslide
        Whether slopes failed in the cell.
    area
        Of each cell; all equal where not given.

    Returns
    -------
    pandas.DataFrame
        A row a class: ``area_share``, ``landslide_share`` and ``frequency_ratio``.

    Raises
    ------
    HazardError
        Shapes differ, an area is not above zero, or no slope failed where the class is known.

    Notes
    -----
    :math:`FR_k = (L_k/\sum L)/(A_k/\sum A)` (Lee & Talib 2005, *Environmental Geology* 47:982–990). Above 1 slopes fail
    more often than on average. The ratios, weighted by the shares of the area, average to 1.

    Examples
    --------
    >>> table = frequency_ratio(["flat", "flat", "steep", "steep"], [False, False, True, False])
    >>> table["frequency_ratio"].to_dict()
    {'flat': 0.0, 'steep': 2.0}
    """
    of, failed = np.asarray(classes, dtype=object).ravel(), np.asarray(landslide, dtype=bool).ravel()
    size = np.ones(len(of)) if area is None else np.asarray(area, dtype=float).ravel()
    if not len(of) == len(failed) == len(size) or not (size > 0).all():
        raise HazardError(
            f"{len(of)} classes, {len(failed)} marks of landslides and {len(size)} areas.",
            remedy="Give one of each for every cell, areas above zero.",
        )
    known = ~pd.isna(of)
    table = pd.DataFrame({"class": of[known], "area": size[known], "failed": (size * failed)[known]})
    sums = table.groupby("class", sort=True)[["area", "failed"]].sum()
    if not sums["failed"].sum() > 0:
        raise HazardError(
            "No slope failed where the class is known.", remedy="Give an inventory of landslides that lie there."
        )
    shares = sums / sums.sum()
    found = pd.DataFrame({"area_share": shares["area"], "landslide_share": shares["failed"]})
    found["frequency_ratio"] = found["landslide_share"] / found["area_share"]
    return found


def susceptibility_index(classes: Mapping[str, ArrayLike], ratios: Mapping[str, pd.DataFrame]) -> NDArray[np.float64]:
    r"""Add up the frequency ratios of several factors: :math:`LSI = \sum_j FR_j`.

    Parameters
    ----------
    classes
        Of each cell by factor, of one shape.
    ratios
        Of :func:`frequency_ratio` by factor.

    Returns
    -------
    float64
        Of the shape of the classes; NaN where a class is not known, or was not where the ratios were found.

    Raises
    ------
    HazardError
        Factors or shapes differ.
    """
    if set(classes) != set(ratios) or not classes:
        raise HazardError(
            f"Classes of {', '.join(classes)} and ratios of {', '.join(ratios)}.", remedy="Give both for each factor."
        )
    arrays = {name: np.asarray(one, dtype=object) for name, one in classes.items()}
    if len({one.shape for one in arrays.values()}) > 1:
        raise HazardError("The factors have different shapes.", remedy="Bring them to one grid.")
    total: NDArray[np.float64] = np.zeros(next(iter(arrays.values())).shape)
    for name, one in arrays.items():
        known = ratios[name]["frequency_ratio"]
        total = total + pd.Series(one.ravel()).map(known).to_numpy(dtype=float).reshape(one.shape)
    return total


def success_rate(index: ArrayLike, landslide: ArrayLike) -> float:
    """Give the area under the curve of an index: the chance that a failed cell has more of it than another.

    Parameters
    ----------
    index
        Of each cell; cells without one do not count.
    landslide
        Whether slopes failed there: those that the ratios were found with tell of the fit (success rate), others of
        what it foretells (prediction rate; Chung & Fabbri 2003, *Natural Hazards* 30:451–472).

    Raises
    ------
    HazardError
        All cells failed, or none.

    Examples
    --------
    >>> success_rate([1.0, 2.0, 3.0, 4.0], [False, False, True, True])
    1.0
    """
    from sklearn.metrics import roc_auc_score

    value, failed = np.asarray(index, dtype=float).ravel(), np.asarray(landslide, dtype=bool).ravel()
    known = ~np.isnan(value)
    if failed[known].all() or not failed[known].any():
        raise HazardError("All cells failed, or none.", remedy="Give cells of both kinds.")
    return float(roc_auc_score(failed[known], value[known]))


def infinite_slope(
    degrees: ArrayLike,
    *,
    friction_degrees: float,
    cohesion_kpa: float = 0.0,
    depth_m: float = 1.0,
    unit_weight: float = 20.0,
    saturated: float = 0.0,
) -> NDArray[np.float64]:
    r"""Give the factor of safety of a long slope; below 1 it fails.

    Parameters
    ----------
    degrees
        Slope, above 0 and below 90.
    friction_degrees, cohesion_kpa
        Of the soil, effective.
    depth_m, unit_weight
        Vertical depth of the slip surface, and kN/m³ of the soil.
    saturated
        Part of the depth, 0 to 1, that stands under water seeping down along the slope.

    Notes
    -----
    Skempton & DeLory (1957, *Proc. 4th Int. Conf. Soil Mech.* 2:378–381):
    :math:`F = \frac{c' + (\gamma - m\gamma_w) z\cos^2\beta\tan\phi'}{\gamma z\sin\beta\cos\beta}`.
    """
    beta = np.radians(np.asarray(degrees, dtype=float))
    if ((beta <= 0) | (beta >= np.pi / 2)).any() or not 0 <= saturated <= 1 or not depth_m > 0 or not unit_weight > 0:
        raise HazardError(
            f"Slopes from {np.degrees(beta).min():g} to {np.degrees(beta).max():g}°, {saturated:g} under water, "
            f"{depth_m:g} m of {unit_weight:g} kN/m³.",
            remedy="Give slopes between 0 and 90°, a part from 0 to 1, and depth and weight above zero.",
        )
    water = 9.81 * saturated
    friction = (unit_weight - water) * depth_m * np.cos(beta) ** 2 * np.tan(np.radians(friction_degrees))
    return np.asarray((cohesion_kpa + friction) / (unit_weight * depth_m * np.sin(beta) * np.cos(beta)))
