"""Totals and means of the levels above, by the kind of variable."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from fuping.spatial.errors import FupingError
from fuping.spatial.match_report import MatchReport, Unmatched
from numpy.typing import ArrayLike, NDArray

__all__ = ["RollUp", "check_hierarchy", "roll_up"]


@dataclass(frozen=True)
class RollUp:
    """Values of k parents in m years.

    Parameters
    ----------
    codes
        The k parents, ascending.
    value
        float64, shape (m, k); NaN where less than the asked share was observed.
    n_units
        int64, shape (k,); units of each parent.
    n_observed
        int64, shape (m, k); units with a value (and, for a mean, a weight).
    share
        float64, shape (m, k); observed part of the units (sums) or of their weight (means), 0 to 1.
    """

    codes: NDArray[np.str_]
    value: NDArray[np.float64]
    n_units: NDArray[np.int64]
    n_observed: NDArray[np.int64]
    share: NDArray[np.float64]


def roll_up(
    values: NDArray[np.float64],
    parents: Sequence[str] | NDArray[np.str_],
    *,
    aggregation: Literal["extensive", "intensive"],
    weights: ArrayLike | None = None,
    minimum_share: float = 1.0,
) -> RollUp:
    r"""Sum an extensive variable, or average an intensive one, over the units of each parent.

    Parameters
    ----------
    values
        float64, shape (m years, n units); NaN is missing.
    parents
        n codes, the parent of each unit.
    aggregation
        ``"extensive"``: :math:`X_p = \sum_i x_i`. ``"intensive"``: :math:`X_p = \sum_i w_i x_i / \sum_i w_i`.
    weights
        The denominator of an intensive variable, shape (m, n) or (n,). A unit with a value and no weight does not
        count.
    minimum_share
        Least share that must be observed for a parent to have a value; 1: a partial sum is not passed off as a total.

    Raises
    ------
    FupingError
        Shapes differ, or an intensive variable comes without weights.

    Examples
    --------
    >>> up = roll_up(np.array([[10.0, 20.0, 5.0]]), ["a", "a", "b"], aggregation="extensive")
    >>> up.codes.tolist(), up.value.tolist()
    (['a', 'b'], [[30.0, 5.0]])
    >>> roll_up(np.array([[10.0, 20.0]]), ["a", "a"], aggregation="intensive", weights=[3, 1]).value.tolist()
    [[12.5]]
    """
    values = np.asarray(values, dtype=float)
    m, n = values.shape
    if len(parents) != n:
        raise FupingError(f"There are {n} units and {len(parents)} parents.", remedy="Give each unit its parent.")
    if aggregation == "intensive" and weights is None:
        raise FupingError(
            "An intensive variable cannot be averaged without weights.",
            remedy="Give its denominator (population for a headcount ratio) as weights.",
        )
    codes, group = np.unique(np.asarray(parents, dtype=str), return_inverse=True)
    k = len(codes)
    shares = np.ones((m, n)) if weights is None else np.broadcast_to(np.asarray(weights, dtype=float), (m, n))
    seen = ~np.isnan(values) & ~np.isnan(shares)
    if aggregation == "extensive":
        weight = np.ones((m, n))
        total = _by_group(np.where(seen, values, 0.0), group, k)
    else:
        # A missing weight hides how much is missing: its unit counts with the mean weight of the year.
        filled = np.where(np.isnan(shares), np.nanmean(np.where(seen, shares, np.nan), axis=1, keepdims=True), shares)
        weight = np.where(np.isnan(filled), 1.0, filled)
        total = _by_group(np.where(seen, values * weight, 0.0), group, k)
    observed = _by_group(np.where(seen, weight, 0.0), group, k)
    whole = _by_group(weight, group, k)
    share = np.divide(observed, whole, out=np.zeros_like(whole), where=whole > 0)
    n_observed = _by_group(seen.astype(float), group, k).astype(np.int64)
    if aggregation == "intensive":
        total = np.divide(total, observed, out=np.full_like(total, np.nan), where=observed > 0)
    enough = (share >= minimum_share - 1e-12) & (n_observed > 0)
    return RollUp(codes, np.where(enough, total, np.nan), np.bincount(group, minlength=k), n_observed, share)


def _by_group(values: NDArray[np.float64], group: NDArray[np.intp], k: int) -> NDArray[np.float64]:
    return np.stack([np.bincount(group, weights=row, minlength=k) for row in values]).reshape(len(values), k)


def check_hierarchy(codes: Sequence[str], parents: Sequence[str], known: Collection[str], name: str) -> MatchReport:
    """Report the units whose parent is not there.

    Parameters
    ----------
    codes, parents
        n units and the parent of each.
    known
        Codes of the level above.
    name
        What is checked, for the report.
    """
    lost = tuple(
        Unmatched(str(code), "", "missing_code" if not parent else "unknown_code", f"parent {parent!r}")
        for code, parent in zip(codes, parents, strict=True)
        if parent not in known
    )
    childless = sorted(set(known) - set(parents))
    return MatchReport(
        name,
        n_left=len(codes),
        n_right=len(known),
        matched=len(codes) - len(lost),
        unmatched_left=lost,
        unmatched_right=tuple(Unmatched(code, "", "no_data", "no unit has it as parent") for code in childless),
    )
