"""The errors of rasters."""

from __future__ import annotations

from fuping.spatial.errors import FupingError

__all__ = ["BlockError", "GridError", "RasterError", "ReadError", "TableError"]


class RasterError(FupingError):
    """A raster cannot be used as what it is given for."""


class GridError(RasterError):
    """A grid is rotated, has no usable CRS, or does not fit another grid or the units."""


class TableError(RasterError):
    """A coverage table does not belong to the grid or the units it is used with."""


class BlockError(RasterError):
    """A block of a raster failed again and again."""


class ReadError(RasterError):
    """Cells of a file could not be read: it is cut short, or its disk or network failed, which may pass."""
