"""Where water gathers: height above the nearest drainage, and how deep a stage stands on the land."""

from __future__ import annotations

import numpy as np
import pandas as pd
import rasterio.transform
from fuping.spatial.raster.source import ArrayRaster, Raster, require_surface
from fuping.spatial.risk.errors import HazardError
from fuping.spatial.risk.hazard import exceedance_curve
from fuping.spatial.risk.vulnerability import VulnerabilityFunction
from numpy.typing import NDArray

__all__ = ["flood_damage", "flood_depth", "height_above_drainage", "near_drainage"]

MISSING = -9999.0


def height_above_drainage(elevation: Raster, *, channel_km2: float) -> ArrayRaster:
    r"""Give how far each cell lies above the channel that it drains to (HAND).

    Parameters
    ----------
    elevation
        One band, metres above sea level, held whole: water comes from anywhere.
    channel_km2
        Area that drains through a cell from which on it is a channel.

    Returns
    -------
    ArrayRaster
        Metres, 0 in channels; NaN without elevation, and where the way down meets no channel before it leaves the
        raster.

    Raises
    ------
    HazardError
        The area is not above zero, or the package pyflwdir is not installed.
    RasterError
        There are several bands, or colours.

    Notes
    -----
    Rennó et al. (2008, *Remote Sensing of Environment* 112:3469–3481); Nobre et al. (2011, *Journal of Hydrology*
    404:13–29): :math:`h(c) = z(c) - z(d(c))`, with :math:`d(c)` the first channel cell on the steepest way down from
    c. Depressions are filled (Wang & Liu 2006). Flow directions and accumulation are those of the package pyflwdir. A
    river that enters the raster from outside begins there anew, so that its first kilometres may be missing.
    """
    if not channel_km2 > 0:
        raise HazardError(f"Channels from {channel_km2} km² on.", remedy="Give an area above zero.")
    require_surface(elevation, what="Drainage")
    try:
        import pyflwdir
    except ImportError as absent:
        raise HazardError(
            "The package pyflwdir is not installed.", remedy='Install it: pip install "fuping[risk]".'
        ) from absent
    grid = elevation.grid
    window = grid.window(grid.bounds)
    assert window is not None
    height = elevation.read(0, window)
    known = ~np.isnan(height)
    levels = np.where(known, height, MISSING).astype(np.float32)
    transform = rasterio.transform.from_origin(grid.west, grid.north, grid.cell_width, grid.cell_height)
    flow = pyflwdir.from_dem(levels, nodata=MISSING, transform=transform, latlon=grid.is_geographic)
    channel = flow.upstream_area(unit="km2") >= channel_km2
    above = flow.hand(drain=channel, elevtn=levels)
    # Beneath a filled hollow the way down may rise: what lies lower than its channel is as near to it as can be.
    found = np.where(known & (above > MISSING), np.maximum(above, 0.0), np.nan)
    # The mouth of a basin drains all of it: where that is no channel there is none, and the package tells the height
    # above the mouth.
    basin = flow.basins().astype(np.int64)
    met = np.concatenate([[False], channel.ravel()[flow.idxs_pit]])
    return ArrayRaster(grid, np.where(met[basin], found, np.nan), ("height above the nearest drainage",))


def near_drainage(elevation: Raster, *, channel_km2: float, height_m: float) -> ArrayRaster:
    """Give 1 up to a height above the nearest drainage and 0 above it; its zonal mean is a share of the land.

    Parameters
    ----------
    elevation, channel_km2
        As in :func:`height_above_drainage`.
    height_m
        Metres.
    """
    above = height_above_drainage(elevation, channel_km2=channel_km2)
    values = above.values[0]
    marked = np.where(np.isnan(values), np.nan, (values <= height_m).astype(float))
    return ArrayRaster(above.grid, marked, (f"up to {height_m:g} m above the nearest drainage",))


def flood_depth(above: Raster, stage_m: float) -> ArrayRaster:
    r"""Give how deep water stands that rises to a stage above the channels: :math:`\max(s - h, 0)`.

    Nobre et al. (2016, *Hydrological Processes* 30:320–333): the contour of the height above drainage at the stage
    bounds what is flooded. The same stage everywhere suits one reach of a river, not a country.
    """
    require_surface(above, what="The depth of a flood")
    window = above.grid.window(above.grid.bounds)
    assert window is not None
    return ArrayRaster(above.grid, np.maximum(stage_m - above.read(0, window), 0.0), (f"stage {stage_m:g} m",))


def flood_damage(
    above: Raster, value: Raster, *, stages: pd.Series, frequency: pd.Series, function: VulnerabilityFunction
) -> pd.DataFrame:
    """Tell how often which damage is reached, from stages, what stands where, and a function of depth.

    Parameters
    ----------
    above, value
        Height above drainage, and what is exposed in each cell, on one grid.
    stages, frequency
        Metres above the channels, and events a year, of each event on one index.
    function
        Damaged part by depth in metres; the package has none of its own.

    Returns
    -------
    pandas.DataFrame
        As :func:`~fuping.spatial.risk.hazard.exceedance_curve`.

    Raises
    ------
    HazardError
        The grids or indices differ, or the function is not one of floods by metre.
    """
    if function.hazard != "flood" or function.unit != "m":
        raise HazardError(
            f"The function {function.name} is of {function.hazard} in {function.unit}.",
            remedy="Give one of floods by depth in m.",
        )
    if not above.grid.is_same(value.grid):
        raise HazardError("Heights and values lie on different grids.", remedy="Bring one to the other (resample).")
    window = above.grid.window(above.grid.bounds)
    assert window is not None
    there: NDArray[np.float64] = np.nan_to_num(value.read(0, window))
    lost = {}
    for event, stage in stages.items():
        depth = np.nan_to_num(flood_depth(above, float(stage)).values[0])
        lost[event] = float((there * np.where(depth > 0, function.damaged(depth), 0.0)).sum())
    return exceedance_curve(pd.Series(lost, dtype=float).reindex(stages.index), frequency)
