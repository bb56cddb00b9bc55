"""Earthquakes near places against a published table, closed forms and distances on the sphere."""

import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.spatial.risk.earthquakes import Attenuation, GutenbergRichter
from fuping.spatial.risk.errors import HazardError
from fuping.spatial.risk.seismicity import (
    aftershock_window,
    intensity_of_period,
    main_shocks,
    nearest_km,
    ring_counts,
)
from hypothesis import given, settings
from hypothesis import strategies as st

DEGREE = np.pi * 6371 / 180

LAW = GutenbergRichter(a=4.0, b=0.9, b_se=0, b_se_shi_bolt=0, completeness=5.0, bin_width=0, n=100, years=50)

FALLS = Attenuation(c0=3.0, c1=1.4, c2=1.5, h=10.0, c3=0.0, source="made for a test")


def test_windows_are_those_of_the_table():
    """Gardner & Knopoff 1974, table 1; the formula of van Stiphout et al. 2012 comes within 8 % of it."""
    magnitude = [4.0, 5.0, 6.0, 7.0, 8.0]
    km, days = aftershock_window(magnitude)
    np.testing.assert_allclose(km, [30, 40, 54, 70, 94], rtol=0.03)
    np.testing.assert_allclose(days, [42, 155, 510, 915, 985], rtol=0.08)


def events(*rows):
    table = pd.DataFrame(rows, columns=["time", "lon", "lat", "magnitude"])
    return table.assign(time=pd.to_datetime(table["time"]))


def test_after_and_foreshocks_go_with_their_main_shock_and_others_stay():
    # Simulated. A shock of M 7 reaches 71 km and 918 days; one of M 5.5 47 km and 268 days.
    found = main_shocks(
        events(
            ("2007-12-01", 103.0, 31.1, 5.5),  # before it, in whose window the great one lies: a foreshock
            ("2006-01-01", 103.0, 31.1, 5.5),  # two years before: too early
            ("2008-05-12", 103.0, 31.0, 7.0),
            ("2008-06-01", 103.2, 31.2, 6.0),  # near and soon after
            ("2009-06-01", 103.2, 31.2, 5.0),  # a year after, within the window of the great one
            ("2008-06-01", 104.0, 31.0, 6.0),  # 95 km away
            ("2012-06-01", 103.0, 31.0, 5.0),  # four years after
        )
    )
    assert found.tolist() == [False, True, True, False, False, True, True]
    with pytest.raises(HazardError, match="1 events lack"):
        main_shocks(events(("2008-05-12", 103.0, np.nan, 7.0)))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_the_greatest_is_always_a_main_shock_and_the_order_of_rows_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "time": pd.Timestamp("2000-01-01") + pd.to_timedelta(rng.permutation(900)[:30], unit="D"),
            "lon": 100 + rng.random(30),
            "lat": 30 + rng.random(30),
            "magnitude": rng.permutation(np.linspace(4, 7, 30)),
        }
    )
    found = main_shocks(table)
    assert found[table["magnitude"].idxmax()]
    shuffled = table.sample(frac=1, random_state=seed)
    pd.testing.assert_series_equal(main_shocks(shuffled).sort_index(), found)


def test_rings_count_by_distance_on_the_sphere():
    shocks = events(("2000-01-01", 0.0, 0.0, 5), ("2000-01-01", 180.0, 60.0, 5), ("2000-01-01", -179.0, 60.0, 5))
    places = pd.DataFrame({"lon": [0.0, 180.0], "lat": [1.0, 60.0]})
    # One degree of latitude; one of longitude at 60° over the 180th meridian, half as far.
    counts = ring_counts(shocks, places, edges_km=[0.4 * DEGREE, 0.6 * DEGREE, 1.01 * DEGREE])
    assert counts.tolist() == [[0, 0, 1], [1, 1, 0]]


@pytest.mark.parametrize("period", [50.0, 475.0, 2475.0])
def test_without_scatter_the_intensity_is_that_of_the_magnitude_once_in_the_period(period):
    """Cornell 1968 at one distance: the rate of magnitudes above m is λ times the truncated exponential beyond m."""
    edges, years, greatest = [50.0], 50, 8.0
    counts = np.array([[20]])
    rate, beta = 20 / years, LAW.b * np.log(10)
    cut = np.exp(-beta * (greatest - 5.0))
    magnitude = 5.0 - np.log((1 / (period * rate)) * (1 - cut) + cut) / beta
    found = intensity_of_period(
        counts, edges_km=edges, years=years, law=LAW, greatest=greatest, attenuations=[FALLS], sigma=0,
        return_period=period,
    )  # fmt: skip
    # Bins of magnitude of 0.05, as many degrees as the relation makes of them.
    assert found[0] == pytest.approx(float(FALLS.intensity(magnitude, 2 / 3 * 50)), abs=0.05 * FALLS.c1)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=3), st.floats(0.1, 0.8), st.floats(20, 900))
def test_twice_the_earthquakes_bring_in_half_the_time_what_the_others_bring_in_the_whole(rings, sigma, period):
    counts = np.array([rings])
    told = {
        "edges_km": [20.0, 60.0, 150.0],
        "years": 50,
        "law": LAW,
        "greatest": 8.0,
        "attenuations": [FALLS],
        "sigma": sigma,
    }
    once = intensity_of_period(counts, return_period=period, **told)
    twice = intensity_of_period(2 * counts, return_period=period / 2, **told)
    np.testing.assert_allclose(once, twice, atol=1e-6)
    later = intensity_of_period(counts, return_period=2 * period, **told)
    assert later[0] >= once[0] >= 1
    if not sum(rings):
        assert once[0] == 1


def test_a_hazard_that_cannot_be_is_refused():
    with pytest.raises(HazardError, match="Magnitudes from 5 to 5"):
        intensity_of_period(
            np.array([[1]]), edges_km=[50.0], years=50, law=LAW, greatest=5.0, attenuations=[FALLS], sigma=0,
            return_period=475,
        )  # fmt: skip


def test_distances_to_a_line_are_those_to_its_nearest_point():
    line = shapely.LineString([(0, 0), (10, 0)])
    places = pd.DataFrame({"lon": [5.0, 12.0], "lat": [1.0, 0.0]})
    np.testing.assert_allclose(nearest_km([line, None], places), [DEGREE, 2 * DEGREE], rtol=1e-3)
    with pytest.raises(HazardError, match="no line"):
        nearest_km([shapely.LineString()], places)
