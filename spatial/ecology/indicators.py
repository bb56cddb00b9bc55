"""Soil loss and dryness: the factors of the revised universal soil loss equation, and the aridity index.

Functions take arrays of any shape and give float64 of the same; NaN is missing. All are in SI units.
"""

from __future__ import annotations

import numpy as np
from fuping.spatial.errors import FupingError
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "ARIDITY_CLASSES",
    "EcologyError",
    "aridity_class",
    "aridity_index",
    "cover_factor",
    "modified_fournier",
    "rainfall_erosivity",
    "slope_length_factor",
    "slope_steepness_factor",
    "soil_erodibility",
    "soil_loss",
]

ARIDITY_CLASSES = ("hyper-arid", "arid", "semi-arid", "dry sub-humid", "humid")
"""Of UNEP 1997, *World atlas of desertification*, 2nd ed.: up to 0.05, 0.20, 0.50 and 0.65, and above."""

ARIDITY_BREAKS = (0.05, 0.20, 0.50, 0.65)


class EcologyError(FupingError):
    """Values that the quantity cannot have."""


def modified_fournier(monthly_precipitation: ArrayLike) -> NDArray[np.float64]:
    r"""Give the modified Fournier index in mm: :math:`F = \sum_m p_m^2/P` (Arnoldus 1980).

    Parameters
    ----------
    monthly_precipitation
        mm, shape (12, …). NaN where a month is missing or the year is without rain.

    Examples
    --------
    >>> modified_fournier([10.0] * 12).item()
    10.0
    """
    p = _known(monthly_precipitation, "precipitation", least=0)
    if p.shape[0] != 12:
        raise EcologyError(f"There are {p.shape[0]} months.", remedy="Give the twelve months on the first axis.")
    year = p.sum(axis=0)
    return np.asarray((p**2).sum(axis=0) / np.where(year > 0, year, np.nan))


def rainfall_erosivity(monthly_precipitation: ArrayLike) -> NDArray[np.float64]:
    r"""Estimate the R factor from monthly rainfall, in MJ mm ha⁻¹ h⁻¹ a⁻¹.

    Parameters
    ----------
    monthly_precipitation
        mm, shape (12, …), means over years.

    Notes
    -----
    :math:`R = 0.7397 F^{1.847}` for :math:`F < 55` mm and :math:`R = 95.77 - 6.081 F + 0.4770 F^2` from there on, F
    the modified Fournier index (Renard & Freimund 1994, *Journal of Hydrology* 157:287–306, eqs. 11 and 12; stations of
    the United States). A measured R, from rainfall by the minute, is better.
    """
    f = modified_fournier(monthly_precipitation)
    return np.where(f < 55, 0.7397 * f**1.847, 95.77 - 6.081 * f + 0.4770 * f**2)


def soil_erodibility(
    sand: ArrayLike, silt: ArrayLike, clay: ArrayLike, organic_carbon: ArrayLike
) -> NDArray[np.float64]:
    r"""Estimate the K factor from the texture of the topsoil, in t ha h ha⁻¹ MJ⁻¹ mm⁻¹.

    Parameters
    ----------
    sand, silt, clay
        Percent by weight, which sum to 100.
    organic_carbon
        Percent.

    Notes
    -----
    Williams (1995, in Singh, *Computer models of watershed hydrology*, ch. 25, eq. 25.160, EPIC):
    :math:`K = [0.2 + 0.3 e^{-0.0256 s (1 - z/100)}]\,(\frac{z}{c + z})^{0.3}\,
    [1 - \frac{0.25 o}{o + e^{3.72 - 2.95 o}}]\,[1 - \frac{0.7 n}{n + e^{-5.51 + 22.9 n}}]`, :math:`n = 1 - s/100`, with
    sand s, silt z, clay c and carbon o; × 0.1317 from US customary units.
    """
    s, z, c = (_known(one, name, least=0, most=100) for one, name in ((sand, "sand"), (silt, "silt"), (clay, "clay")))
    o = _known(organic_carbon, "organic carbon", least=0, most=100)
    total = s + z + c
    if (np.abs(total - 100) > 2).any():
        worst = total.flat[int(np.nanargmax(np.abs(total - 100)))]
        raise EcologyError(f"Sand, silt and clay sum to {worst:g} %.", remedy="They must sum to 100.")
    n = 1 - s / 100
    texture = (0.2 + 0.3 * np.exp(-0.0256 * s * (1 - z / 100))) * (z / np.where(c + z > 0, c + z, np.nan)) ** 0.3
    carbon = 1 - 0.25 * o / (o + np.exp(3.72 - 2.95 * o))
    coarse = 1 - 0.7 * n / (n + np.exp(-5.51 + 22.9 * n))
    return np.asarray(0.1317 * texture * carbon * coarse)


