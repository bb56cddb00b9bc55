"""Where the cells of a raster lie: CRS, origin, size and number of cells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyproj
from fuping.spatial.raster.errors import GridError
from numpy.typing import ArrayLike, NDArray

__all__ = ["Grid", "Window", "grid_of_centres", "whole_turns"]

CLOSE = 1e-3
"""Part of a cell by which two grids may miss each other and still count as aligned."""


class Window(NamedTuple):
    """Rows ``row`` to ``row + height`` and columns ``column`` to ``column + width`` of a grid."""

    row: int
    column: int
    height: int
    width: int


@dataclass(frozen=True)
class Grid:
    """A north-up grid of equal cells.

    Parameters
    ----------
    crs
        WKT, PROJ string or authority code, such as ``"EPSG:4326"``.
    west, north
        Outer corner of the first cell, in units of the CRS; x runs east and y north whatever the CRS's axis order.
    cell_width, cell_height
        Size of a cell, both above zero.
    rows, columns
        Number of cells.

    Raises
    ------
    GridError
        The CRS is missing or unknown, a size is not above zero, or the bounds cannot be those of the CRS.

    Examples
    --------
    >>> grid = Grid("EPSG:4326", west=100, north=30, cell_width=0.5, cell_height=0.5, rows=4, columns=6)
    >>> grid.bounds
    (100, 28.0, 103.0, 30)
    >>> grid.window((101.2, 28.9, 101.4, 29.6))
    Window(row=0, column=2, height=3, width=1)
    """

    crs: str
    west: float
    north: float
    cell_width: float
    cell_height: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        if not self.crs:
            raise GridError("The raster has no CRS.", remedy="Declare it after reading the source's documentation.")
        try:
            crs = pyproj.CRS.from_user_input(self.crs)
        except pyproj.exceptions.CRSError as problem:
            raise GridError(f"The CRS {self.crs!r} is unknown.", remedy="Give an EPSG code or WKT.") from problem
        if not (self.cell_width > 0 and self.cell_height > 0 and self.rows > 0 and self.columns > 0):
            raise GridError(
                f"Cells of {self.cell_width} × {self.cell_height}, {self.rows} rows and {self.columns} columns.",
                remedy="All four must be above zero; turn a raster whose first row is the southernmost.",
            )
        west, south, east, north = self.bounds
        slack_x, slack_y = self.cell_width, self.cell_height
        found = f"x runs from {west:.6g} to {east:.6g} and y from {south:.6g} to {north:.6g}"
        if crs.is_geographic:
            # Longitudes may go on beyond 180° or 360°, so that a grid over the date line is one piece.
            if south < -90 - slack_y or north > 90 + slack_y or west < -540 - slack_x or east > 540 + slack_x:
                raise GridError(
                    f"The CRS is {crs.name} in degrees, but {found}.",
                    remedy="These are projected coordinates: declare the projection they are in.",
                )
            if east - west > 360 + slack_x:
                raise GridError(f"The grid is wider than the globe: {found}.", remedy="Mend its cell size.")
        elif west >= -180.01 and east <= 360.01 and south >= -90.01 and north <= 90.01 and self.cell_width < 10:
            unit = crs.axis_info[0].unit_name if crs.axis_info else "unit"
            raise GridError(
                f"The CRS is {crs.name} in {unit}s, but {found}.",
                remedy="These look like degrees: declare EPSG:4326 (or the geographic CRS of the source).",
            )

    @classmethod
    def from_transform(cls, crs: object, transform: ArrayLike, shape: tuple[int, int]) -> Grid:
        """Build a grid from an affine transform.

        Parameters
        ----------
        crs
            Anything that :class:`pyproj.CRS` reads, or None.
        transform
            a, b, c, d, e, f of :math:`x = a col + b row + c`, :math:`y = d col + e row + f`, as rasterio gives it.
        shape
            Rows and columns.

        Raises
        ------
        GridError
            The grid is rotated or sheared, or its first row is the southernmost.
        """
        a, b, c, d, e, f = (float(number) for number in tuple(np.asarray(transform, dtype=float))[:6])
        if b or d:
            raise GridError(
                f"The grid is rotated or sheared (terms {b:g} and {d:g} of its transform).",
                remedy="Warp it to a north-up grid first (gdalwarp).",
            )
        if e > 0 or a < 0:
            raise GridError(
                f"The grid is turned: its cells measure {a:g} × {e:g}.",
                remedy="Flip it so that the first row is the northernmost and the first column the westernmost.",
            )
        if crs is None or crs == "":
            return cls("", c, f, a, -e, *shape)
        try:
            name = pyproj.CRS.from_user_input(crs).to_string()
        except pyproj.exceptions.CRSError as problem:
            raise GridError(f"The CRS {crs!r} is unknown.", remedy="Give an EPSG code or WKT.") from problem
        return cls(name, c, f, a, -e, int(shape[0]), int(shape[1]))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return (
            self.west,
            self.north - self.rows * self.cell_height,
            self.west + self.columns * self.cell_width,
            self.north,
        )

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return bool(pyproj.CRS.from_user_input(self.crs).is_geographic)

    @property
    def wraps(self) -> bool:
        """Whether the grid goes once around the globe."""
        return self.is_geographic and abs(self.columns * self.cell_width - 360) < CLOSE * self.cell_width

    @property
    def digest(self) -> str:
        """SHA-256 of everything that says where the cells lie; equal for equal grids on every machine."""
        numbers = [f"{one:.12g}" for one in (self.west, self.north, self.cell_width, self.cell_height)]
        crs = pyproj.CRS.from_user_input(self.crs).to_wkt()
        text = json.dumps([crs, *numbers, self.rows, self.columns])
        return hashlib.sha256(text.encode()).hexdigest()

    def row_areas(self) -> NDArray[np.float64]:
        r"""Give the area of a cell of each row.

        Returns
        -------
        float64, shape (rows,)
            Square metres on the ellipsoid for a geographic CRS, squared units of the CRS otherwise.

        Notes
        -----
        Between two parallels (Snyder 1987, *Map projections*, eqs. 3-12 and 14-9):
        :math:`A = \frac{b^2}{2}\Delta\lambda\,[q(\phi_2) - q(\phi_1)]`, written with
        :math:`q(\phi) = \frac{\sin\phi}{1 - e^2\sin^2\phi} + \frac{1}{2e}\ln\frac{1 + e\sin\phi}{1 - e\sin\phi}`.
        """
        if not self.is_geographic:
            return np.full(self.rows, self.cell_width * self.cell_height)
        shape = pyproj.CRS.from_user_input(self.crs).get_geod() or pyproj.Geod(ellps="WGS84")
        edges = self.north - self.cell_height * np.arange(self.rows + 1)
        sine = np.sin(np.radians(np.clip(edges, -90, 90)))
        e = np.sqrt(shape.es)
        log = np.arctanh(e * sine) / e if e > 0 else sine
        q = sine / (1 - shape.es * sine**2) + log
        return shape.b**2 / 2 * np.radians(self.cell_width) * -np.diff(q)

    def window(self, bounds: tuple[float, float, float, float]) -> Window | None:
        """Give the cells that bounds (west, south, east, north) touch, or None where they touch none.

        Longitudes may be counted otherwise than the grid's, −179 for its 181. Bounds that it reaches both ways, as
        −180 to 180 on a grid from 170 to 190, give the least window that holds all; around the globe it is not opened.
        """
        west, south, east, north = bounds
        top = max(0, int(np.floor((self.north - north) / self.cell_height)))
        bottom = min(self.rows, int(np.ceil((self.north - south) / self.cell_height)))
        if bottom <= top:
            return None
        found = []
        for turn in self.turns():
            first = max(0, int(np.floor((west + turn - self.west) / self.cell_width)))
            last = min(self.columns, int(np.ceil((east + turn - self.west) / self.cell_width)))
            if last > first:
                found.append((first, last))
            if found and self.wraps:
                break
        if not found:
            return None
        first, last = min(one for one, _ in found), max(one for _, one in found)
        return Window(top, first, bottom - top, last - first)

    def turns(self) -> tuple[float, ...]:
        """Give what may be added to an x to reach the grid: whole turns of the globe for degrees, else nothing."""
        return whole_turns(self.is_geographic)

    def part(self, window: Window) -> Grid:
        """Give the grid of a window; the window may reach beyond this grid."""
        return Grid(
            self.crs,
            self.west + window.column * self.cell_width,
            self.north - window.row * self.cell_height,
            self.cell_width,
            self.cell_height,
            window.height,
            window.width,
        )

    def strips(self, window: Window, *, cells: int) -> Iterator[Window]:
        """Cut a window into strips of whole rows, each of at most ``cells`` cells but at least one row."""
        height = max(1, cells // window.width)
        for row in range(window.row, window.row + window.height, height):
            yield Window(row, window.column, min(height, window.row + window.height - row), window.width)

    def offset(self, other: Grid) -> tuple[int, int]:
        """Give row and column of this grid at which another begins.

        Raises
        ------
        GridError
            The CRS or the cell size differ, or the cells lie between each other.
        """
        if not self.same_crs(other.crs):
            raise GridError(
                f"The grids are in different CRS: {_name(self.crs)} and {_name(other.crs)}.",
                remedy="Warp one of them to the other's grid.",
            )
        wide = abs(self.cell_width - other.cell_width) * other.columns > CLOSE * self.cell_width
        high = abs(self.cell_height - other.cell_height) * other.rows > CLOSE * self.cell_height
        if wide or high:
            raise GridError(
                f"Cells measure {self.cell_width:g} × {self.cell_height:g} and "
                f"{other.cell_width:g} × {other.cell_height:g}.",
                remedy="Resample one raster to the other's grid (resample).",
            )
        column = (other.west - self.west) / self.cell_width
        row = (self.north - other.north) / self.cell_height
        if abs(column - round(column)) > CLOSE or abs(row - round(row)) > CLOSE:
            raise GridError(
                f"The grids are shifted by {column % 1:.3f} of a cell east and {row % 1:.3f} south.",
                remedy="Resample one raster to the other's grid (resample).",
            )
        return round(row), round(column)

    def same_crs(self, crs: object) -> bool:
        """Whether a CRS is this grid's, whatever the order of its axes."""
        mine = pyproj.CRS.from_user_input(self.crs)
        return bool(mine.equals(pyproj.CRS.from_user_input(crs), ignore_axis_order=True))

    def is_same(self, other: Grid) -> bool:
        """Whether both grids have the same cells."""
        try:
            return self.shape == other.shape and self.offset(other) == (0, 0)
        except GridError:
            return False

    def to_dict(self) -> dict[str, object]:
        """Return the grid as plain text and numbers."""
        names = ("crs", "west", "north", "cell_width", "cell_height", "rows", "columns")
        return {name: getattr(self, name) for name in names}


