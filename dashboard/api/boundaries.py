"""The polygons of a level as the API gives them: the extent at once, the bounds of each unit once, the rest by request.

A level may have millions of vertices, so its full polygons are read for the units of one page and not kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
import pyarrow.parquet as pq
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shapes import level_shapes
from numpy.typing import NDArray

__all__ = ["Detail", "extent", "polygons", "touching"]

Detail = Literal["full", "fine", "coarse"]


def _file(reader: Reader, pack: str, level: str) -> Path:
    return reader.store.folder(pack) / f"boundaries-{level}.parquet"


def extent(reader: Reader, pack: str, level: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a level, as the header of its file tells them."""
    return _extent(_file(reader, pack, level))


@lru_cache(maxsize=256)
def _extent(path: Path) -> tuple[float, float, float, float]:
    west, south, east, north = json.loads(pq.read_schema(path).metadata[b"geo"])["columns"]["geometry"]["bbox"]
    return west, south, east, north


def _read(path: Path, codes: Sequence[str] | None) -> dict[str, bytes]:
    query = "SELECT code, geometry FROM read_parquet(?)"
    with duckdb.connect() as connection:
        if codes is None:
            found = connection.execute(query, [str(path)])
        else:
            found = connection.execute(f"{query} WHERE code IN (SELECT unnest(?))", [str(path), list(codes)])
        return {code: bytes(shape) for code, shape in found.fetchall() if shape is not None}


@lru_cache(maxsize=64)
def _bounds(path: Path, codes: tuple[str, ...]) -> NDArray[np.float64]:
    there = _read(path, None)
    return shapely.bounds(shapely.from_wkb([there.get(code) for code in codes]))


def polygons(
    reader: Reader, pack: str, level: str, places: NDArray[np.int64], *, detail: Detail = "full"
) -> NDArray[np.object_]:
    """Return the polygons of some units in degrees, with outer rings counter-clockwise as RFC 7946 has them.

    Parameters
    ----------
    places
        k positions in the order of the level's units.

    Returns
    -------
    numpy.ndarray
        k multipolygons, of single polygons too, so that a layer has one type; ``None`` where a unit has none.
    """
    if not len(places):
        return np.empty(0, dtype=object)
    if detail == "full":
        codes = [reader.units(pack, level)["code"][place] for place in places]
        there = _read(_file(reader, pack, level), codes)
        found = shapely.from_wkb(np.array([there.get(code) for code in codes], dtype=object))
    else:
        fine = detail == "fine" and reader.has_fine_geometry(pack, level)
        found = level_shapes(reader, pack, level, detail=int(fine))[places]
    found = np.asarray(found, dtype=object).copy()
    found[shapely.is_empty(found)] = None
    single = shapely.get_type_id(found) == shapely.GeometryType.POLYGON
    found[single] = [shapely.MultiPolygon([one]) for one in found[single]]
    return shapely.orient_polygons(found)


def touching(
    reader: Reader, pack: str, level: str, area: shapely.Geometry, *, exactly: bool = True
) -> NDArray[np.bool_]:
    """Return which units of a level an area touches; of polygons only those across its edge are read.

    Parameters
    ----------
    area
        In degrees.
    exactly
        Else the bounds of a unit stand for it.
    """
    codes = reader.units(pack, level)["code"]
    bounds = _bounds(_file(reader, pack, level), tuple(codes))
    boxes = np.where(np.isfinite(bounds).all(axis=1), shapely.box(*bounds.T), None)
    shapely.prepare(area)
    touched = shapely.intersects(area, boxes)
    if not exactly:
        return touched
    unsure = np.flatnonzero(touched & ~shapely.contains(area, boxes))
    shapes = polygons(reader, pack, level, unsure)
    touched[unsure] = shapely.intersects(area, shapes)
    return touched
