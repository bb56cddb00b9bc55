"""Cells as numbers, and numbers that stand for no data without the file saying so."""

from __future__ import annotations

from typing import Any

import numpy as np
from fuping.spatial.raster.errors import RasterError
from numpy.typing import NDArray

__all__ = ["FILL", "as_float", "require_measured"]

EXACT = 2**53
"""Largest whole number up to which float64 holds every one."""

FILL = 1e35
"""Size from which a number is a fill value and no measurement: the usual ones are 1e36 to 3.4e38, and infinity."""


def require_measured(values: NDArray[Any], *, what: str) -> None:
    """Refuse values among which there are fill values, so that none is averaged as a figure.

    Parameters
    ----------
    values
        NaN where there is no data, as read: fill values that are declared are NaN already.
    what
        The file and band, or the band, for the message.

    Raises
    ------
    RasterError
        A value is infinite or of 1e35 and more.

    Examples
    --------
    >>> try:
    ...     require_measured(np.array([1.0, -3.4e38, np.nan]), what="rain.tif, band 1")
    ... except RasterError as problem:
    ...     print(problem.message)
    rain.tif, band 1 holds -3.4e+38 in 1 of 3 cells: no measurement is that large.
    """
    if not values.size:
        return
    # Both skip NaN, and hold nothing beside the values.
    most, least = (float(one.reduce(values, axis=None)) for one in (np.fmax, np.fmin))
    if not (most >= FILL or least <= -FILL):
        return
    beyond = np.abs(values) >= FILL
    fill = f"{float(values[beyond][0]):.9g}"
    raise RasterError(
        f"{what} holds {fill} in {int(beyond.sum()):,} of {values.size:,} cells: no measurement is that large.",
        remedy=f"It stands for no data: declare it (nodata), or in the file (gdal_edit.py -a_nodata {fill}).",
    )


def as_float(cells: NDArray[Any], nodata: float | None, where: str, band: str) -> NDArray[np.floating[Any]]:
    """Return cells as they were read as numbers, NaN where there is no data.

    Parameters
    ----------
    cells
        Masked where the file declares that there is no data.
    nodata
        A number that stands for no data beside that.
    where, band
        The file and the band, for messages.

    Returns
    -------
    float32 or float64
        The narrower where it holds every number of the cells' type; it may share their memory.

    Raises
    ------
    RasterError
        A number stands for no data and is not declared, or is too large to be summed exactly.
    """
    raw = np.ma.getdata(cells)
    if raw.dtype.kind in "iu" and raw.dtype.itemsize == 8 and raw.size:
        beyond = (raw > EXACT) | (raw < -EXACT) if raw.dtype.kind == "i" else raw > EXACT
        absent = np.ma.getmaskarray(cells)
        if nodata is not None:
            absent = absent | (raw == nodata)
        if (beyond & ~absent).any():
            raise RasterError(
                f"{where} {band} holds {int(raw[beyond & ~absent][0])}, too large to be summed exactly.",
                remedy="A fill value that is not declared, or an overflow: check the file.",
            )
    values = raw if raw.dtype.kind == "f" and raw.dtype.itemsize > 2 else raw.astype(_narrowest(raw.dtype))
    mask = np.ma.getmask(cells)
    if nodata is not None and not np.isnan(nodata):
        mask = np.ma.mask_or(mask, raw == nodata, shrink=False)
    if mask is not np.ma.nomask and mask.any():
        values = np.where(mask, values.dtype.type(np.nan), values)
    if raw.dtype.kind == "f":
        require_measured(values, what=f"{where} {band}")
    return values


def _narrowest(dtype: np.dtype[Any]) -> type[np.floating[Any]]:
    """Return the narrower of float32 and float64 that holds every number of a type."""
    return np.float32 if np.can_cast(dtype, np.float32) else np.float64
