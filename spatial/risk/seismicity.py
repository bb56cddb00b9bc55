"""Seismic hazard of places from a catalogue: main shocks, how many come near, and the intensity once in a period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from fuping.spatial.risk.earthquakes import Attenuation, GutenbergRichter
from fuping.spatial.risk.errors import HazardError
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtr

__all__ = ["aftershock_window", "distance_km", "intensity_of_period", "main_shocks", "nearest_km", "ring_counts"]

EARTH_RADIUS_KM = 6371.0

MAGNITUDE_STEP = 0.05
INTENSITIES = np.arange(1.0, 12.51, 0.02)

FINEST_TRACE = 0.02
"""Degrees between the points that stand for a fault's trace; a distance is too long by at most half of that."""


def aftershock_window(magnitude: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""Give how far (km) and how long (days) the aftershocks of a shock reach.

    Notes
    -----
    The table of Gardner & Knopoff (1974, *BSSA* 64:1363–1367) as van Stiphout, Zhuang & Marsan (2012, CORSSA,
    doi:10.5078/corssa-52382934) write it: :math:`\log_{10} L = 0.1238 M + 0.983`,
    :math:`\log_{10} T = 0.032 M + 2.7389` from M 6.5 and :math:`0.5409 M - 0.547` below.
    """
    m = np.asarray(magnitude, dtype=float)
    days = np.where(m >= 6.5, 10 ** (0.032 * m + 2.7389), 10 ** (0.5409 * m - 0.547))
    return 10 ** (0.1238 * m + 0.983), days


def main_shocks(events: pd.DataFrame) -> pd.Series:
    """Tell which events of a catalogue are neither aftershocks nor foreshocks of a greater one.

    Parameters
    ----------
    events
        ``time`` (datetime), ``lon``, ``lat``, ``magnitude``.

    Returns
    -------
    pandas.Series
        bool, on the index of the events. From the greatest down, each takes with it what follows within its own window
        (:func:`aftershock_window`), and smaller ones before it in whose window it lies.

    Raises
    ------
    HazardError
        A time, place or magnitude is missing.
    """
    columns = ["time", "lon", "lat", "magnitude"]
    missing = events[columns].isna().any(axis=1)
    if missing.any():
        raise HazardError(
            f"{int(missing.sum())} events lack a time, place or magnitude.", remedy="Leave these events out."
        )
    day = events["time"].to_numpy().astype("datetime64[s]").astype(np.int64) / 86_400
    at, magnitude = _on_sphere(events["lon"], events["lat"]), events["magnitude"].to_numpy(dtype=float)
    km, days = aftershock_window(magnitude)
    main = np.ones(len(events), dtype=bool)
    for one in np.argsort(-magnitude, kind="stable"):
        if not main[one]:
            continue
        later = day - day[one]
        near = np.flatnonzero(np.abs(later) <= days[one])
        apart = _arc_km(np.linalg.norm(at[near] - at[one], axis=1))
        after = (later[near] >= 0) & (apart <= km[one])
        before = (later[near] < 0) & (-later[near] <= days[near]) & (apart <= km[near])
        smaller = (magnitude[near] < magnitude[one]) | ((magnitude[near] == magnitude[one]) & (near != one))
        main[near[(after | before) & smaller]] = False
    return pd.Series(main, index=events.index, name="main_shock")


def ring_counts(events: pd.DataFrame, places: pd.DataFrame, *, edges_km: Sequence[float]) -> NDArray[np.int64]:
    """Count the events in rings around each place.

    Parameters
    ----------
    events, places
        ``lon``, ``lat`` in degrees.
    edges_km
        Ascending outer edges of the rings; the first begins at the place.

    Returns
    -------
    int64, shape (places, rings)
    """
    if not len(events):
        return np.zeros((len(places), len(edges_km)), dtype=np.int64)
    tree = cKDTree(_on_sphere(events["lon"], events["lat"]))
    around = _on_sphere(places["lon"], places["lat"])
    chords = 2 * np.sin(np.asarray(edges_km, dtype=float) / (2 * EARTH_RADIUS_KM))
    within = np.stack([tree.query_ball_point(around, chord, return_length=True) for chord in chords], axis=1)
    return np.diff(within, axis=1, prepend=0).astype(np.int64)


def intensity_of_period(
    counts: NDArray[np.int64],
    *,
    edges_km: Sequence[float],
    years: float,
    law: GutenbergRichter,
    greatest: float,
    attenuations: Sequence[Attenuation],
    sigma: float,
    return_period: float,
) -> NDArray[np.float64]:
    r"""Give the intensity that is reached or exceeded once in a period at each place.

    Parameters
    ----------
    counts
        Of :func:`ring_counts`, of main shocks of at least the completeness of the law.
    edges_km
        Of the rings.
    years
        That the catalogue covers.
    law
        How magnitudes are spread.
    greatest
        Magnitude beyond which nothing comes.
    attenuations
        How intensity falls off; where there are several (along and across the shaking), each as likely as the others.
    sigma
        Standard deviation of the intensity around them; 0 for none.
    return_period
        In years.

    Returns
    -------
    float64, shape (places,)
        1, which nobody feels, where the catalogue has nothing near.

    Raises
    ------
    HazardError
        The greatest magnitude does not lie above the completeness, or a number is not above zero.

    Notes
    -----
    Cornell (1968, *BSSA* 58:1583–1606): :math:`\nu(I) = \sum_r \lambda_r \int f(m)\,P[I(m, R_r) + \epsilon \ge I]\,dm`
    with :math:`\lambda_r` the rate of ring r, :math:`f(m) = \beta e^{-\beta(m - M_c)}/(1 - e^{-\beta(M_{max} - M_c)})`,
    :math:`\beta = b\ln 10`, :math:`R_r` the mean distance over the area of the ring.
    """
    least = law.completeness - law.bin_width / 2
    if not greatest > least or not years > 0 or not return_period > 0 or not attenuations:
        raise HazardError(
            f"Magnitudes from {least:g} to {greatest:g}, {years:g} years, a period of {return_period:g} and "
            f"{len(attenuations)} relations.",
            remedy="Give a greatest magnitude above the completeness, times above zero, and a relation.",
        )
    outer = np.asarray(edges_km, dtype=float)
    inner = np.concatenate([[0.0], outer[:-1]])
    distance = 2 / 3 * (outer**3 - inner**3) / (outer**2 - inner**2)
    steps = max(1, round((greatest - least) / MAGNITUDE_STEP))
    edges = np.linspace(least, greatest, steps + 1)
    beyond = np.exp(-law.b * np.log(10) * (edges - least))
    share = -np.diff(beyond) / (1 - beyond[-1])
    magnitude = (edges[:-1] + edges[1:]) / 2
    felt = np.stack([one.intensity(magnitude[None, :], distance[:, None]) for one in attenuations])
    exceeded = np.empty((len(outer), len(INTENSITIES)))
    for ring in range(len(outer)):
        above = felt[:, ring, :, None] - INTENSITIES
        over = ndtr(above / sigma) if sigma > 0 else (above >= 0).astype(float)
        exceeded[ring] = share @ over.mean(axis=0)
    often = counts / years @ exceeded
    wanted = 1 / return_period
    found = np.ones(len(counts))
    for place, row in enumerate(often):
        reached = np.flatnonzero(row >= wanted)
        if not len(reached):
            continue
        last = reached[-1]
        if last + 1 == len(row) or row[last + 1] <= 0 or row[last] == row[last + 1]:
            found[place] = INTENSITIES[last]
            continue
        part = np.log(row[last] / wanted) / np.log(row[last] / row[last + 1])
        found[place] = INTENSITIES[last] + part * (INTENSITIES[last + 1] - INTENSITIES[last])
    return found


def nearest_km(traces: ArrayLike, places: pd.DataFrame) -> NDArray[np.float64]:
    """Give the distance from each place to the nearest line, in km.

    Parameters
    ----------
    traces
        Lines in degrees, such as the traces of active faults.
    places
        ``lon``, ``lat``.

    Raises
    ------
    HazardError
        There is no line.
    """
    lines = np.asarray(traces, dtype=object)
    lines = lines[~(shapely.is_missing(lines) | shapely.is_empty(lines))]
    if not len(lines):
        raise HazardError("There is no line to be near to.", remedy="Give lines that are not empty.")
    points = shapely.get_coordinates(shapely.segmentize(lines, FINEST_TRACE))
    chord, _ = cKDTree(_on_sphere(points[:, 0], points[:, 1])).query(_on_sphere(places["lon"], places["lat"]))
    return _arc_km(chord)


def distance_km(lon: float, lat: float, places: pd.DataFrame) -> NDArray[np.float64]:
    """Give the distance from one place to others (``lon``, ``lat``) on the sphere, in km.

    Examples
    --------
    >>> distance_km(0, 0, pd.DataFrame({"lon": [0.0], "lat": [90.0]})).round().tolist()
    [10008.0]
    """
    apart = _on_sphere(places["lon"], places["lat"]) - _on_sphere([lon], [lat])
    return _arc_km(np.linalg.norm(apart, axis=1))


def _on_sphere(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    x, y = np.radians(np.asarray(lon, dtype=float)), np.radians(np.asarray(lat, dtype=float))
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)


def _arc_km(chord: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1))
