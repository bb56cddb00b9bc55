"""Read a build out of the tables of a database: its units with their polygons, and all of it as a folder of files."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from fuping.layers.stores.postgis.copy import copy_out, plain_cursor
from fuping.layers.stores.postgis.load import BOUNDARIES, ROWS, UNIT_COLUMNS
from fuping.layers.stores.postgis.tables import builds, files, units
from sqlalchemy import Connection, Select, Table, any_, func, select

__all__ = ["read_boundaries", "read_polygons", "read_units", "unload"]


def read_units(connection: Connection, build: int, level: str) -> pd.DataFrame:
    """Return the units of a level without their polygons, ordered by code."""
    return copy_out(connection, _units(build, level, *UNIT_COLUMNS)).to_pandas()


def read_polygons(
    connection: Connection, build: int, level: str, codes: Sequence[str] | None = None
) -> dict[str, shapely.Geometry]:
    """Return code → polygon, of the type that the unit had.

    Parameters
    ----------
    codes
        Only these units; all where not given. Those that are not there are left out.
    """
    query = _units(build, level, "code", "single").add_columns(func.ST_AsBinary(units.c.geometry))
    if codes is not None:
        query = query.where(units.c.code == any_(list(codes)))  # type: ignore[arg-type]
    asked = query.compile(dialect=connection.dialect)
    # In binary, since a megabyte of polygons as text is two, which are read twice.
    with plain_cursor(connection, binary=True) as cursor:
        found = cursor.execute(str(asked), asked.params).fetchall()
    shapes = np.asarray(shapely.from_wkb(np.array([body for _, _, body in found], dtype=object)), dtype=object)
    single = np.array([alone for _, alone, _ in found], dtype=bool)
    shapes[single] = [shapely.Polygon() if one is None else one for one in shapely.get_geometry(shapes[single], 0)]
    return {code: shape for (code, _, _), shape in zip(found, shapes, strict=True) if shape is not None}


def _units(build: int, level: str, *columns: str) -> Select[Any]:
    wanted = [units.c[name] for name in columns]
    return select(*wanted).where(units.c.build == build, units.c.level == level).order_by(units.c.code)


def read_boundaries(connection: Connection, build: int, level: str) -> gpd.GeoDataFrame:
    """Return the units of a level with their polygons."""
    facts, drawn = read_units(connection, build, level), read_polygons(connection, build, level)
    return gpd.GeoDataFrame(facts, geometry=[drawn.get(code) for code in facts["code"]], crs=4326)


def unload(connection: Connection, build: int, folder: Path, only: Collection[str] | None = None) -> None:
    """Write the files of a build.

    Parameters
    ----------
    only
        Names of the files that are needed; all where not given.
    """

    def wanted(name: str) -> bool:
        return only is None or name in only

    levels = connection.scalars(select(units.c.level).where(units.c.build == build).distinct()).all()
    if wanted("catalogue.json"):
        catalogue = connection.scalar(select(builds.c.catalogue).where(builds.c.id == build))
        (folder / "catalogue.json").write_text(json.dumps(catalogue, ensure_ascii=False, indent=1), encoding="utf-8")
    if wanted("units.parquet"):
        query = select(*(units.c[name] for name in (*UNIT_COLUMNS, "level"))).where(units.c.build == build)
        pq.write_table(copy_out(connection, query), folder / "units.parquet")
    for name, table in ROWS.items():
        if wanted(name):
            pq.write_table(_rows(connection, table, build), folder / name)
    for level in levels:
        name = f"{BOUNDARIES}{level}.parquet"
        if wanted(name):
            read_boundaries(connection, build, level).to_parquet(folder / name)
    for name in connection.scalars(select(files.c.name).where(files.c.build == build)).all():
        if wanted(name):
            content = connection.scalar(select(files.c.content).where(files.c.build == build, files.c.name == name))
            (folder / name).write_bytes(content or b"")


def _rows(connection: Connection, table: Table, build: int) -> pa.Table:
    columns = [column for column in table.columns if column.name != "build"]
    return copy_out(connection, select(*columns).where(table.c.build == build))
