"""Spells, their censoring and their curve."""

import numpy as np
import pandas as pd
from fuping.spatial.dynamics import exit_curve, spells
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

YEARS = [1989, 1993, 1995, 1997, 1998]


def of(series, gaps):
    table = spells(pd.DataFrame({"a": series}, index=YEARS).astype("boolean"), gaps=gaps)
    return table[["start", "end", "duration", "left_censored", "right_censored"]].values.tolist()


def test_a_spell_seen_whole_lasts_from_entry_to_exit():
    assert of([0, 1, 1, 0, 0], "cut") == [[1993, 1997, 4, False, False]]


def test_a_spell_that_is_there_at_the_beginning_is_left_censored():
    assert of([1, 0, 0, 0, 0], "cut") == [[1989, 1993, 4, True, False]]


def test_a_spell_that_is_there_at_the_end_is_right_censored():
    assert of([0, 0, 0, 1, 1], "cut") == [[1997, pd.NA, 1, False, True]]


def test_a_gap_is_carried_or_cut():
    assert of([0, 1, None, 1, 0], "carry") == [[1993, 1998, 5, False, False]]
    assert of([0, 1, None, 1, 0], "cut") == [[1993, pd.NA, 0, False, True], [1997, 1998, 1, True, False]]


def test_an_exit_behind_a_gap_says_how_uncertain_its_year_is():
    table = spells(pd.DataFrame({"a": [0, 1, None, 0, 0]}, index=YEARS), gaps="carry")
    assert table["uncertain_years"].tolist() == [3]


STATES = arrays(float, (6, 4), elements=st.sampled_from([0.0, 1.0, np.nan]))


@settings(deadline=None)
@given(STATES, st.sampled_from(["carry", "cut"]))
def test_every_poor_reading_lies_in_exactly_one_spell(states, gaps):
    if np.isnan(states).all():
        return
    table = spells(pd.DataFrame(states), gaps=gaps)
    for unit in range(4):
        mine = table[table["unit"] == unit]
        for year in np.flatnonzero(states[:, unit] == 1):
            assert ((mine["start"] <= year) & (year <= mine["last_seen"])).sum() == 1


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40))
def test_the_curve_falls_within_its_limits(pairs):
    table = pd.DataFrame(pairs, columns=["duration", "right_censored"])
    steps = exit_curve(table).table
    assert (steps["survival"].diff().dropna() <= 1e-12).all()
    inside = steps.dropna(subset=["low", "high"])
    assert ((inside["low"] <= inside["survival"] + 1e-12) & (inside["survival"] <= inside["high"] + 1e-12)).all()
    assert steps["n_exits"].sum() + steps["n_censored"].sum() == len(table)
    going_on = 1.0
    for time in sorted(set(table["duration"])):
        ended = ((table["duration"] == time) & ~table["right_censored"]).sum()
        going_on *= 1 - ended / (table["duration"] >= time).sum()
        assert abs(steps.loc[time, "survival"] - going_on) < 1e-12


def test_left_censored_spells_are_left_out_and_counted():
    table = pd.DataFrame(
        {"duration": [1, 2, 9], "right_censored": [False, False, False], "left_censored": [False, False, True]}
    )
    curve = exit_curve(table)
    assert (curve.n_spells, curve.n_left_out) == (2, 1)
