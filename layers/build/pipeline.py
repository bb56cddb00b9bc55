"""Build one pack: sources → checked tables → a version in the store."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
from fuping.layers.build.catalogue import describe
from fuping.layers.build.derive import derive, roll_up_levels
from fuping.layers.build.earthquakes import read_earthquakes
from fuping.layers.build.fingerprint import fingerprint
from fuping.layers.build.grids import write_grids
from fuping.layers.build.observations import COLUMNS, read_observations
from fuping.layers.build.project_lists import listed_projects
from fuping.layers.build.project_locations import project_locations
from fuping.layers.build.projects import project_coverage
from fuping.layers.build.rasters import Blocks, read_grids
from fuping.layers.build.storms import read_storms
from fuping.layers.build.suppress import suppress
from fuping.layers.build.topojson import encode
from fuping.layers.build.units import read_units
from fuping.layers.build.vintages import change_rows
from fuping.layers.errors import Fault, PackError, SourceError
from fuping.layers.pack import Pack
from fuping.layers.sources.locate import check_hash, source_file
from fuping.layers.stores.contract import Store
from fuping.spatial.boundaries.coverage import simplify_coverage
from fuping.spatial.wording import worded

__all__ = ["build_pack"]

Progress = Callable[[str, int, int], None]


def build_pack(
    pack: Pack,
    store: Store,
    progress: Progress = lambda step, done, total: None,
    *,
    publish: Callable[[Path], bool] = lambda draft: True,
    blocks: Blocks = lambda done, total: None,
) -> str:
    """Build a pack and make the result current.

    Parameters
    ----------
    progress
        Called before each step with its name, its number from 0, and how many there are.
    publish
        Told the complete build before it becomes current; where it answers no, the one before stays in use.
    blocks
        Called within a step on a grid, with the blocks of cells or units done and how many there are.

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
    steps = [f"boundaries: {level}" for level in drawn] + [f"table: {table.id}" for table in pack.tables]
    steps += [f"raster: {grid.id}" for grid in pack.rasters] + [f"storms: {one.id}" for one in pack.storms]
    steps += [f"earthquakes: {one.id}" for one in pack.seismicity]
    steps += [f"grid: {grid.id}" for grid in pack.rasters if grid.shown] + ["write"]
    done = iter(range(len(steps)))

    def tell(_step: str = "") -> None:
        number = next(done)
        progress(steps[number], number, len(steps))

    identity = fingerprint(pack, store)
    with store.writing(code, identity, publish=publish) as folder:
        shapes, reports = read_units(pack, supplied, tell)
        units = {level: pd.DataFrame(read.drop(columns="geometry")) for level, read in shapes.items()}
        for level, read in shapes.items():
            _write_maps(read, level, pack.reference.simplify_degrees, folder)
            read.to_parquet(folder / f"boundaries-{level}.parquet")
        everything = pd.concat([table.assign(level=level) for level, table in units.items()])
        everything.to_parquet(folder / "units.parquet", index=False)

        changes, told = change_rows(pack, supplied)
        reports += told
        observed = [pd.DataFrame(columns=COLUMNS)]
        listed: dict[str, pd.DataFrame] = {}
        hashes: dict[str, str] = {}
        for table in pack.tables:
            tell()
            path = source_file(pack, pack.source(table.source), supplied)
            if path is None:
                continue
            hashes[table.source] = check_hash(pack.source(table.source), path, supplied)
            listed[table.id], told = read_observations(pack, table, path, units, changes)
            observed.append(listed[table.id])
            reports += told
        for gridded in (
            read_grids(pack, shapes, supplied, tell, blocks),
            read_storms(pack, shapes, supplied, tell),
            read_earthquakes(pack, shapes, supplied, tell),
        ):
            observed += gridded.observations
            reports += gridded.reports
            hashes |= gridded.hashes
            for name, table in gridded.tables.items():
                table.to_parquet(folder / f"{name}.parquet", index=False)
        grids = write_grids(pack, shapes, supplied, folder, tell, blocks)
        tell()
        if not any(len(part) for part in observed):
            raise SourceError(
                worded(
                    "No figure of the pack {code!r} is of one of its units: {loaded}.",
                    code=code,
                    loaded=", ".join(hashes) or worded("nothing is loaded"),
                ),
                remedy=worded("Compare the codes of the tables with those of the boundaries."),
            )
        observations = pd.concat([part for part in observed if len(part)], ignore_index=True)
        _once(pack, observations)
        observations = pd.concat([observations, derive(pack, observations)], ignore_index=True)
        observations = pd.concat([observations, roll_up_levels(pack, observations, units)], ignore_index=True)
        observations = suppress(pack, observations, units)
        observations.to_parquet(folder / "observations.parquet", index=False)
        locations, told = project_locations(pack, shapes)
        coverage = project_coverage(pack, locations, listed)
        brought = listed_projects(pack, shapes, supplied)
        _stack(locations, brought.locations).to_parquet(folder / "project_locations.parquet", index=False)
        _stack(coverage, brought.coverage).to_parquet(folder / "coverage.parquet", index=False)
        reports += told + brought.reports
        catalogue = describe(pack, units, observations, reports, hashes | brought.hashes, supplied, grids)
        catalogue["projects"] += brought.projects
        (folder / "catalogue.json").write_text(json.dumps(catalogue, ensure_ascii=False, indent=1), encoding="utf-8")
    return identity


def _stack(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([first, second], ignore_index=True) if len(second) else first


def _write_maps(units: gpd.GeoDataFrame, level: str, tolerances: Sequence[float], folder: Path) -> None:
    """Write the level's geometry at each detail: 0 the coarsest, which a map draws first."""
    simple = simplify_coverage(units.geometry, tolerances)
    facts = [{"code": code, "i": number} for number, code in enumerate(units["code"])]
    for detail, tolerance in enumerate(sorted(tolerances, reverse=True)):
        # A grid ten times finer than the tolerance moves no border visibly.
        body = encode(simple[tolerance], facts, steps_per_degree=round(10 / tolerance))
        (folder / f"map-{level}-{detail}.json.gz").write_bytes(gzip.compress(body, mtime=0))


def _once(pack: Pack, observations: pd.DataFrame) -> None:
    """Refuse two tables that give the same figure: which of them is right is the pack's to say."""
    keys = ["indicator", "level", "code", "year"]
    twice = observations[observations.duplicated(keys, keep=False)]
    if len(twice):
        first = twice.iloc[0]
        sources = ", ".join(sorted(set(twice["source"])))
        found = worded(
            "{n} figures given by two tables ({indicator}, {code}, {year})",
            n=len(twice),
            indicator=first["indicator"],
            code=first["code"],
            year=first["year"],
        )
        raise PackError(
            f"Pack {pack.folder}", [Fault("tables.toml", sources, found, worded("each figure from one table"))]
        )