def slope_steepness_factor(slope_degrees: ArrayLike) -> NDArray[np.float64]:
    r"""Give the S factor.

    Notes
    -----
    :math:`S = 10.8 \sin\theta + 0.03` below 9 % and :math:`16.8 \sin\theta - 0.50` from 9 % on (McCool et al. 1987,
    *Trans. ASAE* 30:1387; Renard et al. 1997, USDA Agriculture Handbook 703, eqs. 4-4 and 4-5).
    """
    angle = np.radians(_known(slope_degrees, "slope", least=0, most=90))
    sine = np.sin(angle)
    # 9 % and its angle, which rounding must not part.
    return np.where(np.tan(angle) < 0.09 - 1e-12, 10.8 * sine + 0.03, 16.8 * sine - 0.50)


def slope_length_factor(slope_length: ArrayLike, slope_degrees: ArrayLike) -> NDArray[np.float64]:
    r"""Give the L factor.

    Parameters
    ----------
    slope_length
        Horizontal, metres.

    Notes
    -----
    :math:`L = (\lambda/22.13)^m`, :math:`m = \beta/(1 + \beta)`,
    :math:`\beta = \frac{\sin\theta/0.0896}{3 \sin^{0.8}\theta + 0.56}`, for a moderate ratio of rill to interrill
    erosion (McCool et al. 1989, *Trans. ASAE* 32:1571; Renard et al. 1997, eqs. 4-1 to 4-3).
    """
    length = _known(slope_length, "slope length", least=0)
    sine = np.sin(np.radians(_known(slope_degrees, "slope", least=0, most=90)))
    beta = (sine / 0.0896) / (3 * sine**0.8 + 0.56)
    return np.asarray((length / 22.13) ** (beta / (1 + beta)))


def cover_factor(ndvi: ArrayLike, *, alpha: float = 2.0, beta: float = 1.0) -> NDArray[np.float64]:
    r"""Estimate the C factor from a vegetation index, 0 to 1.

    Notes
    -----
    :math:`C = \min(1, e^{-\alpha\,NDVI/(\beta - NDVI)})` (Van der Knijff, Jones & Montanarella 2000, *Soil erosion risk
    assessment in Europe*, EUR 19044, eq. 4); 1 for bare ground, where the index is negative.
    """
    v = _known(ndvi, "NDVI", least=-1, most=1)
    gap = np.maximum(beta - v, np.finfo(float).eps)
    return np.where(np.isnan(v), np.nan, np.minimum(np.exp(-alpha * np.maximum(v, 0) / gap), 1.0))


def soil_loss(r: ArrayLike, k: ArrayLike, ls: ArrayLike, c: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    r"""Give the mean soil loss in t ha⁻¹ a⁻¹: :math:`A = R K L S C P` (Renard et al. 1997, eq. 1-2).

    Parameters
    ----------
    r, k, ls, c, p
        Erosivity, erodibility, slope length times steepness, cover (0 to 1), support practice (0 to 1).
    """
    whole = [_known(one, name, least=0) for one, name in ((r, "R"), (k, "K"), (ls, "LS"))]
    parts = [_known(one, name, least=0, most=1) for one, name in ((c, "C"), (p, "P"))]
    return np.asarray(whole[0] * whole[1] * whole[2] * parts[0] * parts[1])


def aridity_index(precipitation: ArrayLike, evapotranspiration: ArrayLike) -> NDArray[np.float64]:
    """Give yearly precipitation over potential evapotranspiration (UNEP 1997); NaN where nothing evaporates."""
    p = _known(precipitation, "precipitation", least=0)
    e = _known(evapotranspiration, "potential evapotranspiration", least=0)
    return np.asarray(p / np.where(e > 0, e, np.nan))


def aridity_class(index: ArrayLike) -> NDArray[np.object_]:
    """Name the class of an aridity index; None where it is missing.

    Examples
    --------
    >>> aridity_class([0.03, 0.2, 0.4, 0.9]).tolist()
    ['hyper-arid', 'arid', 'semi-arid', 'humid']
    """
    x = _known(index, "aridity index", least=0)
    names = np.asarray([*ARIDITY_CLASSES, None], dtype=object)
    return names[np.where(np.isnan(x), len(ARIDITY_CLASSES), np.searchsorted(ARIDITY_BREAKS, x))]


def _known(values: ArrayLike, name: str, *, least: float, most: float = np.inf) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=float)
    wrong = (array < least) | (array > most)
    if wrong.any():
        raise EcologyError(
            f"{int(wrong.sum())} values of {name} lie beyond {least:g} to {most:g}, such as {array[wrong].flat[0]:g}.",
            remedy="Check units and the value that stands for no data.",
        )
    return array
