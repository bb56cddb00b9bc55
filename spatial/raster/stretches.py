"""The cells that polygons cover, as stretches of neighbours that are covered alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.feature import FeatureSource, JSONFeature
from exactextract.raster import NumPyRasterSource
from exactextract.writer import Writer
from fuping.spatial.raster.grid import Grid, Window
from numpy.typing import NDArray

__all__ = ["Stretches", "covered_stretches", "joined", "on_grid"]


class Stretches(NamedTuple):
    """Cells next to each other in a row that one unit covers alike; unit by unit, there row by row, from west to east.

    Parameters
    ----------
    unit, row, column, length
        int32, shape (s,); number of the unit, grid row, first grid column and number of cells.
    fraction
        float32, shape (s,), above 0 to 1; part of each cell that the unit covers.
    """

    unit: NDArray[np.int32]
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    length: NDArray[np.int32]
    fraction: NDArray[np.float32]


def covered_stretches(shapes: NDArray[np.object_], numbers: NDArray[np.int64], grid: Grid) -> Stretches:
    """Find what polygons cover of a grid.

    Parameters
    ----------
    shapes
        At least one.
    numbers
        Of the units that they are.
    grid
        One that holds all shapes.
    """
    # The values do not matter; one byte stands for all of them, so that no raster is held.
    source = NumPyRasterSource(np.broadcast_to(np.uint8(1), grid.shape), *grid.bounds)
    writer = _Shortener(numbers, grid.columns)
    exact_extract(source, _Shapes(shapes), ["cell_id", "coverage"], include_cols=["id"], output=writer)
    return joined(writer.found)


def joined(parts: Sequence[Stretches]) -> Stretches:
    """Put stretches one after another."""
    return Stretches(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def on_grid(near: Stretches, around: Window, grid: Grid) -> Stretches:
    """Bring stretches of a window, which may reach beyond a grid, onto the grid, and leave out what lies beyond.

    Examples
    --------
    >>> one = Stretches(*(np.array([value]) for value in (0, 0, 2, 5, 1.0)))
    >>> short = Grid("EPSG:6933", west=0, north=1, cell_width=1000, cell_height=1000, rows=1, columns=3)
    >>> kept = on_grid(one, Window(0, -4, 1, 9), short)
    >>> kept.column.tolist(), kept.length.tolist()
    ([0], [3])
    >>> globe = Grid("EPSG:4326", west=-180, north=1, cell_width=90, cell_height=1, rows=1, columns=4)
    >>> kept = on_grid(one._replace(length=np.array([3])), Window(0, 0, 1, 8), globe)
    >>> kept.column.tolist(), kept.length.tolist()
    ([2, 0], [2, 1])
    """
    row, first = near.row + np.int32(around.row), near.column.astype(np.int64) + around.column
    last, place = first + near.length, np.arange(len(first))
    if grid.wraps:
        # A stretch over the seam goes on in the first column.
        seam = (first // grid.columns + 1) * grid.columns
        over = np.flatnonzero(last > seam)
        order = np.argsort(np.concatenate([place, over]), kind="stable")
        place = np.concatenate([place, over])[order]
        last = np.concatenate([np.minimum(last, seam), last[over]])[order]
        first = np.concatenate([first, seam[over]])[order]
        turned = first // grid.columns * grid.columns
        first, last = first - turned, last - turned
    first, last = np.maximum(first, 0), np.minimum(last, grid.columns)
    kept = (row[place] >= 0) & (row[place] < grid.rows) & (last > first)
    place, first, last = place[kept], first[kept], last[kept]
    return Stretches(
        near.unit[place], row[place], first.astype(np.int32), (last - first).astype(np.int32), near.fraction[place]
    )


class _Shapes(FeatureSource):
    """Polygons handed over as WKB; exactextract's own source writes and parses them as JSON, five times slower."""

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        super().__init__()
        self.shapes = shapes

    def __iter__(self) -> Iterator[JSONFeature]:
        return (_Shape(number, shapely.to_wkb(shape)) for number, shape in enumerate(self.shapes))

    def count(self) -> int:
        return len(self.shapes)

    def srs_wkt(self) -> None:
        return None


class _Shape(JSONFeature):
    def __init__(self, number: int, wkb: bytes) -> None:
        super().__init__({"type": "Feature", "id": number, "properties": {}})
        self.wkb = wkb

    def geometry(self) -> bytes:
        return self.wkb


class _Shortener(Writer):
    """Takes the cells of one unit after another and keeps their stretches, so that those of all are never held."""

    def __init__(self, numbers: NDArray[np.int64], columns: int) -> None:
        super().__init__()
        self.numbers = numbers
        self.columns = columns
        self.found: list[Stretches] = []

    def add_operation(self, operation: Any) -> None:
        pass

    def write(self, feature: Any) -> None:
        told = JSONFeature()
        feature.copy_to(told)
        cell = np.asarray(told.feature["properties"]["cell_id"], dtype=np.int64)
        fraction = np.asarray(told.feature["properties"]["coverage"], dtype=np.float32)
        row, column = np.divmod(cell, self.columns)
        new = np.ones(len(cell), dtype=bool)
        new[1:] = (np.diff(cell) != 1) | (column[1:] == 0) | (fraction[1:] != fraction[:-1])
        first = np.flatnonzero(new)
        length = np.diff(np.append(first, len(cell)))
        kept = fraction[first] > 0
        first, length = first[kept], length[kept]
        self.found.append(
            Stretches(
                np.full(len(first), self.numbers[told.feature["id"]], dtype=np.int32),
                row[first].astype(np.int32),
                column[first].astype(np.int32),
                length.astype(np.int32),
                fraction[first],
            )
        )

    def features(self) -> None:
        return None
