"""How hard a tropical cyclone blows: the pressure profile of Holland along a track."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.spatial.risk.errors import HazardError
from numpy.typing import ArrayLike, NDArray

__all__ = ["AIR_DENSITY", "holland_b_1980", "holland_b_2008", "holland_wind", "track_wind"]

AIR_DENSITY = 1.15
"""kg/m³, as Holland (1980) takes it."""

EARTH_RADIUS_KM = 6371.0
OMEGA = 7.2921e-5
"""Rotation of the earth, rad/s."""

TRACK_COLUMNS = ("time", "lon", "lat", "central_pressure", "environmental_pressure", "radius_max_wind")


def holland_b_1980(
    gradient_wind: ArrayLike, pressure_deficit: ArrayLike, *, density: float = AIR_DENSITY
) -> NDArray[np.float64]:
    r"""Find the shape of a storm from its greatest wind.

    Parameters
    ----------
    gradient_wind
        m/s, the greatest at the top of the boundary layer.
    pressure_deficit
        hPa, environmental less central pressure.
    density
        Of air, kg/m³.

    Returns
    -------
    float64
        :math:`B = \rho e V_m^2/\Delta p` (Holland 1980, eq. 6), held within 1 and 2.5, the range he gives.
    """
    v, dp = np.asarray(gradient_wind, dtype=float), np.asarray(pressure_deficit, dtype=float) * 100
    return np.clip(v**2 * np.e * density / np.maximum(dp, np.finfo(float).eps), 1, 2.5)


def holland_b_2008(
    pressure_deficit: ArrayLike, *, pressure_change: ArrayLike, latitude: ArrayLike, translation: ArrayLike
) -> NDArray[np.float64]:
    r"""Find the shape of a storm from its pressure.

    Parameters
    ----------
    pressure_deficit
        hPa.
    pressure_change
        hPa an hour, of the central pressure; below zero for a deepening storm.
    latitude
        Degrees; its sign does not matter.
    translation
        m/s, at which the storm moves.

    Returns
    -------
    float64
        :math:`b_s = -4.4\cdot10^{-5}\Delta p^2 + 0.01\Delta p + 0.03\,\partial p_c/\partial t - 0.014\phi + 0.15
        v_t^x + 1` with :math:`x = 0.6(1 - \Delta p/215)` (Holland 2008, *Mon. Weather Rev.* 136, eq. 11), held
        within 1 and 2.5.
    """
    dp = np.asarray(pressure_deficit, dtype=float)
    power = 0.6 * (1 - dp / 215)
    b = (
        -4.4e-5 * dp**2
        + 0.01 * dp
        + 0.03 * np.asarray(pressure_change, dtype=float)
        - 0.014 * np.abs(np.asarray(latitude, dtype=float))
        + 0.15 * np.asarray(translation, dtype=float) ** power
        + 1
    )
    return np.clip(b, 1, 2.5)


def holland_wind(
    distance_km: ArrayLike,
    *,
    radius_max_wind: ArrayLike,
    b: ArrayLike,
    pressure_deficit: ArrayLike,
    latitude: ArrayLike,
    density: float = AIR_DENSITY,
) -> NDArray[np.float64]:
    r"""Give the gradient wind at a distance from the centre.

    Parameters
    ----------
    distance_km, radius_max_wind
        km.
    b
        Shape, of :func:`holland_b_1980` or :func:`holland_b_2008`.
    pressure_deficit
        hPa.
    latitude
        Degrees, of the Coriolis parameter f.

    Returns
    -------
    float64
        m/s. :math:`V = \sqrt{\frac{B}{\rho}\left(\frac{R}{r}\right)^B \Delta p\,e^{-(R/r)^B} + \frac{r^2f^2}{4}}
        - \frac{rf}{2}` (Holland 1980, *Mon. Weather Rev.* 108, eq. 5); 0 at the centre.
    """
    r = np.asarray(distance_km, dtype=float) * 1000
    away = np.maximum(r, 1.0)
    shape = (np.asarray(radius_max_wind, dtype=float) * 1000 / away) ** np.asarray(b, dtype=float)
    half = away * np.abs(2 * OMEGA * np.sin(np.radians(np.asarray(latitude, dtype=float)))) / 2
    dp = np.asarray(pressure_deficit, dtype=float) * 100
    wind = np.sqrt(np.asarray(b, dtype=float) / density * shape * dp * np.exp(-shape) + half**2) - half
    return np.where(r > 0, np.maximum(wind, 0.0), 0.0)


def track_wind(
    track: pd.DataFrame,
    places: pd.DataFrame,
    *,
    surface_factor: float,
    translation_factor: float = 0.5,
    step_hours: float = 1.0,
    reach_km: float = 500.0,
) -> pd.Series:
    r"""Give the greatest wind that a storm brings to places.

    Parameters
    ----------
    track
        Rows in time: ``time`` (UTC), ``lon``, ``lat`` (degrees), ``central_pressure``, ``environmental_pressure``
        (hPa), ``radius_max_wind`` (km).
    places
        ``lon``, ``lat``.
    surface_factor
        Wind at 10 m over that above the boundary layer, such as 0.9 over the sea (Powell et al. 2003); land is rougher.
    translation_factor
        Part of the storm's own motion that is added to the wind at its edge of greatest wind, falling off with the
        distance as r → R/r beyond it.
    step_hours
        Positions are interpolated to this step.
    reach_km
        Beyond which the wind counts as 0.

    Returns
    -------
    pandas.Series
        m/s, on the index of ``places``.

    Raises
    ------
    HazardError
        Columns are absent, values missing, times not ascending, or pressures upside down.

    Notes
    -----
    Shape by :func:`holland_b_2008`. A symmetric storm with its motion added everywhere in the same measure: an upper
    bound on the weak side. Pressure, radius and place are interpolated linearly in time.
    """
    steps = _steps(track, step_hours)
    lat, lon = steps["lat"].to_numpy(), steps["lon"].to_numpy()
    hours = steps["hours"].to_numpy()
    moved = _distance(lat[:-1], lon[:-1], lat[1:], lon[1:])
    speed = moved / np.diff(hours) / 3.6
    change = np.diff(steps["central_pressure"].to_numpy()) / np.diff(hours)
    speed, change = np.append(speed, speed[-1]), np.append(change, change[-1])
    deficit = (steps["environmental_pressure"] - steps["central_pressure"]).to_numpy()
    radius = steps["radius_max_wind"].to_numpy()
    b = holland_b_2008(deficit, pressure_change=change, latitude=lat, translation=speed)
    greatest = np.zeros(len(places))
    to_lat, to_lon = places["lat"].to_numpy(dtype=float), places["lon"].to_numpy(dtype=float)
    for now in range(len(steps)):
        r = _distance(lat[now], lon[now], to_lat, to_lon)
        wind = surface_factor * holland_wind(
            r, radius_max_wind=radius[now], b=b[now], pressure_deficit=deficit[now], latitude=lat[now]
        )
        added = translation_factor * speed[now] * np.minimum(1.0, radius[now] / np.maximum(r, 1e-3))
        greatest = np.maximum(greatest, np.where(r <= reach_km, wind + np.where(wind > 0, added, 0.0), 0.0))
    return pd.Series(greatest, index=places.index, name="wind")


def _steps(track: pd.DataFrame, step_hours: float) -> pd.DataFrame:
    absent = [name for name in TRACK_COLUMNS if name not in track.columns]
    if absent or len(track) < 2:
        raise HazardError(
            f"The track has {len(track)} rows and lacks {', '.join(absent) or 'no column'}.",
            remedy=f"Give at least two rows of {', '.join(TRACK_COLUMNS)}.",
        )
    if track[list(TRACK_COLUMNS)].isna().any(axis=None):
        empty = [name for name in TRACK_COLUMNS if track[name].isna().any()]
        raise HazardError(f"The track has gaps in {', '.join(empty)}.", remedy="Fill them by a cited relation first.")
    hours = (pd.to_datetime(track["time"]) - pd.to_datetime(track["time"].iloc[0])).dt.total_seconds().to_numpy() / 3600
    if (np.diff(hours) <= 0).any():
        raise HazardError("The times of the track do not ascend.", remedy="Sort it, one row a time.")
    deficit = track["environmental_pressure"] - track["central_pressure"]
    if (deficit < 0).any() or (track["radius_max_wind"] <= 0).any():
        raise HazardError(
            f"The least pressure deficit is {deficit.min():g} hPa and the least radius "
            f"{track['radius_max_wind'].min():g} km.",
            remedy="The centre has the lower pressure and the radius is above zero.",
        )
    at = np.unique(np.append(np.arange(0, hours[-1], step_hours), hours[-1]))
    longitudes = np.degrees(np.unwrap(np.radians(track["lon"].to_numpy(dtype=float))))
    columns = {name: np.interp(at, hours, track[name].to_numpy(dtype=float)) for name in TRACK_COLUMNS[2:]}
    return pd.DataFrame({"hours": at, "lon": np.interp(at, hours, longitudes), **columns})


def _distance(lat: ArrayLike, lon: ArrayLike, to_lat: ArrayLike, to_lon: ArrayLike) -> NDArray[np.float64]:
    a, b, c, d = (np.radians(np.asarray(one, dtype=float)) for one in (lat, lon, to_lat, to_lon))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
