"""Projects laid out over programmes, units and years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.projects.errors import ProjectError
from fuping.spatial.projects.project_list import check_projects
from numpy.typing import NDArray

__all__ = ["Coverage", "Measure", "cover"]

Measure = Literal["population", "poor_population", "area_km2"]
"""What a unit has that coverage is counted in, beside the unit itself."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """Projects in p programmes, u units and t years.

    Parameters
    ----------
    programmes, units, years
        Labels of the three axes; all ascending but the units, which keep the order of their table.
    active
        int64, shape (p, u, t); projects that run.
    known_amount
        float64, shape (p, u, t); their money, spread evenly over the years of each project.
    unknown_amounts
        int64, shape (p, u, t); projects that run whose money in the year is not known.
    values
        For each measure float64, shape (u, t); NaN where the unit's value is missing.
    report
        Rows of the project list that lie in a unit and those that do not.
    """

    programmes: pd.Index
    units: pd.Index
    years: pd.Index
    active: NDArray[np.int64]
    known_amount: NDArray[np.float64]
    unknown_amounts: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]]
    report: MatchReport


def cover(projects: pd.DataFrame, units: pd.DataFrame, *, years: Sequence[int]) -> Coverage:
    """Lay a project list out over programmes, units and years.

    Parameters
    ----------
    projects
        n rows as :func:`~fuping.spatial.projects.project_list.check_projects` takes them; components of a project in
        one unit are one project there, whose money is that of those that run.
    units
        Indexed by unit code, or by (unit code, year) where values change, with any of ``population`` (people),
        ``poor_population`` (people) and ``area_km2``; an absent column is missing throughout.
    years
        Years that are studied; a project counts in those it runs in, its first and last year included.

    Returns
    -------
    Coverage

    Raises
    ------
    ProjectError
        The list is faulty, a unit stands twice, a value is negative, or no year is asked for.

    Notes
    -----
    The money of a project is spread evenly over its own years, also those that are not studied. Without a last year it
    cannot be spread, and counts as not known. Time and memory grow linearly with the rows: each adds one at its first
    year and takes one away after its last, and a running sum over the years gives what is active.

    Examples
    --------
    >>> rows = pd.DataFrame({"project": ["P1"], "unit": ["a"], "programme": ["roads"], "first_year": [2015],
    ...                      "last_year": [2016], "amount": [10.0]})
    >>> units = pd.DataFrame({"population": [100, 300]}, index=["a", "b"])
    >>> reached = cover(rows, units, years=range(2014, 2017))
    >>> reached.active[0].tolist(), reached.known_amount[0].tolist()
    ([[0, 1, 1], [0, 0, 0]], [[0.0, 5.0, 5.0], [0.0, 0.0, 0.0]])
    """
    span = pd.Index(sorted({int(year) for year in years}), name="year")
    if span.empty:
        raise ProjectError("No year is asked for.", remedy="Give years=, the years that are studied.")
    rows = check_projects(projects)
    codes = pd.Index(units.index.get_level_values(0).unique(), name="unit")
    values = {measure: _values(units, measure, codes, span) for measure in get_args(Measure)}
    place = codes.get_indexer(rows["unit"])
    lost = rows[place < 0]
    programme, names = pd.factorize(rows["programme"], sort=True)
    found = place >= 0
    first = rows["first_year"].to_numpy()[found]
    last = rows["last_year"].to_numpy()[found]
    money = rows["amount"].to_numpy()[found]
    each = money / (last - first + 1)
    p, u, t = len(names), len(codes), len(span)
    start = np.searchsorted(span, first, side="left")
    end = np.where(np.isnan(last), t, np.searchsorted(span, last, side="right"))
    base = (programme[found] * u + place[found]) * (t + 1)

    def running(spans: _Spans, weight: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Add up over the years what starts and ends in each cell."""
        size = p * u * (t + 1)
        steps = np.bincount(spans.base + spans.start, weights=weight, minlength=size).astype(np.float64)
        steps -= np.bincount(spans.base + spans.end, weights=weight, minlength=size)
        return np.cumsum(steps.reshape(p, u, t + 1)[:, :, :t], axis=2)

    known = ~np.isnan(each)
    spans = _Spans(base, start, end)
    n_known = np.rint(running(spans, known.astype(np.float64))).astype(np.int64)
    amount = running(spans, np.where(known, each, 0.0))
    # What was added and taken away again leaves rounding dust where nothing with known money runs.
    amount[n_known == 0] = 0.0
    if "component" in rows and rows["component"].fillna("").ne("").any():
        # Parts of a project that work in one unit at a time are one project there.
        project = pd.factorize(rows["project"])[0][found]
        active = running(_united(spans, project)).astype(np.int64)
        unknown = running(_united(spans.of(~known), project[~known])).astype(np.int64)
    else:
        active = running(spans).astype(np.int64)
        unknown = active - n_known
    outside = int(np.sum(start == end))
    report = MatchReport(
        "Projects in units",
        n_left=len(rows),
        n_right=u,
        matched=int(found.sum()),
        unmatched_left=tuple(
            Unmatched("" if pd.isna(unit) else unit, project, "missing_code" if pd.isna(unit) else "unknown_code")
            for project, unit in zip(lost["project"], lost["unit"], strict=True)
        ),
        notes=(f"{outside} rows run in no year from {span[0]} to {span[-1]}",) if outside else (),
    )
    return Coverage(pd.Index(names, name="programme"), codes, span, active, amount, unknown, values, report)


