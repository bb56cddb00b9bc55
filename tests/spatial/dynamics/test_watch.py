"""The watch-list: what puts a unit on it, how gravely, and what does not."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import PanelError, StatusRule, status_history, watch_list

RULE = StatusRule(exit_below=20, enter_at=20, at_risk_from=18)
RATES = pd.DataFrame(
    {
        "back": [25.0, 15.0, 21.0],
        "new": [15.0, 15.0, 22.0],
        "steady": [25.0, 25.0, 25.0],
        "worse": [25.0, 26.0, 27.0],
        "near": [10.0, 10.0, 19.0],
        "nearing": [10.0, 12.0, 18.5],
        "unsure": [10.0, 10.0, 17.9],
        "safe": [10.0, 10.0, 10.0],
        "silent": [25.0, 25.0, np.nan],
    },
    index=[2001, 2002, 2003],
)
TRENDS = pd.Series("not distinguishable", index=RATES.columns)
TRENDS[["worse", "nearing", "safe"]] = "rising"


def listed(half=0.5, **wide):
    widths = pd.Series(half, index=RATES.columns)
    for unit, width in wide.items():
        widths[unit] = width
    history = status_history(RATES, RULE, start="not poor", low=RATES - widths, high=RATES + widths)
    return watch_list(RATES, history, low=RATES - widths, high=RATES + widths, trends=TRENDS)


def test_each_reason_has_its_gravity():
    found = listed(unsure=3).table.set_index("unit")
    assert found["severity"].to_dict() == {
        "back": "red",
        "worse": "red",
        "new": "orange",
        "nearing": "orange",
        "unsure": "orange",
        "near": "yellow",
    }
    assert found.loc["nearing", "reasons"] == ("close", "rising")
    assert found.loc["unsure", "reasons"] == ("interval crosses",)
    assert found.loc["back", "since"] == 2003
    assert pd.isna(found.loc["unsure", "since"])


def test_the_gravest_come_first_and_then_the_highest_above_their_line():
    assert listed(unsure=3).table["unit"].tolist() == ["worse", "back", "new", "nearing", "unsure", "near"]


def test_who_is_surely_and_steadily_poor_is_counted_and_who_is_missing_named():
    found = listed()
    assert "steady" not in found.table["unit"].tolist()
    assert (found.n_poor, found.n_poor_unlisted, found.missing, found.year) == (4, 1, ("silent",), 2003)
    assert found.counts == {"red": 2, "orange": 2, "yellow": 1}


def test_a_rising_trend_far_below_the_line_alone_alarms_nobody():
    assert "safe" not in listed().table["unit"].tolist()


def test_a_unit_that_is_first_seen_poor_is_not_newly_poor():
    rates = pd.DataFrame({"a": [25.0]}, index=[2003])
    found = watch_list(rates, status_history(rates, RULE, start="not poor"))
    assert (len(found.table), found.n_poor_unlisted) == (0, 1)


def test_each_region_has_its_own_line():
    rule = StatusRule(exit_below={"a": 20, "b": 30}, enter_at={"a": 20, "b": 30}, at_risk_from={"a": 18, "b": 28})
    rates = np.array([[10.0, 10.0], [19.0, 19.0]])
    history = status_history(rates, rule, start="not poor", regions=["a", "b"])
    found = watch_list(rates, history, regions=["a", "b"])
    assert found.table[["unit", "line", "margin"]].values.tolist() == [[0, 20.0, -1.0]]


def test_a_history_of_other_units_is_refused():
    history = status_history(RATES, RULE, start="not poor")
    with pytest.raises(PanelError, match="other years or units"):
        watch_list(RATES[["back"]], history)


def test_trends_that_lack_units_are_refused():
    history = status_history(RATES, RULE, start="not poor")
    with pytest.raises(PanelError, match="lack 8 units, near among them"):
        watch_list(RATES, history, trends=TRENDS[["back"]])
