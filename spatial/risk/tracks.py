"""Recorded storm tracks: what a catalogue leaves out filled by cited relations, and the wind each storm brought."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.spatial.risk.errors import HazardError
from fuping.spatial.risk.hazard import Hazard, at_return_periods, exceedance_curve
from fuping.spatial.risk.storms import track_wind
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "complete_tracks",
    "frequencies",
    "radius_of_greatest_wind",
    "return_levels",
    "storm_hazard",
    "storm_winds",
    "wind_of_pressure",
]

KNOT = 0.514444
"""m/s."""

KM_PER_DEGREE = 111.2

POINT_COLUMNS = ("track_id", "season", "time", "lon", "lat", "wind", "slp")


def wind_of_pressure(central_pressure: ArrayLike) -> NDArray[np.float64]:
    r"""Estimate a storm's greatest wind from its central pressure.

    Parameters
    ----------
    central_pressure
        hPa.

    Returns
    -------
    float64
        m/s. :math:`V = 6.7 (1010 - p_c)^{0.644}` knots (Atkinson & Holliday 1977, *Mon. Weather Rev.* 105:421–427,
        western North Pacific); 0 from 1010 hPa on.

    Examples
    --------
    >>> round(float(wind_of_pressure(950)) / KNOT)
    94
    """
    deficit = np.maximum(1010 - np.asarray(central_pressure, dtype=float), 0)
    return 6.7 * deficit**0.644 * KNOT


def radius_of_greatest_wind(wind: ArrayLike, latitude: ArrayLike) -> NDArray[np.float64]:
    r"""Estimate how far from the centre the wind is greatest, in km.

    Parameters
    ----------
    wind
        m/s, the storm's greatest.
    latitude
        Degrees; its sign does not matter.

    Notes
    -----
    :math:`R = 46.4\,e^{-0.0155 V + 0.0169 |\phi|}` (Willoughby, Darling & Rahn 2006, *Mon. Weather Rev.* 134:1102–1120,
    eq. 7a).

    Examples
    --------
    >>> round(float(radius_of_greatest_wind(50, 20)), 1)
    30.0
    """
    v, phi = np.asarray(wind, dtype=float), np.abs(np.asarray(latitude, dtype=float))
    return 46.4 * np.exp(-0.0155 * v + 0.0169 * phi)


def complete_tracks(points: pd.DataFrame, *, environmental_pressure: float) -> pd.DataFrame:
    """Bring a catalogue's points to what :func:`~fuping.spatial.risk.storms.track_wind` needs.

    Parameters
    ----------
    points
        ``track_id``, ``season``, ``time`` (UTC), ``lon``, ``lat``, ``wind`` (knots) and ``slp`` (hPa) as in IBTrACS;
        wind and pressure may be missing.
    environmental_pressure
        hPa around the storms.

    Returns
    -------
    pandas.DataFrame
        Points with a pressure below the environment's, in time within each track, of tracks with two such points at
        least: ``track_id``, ``season``, ``time``, ``lon``, ``lat``, ``central_pressure``, ``environmental_pressure``,
        ``radius_max_wind``, ``wind`` (m/s; by :func:`wind_of_pressure` where the catalogue has none).

    Raises
    ------
    HazardError
        Columns are absent.
    """
    absent = [name for name in POINT_COLUMNS if name not in points.columns]
    if absent:
        raise HazardError(f"The tracks have no column {', '.join(absent)}.", remedy="Give tracks as IBTrACS has them.")
    kept = points[points["slp"] < environmental_pressure].sort_values(["track_id", "time"])
    kept = kept.drop_duplicates(["track_id", "time"])
    kept = kept[kept.groupby("track_id")["time"].transform("size") >= 2]
    slp = kept["slp"].to_numpy(dtype=float)
    wind = np.where(kept["wind"].notna(), kept["wind"].to_numpy(dtype=float) * KNOT, wind_of_pressure(slp))
    return pd.DataFrame(
        {
            "track_id": kept["track_id"].to_numpy(),
            "season": kept["season"].to_numpy(),
            "time": pd.to_datetime(kept["time"]).to_numpy(),
            "lon": kept["lon"].to_numpy(dtype=float),
            "lat": kept["lat"].to_numpy(dtype=float),
            "central_pressure": slp,
            "environmental_pressure": environmental_pressure,
            "radius_max_wind": radius_of_greatest_wind(wind, kept["lat"]),
            "wind": wind,
        }
    )


def storm_winds(
    tracks: pd.DataFrame, places: pd.DataFrame, *, surface_factor: float, reach_km: float, least_wind: float
) -> pd.DataFrame:
    """Give the greatest wind that each storm brought to each place.

    Parameters
    ----------
    tracks
        Of :func:`complete_tracks`.
    places
        ``lon``, ``lat``; index their codes.
    surface_factor, reach_km
        As in :func:`~fuping.spatial.risk.storms.track_wind`.
    least_wind
        m/s below which a storm did not come.

    Returns
    -------
    pandas.DataFrame
        ``track_id``, ``code``, ``wind`` (m/s, at least ``least_wind``); no row where a storm did not come.
    """
    found = []
    lon, lat = places["lon"].to_numpy(dtype=float), places["lat"].to_numpy(dtype=float)
    for name, track in tracks.groupby("track_id", sort=True):
        part = _near(track, lon, lat, reach_km)
        if len(part) < 2:
            continue
        high, wide = reach_km / KM_PER_DEGREE, _degrees_east(reach_km, part["lat"])
        inside = (lat >= part["lat"].min() - high) & (lat <= part["lat"].max() + high)
        inside &= (lon >= part["lon"].min() - wide) & (lon <= part["lon"].max() + wide)
        if not inside.any():
            continue
        wind = track_wind(part, places[inside], surface_factor=surface_factor, reach_km=reach_km)
        wind = wind[wind >= least_wind]
        found.append(pd.DataFrame({"track_id": name, "code": wind.index, "wind": wind.to_numpy()}))
    columns = ["track_id", "code", "wind"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def storm_hazard(winds: pd.DataFrame, *, codes: list[str], years: int) -> Hazard:
    """Lay winds out as a hazard: every storm once in so many years, 0 where it did not come."""
    wide = winds.pivot(index="track_id", columns="code", values="wind").reindex(columns=codes).fillna(0.0)
    return Hazard("tropical cyclone", "m/s", wide, pd.Series(1 / years, index=wide.index))


def frequencies(winds: pd.DataFrame, *, codes: list[str], years: int, threshold: float) -> pd.Series:
    """Count the storms a year that brought at least a wind to each place; 0 where none did."""
    counts = winds[winds["wind"] >= threshold].groupby("code").size()
    return (counts.reindex(codes).fillna(0) / years).rename("frequency")


def return_levels(winds: pd.DataFrame, *, codes: list[str], years: int, return_period: float) -> pd.Series:
    """Read the wind that is reached once in a period off each place's exceedance curve; 0 where it is rarer."""
    levels = {}
    for code, mine in winds.groupby("code"):
        curve = exceedance_curve(mine["wind"], pd.Series(1 / years, index=mine.index))
        levels[code] = float(at_return_periods(curve, [return_period]).iloc[0])
    return pd.Series(levels, dtype=float).reindex(codes).fillna(0.0).rename("wind")


def _near(track: pd.DataFrame, lon: NDArray[np.float64], lat: NDArray[np.float64], reach_km: float) -> pd.DataFrame:
    """Cut a track to its points from the first to the last that can reach the places, one more at each end."""
    high, wide = reach_km / KM_PER_DEGREE, _degrees_east(reach_km, track["lat"])
    near = track["lat"].between(lat.min() - high, lat.max() + high) & track["lon"].between(
        lon.min() - wide, lon.max() + wide
    )
    at = np.flatnonzero(near)
    return track.iloc[max(at[0] - 1, 0) : at[-1] + 2] if len(at) else track.iloc[:0]


def _degrees_east(km: float, latitude: pd.Series) -> float:
    return float(km / (KM_PER_DEGREE * np.cos(np.radians(min(latitude.abs().max(), 80)))))