@dataclass(frozen=True, eq=False)
class _Spans:
    """Cells of programme and unit, and from which year of the study until before which each row runs there."""

    base: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def of(self, rows: NDArray[np.bool_]) -> _Spans:
        return _Spans(self.base[rows], self.start[rows], self.end[rows])


def _united(spans: _Spans, project: NDArray[np.intp]) -> _Spans:
    """Make one of the spans of a project in one cell that overlap."""
    order = np.lexsort((spans.start, project, spans.base))
    base, start, end, of = (one[order] for one in (spans.base, spans.start, spans.end, project))
    another = np.ones(len(base), dtype=bool)
    another[1:] = (np.diff(base) != 0) | (np.diff(of) != 0)
    latest = pd.Series(end).groupby(np.cumsum(another)).cummax().to_numpy()
    another[1:] |= start[1:] >= latest[:-1]
    first = np.flatnonzero(another)
    return _Spans(base[first], start[first], np.maximum.reduceat(end, first) if len(first) else end)


def _values(units: pd.DataFrame, measure: str, codes: pd.Index, years: pd.Index) -> NDArray[np.float64]:
    """Lay one column out over units and years."""
    if not units.index.is_unique:
        twice = units.index[units.index.duplicated()].unique().tolist()
        raise ProjectError(f"The table of units has {', '.join(map(str, twice[:10]))} twice.", units=twice)
    if measure not in units.columns:
        return np.full((len(codes), len(years)), np.nan)
    column = pd.to_numeric(units[measure], errors="coerce").astype("float64")
    wrong = column.index[(column < 0) | (column.isna() & units[measure].notna())].tolist()
    if wrong:
        raise ProjectError(
            f"{measure} is negative or no number in {', '.join(map(str, wrong[:10]))}.",
            remedy="Leave it empty where it is not known.",
            units=wrong,
        )
    if column.index.nlevels == 1:
        return np.repeat(column.to_numpy()[:, None], len(years), axis=1)
    grid = np.full((len(codes), len(years)), np.nan)
    row = codes.get_indexer(column.index.get_level_values(0))
    when = years.get_indexer(column.index.get_level_values(1))
    grid[row[when >= 0], when[when >= 0]] = column.to_numpy()[when >= 0]
    return grid
