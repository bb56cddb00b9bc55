"""Hazard, exposure, vulnerability and what becomes of them together."""

import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.spatial.raster.coverage_table import coverage_table
from fuping.spatial.risk.drought import spei, spi
from fuping.spatial.risk.earthquakes import Attenuation, gutenberg_richter
from fuping.spatial.risk.errors import HazardError, ImpactError, RiskError
from fuping.spatial.risk.exposure import exposed_people, exposure_bias, exposure_by_group
from fuping.spatial.risk.hazard import Hazard, at_return_periods, exceedance_curve, plotting_positions
from fuping.spatial.risk.impact import impact
from fuping.spatial.risk.inform import inform_risk
from fuping.spatial.risk.resilience import socioeconomic_resilience
from fuping.spatial.risk.storms import track_wind
from fuping.spatial.risk.vulnerability import VulnerabilityFunction, vulnerability_functions
from hypothesis import given
from hypothesis import strategies as st
from rasters import square_raster, units_of

EVENTS = pd.Index([1, 2], name="event")
FLOOD = Hazard(
    "flood", "m", pd.DataFrame({"a": [1.0, 2.0], "b": [0.0, 4.0]}, index=EVENTS), pd.Series([0.1, 0.01], EVENTS)
)
HUTS = VulnerabilityFunction("hut", "flood", "m", [0, 2], [0, 1], "made up for this test")
HOUSES = VulnerabilityFunction("house", "flood", "m", [0, 4], [0, 0.5], "made up for this test")
BOTH = {"hut": HUTS, "house": HOUSES}
THERE = pd.DataFrame(
    {
        "unit": ["a", "a", "b"],
        "group": ["poor", "nonpoor", "nonpoor"],
        "value": [10.0, 80.0, 200.0],
        "function": ["hut", "house", "house"],
    }
)


def test_impacts_are_summed_in_the_head():
    found = impact(FLOOD, THERE, BOTH)
    # Event 1: huts half of 10, houses an eighth of 80, nothing in b. Event 2: 10, a quarter of 80, half of 200.
    assert found.by_event.to_numpy().tolist() == [[5, 10, 0], [10, 20, 100]]
    assert found.event_totals.tolist() == [15, 130]
    np.testing.assert_allclose(found.expected_annual, [0.6, 1.2, 1.0])
    assert found.curve["amount"].tolist() == [15, 130]
    np.testing.assert_allclose(found.curve["return_period"], [1 / 0.11, 100])


def test_the_poor_lose_more_of_what_they_have():
    table = impact(FLOOD, THERE, BOTH).by_group()
    # 6 % of the huts a year against 2 % of all that a has.
    np.testing.assert_allclose(table.loc[("a", "poor"), ["share_lost", "relative"]].tolist(), [0.06, 3])


def test_a_missing_exposure_gives_a_missing_impact_not_zero():
    gaps = THERE.assign(value=[np.nan, 80.0, 200.0])
    assert np.isnan(impact(FLOOD, gaps, BOTH).expected_annual.loc[("a", "poor")])


@pytest.mark.parametrize(
    ("hazard", "exposure", "functions", "words"),
    [
        (FLOOD, THERE, {"hut": HUTS}, "no vulnerability function house"),
        (FLOOD, THERE.assign(unit="z"), BOTH, "1 units exposed have no flood intensity: z"),
        (
            Hazard("wind", "m/s", FLOOD.intensity, FLOOD.frequency),
            THERE,
            BOTH,
            "Function hut is for flood in m, the hazard is wind",
        ),
        (FLOOD, THERE.assign(value=-1), BOTH, "3 values of the exposure are negative"),
        (FLOOD, pd.concat([THERE, THERE]), BOTH, "3 rows of the exposure repeat"),
        (FLOOD, THERE[["unit"]], BOTH, "no column group, value, function"),
    ],
)
def test_inputs_that_do_not_fit_are_named(hazard, exposure, functions, words):
    with pytest.raises(ImpactError, match=words):
        impact(hazard, exposure, functions)


