"""Figures of several units of a level beside each other: one indicator a column, each in a year said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import Place, place
from fuping.dashboard.queries.unit import Observation, observations

__all__ = ["FigureColumn", "FigureTable", "figure_table", "latest_year", "numeric_indicators"]


@dataclass(frozen=True)
class FigureColumn:
    """An indicator in one year."""

    indicator: Mapping[str, Any]
    year: int


@dataclass(frozen=True)
class FigureTable:
    """Figures of units.

    Parameters
    ----------
    columns
        m indicators.
    rows
        Each unit with its m figures; one that is missing says why.
    """

    columns: tuple[FigureColumn, ...]
    rows: tuple[tuple[Place, tuple[Observation, ...]], ...]


def numeric_indicators(reader: Reader, pack: str, level: str) -> list[dict[str, Any]]:
    """Return the indicators that are shown, are no status, and have figures at a level, in the pack's order."""
    return [
        one
        for one in reader.catalogue(pack)["indicators"]
        if one["shown"] and not one["categories"] and one["levels"].get(level, {}).get("n_values", 0) > 0
    ]


def latest_year(reader: Reader, pack: str, indicator: str, level: str, at: Sequence[int]) -> int:
    """Return the latest year in which most of some units have a figure; on a draw the later one."""
    values = reader.values(pack, indicator, level)
    counts = (values.value[:, list(at)] == values.value[:, list(at)]).sum(axis=1)
    return int(values.years[max(range(len(values.years)), key=lambda row: (counts[row], values.years[row]))])


def figure_table(
    reader: Reader, pack: str, level: str, codes: Sequence[str], columns: Sequence[FigureColumn], language: str
) -> FigureTable:
    """Return the figures of units of a level, in the order given."""
    listed = reader.units(pack, level)["code"]
    rows = []
    for code in codes:
        here = place(reader, pack, level, code, language)
        if here is None:
            continue
        at = listed.index(code)
        cells = []
        for column in columns:
            values = reader.values(pack, column.indicator["id"], level)
            cells.append(observations(values, at)[values.years.index(column.year)])
        rows.append((here, tuple(cells)))
    return FigureTable(tuple(columns), tuple(rows))
