"""Build one pack: sources → checked tables → a version in the store."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from fuping.layers.build.fingerprint import fingerprint
from fuping.layers.build.observations import read_observations
from fuping.layers.build.topojson import encode
from fuping.layers.build.units import read_units
from fuping.layers.errors import Fault, PackError, SourceError
from fuping.layers.pack import Pack
from fuping.layers.sources.locate import source_file
from fuping.layers.sources.tabular import read_text_table
from fuping.layers.stores.embedded import EmbeddedStore
from fuping.spatial.boundaries.coverage import simplify_coverage
from fuping.spatial.match_report import MatchReport, Unmatched

__all__ = ["build_pack"]

Progress = Callable[[str, int, int], None]


def build_pack(pack: Pack, store: EmbeddedStore, progress: Progress = lambda step, done, total: None) -> str:
    """Build a pack and make the result current.

    Parameters
    ----------
    progress
        Called before each step with its name, its number from 0, and how many there are.

    Returns
    -------
    str
        Id of the build.

    Raises
    ------
    PackError, TableError, SourceError
        Nothing that was stored is changed.
    """
    code = pack.info.code
    supplied = store.supplied(code)
    drawn = [layer.level for layer in pack.reference.layers]
    steps = [f"boundaries: {level}" for level in drawn] + [f"table: {table.id}" for table in pack.tables] + ["write"]
    done = iter(range(len(steps)))

    def tell() -> None:
        number = next(done)
        progress(steps[number], number, len(steps))

    identity = fingerprint(pack, store)
    with store.writing(code, identity) as folder:
        units: dict[str, pd.DataFrame] = {}
        for level in drawn:
            tell()
            read = read_units(pack, level, supplied)
            tolerance = pack.reference.simplify_degrees[0]
            simple = simplify_coverage(read.geometry, [tolerance])[tolerance]
            facts = [{"code": one, "i": number} for number, one in enumerate(read["code"])]
            (folder / f"map-{level}.json.gz").write_bytes(gzip.compress(encode(simple, facts), mtime=0))
            read.to_parquet(folder / f"boundaries-{level}.parquet")
            units[level] = pd.DataFrame(read.drop(columns="geometry")).assign(level=level)
        pd.concat(units.values()).to_parquet(folder / "units.parquet", index=False)

        observed: list[pd.DataFrame] = []
        reports: list[MatchReport] = []
        hashes: dict[str, str] = {}
        for table in pack.tables:
            tell()
            path = source_file(pack, pack.source(table.source), supplied)
            if path is None:
                continue
            hashes[table.source] = _checked_hash(pack, table.source, path)
            rows, told = read_observations(pack, table, path, units[table.level])
            observed.append(rows)
            reports += told
        tell()
        observations = pd.concat(observed, ignore_index=True)
        observations.to_parquet(folder / "observations.parquet", index=False)
        coverage, told = _coverage(pack, units)
        coverage.to_parquet(folder / "coverage.parquet", index=False)
        catalogue = _catalogue(pack, units, observations, reports + told, hashes, supplied)
        (folder / "catalogue.json").write_text(json.dumps(catalogue, ensure_ascii=False, indent=1), encoding="utf-8")
    return identity


def _checked_hash(pack: Pack, name: str, path: Path) -> str:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    declared = pack.source(name).sha256
    if declared is not None and declared != found:
        raise SourceError(
            f"The bytes of source {name!r} in {path} have sha256 {found}; the pack declares {declared}.",
            remedy="Supply the declared file, or declare the new one after reading what changed.",
        )
    return found


def _coverage(pack: Pack, units: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[MatchReport]]:
    rows: list[dict[str, Any]] = []
    reports = []
    for project in (one for programme in pack.programmes for one in programme.projects):
        if project.path is None:
            continue
        listed = read_text_table(pack.folder / project.path, "csv")
        if "unit_code" not in listed.columns:
            fault = Fault(project.path, "row 1", "no column 'unit_code'", "a column of unit codes")
            raise PackError(f"Pack {pack.folder}", [fault])
        known = set(units[project.level]["code"])
        found = [code for code in listed["unit_code"] if code in known]
        unmatched = tuple(
            Unmatched(row.unit_code, "", "unknown_code", f"row {row.Index + 2}")
            for row in listed.itertuples()
            if row.unit_code not in known
        )
        reports.append(
            MatchReport(
                name=f"{project.id} → {project.level}",
                n_left=len(listed),
                n_right=len(known),
                matched=len(found),
                unmatched_left=unmatched,
                notes=(f"{project.named_units} of {project.total_units} units are named in the sources",),
            )
        )
        for year in range(project.first_year, project.last_year + 1):
            rows += [{"project": project.id, "level": project.level, "code": code, "year": year} for code in found]
    return pd.DataFrame(rows, columns=["project", "level", "code", "year"]), reports


def _catalogue(
    pack: Pack,
    units: dict[str, pd.DataFrame],
    observations: pd.DataFrame,
    reports: list[MatchReport],
    hashes: dict[str, str],
    supplied: Path,
) -> dict[str, Any]:
    code = pack.info.code
    sources = []
    for source in pack.sources:
        plain = source.model_dump(mode="json")
        plain["loaded"] = source_file(pack, source, supplied) is not None
        plain["sha256"] = hashes.get(source.id, source.sha256)
        plain["load_command"] = f"fuping source add {code} {source.id} --file FILE"
        sources.append(plain)
    indicators = []
    for indicator in pack.indicators:
        mine = observations[observations["indicator"] == indicator.id]
        plain = indicator.model_dump(mode="json")
        plain["levels"] = {
            level: {"years": sorted(set(rows["year"].tolist())), "n_values": int(rows["value"].notna().sum())}
            for level, rows in mine.groupby("level")
        }
        plain["sources"] = sorted({table.source for table in pack.tables if indicator.id in table.indicators})
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
        "projects": [
            project.model_dump(mode="json") | {"programme": programme.name.model_dump()}
            for programme in pack.programmes
            for project in programme.projects
        ],
        "lines": [line.model_dump(mode="json") for line in pack.lines],
        "reports": [report.to_dict() for report in reports],
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
