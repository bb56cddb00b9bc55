"""Values on a grid, read by windows: an array in memory, or a file that is opened anew for each window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import rasterio
from fuping.spatial.raster.errors import RasterError, ReadError
from fuping.spatial.raster.fill import as_float
from fuping.spatial.raster.grid import Grid, Window, grid_of_centres
from numpy.typing import ArrayLike, NDArray
from rasterio.enums import MaskFlags

__all__ = ["ArrayRaster", "FileRaster", "Raster", "open_raster", "raster_from_centres", "require_surface"]


class Raster(Protocol):
    """Bands of numbers on one grid."""

    @property
    def grid(self) -> Grid:
        """Where the cells lie."""

    @property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands, such as years."""

    @property
    def colours(self) -> bool:
        """Whether the bands are the colours of an image, not a measured quantity."""

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        """Read a window of a band, counted from 0; NaN is no data."""


@dataclass(frozen=True, eq=False)
class ArrayRaster:
    """A raster in memory.

    Parameters
    ----------
    grid
        Where the cells lie.
    values
        Numbers of shape (rows, columns) or (bands, rows, columns); NaN and masked cells are no data.
    bands
        A name for each band; counted from 1 where not given.
    nodata
        Number that stands for no data.
    path
        File that the values are of, for messages.

    Raises
    ------
    RasterError
        The shape is not the grid's, the names do not fit, or ``nodata`` cannot occur in the type of the values. On
        reading: a value is one that stands for no data and is not declared (:mod:`fuping.spatial.raster.fill`).
    """

    grid: Grid
    values: NDArray[Any]
    bands: tuple[str, ...] = ()
    nodata: float | None = None
    colours: bool = field(default=False)
    path: str = ""

    def __post_init__(self) -> None:
        values = self.values
        if isinstance(values, np.ma.MaskedArray):
            values = np.ma.filled(values.astype(float), np.nan)
        values = np.asarray(values)
        if values.ndim == 2:
            values = values[None]
        if values.ndim != 3 or values.shape[1:] != self.grid.shape:
            raise RasterError(
                f"Values have the shape {values.shape}, the grid {self.grid.shape}.",
                remedy="Lay them out as (rows, columns) or (bands, rows, columns) of the grid.",
            )
        names = tuple(self.bands) or tuple(str(number + 1) for number in range(len(values)))
        _check(names, len(values), values.dtype, self.nodata)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "bands", names)

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        """Read a window; see :class:`Raster`."""
        return next(self.read_narrow([band], window)).astype(np.float64)

    def read_narrow(self, bands: Sequence[int], window: Window) -> Iterator[NDArray[np.floating[Any]]]:
        """Read a window band by band, in float32 where that holds every value of its type; not to be written to."""
        row, column, height, width = window
        where = f"{self.path}, band" if self.path else "Band"
        for band in bands:
            cells = self.values[band, row : row + height, column : column + width]
            yield as_float(cells, self.nodata, where, self.bands[band])


@dataclass(frozen=True)
class FileRaster:
    """A raster file; it holds no open file, so that it can be sent to other threads, processes and machines.

    Parameters
    ----------
    path
        Anything that GDAL opens.
    grid
        Where the cells lie, longitudes from −180.
    bands
        A name for each band.
    rolled
        Columns by which the file's rows are rolled to the left to run from −180.
    crs_reason
        Why the CRS of the file was overruled, or nothing.
    nodata
        Number that stands for no data beside the one that the file declares, before scale and offset.
    """

    path: str
    grid: Grid
    bands: tuple[str, ...]
    colours: bool = False
    rolled: int = 0
    crs_reason: str = ""
    nodata: float | None = None

    def read(self, band: int, window: Window) -> NDArray[np.float64]:
        """Read a window; see :class:`Raster`.

        Raises
        ------
        RasterError
            A value is one that stands for no data and is not declared, or a whole number too large to be summed.
        ReadError
            GDAL cannot read the cells: the file is cut short, say.
        """
        return next(self.read_narrow([band], window)).astype(np.float64)

    def read_narrow(self, bands: Sequence[int], window: Window) -> Iterator[NDArray[np.floating[Any]]]:
        """Read a window band by band, in float32 where that holds every value of its type; not to be written to."""
        row, column, height, width = window
        start = (column + self.rolled) % self.grid.columns
        first = min(width, self.grid.columns - start)
        parts = [(start, first), (0, width - first)] if first < width else [(start, first)]
        windows = [rasterio.windows.Window(at, row, wide, height) for at, wide in parts]
        rows = f"rows {row} to {row + height - 1}"
        name = self.bands[bands[0]]
        try:
            with rasterio.open(self.path) as file:
                flags, scales, offsets = file.mask_flag_enums, file.scales, file.offsets
                for band in bands:
                    name = self.bands[band]
                    # Of a file that declares no missing cells no mask is worked out.
                    masked = flags[band] != [MaskFlags.all_valid]
                    read = [file.read(band + 1, window=one, masked=masked) for one in windows]
                    cells = np.ma.concatenate(read, axis=1) if len(read) > 1 else read[0]
                    values = as_float(cells, self.nodata, f"{self.path}, {rows}, band", name)
                    plain = scales[band] == 1 and offsets[band] == 0
                    yield values if plain else values.astype(np.float64) * scales[band] + offsets[band]
        except rasterio.errors.RasterioIOError as problem:
            raise ReadError(
                f"{rows.capitalize()} of {self.path}, band {name}, cannot be read: {_told_by_gdal(problem)}.",
                remedy="The file is cut short or damaged, or its disk or network failed: fetch it again.",
            ) from problem


