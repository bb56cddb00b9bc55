"""Read the files of one build: GeoParquet and Parquet, through DuckDB where rows are chosen."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely
from fuping.layers.stores.rows import coverage_of_rows, values_of_rows
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = [
    "boundary_file",
    "map_file",
    "read_boundaries",
    "read_bounds",
    "read_catalogue",
    "read_coverage",
    "read_extent",
    "read_polygons",
    "read_table",
    "read_units",
    "read_values",
]


def boundary_file(level: str) -> str:
    """Return the name of the file of a level's units with their polygons."""
    return f"boundaries-{level}.parquet"


def map_file(level: str, detail: int) -> str:
    """Return the name of the file of a level's simplified polygons."""
    return f"map-{level}-{detail}.json.gz"


def read_catalogue(folder: Path) -> dict[str, Any]:
    """Return what the build holds."""
    return json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def read_units(folder: Path, level: str) -> dict[str, list[Any]]:
    """Return the units of a level as columns, ordered by code; not to be changed."""
    rows = _columns(
        "SELECT code, name_en, name_zh, parent_level, parent_code, area_km2 FROM read_parquet(?) "
        "WHERE level = ? ORDER BY code",
        folder / "units.parquet",
        level,
    )
    return {name: column.tolist() for name, column in rows.items()}


def read_values(folder: Path, indicator: str, level: str) -> UnitYearValues:
    """Return one indicator at one level."""
    rows = _columns(
        "SELECT code, year, value, reason, lower, upper, status FROM read_parquet(?) WHERE indicator = ? AND level = ?",
        folder / "observations.parquet",
        indicator,
        level,
    )
    return values_of_rows(rows, read_units(folder, level)["code"])


def read_coverage(folder: Path, project: str, level: str) -> tuple[list[int], NDArray[np.uint8]]:
    """Return the years of a project and, per year and unit, whether it is known to be covered."""
    rows = _columns(
        "SELECT code, year FROM read_parquet(?) WHERE project = ? AND level = ?",
        folder / "coverage.parquet",
        project,
        level,
    )
    return coverage_of_rows(rows, read_units(folder, level)["code"])


def read_table(folder: Path, name: str) -> pd.DataFrame | None:
    """Return a table beside the observations, or None where there is none of that name."""
    path = folder / f"{name}.parquet"
    return pd.read_parquet(path) if path.exists() else None


def read_boundaries(folder: Path, level: str) -> gpd.GeoDataFrame:
    """Return the units of a level with their polygons."""
    return gpd.read_parquet(folder / boundary_file(level))


def read_polygons(folder: Path, level: str, codes: Sequence[str]) -> NDArray[np.object_]:
    """Return the polygons of some units; None where there is no such unit."""
    query = "SELECT code, geometry FROM read_parquet(?) WHERE code IN (SELECT unnest(?))"
    return _shapes(codes, query, folder / boundary_file(level), list(codes))


@lru_cache(maxsize=64)
def read_bounds(folder: Path, level: str) -> NDArray[np.float64]:
    """Return west, south, east and north of each unit of a level; NaN where it has no polygon; not to be changed."""
    codes = read_units(folder, level)["code"]
    return shapely.bounds(_shapes(codes, "SELECT code, geometry FROM read_parquet(?)", folder / boundary_file(level)))


@lru_cache(maxsize=256)
def read_extent(folder: Path, level: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a level, as the header of its file tells them."""
    header = pq.read_schema(folder / boundary_file(level)).metadata[b"geo"]
    west, south, east, north = json.loads(header)["columns"]["geometry"]["bbox"]
    return west, south, east, north


@cache
def _engine(process: int) -> duckdb.DuckDBPyConnection:
    # One engine for all files, since to start one takes four times as long as a query; a forked process starts its own.
    # Without threads beside those that ask, and without a copy of the files in memory.
    return duckdb.connect(config={"threads": 1, "enable_external_file_cache": False})


def _columns(query: str, file: Path, *given: Any) -> dict[str, Any]:
    # A cursor of its own for each query: one refuses a second thread while the first reads.
    with _engine(os.getpid()).cursor() as cursor:
        return cursor.execute(query, [str(file), *given]).fetchnumpy()


def _shapes(codes: Sequence[str], query: str, file: Path, *given: Any) -> NDArray[np.object_]:
    with _engine(os.getpid()).cursor() as cursor:
        found = dict(cursor.execute(query, [str(file), *given]).fetchall())
    return np.asarray(shapely.from_wkb(np.array([found.get(code) for code in codes], dtype=object)), dtype=object)
