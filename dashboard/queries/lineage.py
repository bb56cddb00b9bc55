"""How a figure came to be: the bytes of its sources, what reading them dropped, what was computed, and the number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fuping.dashboard.queries.cache import Reader
from fuping.spatial.match_report import MatchReport

__all__ = ["GridRead", "Lineage", "TableRead", "lineage", "sources_of"]

How = Literal["read", "gridded", "derived", "rolled_up"]


@dataclass(frozen=True)
class TableRead:
    """A table that figures were read from.

    Parameters
    ----------
    table, part
        Its declaration, and that of the column which holds the indicator.
    source
        Where its bytes are from.
    report
        What of it found a unit of the level.
    """

    table: Mapping[str, Any]
    part: Mapping[str, Any]
    source: Mapping[str, Any]
    report: MatchReport | None


@dataclass(frozen=True)
class GridRead:
    """A grid or a storm catalogue that figures were read off.

    Parameters
    ----------
    declared, figure
        Its declaration, and that of the figure.
    source, report
        As of a :class:`TableRead`.
    """

    declared: Mapping[str, Any]
    figure: Mapping[str, Any]
    source: Mapping[str, Any]
    report: MatchReport | None


@dataclass(frozen=True)
class Lineage:
    """What the figures of an indicator at a level in a year were made from.

    Parameters
    ----------
    indicator, level
        As the catalogue has them.
    how
        Read from tables, read off a grid, computed from two indicators, or summed or averaged over a lower level.
    tables, grids
        Where they were read from.
    parts
        What they were computed from: numerator and denominator; or the lower level, and its weights.
    """

    indicator: Mapping[str, Any]
    level: Mapping[str, Any]
    how: How
    tables: tuple[TableRead, ...] = ()
    grids: tuple[GridRead, ...] = ()
    parts: tuple[Lineage, ...] = ()


def lineage(reader: Reader, pack: str, indicator: str, level: str, year: int) -> Lineage:
    """Follow the figures of an indicator back to the tables they were read from, as the build makes them."""
    catalogue = reader.catalogue(pack)
    declared, at = reader.indicator(pack, indicator), reader.level(pack, level)
    if _tables(catalogue, indicator, level):
        reports = {one["name"]: MatchReport.from_dict(one) for one in catalogue["reports"]}
        named = {one["id"]: one for one in catalogue["sources"]}
        used = declared["levels"][level]["sources"].get(str(year), [])
        read = [
            TableRead(table, part, named[table["source"]], reports.get(f"{table['id']} → {level}"))
            for table, part in _tables(catalogue, indicator, level)
            if table["source"] in used and table.get("year", year) == year
        ]
        return Lineage(declared, at, "read", tables=tuple(read))
    grids = _grids(catalogue, indicator, level)
    if grids:
        return Lineage(declared, at, "gridded", grids=grids)
    if _derived_at(catalogue, declared, level):
        names = (declared["derive"]["numerator"], declared["derive"]["denominator"])
        return Lineage(declared, at, "derived", parts=tuple(lineage(reader, pack, one, level, year) for one in names))
    below = _level_below(catalogue, declared, level)
    weights = [declared["denominator"]] if declared["aggregation"] == "intensive" else []
    parts = tuple(lineage(reader, pack, one, below, year) for one in (indicator, *weights))
    return Lineage(declared, at, "rolled_up", parts=parts)


def sources_of(found: Lineage) -> list[Mapping[str, Any]]:
    """Return every source at the end of the line, once, in the order met."""
    mine = {one.source["id"]: one.source for one in found.tables}
    mine |= {one.source["id"]: one.source for one in found.grids}
    for part in found.parts:
        mine |= {one["id"]: one for one in sources_of(part)}
    return list(mine.values())


def _tables(catalogue: Mapping[str, Any], indicator: str, level: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found = []
    for table in catalogue["tables"]:
        if level not in (table["level"], *table.get("also_levels", ())):
            continue
        for part in (*table.get("series", ()), *table.get("expansions", ())):
            if part["indicator"] == indicator:
                found.append((table, part))
    return found


def _grids(catalogue: Mapping[str, Any], indicator: str, level: str) -> tuple[GridRead, ...]:
    reports = {one["name"]: one for one in catalogue["reports"]}
    named = {one["id"]: one for one in catalogue["sources"]}
    found = []
    for declared in (one for kind in ("rasters", "storms", "seismicity") for one in catalogue.get(kind, ())):
        told = reports.get(f"{declared['id']} → {level}")
        found += [
            GridRead(declared, figure, named[_source_of(declared, figure)], MatchReport.from_dict(told))
            for figure in declared["figures"]
            if figure["indicator"] == indicator and told
        ]
    return tuple(found)


def _source_of(declared: Mapping[str, Any], figure: Mapping[str, Any]) -> str:
    """Return the source of a figure: of a distance to faults not the catalogue but the faults."""
    return str(declared["faults" if figure["statistic"] == "fault_distance" else "source"])


def _derived_at(catalogue: Mapping[str, Any], declared: Mapping[str, Any], level: str) -> bool:
    rule = declared["derive"]
    return bool(rule) and all(_tables(catalogue, rule[side], level) for side in ("numerator", "denominator"))


def _level_below(catalogue: Mapping[str, Any], declared: Mapping[str, Any], level: str) -> str:
    """Return the nearest lower level at which the indicator was read or derived, as the build takes it."""
    names = [one["id"] for one in catalogue["levels"]]
    return next(
        name
        for name in names[names.index(level) + 1 :]
        if _tables(catalogue, declared["id"], name) or _derived_at(catalogue, declared, name)
    )
