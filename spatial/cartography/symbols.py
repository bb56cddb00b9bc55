"""Circles whose area is proportional to a count, and the round sizes that their legend shows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["largest_radius", "round_sizes"]

SMALLEST, LARGEST = 8.0, 36.0
"""Pixels that the greatest circle has at least and at most."""


def largest_radius(values: ArrayLike, *, ink: float) -> float:
    """Return the radius of the greatest figure's circle, such that the circles of the fullest year cover an area.

    Radii are ``R * sqrt(value / greatest)``, so areas are proportional to figures (not to what they look like, which
    Flannery (1971) would enlarge).

    Parameters
    ----------
    values
        float64, shape (m years, n units); NaN is missing, none is negative.
    ink
        Square pixels that the circles of one year may cover.

    Returns
    -------
    float
        Pixels, from 8 to 36; 0 where no figure is above zero.

    Examples
    --------
    >>> largest_radius([[100.0, 25.0]], ink=500 * math.pi)
    20.0
    """
    table = np.asarray(values, dtype=np.float64)
    greatest = np.nanmax(table, initial=0.0, where=~np.isnan(table))
    if greatest <= 0:
        return 0.0
    shares = np.nansum(table, axis=1).max() / greatest
    return float(np.clip(math.sqrt(ink / (math.pi * shares)), SMALLEST, LARGEST))


def round_sizes(greatest: float, *, n: int = 3) -> tuple[float, ...]:
    """Return round numbers for a legend of circles, the greatest first: each about a fifth of the one before.

    Examples
    --------
    >>> round_sizes(3_450_000.0)
    (2000000.0, 500000.0, 100000.0)
    >>> round_sizes(0.0)
    ()
    """
    if greatest <= 0:
        return ()
    sizes = [_round_down(greatest)]
    while len(sizes) < n:
        sizes.append(_round_down(sizes[-1] / 4))
    return tuple(sizes)


def _round_down(value: float) -> float:
    power = math.floor(math.log10(value) + 1e-12)
    return float(next(one for one in (5, 2, 1) if one * 10.0**power <= value * (1 + 1e-12)) * 10.0**power)
