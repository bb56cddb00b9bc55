"""Recorded tracks: gaps filled by the relations cited, winds where a storm passes, how often they come."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.risk.errors import HazardError
from fuping.spatial.risk.storms import track_wind
from fuping.spatial.risk.tracks import (
    complete_tracks,
    frequencies,
    radius_of_greatest_wind,
    return_levels,
    storm_hazard,
    storm_winds,
    wind_of_pressure,
)

KNOT = 0.514444


def points(**changes):
    hours = pd.date_range("2000-08-01", periods=5, freq="6h")
    table = {
        "track_id": "a",
        "season": 2000,
        "time": hours.astype(str),
        "lon": [113.0, 112.0, 111.0, 110.0, 109.0],
        "lat": [20.0, 20.2, 20.4, 20.6, 20.8],
        "wind": [90.0, np.nan, 85.0, 60.0, np.nan],
        "slp": [950.0, 955.0, 960.0, 985.0, np.nan],
    }
    return pd.DataFrame(table | changes)


def test_pressure_gives_the_winds_that_dvorak_lists_for_the_western_north_pacific():
    # Dvorak 1984, NOAA Technical Report NESDIS 11, fig. 3: wind (knots) and pressure of T-numbers 4, 5, 6 and 7, the
    # pressures after Atkinson & Holliday (1977).
    for knots, pressure in {65: 976, 90: 954, 115: 927, 140: 898}.items():
        assert float(wind_of_pressure(pressure)) / KNOT == pytest.approx(knots, abs=1.5)
    assert float(wind_of_pressure(1015)) == 0


def test_the_radius_shrinks_with_wind_and_grows_with_latitude():
    # 46.4 exp(0) km for no wind at the equator; the exponents are those of the paper.
    assert float(radius_of_greatest_wind(0, 0)) == pytest.approx(46.4)
    assert float(radius_of_greatest_wind(40, 25)) == pytest.approx(46.4 * np.exp(-0.62 + 0.4225))
    assert radius_of_greatest_wind(40, -25) == radius_of_greatest_wind(40, 25)


def test_points_without_pressure_are_left_out_and_missing_winds_filled():
    track = complete_tracks(points(), environmental_pressure=1010)
    assert len(track) == 4
    np.testing.assert_allclose(track["wind"].iloc[0], 90 * KNOT)
    np.testing.assert_allclose(track["wind"].iloc[1], 6.7 * 55**0.644 * KNOT)
    assert not track.isna().any(axis=None)


def test_a_track_of_one_point_is_no_track():
    lone = points(slp=[950.0, np.nan, np.nan, np.nan, np.nan])
    assert complete_tracks(lone, environmental_pressure=1010).empty


def test_winds_are_those_of_the_whole_track_though_only_what_is_near_is_read():
    long = points()
    far = long.assign(lon=long["lon"] + 60, time=pd.date_range("2000-07-01", periods=5, freq="6h").astype(str))
    track = complete_tracks(pd.concat([far, long]), environmental_pressure=1010)
    places = pd.DataFrame({"lon": [111.0, 111.0, 90.0], "lat": [20.4, 23.0, 40.0]}, index=["on", "off", "away"])
    found = storm_winds(track, places, surface_factor=0.9, reach_km=400, least_wind=5).set_index("code")["wind"]
    part = complete_tracks(long, environmental_pressure=1010)
    whole = track_wind(part, places, surface_factor=0.9, reach_km=400)
    assert found["on"] == pytest.approx(whole["on"])
    assert found["off"] == pytest.approx(whole["off"])
    assert found["on"] > found["off"]
    assert "away" not in found.index


def test_no_storm_gives_no_rows_and_zeros():
    track = complete_tracks(points(), environmental_pressure=1010)
    places = pd.DataFrame({"lon": [0.0], "lat": [50.0]}, index=["x"])
    winds = storm_winds(track, places, surface_factor=0.9, reach_km=400, least_wind=5)
    assert winds.empty
    assert frequencies(winds, codes=["x"], years=10, threshold=17).tolist() == [0]
    assert return_levels(winds, codes=["x"], years=10, return_period=5).tolist() == [0]


def test_frequencies_and_return_levels_are_those_counted_by_hand():
    # Ten years: winds of 40, 30, 20 and 20 at a; one of 20 at b; none at c.
    winds = pd.DataFrame({"track_id": list("pqrsp"), "code": list("aaaab"), "wind": [40.0, 30.0, 20.0, 20.0, 20.0]})
    codes = ["a", "b", "c"]
    assert frequencies(winds, codes=codes, years=10, threshold=30).tolist() == [0.2, 0, 0]
    # 30 is reached twice in ten years: once in five. At b once in ten, so that once in five there is nothing.
    assert return_levels(winds, codes=codes, years=10, return_period=5).round(9).tolist() == [30, 0, 0]
    hazard = storm_hazard(winds, codes=codes, years=10)
    assert hazard.intensity.loc["p"].tolist() == [40, 20, 0]
    assert hazard.frequency.eq(0.1).all()


def test_tracks_without_their_columns_are_refused():
    with pytest.raises(HazardError, match="no column slp"):
        complete_tracks(points().drop(columns="slp"), environmental_pressure=1010)
