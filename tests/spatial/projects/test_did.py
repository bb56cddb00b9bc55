"""Difference in differences by hand, at its limits, and on designs that identify nothing."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.aggregation import aggregate
from fuping.spatial.projects.design import check_design
from fuping.spatial.projects.did import group_time_effects, two_period_effect
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.influence import Influence, wald_test
from fuping.spatial.projects.panel import first_treated_from_status, read_panel

COLUMNS = {"unit": "unit", "time": "year", "outcome": "y", "first_treated": "first"}


def rows_of(first, *, years=(1, 2, 3), **columns):
    n = len(first)
    y = np.random.default_rng(3).normal(size=(n, len(years)))
    table = pd.DataFrame(
        {
            "unit": np.repeat([f"u{i}" for i in range(n)], len(years)),
            "year": np.tile(years, n),
            "y": y.reshape(-1),
            "first": np.repeat(np.array(first, dtype=float), len(years)),
        }
    )
    for name, values in columns.items():
        table[name] = np.repeat(values, len(years))
    return table


def effects_by_hand(y, first, cohort, period, base):
    treated = first == cohort
    never = np.isnan(first)
    change = y[:, period] - y[:, base]
    return change[treated].mean() - change[never].mean()


def test_each_cell_is_a_difference_of_mean_changes():
    first = np.array([2, 2, 3, 3, np.nan, np.nan, np.nan])
    rows = rows_of(first, years=(1, 2, 3, 4))
    y = rows["y"].to_numpy().reshape(7, 4)
    table = group_time_effects(read_panel(rows, **COLUMNS), draws=0).table.set_index(["cohort", "period"])
    assert table.loc[(2, 4), "att"] == pytest.approx(effects_by_hand(y, first, 2, 3, 0))
    assert table.loc[(3, 2), "att"] == pytest.approx(effects_by_hand(y, first, 3, 1, 0))
    assert table.loc[(3, 4), "att"] == pytest.approx(effects_by_hand(y, first, 3, 3, 1))
    assert table.loc[(3, 2), "before"]


def test_units_not_yet_treated_serve_as_controls_until_they_are_treated():
    first = [2, 2, 3, 3, 4, 4]
    rows = rows_of(first, years=(1, 2, 3, 4))
    table = group_time_effects(read_panel(rows, **COLUMNS), control="not_yet_treated", draws=0).table
    cells = table.set_index(["cohort", "period"])
    assert cells.loc[(2, 2), "n_controls"] == 4
    assert cells.loc[(2, 3), "n_controls"] == 2
    assert cells.loc[(2, 4), "why"] == "no unit is still untreated"
    assert np.isnan(cells.loc[(2, 4), "att"])
    combined = aggregate(group_time_effects(read_panel(rows, **COLUMNS), control="not_yet_treated"), by="simple")
    assert combined.table.loc["all", "cells"] == 3


def test_anticipation_moves_the_base_and_the_controls():
    rows = rows_of([4, 4, 5, 5, np.nan, np.nan], years=(1, 2, 3, 4, 5))
    y = rows["y"].to_numpy().reshape(6, 5)
    first = np.array([4, 4, 5, 5, np.nan, np.nan])
    table = group_time_effects(read_panel(rows, **COLUMNS), anticipation=1, draws=0).table
    got = table.set_index(["cohort", "period"]).loc[(4, 4), "att"]
    assert got == pytest.approx(effects_by_hand(y, first, 4, 3, 1))


def test_a_weight_counts_a_unit_as_many():
    rows = rows_of([2, 2, np.nan, np.nan, np.nan], people=[1, 3, 1, 1, 2])
    several = pd.concat(
        [
            rows[rows["unit"] == f"u{i}"].assign(unit=f"u{i}-{k}")
            for i, w in enumerate([1, 3, 1, 1, 2])
            for k in range(w)
        ]
    )
    weighted = group_time_effects(read_panel(rows, **COLUMNS, weights="people"), draws=0).table["att"]
    repeated = group_time_effects(read_panel(several, **COLUMNS), draws=0).table["att"]
    assert weighted.to_numpy() == pytest.approx(repeated.to_numpy())


def test_what_is_left_out_is_named_with_its_reason():
    rows = rows_of([1, 2, 2, np.nan, np.nan, np.nan, 9])
    rows.loc[(rows["unit"] == "u2") & (rows["year"] == 3), "y"] = np.nan
    rows = rows[~((rows["unit"] == "u3") & (rows["year"] < 3)) & ~((rows["unit"] == "u4") & (rows["year"] == 2))]
    panel = read_panel(rows, **COLUMNS)
    assert {row.code: row.detail for row in panel.report.unmatched_left} == {
        "u0": "treated from the first period on (1): no period before",
        "u2": "no y in 3",
        "u3": "seen in one period only (3)",
        "u4": "no row in 2",
    }
    assert panel.report.notes == ("Units first treated after 3, counted as not treated: 1",)
    assert panel.units.tolist() == ["u1", "u5", "u6"]
    notices = check_design(panel, control="never_treated")
    assert [notice.code for notice in notices] == [
        "units_left_out",
        "one_period_before",
        "small_cohort",
        "few_controls",
    ]


@pytest.mark.parametrize(
    ("first", "options", "message"),
    [
        ([np.nan] * 3, {}, "Nothing can be compared: no unit is treated by 3"),
        ([1, 1, np.nan], {}, "all 2 treated units are treated from 1 on"),
        ([2, 2, 2], {}, "All 3 units are treated at once, in 2"),
        ([2, 3, 3], {}, "No unit is left untreated by 3. Use control='not_yet_treated'"),
        ([2, np.nan], {"anticipation": 1}, "No period lies before any treatment"),
        ([2, np.nan], {"control": "neighbours"}, "The control group 'neighbours' is unknown"),
        ([2, np.nan], {"method": "magic"}, "The method 'magic' is unknown"),
        ([2, np.nan], {"anticipation": -1}, "The anticipation is -1"),
    ],
)
def test_a_design_that_identifies_nothing_is_refused_with_the_reason(first, options, message):
    with pytest.raises(DesignError, match=message):
        group_time_effects(read_panel(rows_of(first), **COLUMNS), draws=0, **options)


def test_covariates_that_tell_the_groups_apart_are_refused_by_name():
    rows = rows_of([2] * 6 + [np.nan] * 6, rain=range(12), income=[3, 1, 2, 5, 4, 6] * 2)
    panel = read_panel(rows, **COLUMNS, covariates=["rain", "income"])
    with pytest.raises(DesignError, match=r"6 units treated in 2 and 6 controls do not overlap; .* by rain"):
        group_time_effects(panel, draws=0)
    assert group_time_effects(panel, method="regression", draws=0).table["why"].eq("").all()


def test_a_treatment_that_switches_off_is_refused():
    rows = pd.DataFrame({"unit": list("aaabbb"), "year": [1, 2, 3] * 2, "on": [0, 1, 0, 0, 0, 1]})
    with pytest.raises(DesignError, match="The treatment switches off in a"):
        first_treated_from_status(rows, unit="unit", time="year", treated="on")
    stays = rows.assign(on=[0, 1, 1, 0, 0, 0])
    first = first_treated_from_status(stays, unit="unit", time="year", treated="on")
    assert first[0] == 2
    assert first[3:].isna().all()
    with pytest.raises(DesignError, match="first differs between the periods of a"):
        read_panel(rows.assign(first=[2, 2, 3, 2, 2, 2], y=0.5), **COLUMNS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": "high"}, "y is no number in u0"),
        ({"year": 1.5}, "year is no whole number in row 0"),
        ({"year": 2}, "A unit stands twice in one period: u0"),
        ({"unit": None}, "unit is missing in row 0"),
    ],
)
def test_a_table_that_is_no_panel_is_refused(change, message):
    rows = rows_of([2, np.nan]).astype({"y": object, "year": object, "unit": object})
    for name, value in change.items():
        rows.loc[0, name] = value
    with pytest.raises(DesignError, match=message):
        read_panel(rows, **COLUMNS)


def test_never_treated_must_be_empty_not_zero():
    with pytest.raises(DesignError, match=r"first is 0 in 3 rows. Leave it empty"):
        read_panel(rows_of([2, 0]), **COLUMNS)


def test_units_without_a_value_are_named_in_two_periods():
    with pytest.raises(DesignError, match="1 units lack a value: b"):
        two_period_effect(
            pd.Series({"a": 1.0, "b": np.nan}), pd.Series({"a": 1.0, "b": 2.0}), pd.Series({"a": True, "b": False})
        )


def test_units_of_one_argument_only_are_refused_in_two_periods_not_dropped():
    both, treated = pd.Series({"a": 1.0, "b": 2.0}), pd.Series({"a": True, "b": False})
    with pytest.raises(DesignError, match="before and treated have different units: b"):
        two_period_effect(both, both, treated[:1])
    with pytest.raises(DesignError, match="before and after have different units: c"):
        two_period_effect(both, pd.Series({"a": 1.0, "b": 2.0, "c": 3.0}), treated)
    with pytest.raises(DesignError, match="A unit stands twice in before or after"):
        two_period_effect(both, pd.concat([both, both[:1]]), treated)


def test_clusters_of_one_unit_change_nothing_and_the_same_seed_gives_the_same_band():
    values = np.random.default_rng(1).normal(size=(50, 3))
    alone, each = Influence(values), Influence(values, np.arange(50))
    assert each.covariance() == pytest.approx(alone.covariance())
    crit = [one.critical_value(confidence=0.95, draws=500, seed=7) for one in (alone, each, alone)]
    assert crit[0] == crit[1] == crit[2] > 1.96


def test_the_band_of_independent_estimates_is_that_of_sidak():
    # For k independent normal estimates the simultaneous critical value is the Šidák one: 2.3877 for k = 3.
    values = np.random.default_rng(2).normal(size=(4000, 3))
    values, _ = np.linalg.qr(values - values.mean(axis=0))
    crit = Influence(values * 10).critical_value(confidence=0.95, draws=8000, seed=1)
    assert crit == pytest.approx(2.3877, abs=0.06)


def test_estimates_that_others_imply_add_no_freedom():
    covariance = np.array([[1.0, 1.0], [1.0, 1.0]])
    assert wald_test(np.array([2.0, 2.0]), covariance).df == 1
    assert wald_test(np.array([2.0, 2.0]), covariance).statistic == pytest.approx(4.0)
