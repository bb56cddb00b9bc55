"""Exceedance, alerts, forecasts with their back-test, and targets."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import (
    AlertLine,
    alarm_rates,
    alerts,
    back_test,
    exceedance,
    forecast,
    pace_to_target,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

RATE = AlertLine("rate", "income fall", warning=20, guarantee=30, beyond="above")


def test_a_line_inside_the_interval_is_not_exceeded_for_sure():
    rates = np.array([[25.0, 21.0, 19.0, 15.0, np.nan]])
    words = exceedance(rates, line=20, beyond="above", low=rates - 2, high=rates + 2)
    assert words.loc[0].tolist() == ["beyond", "point beyond", "interval reaches", "within", "missing"]
    income = exceedance(rates, line=20, beyond="below", low=rates - 2, high=rates + 2)
    assert income.loc[0].tolist() == ["within", "interval reaches", "point beyond", "beyond", "missing"]
    assert exceedance(rates, line=20, beyond="above").loc[0].tolist() == [
        "point beyond",
        "point beyond",
        "point within",
        "point within",
        "missing",
    ]


def test_severity_grows_with_the_line_and_the_certainty():
    rates = pd.DataFrame([[34.0, 31.0, 25.0, 21.0, 15.0, np.nan]], index=[2019], columns=list("abcdef"))
    raised = alerts(rates, RATE, year=2019, low=rates - 2, high=rates + 2)
    found = raised.table.set_index("unit")
    assert found["severity"].to_dict() == {"a": "red", "b": "orange", "c": "orange", "d": "yellow"}
    assert found["line"].to_dict() == {"a": "guarantee", "b": "guarantee", "c": "warning", "d": "warning"}
    assert found.loc["b", "evidence"] == "value, not all of its interval"
    assert found.loc["c", "evidence"] == "whole interval"
    assert raised.counts == {"red": 1, "orange": 2, "yellow": 1, "none": 1, "missing": 1}
    assert raised.missing == ("f",)


def test_a_forecast_beyond_the_line_is_a_yellow_alert_with_its_year():
    panel = pd.DataFrame({"a": [10.0, 12.0, 14.0, 16.5, 18.0], "b": [10.0, 10, 10, 10.5, 10]}, index=range(2015, 2020))
    ahead = forecast(panel, method="drift", horizons=[1, 2, 3])
    raised = alerts(panel, RATE, year=2019, forecasts=ahead)
    assert raised.table[["unit", "severity", "evidence", "expected_year"]].values.tolist() == [
        ["a", "yellow", "forecast", 2020]
    ]


@settings(deadline=None)
@given(arrays(float, (1, 6), elements=st.floats(0, 60)))
def test_an_alert_on_rates_is_the_alert_on_their_negatives_below(values):
    below = AlertLine("rate", "x", warning=-20, guarantee=-30, beyond="below")
    assert alerts(values, RATE, year=0).counts == alerts(-values, below, year=0).counts


def test_the_random_walk_by_hand():
    # Steps 2, -1, 2: mean square 3. Three years ahead: se 3 (Hyndman & Athanasopoulos 2021, 5.5).
    found = forecast(np.array([[1.0], [3.0], [2.0], [4.0]]), method="last_value", horizons=[3])
    assert found.loc[0, ["value", "se"]].tolist() == pytest.approx([4, 3])


def test_drift_by_hand():
    # Mean step 1, squared deviations 1, 4, 1 over two degrees of freedom: variance 3; se² = 3 · 2 (1 + 2/3) = 10.
    found = forecast(np.array([[1.0], [3.0], [2.0], [4.0]]), method="drift", horizons=[2])
    assert found.loc[0, ["value", "se"]].tolist() == pytest.approx([6, np.sqrt(10)])


def test_the_trend_interval_is_the_textbook_one():
    # Line through (0, 1), (1, 3), (2, 2), (3, 4): slope 0.8, s² = 0.9; at 4: se² = 0.9 (1 + 1/4 + 2.5²/5) = 2.25.
    found = forecast(np.array([[1.0], [3.0], [2.0], [4.0]]), method="trend", horizons=[1])
    assert found.loc[0, ["value", "se"]].tolist() == pytest.approx([4.5, 1.5])


def test_a_stale_reading_is_carried_over_the_longer_gap():
    panel = pd.DataFrame({"fresh": [1.0, 3.0, 2.0, 4.0, 4.0], "stale": [1.0, 3.0, 2.0, 4.0, None]})
    found = forecast(panel, method="last_value", horizons=[1]).set_index("unit")
    assert found.loc["stale", "se"] == pytest.approx(np.sqrt(3 * 2))
    assert found.loc["stale", "n"] == 4


def test_too_few_readings_give_no_forecast():
    found = forecast(np.array([[1.0], [np.nan], [2.0]]), method="drift", horizons=[1])
    assert np.isnan(found.loc[0, "value"])


def walks(seed, years=25, units=150):
    return np.random.default_rng(seed).normal(size=(years, units)).cumsum(axis=0)  # simulated random walks


def test_intervals_of_the_right_model_hold_their_share():
    test = back_test(walks(1), method="last_value", horizons=[1, 4], first_origin=12, confidence=0.8)
    assert test.by_horizon["coverage"].tolist() == pytest.approx([0.8, 0.8], abs=0.03)
    assert test.by_horizon.loc[1, "n"] == 150 * 12


def test_calibration_mends_intervals_of_the_wrong_model():
    # simulated: errors with a shared yearly jump make the model too sure
    rng = np.random.default_rng(2)
    panel = walks(2) + 3 * rng.standard_t(2, size=(25, 150))
    plain = back_test(panel[:20], method="trend", horizons=[1], first_origin=8)
    assert plain.by_horizon.loc[1, "coverage"] != pytest.approx(0.8, abs=0.02)
    mended = forecast(panel[:20], method="trend", horizons=[1], calibration=plain)
    held = ((panel[20] >= mended["low"]) & (panel[20] <= mended["high"])).mean()
    assert held == pytest.approx(0.8, abs=0.1)


def test_the_back_test_uses_nothing_from_after_the_origin():
    panel = walks(3, years=12, units=3)
    late = panel.copy()
    late[9:] += 1000
    early, other = (back_test(part, method="drift", horizons=[1], first_origin=5).errors for part in (panel, late))
    known = early["origin"] < 9
    pd.testing.assert_series_equal(early.loc[known, "value"], other.loc[known, "value"])


def test_hits_misses_and_false_alarms_add_up():
    test = back_test(walks(4), method="last_value", horizons=[1, 3], first_origin=12)
    rates = alarm_rates(test, line=2, beyond="above", alarm_on="point", at_risk="all")
    assert (rates[["hits", "misses", "false_alarms", "quiet"]].sum(axis=1) == rates["n"]).all()
    errors = test.errors[test.errors["horizon"] == 1]
    assert rates.loc[1, "n_events"] == (errors["actual"] >= 2).sum()
    assert rates.loc[1, "hits"] == ((errors["actual"] >= 2) & (errors["value"] >= 2)).sum()
    assert (rates["hit_rate_low"] <= rates["hit_rate"]).all()


def test_alarms_on_what_is_possible_hit_more_and_cry_wolf_more():
    test = back_test(walks(5), method="last_value", horizons=[2], first_origin=12)
    rates = {
        mode: alarm_rates(test, line=2, beyond="above", alarm_on=mode, at_risk="within").loc[2]
        for mode in ("interval", "point", "possible")
    }
    for name in ("hit_rate", "false_alarm_rate"):
        assert rates["interval"][name] <= rates["point"][name] <= rates["possible"][name]
    # Carrying the last value forward never foresees who crosses the line: the honest answer is no hit.
    assert rates["point"]["hits"] == 0


def test_the_pace_that_a_target_needs_by_hand():
    panel = pd.DataFrame(
        {"fast": [38.0, 34, 30, 26, 22, 18, 14], "slow": 30 - 0.1 * np.arange(7), "done": 11.0 - np.arange(7)},
        index=range(2013, 2020),
    )
    found = pace_to_target(panel, target=10, target_year=2024, better="lower")
    assert found["required"].tolist() == pytest.approx([-0.8, (10 - 29.4) / 5, 0.0])
    assert found["verdict"].tolist() == ["on track", "off track", "reached"]
    assert found.loc["fast", "year_reached"] == 2020
    assert found.loc["slow", "year_reached"] == 2019 + 194


def test_five_years_are_too_few_for_an_interval_of_the_pace():
    panel = pd.DataFrame({"a": [14.0, 13, 12, 11, 10]}, index=range(2015, 2020))
    found = pace_to_target(panel, target=5, target_year=2030, better="lower").loc["a"]
    assert found["pace"] == -1
    assert np.isnan(found["low"])
    assert found["verdict"] == "not distinguishable"


def test_a_rate_that_rises_never_reaches_a_lower_target():
    panel = pd.DataFrame({"a": [8.0, 9, 10, 11, 12, 13, 14]}, index=range(2013, 2020))
    found = pace_to_target(panel, target=5, target_year=2024, better="lower").loc["a"]
    assert found["year_reached"] == np.inf
    assert found["verdict"] == "off track"
    assert pace_to_target(panel, target=5, target_year=2018, better="lower").loc["a", "verdict"] == "overdue"
