"""The store in a PostgreSQL database with PostGIS; supplied files and packs made here stay in the data folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.errors import NotBuiltError
from fuping.layers.stores.build_folder import map_file
from fuping.layers.stores.postgis.builds import DatabaseBuilds
from fuping.layers.stores.postgis.copy import copy_out
from fuping.layers.stores.postgis.load import UNIT_COLUMNS
from fuping.layers.stores.postgis.tables import builds, coverage, files, observations, units
from fuping.layers.stores.postgis.unload import read_boundaries, read_polygons, read_units
from fuping.layers.stores.rows import coverage_of_rows, values_of_rows
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray
from sqlalchemy import Connection, select

__all__ = ["PostgisStore"]


@dataclass(frozen=True)
class _Snapshot:
    """One build, and a connection that sees all of it whatever others do meanwhile; known by the build."""

    store: PostgisStore
    build: int
    version: str
    connection: Connection = field(compare=False)


class PostgisStore(DatabaseBuilds):
    """The store in a database; see :class:`~fuping.layers.stores.contract.Store`.

    A build is written in one transaction, one at a time of each pack; readers see the one before until it is complete.
    """

    def catalogue(self, pack: str) -> dict[str, Any]:
        """Return what the build holds: levels, sources, indicators, projects, reports."""
        with self._snapshot(pack) as at:
            found: dict[str, Any] = at.connection.execute(
                select(builds.c.catalogue).where(builds.c.id == at.build)
            ).scalar_one()
        return found

    def units(self, pack: str, level: str) -> dict[str, list[Any]]:
        """Return the units of a level as columns, in the order of every array and map of that level."""
        with self._snapshot(pack) as at:
            return dict(_units(at, level))

    def values(self, pack: str, indicator: str, level: str) -> UnitYearValues:
        """Return one indicator at one level; ``status`` counts the store's words."""
        names = ("code", "year", "value", "reason", "lower", "upper", "status")
        told = select(*(observations.c[name] for name in names))
        with self._snapshot(pack) as at:
            of_build = observations.c.build == at.build
            rows = copy_out(
                at.connection,
                told.where(of_build, observations.c.indicator == indicator, observations.c.level == level),
            )
            codes = _units(at, level)["code"]
        return values_of_rows({name: rows[name].to_numpy() for name in names}, codes)

    def coverage(self, pack: str, project: str, level: str) -> tuple[list[int], NDArray[np.uint8]]:
        """Return the years of a project and, per year and unit, whether it is known to be covered."""
        told = select(coverage.c.code, coverage.c.year)
        with self._snapshot(pack) as at:
            of_build = coverage.c.build == at.build
            rows = copy_out(
                at.connection, told.where(of_build, coverage.c.project == project, coverage.c.level == level)
            )
            codes = _units(at, level)["code"]
        return coverage_of_rows({name: rows[name].to_numpy() for name in ("code", "year")}, codes)

    def table(self, pack: str, name: str) -> pd.DataFrame | None:
        """Return a table that the build keeps beside its observations, or None where it has none of that name."""
        with self._snapshot(pack) as at:
            content = _content(at, f"{name}.parquet")
        return pd.read_parquet(BytesIO(content)) if content is not None else None

    def grid(self, pack: str, grid: str) -> Path:
        """Return a file on this machine, not to be changed: the cloud-optimised GeoTIFF of a grid of the catalogue."""
        name = f"grid-{grid}.tif"
        home = self.root / "packs" / pack / "grids"
        with self._snapshot(pack) as at:
            path = home / at.version / name
            if path.exists():
                return path
            self._fetch(at, name, path)
        for old in {one.name for one in home.iterdir()} - {one.version for one in self.builds(pack)}:
            shutil.rmtree(home / old, ignore_errors=True)
        return path

    def _fetch(self, at: _Snapshot, name: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".fetched-", delete=False) as draft:
            draft.write(_required(at, name))
        os.replace(draft.name, path)

    def map_geometry(self, pack: str, level: str, detail: int = 0) -> bytes:
        """Return the level's simplified polygons, gzipped TopoJSON; detail 0 is the coarsest."""
        with self._snapshot(pack) as at:
            return _required(at, map_file(level, detail))

    def has_fine_geometry(self, pack: str, level: str) -> bool:
        """Return whether a level's polygons are there a second time, finer."""
        with self._snapshot(pack) as at:
            fine = select(files.c.name).where(files.c.build == at.build, files.c.name == map_file(level, 1))
            return at.connection.scalar(fine) is not None

    def boundaries(self, pack: str, level: str) -> gpd.GeoDataFrame:
        """Return the units of a level with their polygons, not simplified, in EPSG:4326."""
        with self._snapshot(pack) as at:
            return read_boundaries(at.connection, at.build, level)

    def polygons(self, pack: str, level: str, codes: Sequence[str]) -> NDArray[np.object_]:
        """Return the polygons of some units; None where there is no such unit."""
        with self._snapshot(pack) as at:
            drawn = read_polygons(at.connection, at.build, level, codes)
        found = np.empty(len(codes), dtype=object)
        found[:] = [drawn.get(code) for code in codes]
        return found

    def bounds(self, pack: str, level: str) -> NDArray[np.float64]:
        """Return west, south, east and north of each unit of a level; NaN where it has no polygon."""
        with self._snapshot(pack) as at:
            return _bounds(at, level)

    def extent(self, pack: str, level: str) -> tuple[float, float, float, float]:
        """Return west, south, east and north of a level."""
        bounds = self.bounds(pack, level)
        west, south = np.nanmin(bounds[:, :2], axis=0).tolist()
        east, north = np.nanmax(bounds[:, 2:], axis=0).tolist()
        return west, south, east, north

    @contextmanager
    def _snapshot(self, pack: str) -> Iterator[_Snapshot]:
        with self._reading() as connection:
            current = self._current(connection, pack)
            yield _Snapshot(self, current.id, current.version, connection)


def _content(at: _Snapshot, name: str) -> bytes | None:
    return at.connection.scalar(select(files.c.content).where(files.c.build == at.build, files.c.name == name))


def _required(at: _Snapshot, name: str) -> bytes:
    content = _content(at, name)
    if content is None:
        raise NotBuiltError(f"The build {at.version} has no {name}.", remedy="Build its pack again.")
    return content


@lru_cache(maxsize=64)
def _units(at: _Snapshot, level: str) -> dict[str, list[Any]]:
    read = read_units(at.connection, at.build, level)
    return {name: read[name].astype(object).where(read[name].notna(), None).tolist() for name in UNIT_COLUMNS}


@lru_cache(maxsize=64)
def _bounds(at: _Snapshot, level: str) -> NDArray[np.float64]:
    edges = select(units.c.west, units.c.south, units.c.east, units.c.north)
    of_level = edges.where(units.c.build == at.build, units.c.level == level).order_by(units.c.code)
    rows = copy_out(at.connection, of_level)
    return np.stack([column.to_numpy() for column in rows.columns], axis=1)