def test_property_is_split_by_what_the_poor_have():
    table = exposure_by_group(
        pd.Series({"a": 90.0, "b": np.nan}),
        share_poor=pd.Series({"a": 0.2, "b": 0.5}),
        value_ratio=0.5,
        functions={"poor": "hut", "nonpoor": "house"},
    )
    assert table["value"].round(9).tolist()[::2] == [10, 80]
    assert table["value"].isna().tolist() == [False, True, False, True]


def test_people_are_counted_where_the_hazard_reaches():
    depth = square_raster(np.array([[0, 1, 3], [0, 0, 2], [0, 0, np.nan]]))
    people = square_raster(np.array([[10, 20, 30], [1, 1, 5], [1, 1, 99.0]]))
    table = coverage_table(units_of({"u": shapely.box(0, 0, 3, 3)}), depth.grid, code="code")
    found = exposed_people(table, depth, people, thresholds=[1, 2.5], minimum_cells=1).table
    # The 99 people on the cell without a depth are neither exposed nor safe.
    assert found["exposed"].tolist() == [55, 30]
    assert found["people"].tolist() == [69, 69]
    assert found["share_exposed"].tolist() == pytest.approx([55 / 69, 30 / 69])


def test_exposure_bias():
    bias = exposure_bias(pd.Series([0.3, 0.1]), pd.Series([0.2, 0.0]))
    assert bias.round(9).tolist()[0] == 0.5
    assert np.isnan(bias[1])


def test_yearly_greatest_values_get_the_positions_of_weibull():
    table = plotting_positions([3, 1, 2])
    assert table["value"].tolist() == [3, 2, 1]
    assert table["return_period"].round(9).tolist() == [4, 2, round(4 / 3, 9)]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(1e-4, 1)), min_size=1, max_size=30))
def test_rarer_is_never_smaller(events):
    amount, frequency = (pd.Series(one) for one in zip(*events, strict=True))
    curve = exceedance_curve(amount, frequency)
    assert curve["amount"].is_monotonic_increasing
    assert curve["return_period"].is_monotonic_increasing
    assert curve["frequency"].iloc[0] == pytest.approx(frequency.sum())
    levels = at_return_periods(curve, curve["return_period"])
    np.testing.assert_allclose(levels, curve["amount"], rtol=1e-6, atol=1e-6)


def test_a_storm_blows_hardest_at_its_radius_and_not_beyond_its_reach():
    track = pd.DataFrame(
        {
            "time": pd.to_datetime(["2020-08-01 00:00", "2020-08-01 06:00"]),
            "lon": [120.0, 120.0001],
            "lat": [20.0, 20.0],
            "central_pressure": [950.0, 950.0],
            "environmental_pressure": [1010.0, 1010.0],
            "radius_max_wind": [40.0, 40.0],
        }
    )
    degrees = 40 / 111.19
    places = pd.DataFrame({"lon": [120.0] * 4, "lat": 20 + degrees * np.array([0.5, 1, 3, 20])}, index=list("abcd"))
    wind = track_wind(track, places, surface_factor=0.9)
    assert wind.idxmax() == "b"
    assert wind["b"] > wind["c"] > wind["d"] == 0


def test_a_storm_over_the_date_line_keeps_its_way():
    track = pd.DataFrame(
        {
            "time": pd.to_datetime(["2020-08-01", "2020-08-02"]),
            "lon": [179.0, -179.0],
            "lat": [-15.0, -15.0],
            "central_pressure": [950.0, 950.0],
            "environmental_pressure": [1010.0, 1010.0],
            "radius_max_wind": [40.0, 40.0],
        }
    )
    places = pd.DataFrame({"lon": [180.0, 0.0], "lat": [-15.3, -15.0]})
    wind = track_wind(track, places, surface_factor=0.9)
    assert wind[0] > 30
    assert wind[1] == 0


MONTHS = pd.period_range("1981-01", periods=480, freq="M")
RAIN = pd.DataFrame({"a": np.random.default_rng(2).gamma(2, 30, 480)}, index=MONTHS)


