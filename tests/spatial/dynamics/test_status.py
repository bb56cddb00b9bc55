"""Status by rule: hysteresis, gaps, evidence."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import StatusRule, persistent_poverty, status_history
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

BAND = StatusRule(exit_below=10, enter_at=15, at_risk_from=12)


def path(*values, rule=BAND, start="not poor", **more):
    panel = pd.DataFrame({"a": np.array(values, dtype=float)}, index=range(2000, 2000 + len(values)))
    return status_history(panel, rule, start=start, **more)


@settings(deadline=None)
@given(
    arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 4)), elements=st.floats(10, 14.99)),
    st.sampled_from(["poor", "not poor"]),
)
def test_nothing_changes_within_the_band(values, start):
    history = status_history(values, BAND, start=start)
    assert history.changes.empty
    assert (history.poor == (start == "poor")).all(axis=None)


@settings(deadline=None)
@given(arrays(float, (6, 5), elements=st.one_of(st.floats(0, 30), st.just(np.nan))), st.permutations(range(5)))
def test_the_order_of_units_does_not_matter(values, order):
    if np.isnan(values).all():
        return
    panel = pd.DataFrame(values)
    straight = status_history(panel, BAND, start="not poor").status
    pd.testing.assert_frame_equal(status_history(panel[order], BAND, start="not poor").status[range(5)], straight)


@settings(deadline=None)
@given(arrays(float, (6, 3), elements=st.floats(0, 30)))
def test_entries_and_exits_take_turns(values):
    changes = status_history(values, BAND, start="not poor").changes
    for _, kinds in changes.groupby("unit")["kind"]:
        assert kinds.tolist() == (["entry", "exit"] + ["relapse", "exit"] * 10)[: len(kinds)]


def test_a_missing_rate_stays_missing_and_keeps_the_state():
    history = path(20, None, 12)
    assert history.status["a"].tolist() == ["poor", "missing", "poor"]
    assert history.counts.loc[2001, ["missing", "n"]].tolist() == [1, 0]


def test_a_relapsed_unit_stays_relapsed_until_it_leaves():
    assert path(20, 5, 16, 14, 5, 5).status["a"].tolist() == [
        "poor",
        "exited",
        "relapsed",
        "relapsed",
        "exited",
        "exited",
    ]


def test_leaving_can_ask_for_two_readings_and_a_gap_does_not_break_them():
    rule = StatusRule(exit_below=10, enter_at=15, readings=2)
    history = path(20, 9, 11, 9, None, 9, rule=rule)
    assert history.changes["year"].tolist() == [2000, 2005]
    assert history.changes["previous_year"].tolist()[1] == 2003


def test_a_designated_unit_starts_poor():
    start = pd.Series({"a": True})
    assert path(9, start=start).status["a"].tolist() == ["exited"]
    assert path(9).status["a"].tolist() == ["not poor"]


def test_the_interval_decides_where_the_rule_says_so():
    rule = StatusRule(exit_below=10, enter_at=10, evidence="interval")
    rates = np.array([[9.0, 8.0], [11.0, 12.0]])
    history = status_history(rates, rule, start="poor", low=rates - 1.5, high=rates + 1.5)
    assert history.status.loc[0].tolist() == ["poor", "exited"]
    assert history.status.loc[1].tolist() == ["poor", "relapsed"]


def test_a_status_is_firm_only_where_its_interval_clears_the_line():
    rates = np.array([[20.0, 16.0]])
    history = status_history(rates, BAND, start="not poor", low=rates - 2, high=rates + 2)
    assert history.firm.loc[0].tolist() == [True, False]
    assert history.changes["firm"].tolist() == [True, False]
    assert status_history(rates, BAND, start="not poor").firm.isna().all(axis=None)


def test_missing_readings_leave_persistence_open_unless_another_fell_short():
    table = persistent_poverty(np.array([[25.0, 25.0, 19.9], [20.0, np.nan, np.nan]]), threshold=20)
    assert table["persistent"].tolist() == [True, pd.NA, False]


def test_the_probability_of_persistence_multiplies_over_readings():
    # At the threshold each reading is as likely above as below: 1/2 · 1/2.
    table = persistent_poverty(np.full((2, 1), 20.0), threshold=20, se=np.ones((2, 1)))
    assert table.loc[0, "probability"] == pytest.approx(0.25)
    assert not table.loc[0, "firm"]
