"""Which part of each cell each unit covers: computed once for a grid, kept, and used for every raster on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely
from fuping.spatial.boundaries.geometry import has_no_shape, require_polygons
from fuping.spatial.raster.errors import GridError, TableError
from fuping.spatial.raster.grid import Grid, Window
from fuping.spatial.raster.longitudes import laid_on
from fuping.spatial.raster.stretches import Stretches, covered_stretches, joined, on_grid
from numpy.typing import NDArray

__all__ = ["CoverageTable", "coverage_table", "read_coverage_table", "units_digest"]

CELLS_AT_ONCE = 5_000_000
"""Cells of the bounding boxes of the units that are handed over together; those of one unit at a time are held."""

MOST_ENTRIES = 1_000_000_000
"""Cells beyond which a table is refused."""

VERSION = 2


@dataclass(frozen=True, eq=False)
class CoverageTable:
    """The part of every cell that lies in each unit.

    A *run* is the cells of one row that one unit touches; runs are ordered by row and unit, so that a strip of the
    raster needs a contiguous piece of the table. A run is made of *stretches* of neighbouring cells that are covered
    alike: those within a unit are one stretch, however many, and those at its border one each.

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
        int64, shape (r + 1,); the first stretch of each run.
    column, length
        int32, shape (s,); first grid column of each stretch, and its number of cells.
    fraction
        float32, shape (s,), above 0 to 1; part of each of its cells (in the plane of the CRS) that the unit covers.
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
    length: NDArray[np.int32]
    fraction: NDArray[np.float32]
    area: NDArray[np.float64]
    cut: dict[int, tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False)
    """Its strips (:func:`fuping.spatial.raster.strips.strips`) by the cells of each, for the next raster here."""

    @property
    def window(self) -> Window:
        """The least window of the grid that holds every cell."""
        first, last = int(self.column.min()), int((self.column + self.length).max())
        return Window(int(self.row[0]), first, int(self.row[-1] - self.row[0]) + 1, last - first)

    def runs(self, top: int, bottom: int) -> slice:
        """Give the runs of the rows from ``top`` up to, not including, ``bottom``."""
        first, last = np.searchsorted(self.row, [top, bottom])
        return slice(int(first), int(last))

    def covered(self) -> NDArray[np.float64]:
        """Give the area of each unit that lies on the grid, float64, shape (n,)."""
        cells = self.fraction * self.length.astype(np.float64)
        parts = np.add.reduceat(cells, self.starts[:-1]) * self.grid.row_areas()[self.row]
        return np.bincount(self.unit, weights=parts, minlength=len(self.codes)).astype(np.float64)

    def write(self, path: str | Path) -> None:
        """Write the table to a Parquet file, with the hashes of grid and units."""
        stretches = np.diff(self.starts)
        entries = pa.table(
            {
                "row": np.repeat(self.row, stretches),
                "unit": np.repeat(self.unit, stretches),
                "column": self.column,
                "length": self.length,
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
                "length": "DELTA_BINARY_PACKED",
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
    >>> table.column.tolist(), table.length.tolist(), table.fraction.tolist(), table.area.tolist()
    ([0, 1], [1, 1], [1.0, 0.5], [1500000.0])
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
            f"The table would have about {expected:.2g} cells, more than {MOST_ENTRIES:.2g}.",
            remedy="Use fewer units at a time, or a coarser raster.",
        )
    area = np.zeros(len(units))
    found: list[Stretches] = []
    done = 0
    box_cells = (boxes[there, 2] - boxes[there, 0]) * (boxes[there, 3] - boxes[there, 1]) / size
    for chosen in np.split(there, np.flatnonzero(np.diff(np.cumsum(box_cells) // CELLS_AT_ONCE)) + 1):
        # Only the cells around the units are numbered, beyond the grid too, so that numbers stay small on any grid.
        around = _around(grid, boxes[chosen])
        part = grid.part(around)
        near = covered_stretches(shapes[chosen], chosen, part)
        amount = near.fraction * near.length.astype(np.float64) * part.row_areas()[near.row]
        area += np.bincount(near.unit, weights=amount, minlength=len(area))
        found.append(on_grid(near, around, grid))
        done += len(chosen)
        if progress is not None:
            progress(done, len(there))
    stretches = joined(found)
    if not len(stretches.unit):
        raise GridError("No unit covers any cell of the raster.", remedy="Check the places of both.")
    return _by_runs(grid, tuple(units[code].astype(str)), units_digest(units, code=code), stretches, area)


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
    unit, row, column, length, fraction = (
        entries[name].to_numpy() for name in ("unit", "row", "column", "length", "fraction")
    )
    starts = _starts(row, unit)
    return CoverageTable(
        grid,
        tuple(about["codes"]),
        about["units_digest"],
        unit[starts[:-1]],
        row[starts[:-1]],
        starts,
        column,
        length,
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


def _by_runs(
    grid: Grid, codes: tuple[str, ...], digest: str, found: Stretches, area: NDArray[np.float64]
) -> CoverageTable:
    """Order the stretches by row and unit; within a unit's row they already run by column."""
    order = np.lexsort((found.unit, found.row))
    unit, row = found.unit[order], found.row[order]
    starts = _starts(row, unit)
    runs = starts[:-1]
    length, fraction = found.length[order], found.fraction[order]
    return CoverageTable(
        grid, codes, digest, unit[runs], row[runs], starts, found.column[order], length, fraction, area
    )


def _starts(row: NDArray[np.int32], unit: NDArray[np.int32]) -> NDArray[np.int64]:
    changes = np.flatnonzero((np.diff(row) != 0) | (np.diff(unit) != 0)) + 1
    return np.concatenate([[0], changes, [len(row)]]).astype(np.int64)
