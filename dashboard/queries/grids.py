"""Grids that can lie over the map: which there are, their colours, and the cell at a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.state import ViewState
from fuping.spatial.raster.tiles import MISSING, Painting, cell_at, tile_exists, tile_png

__all__ = [
    "COG",
    "OPACITY",
    "Cell",
    "cell",
    "cell_inside",
    "chosen_grid",
    "grid_address",
    "grid_of",
    "grids",
    "opacity",
    "painting",
    "source_of",
    "tile",
]

COG = "image/tiff; application=geotiff; profile=cloud-optimized"
"""Media type of a whole grid."""

OPACITY = 75.0
"""Per cent at first: the units' colours still show through."""


@dataclass(frozen=True)
class Cell:
    """The cell of a grid at a place.

    Parameters
    ----------
    lon, lat
        The place in degrees.
    value
        Its number; NaN without data.
    place
        Its class, ``None`` without data.
    """

    lon: float
    lat: float
    value: float
    place: int | None


def grids(reader: Reader, pack: str) -> list[Mapping[str, Any]]:
    """Return the grids that a pack's build keeps; none in a build made before there were any."""
    return list(reader.catalogue(pack).get("grids", ()))


def grid_of(reader: Reader, pack: str, grid: str) -> Mapping[str, Any] | None:
    """Return one of them, or nothing."""
    return next((one for one in grids(reader, pack) if one["id"] == grid), None)


def grid_address(pack: str, grid: Mapping[str, Any]) -> str:
    """Return where a grid is served: its file with ``.tif`` behind it, its tiles and cells below."""
    return f"/grids/{pack}/{grid['id']}"


def chosen_grid(reader: Reader, view: ViewState) -> Mapping[str, Any] | None:
    """Return the grid that a view lays over the map."""
    return grid_of(reader, view.pack, view.option("grid", [one["id"] for one in grids(reader, view.pack)], ""))


def source_of(reader: Reader, pack: str, grid: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the source of a grid."""
    return next(one for one in reader.catalogue(pack)["sources"] if one["id"] == grid["source"])


def opacity(view: ViewState) -> float:
    """Return its opacity in per cent."""
    return view.amount("opacity", OPACITY, low=0, high=100)


def painting(grid: Mapping[str, Any]) -> Painting:
    """Return the classes and colours of a grid."""
    classes = grid["classes"]
    if grid["kind"] == "class":
        return Painting(tuple(one["colour"] for one in classes), codes=tuple(tuple(one["codes"]) for one in classes))
    return Painting(tuple(grid["colours"]), breaks=tuple(grid["breaks"]))


def tile(reader: Reader, pack: str, grid: str, z: int, x: int, y: int) -> bytes | None:
    """Return a tile as PNG; nothing where there is no such tile or the grid does not reach it."""
    return _tile(reader, pack, reader.version(pack), grid, z, x, y)


@once(maxsize=1024)
def _tile(reader: Reader, pack: str, version: str, grid: str, z: int, x: int, y: int) -> bytes | None:
    declared = grid_of(reader, pack, grid)
    path = reader.store.grid(pack, grid)
    if declared is None or not tile_exists(path, z, x, y):
        return None
    return tile_png(path, z, x, y, painting(declared))


def cell(reader: Reader, pack: str, grid: Mapping[str, Any], lon: float, lat: float) -> Cell | None:
    """Return the cell at a place, or nothing where the grid does not reach."""
    value = cell_at(reader.store.grid(pack, grid["id"]), lon, lat)
    if value is None:
        return None
    place = int(painting(grid).classes(value))
    return Cell(lon, lat, value, None if place == MISSING else place)


def cell_inside(reader: Reader, pack: str, level: str, at: int, grid: Mapping[str, Any]) -> Cell | None:
    """Return the cell at a point well inside a unit, or nothing where it has no boundary.

    Parameters
    ----------
    at
        Place of the unit in its level.
    """
    parts = shapely.get_parts(level_shapes(reader, pack, level)[at])
    if not len(parts):
        return None
    largest = parts[np.argmax(shapely.area(parts))]
    line = shapely.maximum_inscribed_circle(largest, tolerance=0.02 * float(np.sqrt(shapely.area(largest))))
    lon, lat = shapely.get_coordinates(line)[0]  # the circle's middle
    return cell(reader, pack, grid, float(lon), float(lat))
