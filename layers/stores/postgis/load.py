"""Write a build's folder into the tables of a database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from fuping.layers.errors import StoreError
from fuping.layers.stores.postgis.copy import copy_in, plain_cursor
from fuping.layers.stores.postgis.tables import builds, coverage, files, observations, units
from sqlalchemy import Connection, Table, insert

__all__ = ["BOUNDARIES", "ROWS", "UNIT_COLUMNS", "load"]

ROWS = {"observations.parquet": observations, "coverage.parquet": coverage}
"""Files of a build whose rows are rows of a table."""

BOUNDARIES = "boundaries-"

UNIT_COLUMNS = ("code", "name_en", "name_zh", "parent_level", "parent_code", "area_km2")

UNIT_TYPES = ["int8", "text", *["text"] * 5, "float8", "bool", *["float8"] * 4, "bytea"]
"""As PostgreSQL reads them in binary form; a geometry is read as the bytes of its WKB."""

BATCH = 200_000
"""Rows that are held at a time."""


def load(connection: Connection, pack: str, version: str, folder: Path) -> int:
    """Write a build, which is not yet current.

    Returns
    -------
    int
        The id of its row.

    Raises
    ------
    StoreError
        A unit's boundary is no polygon.
    """
    catalogue = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
    build: int = connection.execute(
        insert(builds)
        .values(
            pack=pack,
            version=version,
            built_at=catalogue["built_at"],
            current=False,
            held=False,
            catalogue=catalogue,
        )
        .returning(builds.c.id)
    ).scalar_one()
    for name, table in ROWS.items():
        copy_in(connection, table, _rows(folder / name, table, build))
    for path in sorted(folder.iterdir()):
        if path.name.startswith(BOUNDARIES):
            _load_units(connection, build, path)
        # The units of all levels are those of the boundaries, once more.
        elif path.name not in {"catalogue.json", "units.parquet", *ROWS}:
            connection.execute(insert(files).values(build=build, name=path.name, content=path.read_bytes()))
    return build


def _rows(path: Path, table: Table, build: int) -> Iterator[pa.RecordBatch]:
    file = pq.ParquetFile(path)
    names = [column.name for column in table.columns if column.name != "build"]
    for batch in file.iter_batches(BATCH, columns=names):
        yield batch.select(names).add_column(0, "build", pa.array(np.full(batch.num_rows, build)))


def _load_units(connection: Connection, build: int, path: Path) -> None:
    level = path.stem.removeprefix(BOUNDARIES)
    read = gpd.read_parquet(path)
    shapes = read.geometry.to_numpy()
    kinds = shapely.get_type_id(shapes)
    single = kinds == shapely.GeometryType.POLYGON
    if not np.isin(kinds, (-1, shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)).all():
        raise StoreError(f"{path}: a boundary is neither a polygon nor several.", remedy="Mend the boundary file.")
    facts = [read[name].astype(object).where(read[name].notna(), None) for name in UNIT_COLUMNS]
    bounds = shapely.bounds(shapes)
    edges = np.where(np.isnan(bounds), None, bounds)
    shapes[single] = [shapely.MultiPolygon([one]) for one in shapes[single]]
    bodies = shapely.to_wkb(shapely.set_srid(shapes, 4326), include_srid=True)
    names = ("build", "level", *UNIT_COLUMNS, "single", "west", "south", "east", "north", "geometry")
    query = f"COPY {units} ({', '.join(names)}) FROM STDIN (FORMAT binary)"
    with plain_cursor(connection) as cursor, cursor.copy(query) as copy:
        copy.set_types(UNIT_TYPES)
        for *told, alone, edge, body in zip(*facts, single, edges, bodies, strict=True):
            copy.write_row((build, level, *told, bool(alone), *edge, body))
