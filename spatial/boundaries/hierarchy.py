"""Totals and means of the levels above, by the kind of variable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from fuping.spatial.boundaries.crosswalk import Aggregation
from fuping.spatial.errors import FupingError
from fuping.spatial.match_report import MatchReport, Unmatched
from numpy.typing import ArrayLike, NDArray

__all__ = ["RollUp", "ancestors", "check_hierarchy", "roll_up"]


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
    n_observed, n_expected
        int64, shape (m, k); units with a value (and, for a mean, a weight), and units that the source covers.
    share
        float64, shape (m, k); observed part of the units (sums) or of their weight (means), 0 to 1.
    """

    codes: NDArray[np.str_]
    value: NDArray[np.float64]
    n_units: NDArray[np.int64]
    n_observed: NDArray[np.int64]
    n_expected: NDArray[np.int64]
    share: NDArray[np.float64]


def roll_up(
    values: NDArray[np.float64],
    parents: Sequence[str] | NDArray[np.str_],
    *,
    aggregation: Aggregation,
    weights: ArrayLike | None = None,
    minimum_share: float = 1.0,
    expected: NDArray[np.bool_] | None = None,
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
        The denominator of an intensive variable, shape (m, n) or (n,), none negative. A unit with a value and no
        weight does not count.
    minimum_share
        Least share that must be observed for a parent to have a value; 1: a partial sum is not passed off as a total.
    expected
        bool, shape (m, n); False where the source does not cover a unit, so that no total waits for it. All are
        expected where not given.

    Raises
    ------
    FupingError
        Shapes differ, a unit has no parent, the aggregation or the share is not one that exists, or weights are
        absent from an intensive variable, given with an extensive one, or negative.

    Examples
    --------
    >>> up = roll_up(np.array([[10.0, 20.0, 5.0]]), ["a", "a", "b"], aggregation="extensive")
    >>> up.codes.tolist(), up.value.tolist()
    (['a', 'b'], [[30.0, 5.0]])
    >>> roll_up(np.array([[10.0, 20.0]]), ["a", "a"], aggregation="intensive", weights=[3, 1]).value.tolist()
    [[12.5]]
    """
    values = np.asarray(values, dtype=float)
    _check_roll_up(values, parents, aggregation, weights, minimum_share)
    codes, group = np.unique(np.asarray(parents, dtype=str), return_inverse=True)
    k = len(codes)
    if aggregation == "extensive":
        weight = np.ones(values.shape)
        seen = ~np.isnan(values)
    else:
        given = np.broadcast_to(np.asarray(weights, dtype=float), values.shape)
        seen = ~np.isnan(values) & ~np.isnan(given)
        weight = _filled(given)
    awaited = seen | (True if expected is None else np.asarray(expected, dtype=bool))
    observed = _by_group(np.where(seen, weight, 0.0), group, k)
    whole = _by_group(np.where(awaited, weight, 0.0), group, k)
    share = np.divide(observed, whole, out=np.zeros_like(whole), where=whole > 0)
    n_observed = _by_group(seen.astype(float), group, k).astype(np.int64)
    total = _by_group(np.where(seen, values * weight, 0.0), group, k)
    if aggregation == "intensive":
        total = np.divide(total, observed, out=np.full_like(total, np.nan), where=observed > 0)
    # Sums of the same weights in another order may differ in their last digits.
    enough = (share >= minimum_share - 1e-12) & (n_observed > 0)
    n_expected = _by_group(awaited.astype(float), group, k).astype(np.int64)
    n_units = np.bincount(group, minlength=k)
    return RollUp(codes, np.where(enough, total, np.nan), n_units, n_observed, n_expected, share)


def _check_roll_up(
    values: NDArray[np.float64],
    parents: Sequence[str] | NDArray[np.str_],
    aggregation: str,
    weights: ArrayLike | None,
    minimum_share: float,
) -> None:
    if values.ndim != 2:
        raise FupingError(f"Values have the shape {values.shape}.", remedy="Lay them out as (years, units).")
    n = values.shape[1]
    if len(parents) != n:
        raise FupingError(f"There are {n} units and {len(parents)} parents.", remedy="Give each unit its parent.")
    orphans = [number for number, parent in enumerate(parents) if not isinstance(parent, str) or not parent]
    if orphans:
        raise FupingError(
            f"{len(orphans)} units have no parent, at {', '.join(map(str, orphans[:10]))}.",
            remedy="Leave them out, or give their parents.",
        )
    if aggregation not in get_args(Aggregation):
        raise FupingError(f"Aggregation {aggregation!r} is unknown.", remedy="Choose extensive or intensive.")
    if not 0 <= minimum_share <= 1:
        raise FupingError(f"The minimum share is {minimum_share}.", remedy="Give a share from 0 to 1.")
    if aggregation == "extensive" and weights is not None:
        raise FupingError("An extensive variable is summed, without weights.", remedy="Leave the weights out.")
    if aggregation == "intensive":
        if weights is None:
            raise FupingError(
                "An intensive variable cannot be averaged without weights.",
                remedy="Give its denominator (population for a headcount ratio) as weights.",
            )
        given = np.asarray(weights, dtype=float)
        if given.shape not in (values.shape, (n,)):
            raise FupingError(
                f"Weights have the shape {given.shape}, values {values.shape}.",
                remedy="Give one weight for each value, or for each unit.",
            )
        if (given < 0).any():
            raise FupingError(
                f"{int((given < 0).sum())} weights are negative, the least {np.nanmin(given)}.",
                remedy="Mend them, or leave them empty.",
            )


def _filled(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give units without a weight the mean of the year, as a missing weight hides how much is missing."""
    known = ~np.isnan(weights)
    count = known.sum(axis=1, keepdims=True)
    total = np.where(known, weights, 0.0).sum(axis=1, keepdims=True)
    mean = np.divide(total, count, out=np.ones_like(total), where=count > 0)
    return np.where(known, weights, mean)


def _by_group(values: NDArray[np.float64], group: NDArray[np.intp], k: int) -> NDArray[np.float64]:
    sums = np.empty((len(values), k))
    for number, row in enumerate(values):
        sums[number] = np.bincount(group, weights=row, minlength=k)
    return sums


def ancestors(parents: Mapping[str, Mapping[str, tuple[str, str]]], level: str) -> dict[str, list[str]]:
    """Follow each unit of a level upwards.

    Parameters
    ----------
    parents
        Level → unit → (level, unit) in which it lies, both empty at the top; a parent may skip levels.
    level
        Whose units are followed, in their order.

    Returns
    -------
    dict of str to list of str
        Level → the unit there in which each unit lies, empty where there is none; only levels that any unit reaches.

    Examples
    --------
    >>> county = {"130624": ("prefecture", "130600"), "139001": ("province", "130000")}
    >>> above = {"prefecture": {"130600": ("province", "130000")}, "province": {"130000": ("", "")}}
    >>> ancestors(above | {"county": county}, "county")
    {'prefecture': ['130600', ''], 'province': ['130000', '130000']}
    """
    found: dict[str, list[str]] = {}
    for at, start in enumerate(parents[level].values()):
        above, parent = start
        while above:
            found.setdefault(above, [""] * len(parents[level]))[at] = parent
            above, parent = parents[above][parent]
    return found


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
    there = set(known)
    lost = tuple(
        Unmatched(str(code), "", "missing_code" if not parent else "unknown_code", f"parent {parent!r}")
        for code, parent in zip(codes, parents, strict=True)
        if parent not in there
    )
    childless = sorted(there - set(parents))
    return MatchReport(
        name,
        n_left=len(codes),
        n_right=len(there),
        matched=len(codes) - len(lost),
        unmatched_left=lost,
        unmatched_right=tuple(Unmatched(code, "", "no_data", "no unit has it as parent") for code in childless),
    )