def test_spei_of_a_water_balance_is_standard():
    found = spei(RAIN, RAIN * 0 + 40, scale=3, calibration=(1981, 2020))["a"]
    assert found.isna().sum() == 2
    assert found.mean() == pytest.approx(0, abs=0.1)
    assert found.std() == pytest.approx(1, abs=0.1)


def test_spi_keeps_missing_months_missing():
    gaps = RAIN.copy()
    gaps.iloc[100] = np.nan
    found = spi(gaps, scale=1, calibration=(1981, 2020))["a"]
    assert np.isnan(found.iloc[100])
    assert found.notna().sum() == 479


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: spi(RAIN.iloc[1:], scale=1, calibration=(1982, 2020)), HazardError, "do not begin in January"),
        (lambda: spi(RAIN.drop(MONTHS[5]), scale=1, calibration=(1981, 2020)), HazardError, "do not follow each other"),
        (lambda: spi(-RAIN, scale=1, calibration=(1981, 2020)), HazardError, "precipitation below zero"),
        (lambda: spi(RAIN, scale=1, calibration=(2001, 2020)), HazardError, "20 years, fewer than 30"),
        (lambda: spi(RAIN, scale=1, calibration=(1970, 2020)), HazardError, "outside the record 1981–2020"),
        (
            lambda: spi(RAIN.reset_index(drop=True), scale=1, calibration=(1981, 2020)),
            HazardError,
            "RangeIndex, not",
        ),
        (lambda: spei(RAIN, RAIN.iloc[:12], scale=1, calibration=(1981, 2020)), HazardError, "evapotranspiration 12"),
        (lambda: gutenberg_richter([5, 5], completeness=5, bin_width=0, years=1), HazardError, "with the mean 5.00"),
        (lambda: gutenberg_richter([5, np.nan], completeness=4, bin_width=0, years=1), HazardError, "1 magnitudes are"),
        (lambda: Attenuation(1, 1, -1, 0, 0, "x"), HazardError, "rise with distance"),
        (lambda: Attenuation(1, 1, 1, 1, 0, " "), HazardError, "no source"),
        (lambda: Hazard("flood", "m", FLOOD.intensity - 1, FLOOD.frequency), HazardError, r"Event 1 .* -1.0 in b"),
        (lambda: Hazard("flood", "m", FLOOD.intensity, FLOOD.frequency * 0), HazardError, "has the frequency 0.0"),
        (lambda: VulnerabilityFunction("x", "flood", "m", [0, 1], [0.5, 0.1], "y"), RiskError, "that do not fall"),
        (lambda: VulnerabilityFunction("x", "flood", "m", [1, 0], [0, 1], "y"), RiskError, r"intensities \[1.0, 0.0\]"),
        (lambda: vulnerability_functions(pd.DataFrame({"name": ["x"]})), RiskError, "no column hazard, unit"),
        (
            lambda: exposure_by_group(
                pd.Series({"a": 1.0}),
                share_poor=pd.Series({"a": 30.0}),
                value_ratio=1,
                functions=dict.fromkeys(("poor", "nonpoor"), "x"),
            ),
            RiskError,
            "In a the amount is 1.0, the share 30.0",
        ),
        (
            lambda: socioeconomic_resilience(
                pd.DataFrame({"people": [1]}), productivity=1, discount=1, reconstruction_years=1, elasticity=1
            ),
            RiskError,
            "no column consumption, affected",
        ),
        (lambda: inform_risk(pd.DataFrame(), indicators=pd.DataFrame()), RiskError, "no column dimension, category"),
        (
            lambda: track_wind(pd.DataFrame({"time": []}), pd.DataFrame(), surface_factor=1),
            HazardError,
            "0 rows",
        ),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_table_of_functions_is_read_in_order_of_intensity():
    table = pd.DataFrame(
        {"name": "hut", "hazard": "flood", "unit": "m", "intensity": [2, 0], "damage": [1, 0], "source": "made up"}
    )
    assert vulnerability_functions(table)["hut"].damaged(1).item() == 0.5
