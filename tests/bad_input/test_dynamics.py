"""What dynamics refuses, and what it answers to poor input."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from fuping.spatial.boundaries.neighbours import neighbours_from_pairs, neighbours_from_polygons
from fuping.spatial.dynamics import (
    AlertLine,
    PanelError,
    StatusRule,
    alerts,
    back_test,
    beta_convergence,
    chronic_poverty,
    emerging_spots,
    exceedance,
    exit_curve,
    forecast,
    global_autocorrelation,
    local_moran,
    mann_kendall,
    mobility,
    pace_to_target,
    persistent_poverty,
    pooled_quantiles,
    rank_change,
    read_panel,
    sigma_convergence,
    spatial_lag,
    spells,
    status_history,
    transition_matrix,
    trend_break,
    wolfson,
)
from fuping.spatial.errors import CRSError, FupingError, GeometryError
from libpysal.graph import Graph
from shapely import Point, box

GOOD = pd.DataFrame([[1.0, 2.0], [2.0, 1.0]], index=[2001, 2002], columns=["a", "b"])
RING = Graph.from_arrays(list("abcd") * 2, list("bcdadabc"), np.ones(8))
RULE = StatusRule(exit_below=10, enter_at=15)


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        (np.arange(3.0), "1 dimensions"),
        (GOOD.set_axis([2002, 2001]), "2001 follows 2002"),
        (GOOD.set_axis([2001, 2001]), "2001 follows 2001"),
        (GOOD.set_axis(["spring", "autumn"]), "no list of years: \\['spring', 'autumn'\\]"),
        (GOOD.set_axis([2001.0, 2001.5]), "no list of years"),
        (GOOD.set_axis(["a", "a"], axis=1), "Units stand twice in the panel of values: a"),
        (GOOD.astype(object).replace(1.0, "high"), "no number"),
        (GOOD.replace(2.0, np.inf), "unit b in 2001 is infinite"),
        (GOOD * np.nan, "Every value of values is missing"),
    ],
)
def test_a_malformed_panel_is_refused_with_its_fault(panel, message):
    with pytest.raises(PanelError, match=message):
        read_panel(panel)


def test_the_panel_of_the_caller_is_not_changed():
    before = GOOD.copy()
    mann_kendall(GOOD)
    status_history(GOOD, RULE, start="not poor")
    pd.testing.assert_frame_equal(GOOD, before)
    assert GOOD.index.name is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda one: transition_matrix(one), "one year \\(2001\\)"),
        (lambda one: sigma_convergence(one, measure="sd", seed=1), "values in 1 year, 2 are needed"),
        (lambda one: beta_convergence(one), "values in 1 year, 2 are needed"),
        (lambda one: back_test(one, method="drift", horizons=[1], first_origin=2001), "values in 1 year"),
        (lambda one: emerging_spots(one, RING, seed=1), "values in 1 year"),
    ],
)
def test_change_cannot_be_read_from_one_year(call, message):
    with pytest.raises(PanelError, match=message):
        call(GOOD.iloc[:1])


def test_one_year_is_a_documented_answer_for_a_trend():
    assert mann_kendall(GOOD.iloc[:1])["trend"].tolist() == ["too few years"] * 2
    found = trend_break(GOOD.iloc[:1], model="level", seed=1, n_simulations=9)
    assert found["verdict"].tolist() == ["too few years"] * 2
    assert (
        pace_to_target(GOOD.iloc[:1], target=0, target_year=2010, better="lower")["verdict"].tolist()
        == ["too few years"] * 2
    )


@pytest.mark.parametrize("measure", ["moran", "geary"])
def test_a_constant_year_cannot_cluster(measure):
    panel = pd.DataFrame(5.0, index=[2001], columns=list("abcd"))
    with pytest.raises(PanelError, match="All 4 units have the value 5 in 2001"):
        global_autocorrelation(panel, RING, measure=measure, seed=1)


def test_all_islands_are_too_few_to_test():
    empty = Graph.from_arrays(list("abcd"), list("abcd"), np.zeros(4))
    with pytest.raises(PanelError, match="0 units have a value and an observed neighbour in 2001"):
        local_moran(pd.Series([1.0, 2, 3, 4], index=list("abcd"), name=2001), empty, seed=1)


def test_a_graph_over_other_units_is_named():
    with pytest.raises(PanelError, match="lacks 1 of 2 units \\(z …\\) and knows 3 others"):
        spatial_lag(GOOD.set_axis(["a", "z"], axis=1), RING)


def test_a_year_without_values_is_empty_in_the_answer():
    panel = pd.DataFrame([[1.0, 2, 3, 5], [np.nan] * 4], index=[2001, 2002], columns=list("abcd"))
    found = global_autocorrelation(panel, RING, measure="moran", seed=1, permutations=9).by_year
    assert np.isnan(found.loc[2002, "value"])
    assert found.loc[2002, ["n", "n_missing"]].tolist() == [0, 4]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: StatusRule(exit_below=15, enter_at=10), "leave below 15, enter at 10"),
        (lambda: StatusRule(exit_below=5, enter_at=10, at_risk_from=11), "at risk from 11"),
        (lambda: StatusRule(exit_below={"w": 3}, enter_at={"w": 2}), "of w are out of order"),
        (lambda: StatusRule(exit_below={"w": 3}, enter_at={"e": 3}), "no line for region"),
        (lambda: StatusRule(exit_below=1, enter_at=2, readings=0), "0 readings"),
        (lambda: AlertLine("x", "y", warning=30, guarantee=20, beyond="above"), "guarantee line, 20, comes before"),
        (lambda: AlertLine("x", "y", warning=30, guarantee=20, beyond="under"), "beyond='under' is unknown"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(build, message):
    with pytest.raises(PanelError, match=message):
        build()


BY_REGION = StatusRule(exit_below={"east": 2, "west": 3}, enter_at={"east": 2, "west": 3})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": "maybe"}, "Start 'maybe' is unknown"),
        ({"start": pd.Series({"a": True})}, "covers 1 of 2 units; b is among the absent"),
        ({"start": "poor", "low": GOOD}, "Only one end"),
        ({"start": "poor", "low": GOOD + 1, "high": GOOD + 2}, "unit a in 2001, 2 to 3, does not enclose its value, 1"),
        ({"start": "poor", "rule": BY_REGION}, "no regions are given"),
        ({"start": "poor", "rule": BY_REGION, "regions": ["east", "north"]}, "no line for region 'north'.*east, west"),
        ({"start": "poor", "rule": BY_REGION, "regions": ["east"]}, "2 units and 1 regions"),
        ({"start": "poor", "rule": StatusRule(1, 2, evidence="interval")}, "decides by the interval and there is none"),
        ({"start": "poor", "low": GOOD.iloc[:1], "high": GOOD}, "low has 1 years"),
    ],
)
def test_a_status_that_cannot_be_told_is_refused(arguments, message):
    rule = arguments.pop("rule", RULE)
    with pytest.raises(PanelError, match=message):
        status_history(GOOD, rule, **arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: persistent_poverty(GOOD, threshold=20, readings=[1980, 2001]), "Readings \\[1980\\]"),
        (lambda: persistent_poverty(GOOD, threshold=20, se=-GOOD), "standard error is negative"),
        (lambda: chronic_poverty(GOOD, line=0, seed=1), "poverty line of 0"),
        (lambda: chronic_poverty(GOOD, line=1, power=0.5, seed=1), "power of 0.5"),
        (lambda: chronic_poverty(-GOOD, line=1, seed=1), "value is negative"),
        (lambda: spells(GOOD, gaps="cut"), "State 2 is neither 0 nor 1"),
        (lambda: spells(GOOD - 1, gaps="bridge"), "gaps='bridge'"),
        (lambda: exit_curve(pd.DataFrame({"duration": [1]})), "no column right_censored"),
        (lambda: exit_curve(pd.DataFrame({"duration": [-1], "right_censored": [False]})), "1 durations are negative"),
        (
            lambda: exit_curve(pd.DataFrame({"duration": [1], "right_censored": [False], "left_censored": [True]})),
            "All 1 spells are left-censored",
        ),
        (lambda: transition_matrix(GOOD, step=5), "No two of the years .* are 5 apart"),
        (lambda: transition_matrix(GOOD, labels=[1]), "Class 2.0 is not among the labels"),
        (lambda: transition_matrix(GOOD.astype(str)), "have no order of their own"),
        (lambda: mobility(GOOD * 0, measure="prais", seed=1), "There is one class"),
        (lambda: mobility(GOOD, measure="speed", seed=1), "Measure 'speed' is unknown.*prais"),
        (lambda: pooled_quantiles(GOOD * 0, 3), "Ties leave fewer than 3 classes"),
        (lambda: rank_change(GOOD, first=1999, last=2001), "Year 1999 is not in the panel"),
        (lambda: trend_break(GOOD, model="step", seed=1), "Model 'step' is unknown"),
        (lambda: trend_break(GOOD, model="level", seed=1, trim=0.6), "Trim 0.6"),
        (
            lambda: mann_kendall(np.array([[1.0], [1], [2], [3]]), method="exact"),
            "Unit 0 has tied values",
        ),
        (lambda: sigma_convergence(GOOD, measure="sd", seed=1), "2 of 2 units .* 3 are needed"),
        (lambda: beta_convergence(GOOD, first=2002, last=2001), "2001, is not after the first, 2002"),
        (lambda: beta_convergence(np.ones((2, 9))), "All units start from 1"),
        (lambda: beta_convergence(np.zeros((2, 9))), "value of 0 or less"),
        (lambda: wolfson([1, -1]), "value is negative \\(-1\\)"),
        (lambda: rank_change(GOOD, first=2001, last=2002, se=-GOOD.abs()), "standard error is negative"),
        (lambda: forecast(GOOD, method="magic", horizons=[1]), "Method 'magic' is unknown.*drift"),
        (lambda: forecast(GOOD, method="drift", horizons=[0]), "Horizons \\[0\\]"),
        (lambda: back_test(GOOD, method="drift", horizons=[7], first_origin=2001), "no forecast at horizons \\[7\\]"),
        (lambda: exceedance(GOOD, line=1, beyond="over"), "beyond='over' is unknown"),
        (lambda: pace_to_target(GOOD, target=1, target_year=2030, better="less"), "better='less'"),
        (
            lambda: alerts(GOOD, AlertLine("x", "y", 1, 2, "above"), year=1990),
            "Year 1990 is not in the panel",
        ),
        (
            lambda: alerts(
                GOOD,
                AlertLine("x", "y", 1, 2, "above"),
                year=2001,
                forecasts=pd.DataFrame({"unit": ["a"], "origin": [2002], "year": [2003], "value": [1.0]}),
            ),
            "start from \\[2002\\], the alerts are of 2001",
        ),
    ],
)
def test_each_fault_is_named(call, message):
    with pytest.raises(PanelError, match=message):
        call()


def test_a_class_nobody_leaves_from_has_no_mobility_and_says_so():
    estimate = mobility(np.array([[0, 0, 0], [1, 0, 1]]), measure="prais", seed=1, n_resamples=9)
    assert np.isnan(estimate.value)
    assert np.isnan(estimate.low)


SQUARES = gpd.GeoSeries([box(0, 0, 1, 1), box(1, 0, 2, 1)], index=["a", "b"])


@pytest.mark.parametrize(
    ("units", "choice", "error", "message"),
    [
        (SQUARES, {"rule": "bishop"}, FupingError, "Rule 'bishop' is unknown.*queen"),
        (SQUARES, {"rule": "knn"}, FupingError, "needs k > 0"),
        (SQUARES, {"rule": "queen", "k": 3}, FupingError, "says nothing about rule 'queen'"),
        (SQUARES, {"rule": "knn", "k": 1}, CRSError, "no CRS"),
        (SQUARES.set_crs(4326), {"rule": "distance", "threshold": 5}, CRSError, "in degrees"),
        (SQUARES.set_crs(3857), {"rule": "knn", "k": 2}, FupingError, "2 nearest neighbours .* among 2 units"),
        (SQUARES.set_axis(["a", "a"]), {"rule": "queen"}, GeometryError, "Codes stand twice: a"),
        (gpd.GeoSeries([box(0, 0, 1, 1), Point(1, 1)], ["a", "b"]), {"rule": "queen"}, GeometryError, "b is a Point"),
        (gpd.GeoSeries([None, None]), {"rule": "queen"}, GeometryError, "None of 2 units has a geometry"),
    ],
)
def test_neighbours_that_cannot_be_found_are_refused(units, choice, error, message):
    with pytest.raises(error, match=message):
        neighbours_from_polygons(units, **choice)


def test_pairs_of_one_column_are_refused():
    with pytest.raises(FupingError, match="1 columns"):
        neighbours_from_pairs(pd.DataFrame({"a": ["x"]}), pd.Index(["x"]), symmetric="as_given")
