"""How much of what a source covers has a figure, by year and by unit, and why the rest has none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.errors import CubeError
from numpy.typing import NDArray

__all__ = ["completeness", "completeness_by_unit"]


def completeness(reason: NDArray[np.uint8], years: Sequence[int]) -> pd.DataFrame:
    """Count the figures of each year.

    Parameters
    ----------
    reason
        uint8, shape (m years, n units); codes of :class:`~fuping.spatial.cube.missing.MissingReason`.
    years
        m years.

    Returns
    -------
    pandas.DataFrame
        Index ``year``; ``observed``, ``expected`` (units that the source covers), ``share`` (0 to 1, NaN where none is
        expected), and a column for each reason of absence that occurs, named by its code.

    Raises
    ------
    CubeError
        Shapes differ, or a code is unknown.

    Examples
    --------
    >>> completeness(np.array([[0, 0, 2, 8]], dtype=np.uint8), [2020]).to_dict("records")
    [{'observed': 2, 'expected': 3, 'share': 0.6666666666666666, 2: 1, 8: 1}]
    """
    if np.ndim(reason) == 2 and len(reason) != len(years):
        raise CubeError(f"There are {len(years)} years and {len(reason)} rows.", remedy="Give a row each year.")
    return _counted(reason, axis=1).set_axis(pd.Index(years, name="year"), axis=0)


def completeness_by_unit(reason: NDArray[np.uint8], units: Sequence[str]) -> pd.DataFrame:
    """Count the figures of each unit over the years; as :func:`completeness`, index ``unit``."""
    if np.ndim(reason) == 2 and np.shape(reason)[1] != len(units):
        raise CubeError(
            f"There are {len(units)} units and {np.shape(reason)[1]} columns.", remedy="Give a column each unit."
        )
    return _counted(reason, axis=0).set_axis(pd.Index(units, name="unit"), axis=0)


def _counted(reason: NDArray[np.uint8], *, axis: int) -> pd.DataFrame:
    codes = np.asarray(reason)
    if codes.ndim != 2:
        raise CubeError(f"Reasons have {codes.ndim} dimensions.", remedy="Lay them out as (years, units).")
    there = np.unique(codes).tolist()
    unknown = [code for code in there if code not in set(MissingReason)]
    if unknown:
        raise CubeError(f"{unknown[0]} is no reason of absence.", remedy="Give codes of MissingReason.", codes=unknown)
    counts = {code: (codes == code).sum(axis=axis) for code in there}
    outside = counts.get(MissingReason.OUTSIDE, 0)
    expected = np.full(codes.shape[1 - axis], codes.shape[axis]) - outside
    observed = counts.pop(MissingReason.OBSERVED, np.zeros(codes.shape[1 - axis], dtype=np.int64))
    share = np.divide(observed, expected, out=np.full(len(expected), np.nan), where=expected > 0)
    return pd.DataFrame({"observed": observed, "expected": expected, "share": share} | counts)
