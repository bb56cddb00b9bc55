"""Which part of each cell each unit covers: computed once for a grid, kept, and used for every raster on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely
from exactextract import exact_extract
from exactextract.feature import FeatureSource, JSONFeature
from exactextract.raster import NumPyRasterSource
from fuping.spatial.boundaries.geometry import has_no_shape, require_polygons
from fuping.spatial.raster.errors import GridError, TableError
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.longitudes import laid_on
from numpy.typing import NDArray

__all__ = ["CoverageTable", "coverage_table", "read_coverage_table", "units_digest"]

CELLS_AT_ONCE = 5_000_000
"""Cells of the units' bounding boxes that are worked on together."""

MOST_ENTRIES = 1_000_000_000
"""Entries beyond which a table is refused; each takes 8 bytes."""

VERSION = 1


@dataclass(frozen=True, eq=False)
class CoverageTable:
    """The part of every cell that lies in each unit.

    A *run* is the cells of one row that one unit touches; runs are ordered by row and unit, so that a strip of the
    raster needs a contiguous piece of the table. Together ``starts``, ``column`` and ``fraction`` are a matrix in
    compressed sparse rows (CSR).

    Parameters
    ----------
    grid
        The grid of the cells.
    codes
        n units, in the order given.
    units
        :func:`units_digest` of the units.
    unit, row
        int32, shape (r,); unit (place in ``codes``) and grid row of each run.
    starts
        int64, shape (r + 1,); the first entry of each run.
    column
        int32; grid column of each entry.
    fraction
        float32, above 0 to 1; part of the cell (in the plane of the CRS) that the unit covers.
    area
        float64, shape (n,); area of each unit by the same fractions, cells beyond the grid counted too; square metres
        for a geographic CRS. 0 for a unit without geometry or away from the grid.
    """

    grid: Grid
    codes: tuple[str, ...]
    units: str
    unit: NDArray[np.int32]
    row: NDArray[np.int32]
    starts: NDArray[np.int64]
    column: NDArray[np.int32]
    fraction: NDArray[np.float32]
    area: NDArray[np.float64]

    @property
    def window(self) -> Window:
        """The least window of the grid that holds every entry."""
        first, last = int(self.column.min()), int(self.column.max())
        return Window(int(self.row[0]), first, int(self.row[-1] - self.row[0]) + 1, last - first + 1)

    def runs(self, top: int, bottom: int) -> slice:
        """Give the runs of the rows from ``top`` up to, not including, ``bottom``."""
        first, last = np.searchsorted(self.row, [top, bottom])
        return slice(int(first), int(last))

    def covered(self) -> NDArray[np.float64]:
        """Give the area of each unit that lies on the grid, float64, shape (n,)."""
        parts = np.add.reduceat(self.fraction, self.starts[:-1], dtype=np.float64) * self.grid.row_areas()[self.row]
        return np.bincount(self.unit, weights=parts, minlength=len(self.codes)).astype(np.float64)

    def write(self, path: str | Path) -> None:
        """Write the table to a Parquet file, with the hashes of grid and units."""
        lengths = np.diff(self.starts)
        entries = pa.table(
            {
                "row": np.repeat(self.row, lengths),
                "unit": np.repeat(self.unit, lengths),
                "column": self.column,
                "fraction": self.fraction,
            }
        )
        about = {
            "version": VERSION,
            "grid": self.grid.to_dict(),
            "grid_digest": self.grid.digest,
            "units_digest": self.units,
            "codes": self.codes,
            "area": self.area.tolist(),
        }
        entries = entries.replace_schema_metadata({"fuping.coverage_table": json.dumps(about)})
        pq.write_table(
            entries,
            path,
            compression="zstd",
            use_dictionary=False,
            column_encoding={
                "row": "DELTA_BINARY_PACKED",
                "unit": "DELTA_BINARY_PACKED",
                "column": "DELTA_BINARY_PACKED",
                "fraction": "BYTE_STREAM_SPLIT",
            },
        )