def open_raster(
    path: str | Path,
    *,
    bands: Sequence[str] | None = None,
    crs: str | None = None,
    crs_reason: str | None = None,
    nodata: float | None = None,
) -> FileRaster:
    """Look at a raster file and check that it can be used.

    Parameters
    ----------
    path
        GeoTIFF or any other format of the installed GDAL.
    bands
        Names of its bands; those in the file, or their numbers, where not given.
    crs
        CRS to use instead of the file's; needs a reason.
    crs_reason
        Why the file's CRS is overruled, in words that go with every result.
    nodata
        Number that stands for no data, before scale and offset, where the file does not declare it.

    Raises
    ------
    GridError
        No CRS, one that cannot be right, or a rotated grid.
    RasterError
        The file cannot be read, the names do not fit, the no-data value cannot occur in the file's type (it has
        overflowed), or the CRS is overruled without a reason.
    """
    if crs is not None and not (crs_reason or "").strip():
        raise RasterError(f"The CRS of {path} is overruled by {crs}.", remedy="Say why in crs_reason.")
    try:
        with rasterio.open(path) as file:
            given = crs if crs is not None else (file.crs.to_wkt() if file.crs else None)
            transform, shape, count = list(file.transform)[:6], file.shape, file.count
            names = tuple(bands or _named(file.descriptions))
            for dtype, declared in zip(file.dtypes, file.nodatavals, strict=True):
                _check(names, count, np.dtype(dtype), declared)
                _check(names, count, np.dtype(dtype), nodata)
            colours = any(one.name in ("red", "green", "blue", "palette") for one in file.colorinterp) and count >= 3
    except rasterio.errors.RasterioIOError as problem:
        raise RasterError(f"{path} cannot be read as a raster: {problem}.", remedy="Check the file.") from problem
    grid = Grid.from_transform(given, transform, shape)
    rolled = 0
    if grid.wraps and grid.west > -180 + grid.cell_width:
        centres = grid.west + grid.cell_width * (np.arange(grid.columns) + 0.5)
        across, down = centres, grid.north - grid.cell_height * (np.arange(grid.rows) + 0.5)
        if grid.rows > 1:
            grid, _, rolled = grid_of_centres(across, down, crs=grid.crs)
    return FileRaster(str(path), grid, names, colours, rolled, crs_reason or "", nodata)


def raster_from_centres(
    values: ArrayLike,
    *,
    x: ArrayLike,
    y: ArrayLike,
    crs: str,
    bands: Sequence[str] = (),
    nodata: float | None = None,
    path: str = "",
) -> ArrayRaster:
    """Build a raster from an array and its coordinates, as climate files hold them.

    Parameters
    ----------
    values
        Shape (rows, columns) or (bands, rows, columns).
    x, y
        Centres; longitudes may run 0 to 360 and latitudes south to north: the values are rolled and turned.
    crs, bands, nodata, path
        As in :class:`ArrayRaster`.

    Examples
    --------
    >>> raster = raster_from_centres([[1, 2, 3, 4], [5, 6, 7, 8]], x=[0, 90, 180, 270], y=[-45, 45], crs="EPSG:4326")
    >>> raster.values[0].tolist()
    [[7, 8, 5, 6], [3, 4, 1, 2]]
    """
    grid, turned, rolled = grid_of_centres(x, y, crs=crs)
    cells = np.ma.asanyarray(values) if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
    if turned:
        cells = cells[..., ::-1, :]
    if rolled:
        cells = np.concatenate([cells[..., rolled:], cells[..., :rolled]], axis=-1)
    return ArrayRaster(grid, cells, tuple(bands), nodata, path=path)


def require_surface(raster: Raster, *, what: str) -> None:
    """Refuse a raster that is no single measured surface, such as an image given as a terrain model.

    Raises
    ------
    RasterError
        It has several bands, or its bands are colours.
    """
    if len(raster.bands) != 1 or raster.colours:
        kind = "the colours of an image" if raster.colours else ", ".join(raster.bands)
        raise RasterError(
            f"{what} needs one band of values, but there are {len(raster.bands)} ({kind}).",
            remedy="Give the file of values, not its picture; or choose one band.",
        )


def _told_by_gdal(problem: BaseException) -> str:
    """Return what GDAL said, which rasterio keeps as the causes of its own error: the block, and what went wrong."""
    said: list[str] = []
    cause = problem.__cause__
    while cause is not None:
        said.append(getattr(cause, "errmsg", str(cause)).rstrip("."))
        cause = cause.__cause__
    return ": ".join(dict.fromkeys([said[0], said[-1]])) if said else str(problem).rstrip(".")


def _named(descriptions: Sequence[str | None]) -> list[str]:
    names = [text or str(number) for number, text in enumerate(descriptions, start=1)]
    return names if len(set(names)) == len(names) else [str(number + 1) for number in range(len(names))]


def _check(names: tuple[str, ...], count: int, dtype: np.dtype[Any], nodata: float | None) -> None:
    if len(names) != count or len(set(names)) != count:
        raise RasterError(
            f"There are {count} bands and the names {', '.join(names)}.", remedy="Give each band a name of its own."
        )
    if dtype.kind not in "iufb":
        raise RasterError(f"The values are of type {dtype}.", remedy="Give real numbers.")
    if nodata is not None and dtype.kind in "iu":
        limits = np.iinfo(str(dtype))
        least, most = limits.min, limits.max
        if np.isnan(nodata) or not least <= nodata <= most:
            raise RasterError(
                f"No data is said to be {nodata:g}, which {dtype} cannot hold ({least} to {most}).",
                remedy="The value has overflowed into another: find the value that stands for no data, or rewrite "
                "the file with a wider type.",
            )
