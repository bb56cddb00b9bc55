"""What projects cover by year, programme and level, and what is poor and was never covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.need import Need
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import people
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.queries.register import Register
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.layers.export.projects import pack_projects
from fuping.spatial.cartography import DIRECTIONS, sequential
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.projects import Coverage, cover, coverage_table, gaps, programme_overlap

__all__ = [
    "ELSEWHERE",
    "Covered",
    "Gaps",
    "LevelCoverage",
    "coverage_by_parent",
    "coverage_layer",
    "covered",
    "covered_by_level",
    "overlap",
    "uncovered_poor",
]

MINIMUM_SHARE = 0.95
"""Least share of the units that must have a figure for a sum of people to be told; what misses is told beside it."""

ELSEWHERE = ""
"""Parent of units that lie in none at a level."""


@dataclass(frozen=True, eq=False)
class Covered:
    """Coverage of the projects that are shown, at one level.

    Parameters
    ----------
    level
        Of the units.
    coverage
        Programmes by units by years; the units in the store's order.
    together, by_programme
        :func:`fuping.spatial.projects.coverage_table`, by year, and by programme and year.
    programmes
        English name → name by language.
    left_out
        Projects of other levels.
    """

    level: str
    coverage: Coverage
    together: pd.DataFrame
    by_programme: pd.DataFrame
    programmes: Mapping[str, Mapping[str, str]]
    left_out: int

    @property
    def years(self) -> list[int]:
        """The years, ascending."""
        return [int(year) for year in self.coverage.years]


@dataclass(frozen=True)
class LevelCoverage:
    """Units of a level in which at least one unit is covered, or that are covered themselves."""

    level: str
    n_covered: int
    n_units: int


@dataclass(frozen=True, eq=False)
class Gaps:
    """Units that are among the poorest and were never covered.

    Parameters
    ----------
    need
        What ranks them.
    table
        By unit, the worst off first: ``value``, ``population``, ``poor_population``, ``area_km2``.
    n_poorest
        Units among the poorest.
    n_doubtful
        Units that were never covered and whose poverty is not known.
    """

    need: Need
    table: pd.DataFrame
    n_poorest: int
    n_doubtful: int


def covered(reader: Reader, view: ViewState, shown: Register) -> Covered | None:
    """Lay out the projects that are shown; ``None`` where there are none.

    The level is the view's where any of them works there, else that of the first.
    """
    if not shown.entries:
        return None
    levels = [one.project["level"] for one in shown.entries]
    level = view.level if view.level in levels else levels[0]
    names = [one.project["id"] for one in shown.entries if one.project["level"] == level]
    if view.project in names:
        names = [view.project]
    found, together, by_programme = _coverage(reader, view.pack, reader.version(view.pack), level, tuple(sorted(names)))
    programmes = {one.project["programme"]["en"]: one.project["programme"] for one in shown.entries}
    return Covered(level, found, together, by_programme, programmes, sum(one != level for one in levels))


@once(maxsize=16)
def _coverage(
    reader: Reader, pack: str, version: str, level: str, names: tuple[str, ...]
) -> tuple[Coverage, pd.DataFrame, pd.DataFrame]:
    rows = pack_projects(reader.store, pack)
    spans = [one for one in reader.catalogue(pack)["projects"] if one["id"] in names]
    years = range(min(one["first_year"] for one in spans), max(one["last_year"] for one in spans) + 1)
    units = reader.units(pack, level)
    index = pd.MultiIndex.from_product([units["code"], years], names=["unit", "year"])
    table = pd.DataFrame({"area_km2": np.repeat(np.asarray(units["area_km2"], dtype=float), len(years))}, index=index)
    for counted in ("population", "poor_population"):
        values = people(reader, pack, level, counted)  # type: ignore[arg-type]
        if values is not None:
            there = pd.DataFrame(values.value.T, index=units["code"], columns=values.years).reindex(columns=years)
            table[counted] = there.to_numpy().reshape(-1)
    found = cover(rows[rows["project"].isin(names)], table, years=years)
    together = coverage_table(found, minimum_share=MINIMUM_SHARE)
    return found, together, coverage_table(found, by_programme=True, minimum_share=MINIMUM_SHARE)


def coverage_layer(found: Covered) -> tuple[ShownLayer, UnitYearValues]:
    """Return how many programmes are known to cover each unit, as a layer of a map.

    A unit that no list names counts zero, which is told as "none known": a partial list does not say it has none.
    """
    count = (found.coverage.active > 0).sum(axis=0).T.astype(np.int64)
    most = max(1, int(count.max()))
    colours = ("#efede8", *sequential(most + 1, ramp=DIRECTIONS["neutral"])[1:])
    entries = tuple(
        ShownClass(colours[n], tuple((count == n).sum(axis=1).tolist()), name=_count_name(n)) for n in range(most + 1)
    )
    years = tuple(found.years)
    layer = ShownLayer(years, count.astype(np.int8), entries, tuple({} for _ in years), 0)
    none = np.full(count.shape, np.nan)
    seen = np.zeros(count.shape, dtype=np.uint8)
    return layer, UnitYearValues(years, count.astype(float), seen, none, none, seen)


def _count_name(n: int) -> dict[str, str]:
    key = "projects.none_known" if n == 0 else "projects.one_programme" if n == 1 else "projects.several_programmes"
    return {language: message(key, language, n=n) for language in LANGUAGES}


def overlap(found: Covered, year: int) -> pd.DataFrame:
    """Return how many units two programmes cover both in a year; the diagonal is what each covers."""
    return programme_overlap(found.coverage, year=year)


def coverage_by_parent(reader: Reader, view: ViewState, found: Covered, above: str, year: int) -> pd.DataFrame:
    """Return the coverage of each unit of a higher level in a year, the most covered first.

    Returns
    -------
    pandas.DataFrame
        :func:`~fuping.spatial.projects.coverage_table` of those with a covered unit, indexed by their code;
        :data:`ELSEWHERE` for units that lie in none.
    """
    table = _by_parent(found.coverage, ancestors(reader, view.pack, found.level)[above]).xs(year, level="year")
    return table[table["units_covered"] > 0].sort_values("units_covered", ascending=False, kind="stable")


@once(maxsize=16)
def _by_parent(coverage: Coverage, above: tuple[str, ...]) -> pd.DataFrame:
    parents = pd.Series(above, index=coverage.units).fillna(ELSEWHERE)
    return coverage_table(coverage, parents=parents, minimum_share=MINIMUM_SHARE)


def covered_by_level(reader: Reader, view: ViewState, found: Covered, year: int) -> list[LevelCoverage]:
    """Return for each level, top down, how many of its units hold a covered one."""
    when = found.years.index(year)
    here = np.asarray((found.coverage.active[:, :, when] > 0).any(axis=0))
    rows = []
    above = ancestors(reader, view.pack, found.level)
    for level in reader.catalogue(view.pack)["levels"]:
        if level["id"] == found.level:
            rows.append(LevelCoverage(level["id"], int(here.sum()), level["n_units"]))
        elif level["id"] in above:
            parents = {code for code, inside in zip(above[level["id"]], here.tolist(), strict=True) if inside}
            rows.append(LevelCoverage(level["id"], len(parents - {ELSEWHERE}), level["n_units"]))
    return rows


def uncovered_poor(found: Covered, need: Need) -> Gaps:
    """Return the units among the poorest that no project shown is known to have covered in any year."""
    units = found.coverage.units
    poor: pd.Series[Any] = pd.Series(need.poorest, index=units).astype("boolean").mask(~need.known)
    table, report = gaps(found.coverage, poor=poor)
    value = pd.Series(need.value, index=units)
    score = pd.Series(need.score, index=units)
    table = table.assign(value=value, score=score).sort_values("score", ascending=False, kind="stable")
    return Gaps(need, table, int(need.poorest.sum()), len(report.unmatched_left))