def whole_turns(geographic: bool) -> tuple[float, ...]:
    """Return what may be added to an x and leave the place the same: turns of the globe for degrees, else nothing."""
    return (0.0, 360.0, -360.0) if geographic else (0.0,)


def _name(crs: str) -> str:
    return str(pyproj.CRS.from_user_input(crs).name)


def grid_of_centres(x: ArrayLike, y: ArrayLike, *, crs: str) -> tuple[Grid, bool, int]:
    """Find the grid of cells whose centres are given, turned north-up and with longitudes from −180.

    Parameters
    ----------
    x
        Ascending centres of the columns; degrees may run 0 to 360.
    y
        Centres of the rows, ascending or descending.
    crs
        As in :class:`Grid`.

    Returns
    -------
    (Grid, bool, int)
        The grid; whether the rows must be turned upside down; by how many columns the values must be rolled to the
        left (``numpy.roll(values, -columns, axis=-1)``).

    Raises
    ------
    GridError
        Fewer than two centres, or centres that are unevenly spaced.

    Notes
    -----
    Longitudes that reach over 180° without being the whole globe are left as they are, from 170 to 190 for example.

    Examples
    --------
    >>> grid, turned, rolled = grid_of_centres([0, 90, 180, 270], [-45, 45], crs="EPSG:4326")
    >>> grid.bounds, turned, rolled
    ((-225.0, -90.0, 135.0, 90.0), True, 2)
    """
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    width, height = _spacing(xs, "columns"), _spacing(ys, "rows")
    if width < 0:
        raise GridError(f"Columns run west, from {xs[0]:g} to {xs[-1]:g}.", remedy="Turn them to run east.")
    west, rolled = float(xs[0]) - width / 2, 0
    if pyproj.CRS.from_user_input(crs).is_geographic and xs[-1] > 180:
        if abs(len(xs) * width - 360) < CLOSE * width:
            rolled = int(np.searchsorted(xs, 180 - CLOSE * width))
            west = float(xs[rolled]) - 360 - width / 2
        elif xs[0] >= 180 - CLOSE * width:
            west -= 360
    north = float(max(ys[0], ys[-1])) + abs(height) / 2
    return Grid(crs, west, north, width, abs(height), len(ys), len(xs)), height > 0, rolled


def _spacing(centres: NDArray[np.float64], what: str) -> float:
    if len(centres) < 2:
        raise GridError(f"{len(centres)} {what}: the cell size cannot be told.", remedy="Give the grid itself.")
    step = (centres[-1] - centres[0]) / (len(centres) - 1)
    even = centres[0] + step * np.arange(len(centres))
    # Centres published as float32 miss an even spacing by their last digits.
    if step == 0 or np.abs(centres - even).max() > 0.02 * abs(step):
        raise GridError(
            f"The centres of the {what} are unevenly spaced.",
            remedy="Resample to a regular grid (Gaussian grids are not).",
        )
    return float(step)
