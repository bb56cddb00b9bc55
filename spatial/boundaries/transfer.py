"""Carry values over a crosswalk: sums of what adds up, means of what averages, and a report of what could not go."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
from fuping.spatial.boundaries.crosswalk import TOLERANCE, Aggregation, Crosswalk
from fuping.spatial.errors import CrosswalkError
from fuping.spatial.match_report import MatchReport, Unmatched
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["transfer"]


def transfer(
    values: pd.Series,
    crosswalk: Crosswalk,
    *,
    aggregation: Aggregation,
    weights: pd.Series | None = None,
) -> tuple[pd.Series, MatchReport]:
    """Carry values of the *from* units to the *to* units.

    Parameters
    ----------
    values
        Numbers on an index of *from* codes, or of (code, year); every entry once.
    crosswalk
        Shares of the *from* units.
    aggregation
        ``"extensive"`` adds up, ``"intensive"`` averages.
    weights
        Denominator of an intensive value (people, for a share of people), on the same kind of index or on codes
        alone; not needed where no unit receives from several.

    Returns
    -------
    (pandas.Series of float64, MatchReport)
        On *to* codes, or (code, year), sorted; name and ``attrs`` are kept. A unit (and year) stands there where at
        least one of its parts had an entry, and is missing where another part had none. The report counts entries;
        its notes name every unit that is missing and the parts that it misses.

    Raises
    ------
    CrosswalkError
        The aggregation is neither of the two, an entry stands twice or has no code or year, denominators are needed
        and absent, or are negative or infinite.

    Notes
    -----
    With value v, denominator d and weight w of the parts i of unit j: extensive Σᵢ wᵢⱼvᵢ, intensive
    Σᵢ dᵢwᵢⱼvᵢ / Σᵢ dᵢwᵢⱼ. Both assume that what is measured is spread evenly within a *from* unit over whatever
    the weights are shares of. Only parts with wᵢⱼ > 0 count, and in a mean of several only those with dᵢ > 0.

    Examples
    --------
    >>> import pandas as pd
    >>> from fuping.spatial.boundaries.crosswalk import crosswalk
    >>> rows = pd.DataFrame({"from_code": ["a", "b"], "to_code": ["x", "x"], "kind": ["merge", "merge"]})
    >>> step = crosswalk(rows, from_vintage="1", to_vintage="2")
    >>> transfer(pd.Series({"a": 30.0, "b": 10.0}), step, aggregation="extensive")[0].to_dict()
    {'x': 40.0}
    >>> people = pd.Series({"a": 100, "b": 300})
    >>> transfer(pd.Series({"a": 30.0, "b": 10.0}), step, aggregation="intensive", weights=people)[0].to_dict()
    {'x': 15.0}
    """
    if aggregation not in get_args(Aggregation):
        raise CrosswalkError(f"Aggregation {aggregation!r} is unknown.", remedy="Choose extensive or intensive.")
    _check_index(values.index, "values")
    froms, tos = pd.Index(crosswalk.from_codes), pd.Index(crosswalk.to_codes)
    times = values.index.unique(1) if values.index.nlevels > 1 else pd.Index([0])
    grid, entered = _grid(values, froms, times)
    links = crosswalk.links[crosswalk.links["weight"] > 0]
    place = (tos.get_indexer(links["to_code"]), froms.get_indexer(links["from_code"]))
    share = sparse.csr_array((links["weight"].to_numpy(), place), shape=(len(tos), len(froms)))
    link = sparse.csr_array((np.ones(len(links)), place), shape=share.shape)
    reached = (link @ entered.astype(float)) > 0
    absent = np.isnan(grid)
    alone = (link.sum(axis=1) == 1)[:, None]
    if aggregation == "extensive":
        result = share @ np.where(absent, 0.0, grid)
        lacking = absent
    else:
        several = tos[np.flatnonzero((~alone & reached).any(axis=1))]
        if weights is None and len(several):
            raise CrosswalkError(
                f"An intensive value cannot be carried to {', '.join(several)} without its denominators.",
                remedy="Give weights=, the denominator of the value in each unit.",
                codes=tuple(several),
            )
        mass = _denominators(weights, froms, times)
        lacking = np.isnan(mass) | (absent & (mass > 0))
        good = ~lacking & (mass > 0)
        total = share @ np.where(good, mass, 0.0)
        above = share @ np.where(good, mass * grid, 0.0)
        mean = np.divide(above, total, out=np.full_like(total, np.nan), where=total > 0)
        # The mean of one part is that part, whatever its denominator.
        result = np.where(alone, link @ np.where(absent, 0.0, grid), mean)
    withheld = np.where(alone, link @ absent.astype(float), link @ lacking.astype(float)) > 0
    result = np.where(withheld, np.nan, result)
    unit, when = np.nonzero(reached)
    index = pd.Index(tos[unit]) if values.index.nlevels == 1 else pd.MultiIndex.from_arrays([tos[unit], times[when]])
    index.names = values.index.names
    carried = pd.Series(result[unit, when], index=index, name=values.name).sort_index()
    carried.attrs = dict(values.attrs)
    empty = reached & np.isnan(result)
    notes = _outside_notes(entered, crosswalk, froms)
    notes += _missing_notes(empty, absent, lacking, link, froms, tos, None if values.index.nlevels == 1 else times)
    return carried, _report(values, crosswalk, tos[reached.any(axis=1)], notes)


def _check_index(index: pd.Index, what: str) -> None:
    blank = np.logical_or.reduce([index.get_level_values(level).isna() for level in range(index.nlevels)])
    for wrong, words in ((blank, "without a code or year"), (index.duplicated(), "that stand twice")):
        if wrong.any():
            raise CrosswalkError(
                f"{int(wrong.sum())} {what} {words}: {index[wrong].tolist()[:10]}.", remedy="Give each entry once."
            )


def _grid(values: pd.Series, froms: pd.Index, times: pd.Index) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Lay entries out as units by times; what is no unit of the crosswalk is left to the report."""
    row = froms.get_indexer(values.index.get_level_values(0))
    column = times.get_indexer(values.index.get_level_values(1)) if values.index.nlevels > 1 else np.zeros_like(row)
    grid = np.full((len(froms), len(times)), np.nan)
    entered = np.zeros(grid.shape, dtype=bool)
    known = (row >= 0) & (column >= 0)
    grid[row[known], column[known]] = values.to_numpy(dtype=float)[known]
    entered[row[known], column[known]] = True
    return grid, entered


