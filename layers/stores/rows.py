"""Lay out rows of a build as arrays over the units of a level, whichever store they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from fuping.layers.stores.contract import STATUS_WORDS
from fuping.spatial.cube.values import UnitYearValues, lay_out
from numpy.typing import NDArray

__all__ = ["coverage_of_rows", "values_of_rows"]


def values_of_rows(rows: Mapping[str, Any], codes: Sequence[str]) -> UnitYearValues:
    """Lay out the rows of one indicator at one level.

    Parameters
    ----------
    rows
        Columns code, year, value, reason, lower, upper and status (a word); numbers may be masked.
    codes
        Of the units of the level.
    """
    number = {word: place for place, word in enumerate(STATUS_WORDS)}
    plain = {name: np.ma.filled(rows[name].astype(float), np.nan) for name in ("value", "lower", "upper")}
    return lay_out(
        rows["code"],
        rows["year"],
        plain["value"],
        units=codes,
        reason=rows["reason"],
        lower=plain["lower"],
        upper=plain["upper"],
        status=[number[word] for word in rows["status"]],
    )


def coverage_of_rows(rows: Mapping[str, Any], codes: Sequence[str]) -> tuple[list[int], NDArray[np.uint8]]:
    """Lay out the rows of one project at one level: columns code and year, every code one of the level's."""
    known = np.array(codes)
    years, row = np.unique(rows["year"], return_inverse=True)
    covered = np.zeros((len(years), len(known)), dtype=np.uint8)
    covered[row, np.searchsorted(known, rows["code"].astype(known.dtype))] = 1
    return years.tolist(), covered
