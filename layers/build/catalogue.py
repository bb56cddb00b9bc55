"""Describe a build: its levels, sources, indicators, projects and reports, as one plain object."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from fuping.layers.build.projects import project_payments
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Indicator
from fuping.layers.sources.locate import load_command, source_file
from fuping.layers.sources.pins import read_pins
from fuping.spatial.match_report import MatchReport

__all__ = ["describe"]


def describe(
    pack: Pack,
    units: Mapping[str, pd.DataFrame],
    observations: pd.DataFrame,
    reports: list[MatchReport],
    hashes: dict[str, str],
    supplied: Path,
    grids: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return the catalogue of a build: what every page and export says about a figure comes from here.

    Returns
    -------
    dict
        ``pack``, ``levels`` (those drawn, top down, with ``n_units``), ``boundary``, ``sources`` (with ``loaded``, the
        command that loads them and, of a pinned one, ``pinned_on``), ``indicators`` (with ``levels`` → years, number of
        values, statuses and the sources of each year; ``sources``; ``loaded``), ``tables``, ``rasters``,
        ``storms``, ``ecology``, ``risk``, ``seismicity`` and
        ``earthquakes`` (as declared), ``grids`` (those kept in the build, see
        :func:`~fuping.layers.build.grids.write_grids`), ``projects``, ``project_lists`` (as declared), ``lines``,
        ``reports``, ``built_at``.
    """
    code, pins = pack.info.code, read_pins(supplied)
    sources = []
    for source in pack.sources:
        plain = source.model_dump(mode="json")
        plain["loaded"] = source_file(pack, source, supplied) is not None
        plain["sha256"] = hashes.get(source.id, source.sha256)
        plain["load_command"] = load_command(code, source)
        plain["pinned_on"] = pins[source.id].on if source.pinned and source.id in pins else None
        sources.append(plain)
    indicators = []
    for indicator in pack.indicators:
        mine = observations[observations["indicator"] == indicator.id]
        plain = indicator.model_dump(mode="json")
        plain["levels"] = {
            level: {
                "years": sorted(set(rows["year"].tolist())),
                "n_values": int(rows["value"].notna().sum()),
                "statuses": sorted(set(rows["status"])),
                "sources": {str(year): _sources(part) for year, part in rows.groupby("year")},
            }
            for level, rows in mine.groupby("level")
        }
        plain["sources"] = _sources(mine) or sorted(_declared(pack, indicator))
        plain["loaded"] = bool(len(mine))
        indicators.append(plain)
    return {
        "pack": pack.info.model_dump(mode="json"),
        "levels": [
            level.model_dump(mode="json") | {"n_units": len(units[level.id])}
            for level in pack.levels
            if level.id in units
        ],
        "boundary": pack.reference.model_dump(mode="json"),
        "sources": sources,
        "indicators": indicators,
        "tables": [table.model_dump(mode="json", exclude_defaults=True) for table in pack.tables],
        "rasters": [grid.model_dump(mode="json", exclude_defaults=True) for grid in pack.rasters],
        "storms": [catalogue.model_dump(mode="json", exclude_defaults=True) for catalogue in pack.storms],
        "ecology": [framework.model_dump(mode="json") for framework in pack.ecology],
        "risk": [composite.model_dump(mode="json") for composite in pack.risk],
        "seismicity": [record.model_dump(mode="json", exclude_defaults=True) for record in pack.seismicity],
        "earthquakes": [relation.model_dump(mode="json") for relation in pack.earthquakes],
        "grids": grids,
        "projects": [
            project.model_dump(mode="json", exclude={"payments", "activity"})
            | {"payments": project_payments(pack, project)}
            | {"programme": programme.name.model_dump(), "publisher": programme.publisher.model_dump()}
            for programme in pack.programmes
            for project in programme.projects
        ],
        "project_lists": [one.model_dump(mode="json") for one in pack.project_lists],
        "lines": [line.model_dump(mode="json") for line in pack.lines],
        "reports": [report.to_dict() for report in reports],
        # Finer than builds can follow one another: the latest ones are kept.
        "built_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
    }


def _sources(rows: pd.DataFrame) -> list[str]:
    """Return the ids of the sources of some observations; a computed figure names several, with blanks between."""
    return sorted({name for names in rows["source"].unique() for name in names.split()})


def _declared(pack: Pack, indicator: Indicator) -> set[str]:
    """Return the sources an indicator would come from, itself or through what it is computed from."""
    parts = {indicator.id}
    if indicator.derive:
        parts |= {indicator.derive.numerator, indicator.derive.denominator}
    found = {table.source for table in pack.tables if parts & set(table.indicators)}
    found |= {one.source for one in pack.rasters if parts & {figure.indicator for figure in one.figures}}
    found |= {one.source for one in pack.storms if parts & {figure.indicator for figure in one.figures}}
    for record in pack.seismicity:
        for figure in record.figures:
            if figure.indicator in parts:
                found.add(str(record.faults) if figure.statistic == "fault_distance" else record.source)
    return found