def _denominators(weights: pd.Series | None, froms: pd.Index, times: pd.Index) -> NDArray[np.float64]:
    if weights is None:
        return np.ones((len(froms), len(times)))
    _check_index(weights.index, "denominators")
    bad = weights[~(weights.isna() | (weights.ge(0) & np.isfinite(weights)))]
    if len(bad):
        raise CrosswalkError(
            f"{len(bad)} denominators are negative or infinite: {bad.head(10).to_dict()}.",
            remedy="Mend them, or leave them out.",
        )
    if weights.index.nlevels > 1:
        return _grid(weights, froms, times)[0]
    return np.repeat(weights.reindex(froms).to_numpy(dtype=float)[:, None], len(times), axis=1)


def _outside_notes(entered: NDArray[np.bool_], crosswalk: Crosswalk, froms: pd.Index) -> list[str]:
    shares = crosswalk.links.groupby("from_code")["weight"].sum().reindex(froms)
    partly = shares[(shares < 1 - TOLERANCE) & entered.any(axis=1)]
    where = f"outside the units of {crosswalk.to_vintage}"
    return [f"{code}: {1 - part:.2%} of it lies {where}" for code, part in partly.items()]


def _missing_notes(
    empty: NDArray[np.bool_],
    absent: NDArray[np.bool_],
    lacking: NDArray[np.bool_],
    link: sparse.csr_array,
    froms: pd.Index,
    tos: pd.Index,
    times: pd.Index | None,
) -> list[str]:
    """Name each unit that is missing, when, and the parts that withheld it."""
    notes = []
    for unit in np.flatnonzero(empty.any(axis=1)):
        parts = link.indices[link.indptr[unit] : link.indptr[unit + 1]]
        withheld = (absent if len(parts) == 1 else lacking)[parts][:, empty[unit]]
        names = froms[np.sort(parts[withheld.any(axis=1)])]
        when = "" if times is None else f" in {', '.join(str(time) for time in times[empty[unit]])}"
        why = f"no value or denominator of {', '.join(names)}" if len(names) else "all its denominators are zero"
        notes.append(f"{tos[unit]} is missing{when}: {why}")
    return notes


def _report(values: pd.Series, crosswalk: Crosswalk, reached: pd.Index, notes: list[str]) -> MatchReport:
    known = values.index.get_level_values(0).isin(crosswalk.from_codes)
    lost = values.index[~known]
    codes, times = lost.get_level_values(0), lost.get_level_values(1) if lost.nlevels > 1 else [""] * len(lost)
    later = set(crosswalk.to_codes)
    return MatchReport(
        f"{crosswalk.from_vintage} → {crosswalk.to_vintage}",
        n_left=len(values),
        n_right=len(later),
        matched=int(known.sum()),
        unmatched_left=tuple(
            Unmatched(str(code), "", "other_vintage" if code in later else "unknown_code", str(time))
            for code, time in zip(codes, times, strict=True)
        ),
        unmatched_right=tuple(Unmatched(code, "", "no_data") for code in sorted(later.difference(reached))),
        notes=tuple(notes),
    )
