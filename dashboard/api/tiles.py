"""OGC API – Tiles: the units of a level as vector tiles in the square of Web Mercator."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely
from fuping.dashboard.api.boundaries import Detail, polygons, touching
from fuping.dashboard.api.collections import place_of, tiling
from fuping.dashboard.api.crs import CRS84, EPSG3857, from_crs, to_crs
from fuping.dashboard.api.errors import BadParameterError, require
from fuping.dashboard.api.exchange import MVT, Answer, Asked, answer
from fuping.dashboard.api.parameters import Parameters, TileParameters
from fuping.dashboard.api.units import unit_columns
from fuping.dashboard.queries.cache import Reader
from fuping.layers.schema.metadata import Text
from numpy.typing import NDArray

__all__ = ["tile", "tileset", "tilesets"]

MATRIX_SET = "WebMercatorQuad"
MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"

HALF = 20037508.342789244
"""Half the side of the square, in metres."""

DEEPEST = 18

STEPS = 4096
"""Steps of a tile's grid."""

MARGIN = 1 / 64
"""Part of a tile's side that is drawn beyond its edge, so that borders meet."""


def tilesets(reader: Reader, asked: Asked, given: Parameters, collectionId: str) -> Answer:  # noqa: N803
    """List the sets of tiles of a collection: one."""
    pack, level = place_of(reader, collectionId)
    links = [asked.again("self")]
    content = {"tilesets": [_described(reader, asked, pack, level)], "links": links}
    return answer(asked, content, links=links)


def tileset(reader: Reader, asked: Asked, given: Parameters, collectionId: str, tileMatrixSetId: str) -> Answer:  # noqa: N803
    """Describe the set of tiles of a collection."""
    pack, level = place_of(reader, collectionId)
    _known(tileMatrixSetId)
    return answer(asked, _described(reader, asked, pack, level), links=[asked.again("self")])


def tile(
    reader: Reader,
    asked: Asked,
    given: TileParameters,
    collectionId: str,  # noqa: N803
    tileMatrixSetId: str,  # noqa: N803
    tileMatrix: str,  # noqa: N803
    tileRow: str,  # noqa: N803
    tileCol: str,  # noqa: N803
) -> Answer:
    """Return one tile; its layer is ``units``, its features have the properties of the items."""
    pack, level = place_of(reader, collectionId)
    _known(tileMatrixSetId)
    zoom = _whole("tileMatrix", tileMatrix, DEEPEST)
    row, column = _whole("tileRow", tileRow, 2**zoom - 1), _whole("tileCol", tileCol, 2**zoom - 1)
    side = 2 * HALF / 2**zoom
    bounds = (column * side - HALF, HALF - (row + 1) * side, (column + 1) * side - HALF, HALF - row * side)
    columns = unit_columns(reader, pack, level, given)
    wide = shapely.buffer(shapely.box(*bounds), side * MARGIN, join_style="mitre")
    around = from_crs(np.array([wide], dtype=object), EPSG3857)[0]
    there = np.flatnonzero(touching(reader, pack, level, around, exactly=False))
    drawn = to_crs(polygons(reader, pack, level, there, detail=_detail(reader, pack, zoom)), EPSG3857)
    drawn = _on_grid(shapely.clip_by_rect(drawn, *wide.bounds), bounds[0], bounds[3], side)
    features = [
        {
            "geometry": shape,
            "properties": {name: values[place] for name, values in columns.items() if values[place] is not None},
        }
        for place, shape in zip(there, drawn, strict=True)
        if shape is not None and not shape.is_empty
    ]
    if not features:
        return Answer(204, {}, b"")
    layer = {"name": "units", "features": features}
    return answer(asked, mapbox_vector_tile.encode([layer], default_options={"extents": STEPS, "y_coord_down": True}))


def _on_grid(shapes: NDArray[np.object_], west: float, north: float, side: float) -> NDArray[np.object_]:
    # Valid on whole steps, counted from the upper left corner: what is smaller than a step is gone.
    steps = STEPS / side
    moved = shapely.transform(shapes, lambda points: (points - (west, north)) * (steps, -steps))
    return shapely.set_precision(shapely.simplify(moved, 1.0), 1.0)


def _known(name: str) -> None:
    require(name, [MATRIX_SET], Text(en="tile matrix set", zh="瓦片矩阵集"), parameter="tileMatrixSetId")


def _whole(name: str, given: str, most: int) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 9 and int(given) <= most):
        raise BadParameterError(name, given, Text(en=f"a whole number from 0 to {most}", zh=f"0至{most}的整数"))
    return int(given)


def _detail(reader: Reader, pack: str, zoom: int) -> Detail:
    pixel = 360 / 2**zoom / 512
    steps = reader.catalogue(pack)["boundary"]["simplify_degrees"]
    if steps[0] <= pixel:
        return "coarse"
    return "fine" if steps[-1] <= pixel else "full"


def _described(reader: Reader, asked: Asked, pack: str, level: str) -> dict[str, Any]:
    west, south, east, north = reader.store.extent(pack, level)
    path = ("collections", f"{pack}.{level}", "tiles", MATRIX_SET)
    return {
        "title": f"{pack}.{level}",
        "dataType": "vector",
        "crs": EPSG3857,
        "tileMatrixSetURI": MATRIX_SET_URI,
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84},
        "layers": [{"id": "units", "dataType": "vector", "geometryDimension": 2}],
        "links": [
            asked.link("self", *path),
            tiling(asked, f"{pack}.{level}"),
            {"rel": SCHEME, "type": "application/json", "href": MATRIX_SET_URI},
        ],
        "mediaTypes": [MVT],
    }
