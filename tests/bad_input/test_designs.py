"""Designs that identify nothing are refused with a code, so that the reason can be said in any language."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.design import check_design
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import first_treated_from_status, read_panel


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
