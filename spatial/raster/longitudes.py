"""Lay units where a grid counts their longitudes: 181° and −179° are one meridian."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from fuping.spatial.raster.grid import Grid
from numpy.typing import NDArray

__all__ = ["laid_on"]


def laid_on(grid: Grid, shapes: NDArray[Any]) -> NDArray[Any]:
    """Turn polygons, or the parts of them, by 360° where that brings them onto a grid.

    Parameters
    ----------
    grid
        One that goes around the globe has each place once already, and is left to count columns around it.
    shapes
        Polygons in the CRS of the grid; missing ones stay missing.

    Returns
    -------
    array of shapes
        Those that no turn brings onto the grid are the ones given.

    Examples
    --------
    >>> grid = Grid("EPSG:4326", west=170, north=10, cell_width=1, cell_height=1, rows=20, columns=20)
    >>> laid_on(grid, np.array([shapely.box(-175, 0, -172, 2)]))[0].bounds
    (185.0, 0.0, 188.0, 2.0)
    """
    if not grid.is_geographic or grid.wraps:
        return shapes
    west, south, east, north = grid.bounds
    boxes = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        level = (boxes[:, 1] < north) & (boxes[:, 3] > south)
        met = [(boxes[:, 0] + turn < east) & (boxes[:, 2] + turn > west) for turn in (360.0, -360.0)]
    # The turn of the globe in whose middle the grid lies: within it every place has one longitude.
    first = (west + east) / 2 - 180
    laid = shapes.copy()
    for at in np.flatnonzero(level & (met[0] | met[1])):
        pieces = [piece for part in shapely.get_parts(shapes[at]) for piece in _within_turn(part, first)]
        laid[at] = pieces[0] if len(pieces) == 1 else shapely.multipolygons(pieces)
    return laid


def _within_turn(part: shapely.Polygon, first: float) -> list[shapely.Polygon]:
    """Cut a polygon at whole turns from a meridian, and turn each piece to lie within 360° of it."""
    west, south, east, north = part.bounds
    pieces = []
    for turn in range(int(np.floor((west - first) / 360)), int(np.ceil((east - first) / 360))):
        start = first + 360 * turn
        whole = start <= west and east <= start + 360
        piece = part if whole else shapely.intersection(part, shapely.box(start, south, start + 360, north))
        pieces += [
            shapely.transform(one, lambda points, turn=turn: points - [360.0 * turn, 0.0])
            for one in shapely.get_parts(piece)
            if one.geom_type == "Polygon"
        ]
    return pieces
