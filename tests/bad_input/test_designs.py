"""Designs that identify nothing are refused with a code, so that the reason can be said in any language."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects import (
    DesignError,
    check_design,
    first_treated_from_status,
    group_time_effects,
    honest_bounds,
    match_nearest,
    matched_did,
    read_panel,
    sun_abraham,
    synthetic_control,
    synthetic_did,
)


def panel(first, years=(1, 2, 3), covariates=None):
    rows = [
        {"unit": unit, "year": year, "y": float(unit * year), "first": when}
        | ({"x": covariates[unit]} if covariates else {})
        for unit, when in enumerate(first)
        for year in years
    ]
    return read_panel(
        pd.DataFrame(rows),
        unit="unit",
        time="year",
        outcome="y",
        first_treated="first",
        covariates=["x"] if covariates else [],
    )


@pytest.mark.parametrize(
    ("given", "control", "code"),
    [
        (panel([2, np.nan], years=(1,)), "never_treated", "one_period"),
        (panel([np.nan, np.nan]), "never_treated", "nobody_treated"),
        (panel([1, np.nan]), "never_treated", "always_treated"),
        (panel([2, 2]), "never_treated", "all_at_once"),
        (panel([2, 3]), "never_treated", "no_untreated"),
        (panel([2, 2, np.nan, np.nan], covariates=[1, 2, 3, 4]), "never_treated", "no_overlap"),
        (panel([2, 2, np.nan, np.nan], covariates=[7, 7, 7, 7]), "never_treated", "dependent"),
    ],
)
def test_a_refused_design_has_a_code(given, control, code):
    with pytest.raises(DesignError) as caught:
        check_design(given, control=control)
    assert caught.value.values["code"] == code


def test_anticipation_may_leave_no_period_before():
    with pytest.raises(DesignError) as caught:
        check_design(panel([2, np.nan]), control="never_treated", anticipation=1)
    assert caught.value.values["code"] == "no_period_before"


def test_a_treatment_that_switches_off_names_its_units():
    rows = pd.DataFrame({"unit": ["a", "a"], "year": [1, 2], "treated": [1, 0]})
    with pytest.raises(DesignError) as caught:
        first_treated_from_status(rows, unit="unit", time="year", treated="treated")
    assert caught.value.values["units"] == ["a"]


ROWS = pd.DataFrame({"unit": ["a", "a", "b", "b"], "year": [1, 2, 1, 2], "y": [1.0, 2.0, 5.0, 3.0]}).assign(
    first=[2.0, 2.0, np.nan, np.nan]
)
NAMES = {"unit": "unit", "time": "year", "outcome": "y", "first_treated": "first"}


def test_a_table_without_rows_or_with_a_number_that_is_no_year_is_refused():
    with pytest.raises(DesignError, match="The panel has no rows"):
        read_panel(ROWS[:0], **NAMES)
    with pytest.raises(DesignError, match="year is no whole number in row 3"):
        read_panel(ROWS.assign(year=[1, 2, 1, 1e20]), **NAMES)


def test_conditions_that_are_the_same_for_all_or_follow_from_others_are_named():
    given = pd.concat([ROWS.assign(unit=ROWS["unit"] + str(k), y=ROWS["y"] + k**2, x=(k * 7) % 5) for k in range(9)])
    for extra, named in ((given.assign(z=1.5), r"The covariates z do"), (given.assign(z=2 * given["x"]), "x, z do")):
        panel = read_panel(extra, **NAMES, covariates=["x", "z"])
        for function in (group_time_effects, matched_did):
            with pytest.raises(DesignError, match=named):
                function(panel)
    with pytest.raises(DesignError, match="The covariates z are the same for all units"):
        match_nearest(pd.DataFrame({"z": [1.0] * 4}), pd.Series([True, True, False, False]))


def test_an_outcome_that_never_varies_is_refused_by_every_design():
    flat = panel([3, *[np.nan] * 4], years=(0, 1, 2, 3))
    flat = replace(flat, outcome=np.full_like(flat.outcome, 7.0))
    for function in (group_time_effects, sun_abraham, synthetic_control, synthetic_did):
        with pytest.raises(DesignError, match="The outcome is the same in all units and periods") as caught:
            function(flat)
        assert caught.value.values["code"] == "constant_outcome"


def test_covariates_that_fail_around_one_cohort_alone_leave_the_others():
    first = [2] * 6 + [3] * 6 + [np.nan] * 12
    # Around cohort 2 the covariate varies in the last year before it, around cohort 3 it does not.
    rows = [
        {"unit": unit, "year": year, "y": float((unit * 37 + year * 11) % 17), "first": when, "x": varies}
        for unit, when in enumerate(first)
        for year in (1, 2, 3, 4)
        for varies in [float((unit * 5) % 7) if year == 1 else 1.0]
    ]
    table = group_time_effects(read_panel(pd.DataFrame(rows), **NAMES, covariates=["x"]), draws=0).table
    told = table[~table["before"]].groupby("cohort")["why"].agg(lambda why: why.ne("").all())
    assert told.to_dict() == {2: False, 3: True}


def test_what_has_no_spread_has_no_interval_and_no_bounds():
    years = (1, 2, 3, 4)
    rows = [
        {"unit": unit, "year": year, "y": float(unit + (year * 3) % 4 * unit), "first": 4 if unit == 1 else np.nan}
        for unit in (1, 2)
        for year in years
    ]
    panel = read_panel(pd.DataFrame(rows), **NAMES)
    regression = sun_abraham(panel)
    assert np.isfinite(regression.overall.value)
    assert np.isnan([regression.overall.se, regression.overall.low, regression.table.loc[0, "high"]]).all()
    universal = group_time_effects(panel, base_period="universal", draws=0)
    assert np.isnan(universal.table["se"]).all()
    with pytest.raises(DesignError, match="The effect has no standard error"):
        honest_bounds(universal)
