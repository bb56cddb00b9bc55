"""Draw a grid as map tiles, and read the cell at a place.

Tiles are cut and warped by rio-tiler. Cells are never blended with their neighbours: what is drawn in a place is the
class of the cell that lies there, or, from afar, of the overview that the file itself keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.warp
from fuping.spatial.raster.errors import RasterError
from fuping.spatial.raster.grid import whole_turns
from numpy.typing import ArrayLike, NDArray

__all__ = ["MISSING", "TILE", "Painting", "cell_at", "tile_exists", "tile_png"]

TILE = 256
"""Pixels of a tile's side."""

DEEPEST = 22
"""Zoom levels that there are."""

MISSING = -1
"""Class of a cell without data: none."""


@dataclass(frozen=True)
class Painting:
    """Classes of a grid's numbers, and their colours.

    Parameters
    ----------
    colours
        ``#rrggbb`` of each class.
    codes
        Of categories: the numbers of each class. What is in none of them is not drawn.
    breaks
        Of what is measured: the inner breaks, ascending. As in :func:`~fuping.spatial.cartography.classify` a number
        belongs to the first class whose upper break it does not exceed.

    Raises
    ------
    RasterError
        The number of colours is not that of the classes.

    Examples
    --------
    >>> Painting(("#ffffff", "#000000"), breaks=(10.0,)).classes([10, 11, float("nan")]).tolist()
    [0, 1, -1]
    >>> Painting(("#ffffff", "#000000"), codes=((1, 2), (7,))).classes([7, 2, 3]).tolist()
    [1, 0, -1]
    """

    colours: tuple[str, ...]
    codes: tuple[tuple[int, ...], ...] = ()
    breaks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        k = len(self.codes) or len(self.breaks) + 1
        if len(self.colours) != k:
            raise RasterError(f"There are {len(self.colours)} colours for {k} classes.", remedy="Give each class one.")

    def classes(self, values: ArrayLike) -> NDArray[np.int16]:
        """Return the class of each number, :data:`MISSING` where there is none; NaN is missing."""
        numbers = np.asarray(values, dtype=np.float64)
        if not self.codes:
            upper = np.searchsorted(np.array(self.breaks), numbers, side="left")
            return np.where(np.isnan(numbers), MISSING, upper).astype(np.int16)
        found = np.full(numbers.shape, MISSING, dtype=np.int16)
        for place, codes in enumerate(self.codes):
            found[np.isin(numbers, codes)] = place
        return found


def tile_exists(path: Path, z: int, x: int, y: int) -> bool:
    """Return whether a tile of the web's usual scheme (Web Mercator, from the north-west) is there and meets a grid."""
    from rio_tiler.io import Reader

    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        return False
    with Reader(str(path)) as grid:
        return bool(grid.tile_exists(x, y, z))


def tile_png(path: Path, z: int, x: int, y: int, painting: Painting) -> bytes:
    """Draw one tile that :func:`tile_exists`.

    Parameters
    ----------
    path
        A raster of one band; quick where it is cloud-optimised.

    Returns
    -------
    bytes
        PNG of :data:`TILE` × :data:`TILE` pixels, transparent where there is no class.
    """
    from rio_tiler.io import Reader
    from rio_tiler.models import ImageData

    with Reader(str(path)) as grid:
        read = grid.tile(x, y, z, tilesize=TILE, indexes=1, resampling_method="nearest", reproject_method="nearest")
    classes = painting.classes(read.array[0].astype(np.float64).filled(np.nan))
    cells = np.ma.MaskedArray(classes.clip(0).astype(np.uint8), classes == MISSING)[None]
    drawn = ImageData(cells, crs=read.crs, bounds=read.bounds)
    return bytes(drawn.render(img_format="PNG", colormap=dict(enumerate(_bytes(painting.colours)))))


def cell_at(path: Path, lon: float, lat: float) -> float | None:
    """Return the number of the cell at a place, NaN where it has no data, ``None`` where the grid does not reach.

    Parameters
    ----------
    lon, lat
        Degrees.
    """
    with rasterio.open(path) as file:
        xs, ys = rasterio.warp.transform("EPSG:4326", file.crs, [lon], [lat])
        west, south, east, north = file.bounds
        # A grid over the date line goes on beyond 180°, or starts before −180°.
        there = [xs[0] + turn for turn in whole_turns(file.crs.is_geographic) if west <= xs[0] + turn < east]
        if not there or not south < ys[0] <= north:
            return None
        found = next(file.sample([(there[0], ys[0])], indexes=1, masked=True))
        return float(np.ma.filled(found.astype(np.float64), np.nan)[0])


def _bytes(colours: Sequence[str]) -> list[tuple[int, int, int, int]]:
    return [(int(one[1:3], 16), int(one[3:5], 16), int(one[5:7], 16), 255) for one in colours]