def coverage_table(
    units: gpd.GeoDataFrame, grid: Grid, *, code: str, progress: Callable[[int, int], None] | None = None
) -> CoverageTable:
    """Compute which part of each cell each unit covers.

    Parameters
    ----------
    units
        n polygons in the CRS of the grid. Units without geometry are kept, and cover nothing.
    grid
        Cells; it may be far larger than the units, only touched cells are held.
    code
        Column of the units' codes.
    progress
        Called with how many units are done and how many there are, a group of units at a time.

    Returns
    -------
    CoverageTable

    Raises
    ------
    GridError
        The CRS differ, or no unit touches the grid.
    CRSError, GeometryError, CodeError
        The units have no CRS, are invalid or no polygons, or share codes.

    Notes
    -----
    The fractions are exact up to float32: exactextract (Baston) walks each ring once and cuts it at the edges of the
    cells. Units get cells of the same grid beyond its edge too, to know how much of them the raster leaves out.
    Longitudes of units and grid may be counted differently: a unit, or the part of one, at −179 covers cells at 181.

    Examples
    --------
    >>> grid = Grid("EPSG:6933", west=0, north=2000, cell_width=1000, cell_height=1000, rows=2, columns=2)
    >>> units = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(0, 0, 1500, 1000)], crs="EPSG:6933")
    >>> table = coverage_table(units, grid, code="code")
    >>> table.column.tolist(), table.fraction.tolist(), table.area.tolist()
    ([0, 1], [1.0, 0.5], [1500000.0])
    """
    require_polygons(units, code=code)
    if not grid.same_crs(units.crs):
        raise GridError(
            f"The raster is in {pyproj.CRS.from_user_input(grid.crs).name}, the units in {units.crs.name}.",
            remedy="Bring the units into the raster's CRS (GeoDataFrame.to_crs).",
        )
    shapes = laid_on(grid, units.geometry.to_numpy())
    boxes = shapely.bounds(shapes)
    there = np.flatnonzero(~has_no_shape(units.geometry) & _near(boxes, grid))
    if not len(there):
        raise GridError(
            f"Units and raster do not overlap: units from {_corners(units.total_bounds)}, raster from "
            f"{_corners(np.array(grid.bounds))}.",
            remedy="Check that both are of the same place, in the same CRS and order of axes.",
        )
    size = grid.cell_width * grid.cell_height
    expected = float(shapely.area(shapes[there]).sum() / size)
    if expected > MOST_ENTRIES:
        raise GridError(
            f"The table would have about {expected:.2g} entries, more than {MOST_ENTRIES:.2g}.",
            remedy="Use fewer units at a time, or a coarser raster.",
        )
    n = len(units)
    area = np.zeros(n)
    pieces: tuple[list[NDArray[Any]], ...] = ([], [], [], [])
    done = 0
    box_cells = (boxes[there, 2] - boxes[there, 0]) * (boxes[there, 3] - boxes[there, 1]) / size
    for chosen in np.split(there, np.flatnonzero(np.diff(np.cumsum(box_cells) // CELLS_AT_ONCE)) + 1):
        # Only the cells around the units are numbered, beyond the grid too, so that numbers stay small on any grid.
        around = _around(grid, boxes[chosen])
        part = grid.part(around)
        lengths, cells, fractions = _fractions(shapes[chosen], part)
        unit = np.repeat(chosen, lengths).astype(np.int32)
        row, column = np.divmod(cells, around.width)
        area += np.bincount(unit, weights=fractions * part.row_areas()[row], minlength=n)
        row, column = row + around.row, column + around.column
        if grid.wraps:
            column %= grid.columns
        inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns) & (fractions > 0)
        done += len(chosen)
        if progress is not None:
            progress(done, len(there))
        for whole, number in zip(pieces, (unit, row, column), strict=False):
            whole.append(number[inside].astype(np.int32))
        pieces[3].append(fractions[inside].astype("f4"))
    unit, row = (_joined(parts) for parts in pieces[:2])
    if not len(unit):
        raise GridError("No unit covers any cell of the raster.", remedy="Check the places of both.")
    starts = _starts(row, unit)
    # What every entry repeats of its run is let go before the entries are put in order.
    unit, row = unit[starts[:-1]], row[starts[:-1]]
    column, fraction = (_joined(parts) for parts in pieces[2:])
    return _by_runs(
        grid, tuple(units[code].astype(str)), units_digest(units, code=code), unit, row, starts, column, fraction, area
    )


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Return parts as one array and let them go, so that they are not held beside it."""
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def units_digest(units: gpd.GeoDataFrame, *, code: str) -> str:
    """Give the SHA-256 of CRS, codes and geometry, in their order."""
    digest = hashlib.sha256(pyproj.CRS.from_user_input(units.crs).to_wkt().encode())
    for name, shape in zip(units[code].astype(str), shapely.to_wkb(units.geometry.to_numpy()), strict=True):
        digest.update(name.encode() + b"\0" + (shape or b"") + b"\0")
    return digest.hexdigest()


def read_coverage_table(path: str | Path, *, grid: Grid, units: gpd.GeoDataFrame, code: str) -> CoverageTable:
    """Read a table and refuse it where grid or units are no longer those it was made for.

    Parameters
    ----------
    path
        File of :meth:`CoverageTable.write`.
    grid, units, code
        What it will be used with.

    Raises
    ------
    TableError
        The file is no coverage table, or the grid, the codes or the geometry have changed.
    """
    try:
        entries = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as problem:
        raise TableError(f"{path} cannot be read: {problem}.", remedy="Compute the table anew.") from problem
    about = json.loads((entries.schema.metadata or {}).get(b"fuping.coverage_table", b"null"))
    if about is None or about["version"] != VERSION:
        raise TableError(f"{path} is no coverage table of version {VERSION}.", remedy="Compute the table anew.")
    for what, stored, given in (
        ("grid", about["grid_digest"], grid.digest),
        ("units", about["units_digest"], units_digest(units, code=code)),
    ):
        if stored != given:
            raise TableError(
                f"The {what} of {path} are not those given: hash {stored[:12]}, not {given[:12]}.",
                remedy="They have changed since the table was made: compute it anew.",
                what=what,
            )
    unit, row, column, fraction = (entries[name].to_numpy() for name in ("unit", "row", "column", "fraction"))
    starts = _starts(row, unit)
    return CoverageTable(
        grid,
        tuple(about["codes"]),
        about["units_digest"],
        unit[starts[:-1]],
        row[starts[:-1]],
        starts,
        column,
        fraction,
        np.array(about["area"]),
    )


def _corners(bounds: NDArray[np.float64]) -> str:
    return f"{bounds[0]:.6g}, {bounds[1]:.6g} to {bounds[2]:.6g}, {bounds[3]:.6g}"


def _near(boxes: NDArray[np.float64], grid: Grid) -> NDArray[np.bool_]:
    west, south, east, north = grid.bounds
    with np.errstate(invalid="ignore"):
        level = (boxes[:, 1] < north) & (boxes[:, 3] > south)
        return level if grid.wraps else level & (boxes[:, 0] < east) & (boxes[:, 2] > west)


def _around(grid: Grid, boxes: NDArray[np.float64]) -> Window:
    """Cells that hold the boxes, also beyond the grid."""
    first = int(np.floor((boxes[:, 0].min() - grid.west) / grid.cell_width))
    last = int(np.ceil((boxes[:, 2].max() - grid.west) / grid.cell_width))
    top = int(np.floor((grid.north - boxes[:, 3].max()) / grid.cell_height))
    bottom = int(np.ceil((grid.north - boxes[:, 1].min()) / grid.cell_height))
    return Window(top, first, bottom - top, last - first)


class _Shapes(FeatureSource):
    """Polygons handed over as WKB; exactextract's own source writes and parses them as JSON, five times slower."""

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        super().__init__()
        self.wkb = shapely.to_wkb(shapes)

    def __iter__(self) -> Iterator[JSONFeature]:
        return (_Shape(number, wkb) for number, wkb in enumerate(self.wkb))

    def count(self) -> int:
        return len(self.wkb)

    def srs_wkt(self) -> None:
        return None


class _Shape(JSONFeature):
    def __init__(self, number: int, wkb: bytes) -> None:
        super().__init__({"type": "Feature", "id": number, "properties": {}})
        self.wkb = wkb

    def geometry(self) -> bytes:
        return self.wkb


def _fractions(
    shapes: NDArray[np.object_], grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    # The values do not matter; one byte stands for all of them, so that no raster is held.
    source = NumPyRasterSource(np.broadcast_to(np.uint8(1), grid.shape), *grid.bounds)
    found = [feature["properties"] for feature in exact_extract(source, _Shapes(shapes), ["cell_id", "coverage"])]
    lengths = np.array([len(one["cell_id"]) for one in found], dtype=np.int64)
    cells = np.concatenate([one["cell_id"] for one in found]).astype(np.int64)
    return lengths, cells, np.concatenate([one["coverage"] for one in found]).astype(np.float64)


def _by_runs(
    grid: Grid,
    codes: tuple[str, ...],
    digest: str,
    unit: NDArray[np.int32],
    row: NDArray[np.int32],
    starts: NDArray[np.int64],
    column: NDArray[np.int32],
    fraction: NDArray[np.float32],
    area: NDArray[np.float64],
) -> CoverageTable:
    """Order the runs, of a unit and a row each, by row and unit; within a unit the entries already run by column."""
    first, lengths = starts[:-1], np.diff(starts)
    order = np.lexsort((unit, row))
    moved = np.concatenate([[0], np.cumsum(lengths[order])])
    at = np.arange(moved[-1]) + np.repeat(first[order] - moved[:-1], lengths[order])
    return CoverageTable(grid, codes, digest, unit[order], row[order], moved, column[at], fraction[at], area)


def _starts(row: NDArray[np.int32], unit: NDArray[np.int32]) -> NDArray[np.int64]:
    changes = np.flatnonzero((np.diff(row) != 0) | (np.diff(unit) != 0)) + 1
    return np.concatenate([[0], changes, [len(row)]]).astype(np.int64)
