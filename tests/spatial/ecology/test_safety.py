"""Composite indices and the graded index of ecological safety."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.composite import aggregate, grade, normalise, rank_intervals
from fuping.spatial.ecology.safety import safety_by_year, safety_index, year_on_year
from fuping.spatial.weighting import CompositeError, ahp_weights, entropy_weights, equal_weights, pca_weights
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

UNITS = pd.Index(["a", "b", "c"], name="code")
VALUES = pd.DataFrame(
    {"loss": [0.0, 10.0, 20.0], "cover": [90.0, np.nan, 10.0], "forest": [1.0, 2.0, 5.0]}, index=UNITS
)
INDICATORS = pd.DataFrame(
    {
        "dimension": ["pressure", "state", "response"],
        "direction": ["negative", "positive", "positive"],
        "low": [0, 0, 0],
        "high": [20, 100, 5],
    },
    index=["loss", "cover", "forest"],
)
GRADES = {"breaks": [0.3, 0.6], "labels": ["unsafe", "middling", "safe"]}


def index_of(**options):
    given_options = {
        "indicators": INDICATORS,
        "normalisation": "min-max",
        "weights": "equal",
        "dimension_weights": pd.Series({"pressure": 0.5, "state": 0.25, "response": 0.25}),
        "aggregation": "linear",
    }
    return safety_index(VALUES, **(given_options | GRADES | options))


def test_the_index_is_the_weighted_mean_of_its_dimensions():
    table = index_of().table
    # a: 0.5 · 1 + 0.25 · 0.9 + 0.25 · 0.2; c: 0 + 0.25 · 0.1 + 0.25 · 1
    assert table["index"].round(10).tolist()[::2] == [0.775, 0.275]
    assert table["grade"].tolist()[::2] == ["safe", "unsafe"]


def test_a_missing_indicator_leaves_the_index_empty_unless_allowed():
    assert np.isnan(index_of().table.loc["b", "index"])
    assert pd.isna(index_of().table.loc["b", "grade"])
    lenient = index_of(minimum_weight=0.7).table
    assert lenient.loc["b", "index"] == pytest.approx((0.5 * 0.5 + 0.25 * 0.4) / 0.75)


def test_one_zero_makes_a_geometric_index_zero():
    assert index_of(aggregation="geometric").table.loc["c", "index"] == 0


def test_overall_weights_sum_to_one():
    assert index_of().indicators["weight_overall"].tolist() == [0.5, 0.25, 0.25]


def test_z_scores_have_mean_zero_and_spread_one():
    scores = normalise(VALUES[["loss"]], method="z", directions={"loss": "negative"})
    assert scores["loss"].tolist() == [1, 0, -1]


def test_fuzzy_scores_end_at_their_limits():
    scores = normalise(VALUES[["loss"]], method="fuzzy", directions={"loss": "positive"}, limits={"loss": (5, 15)})
    assert scores["loss"].tolist() == [0, 0.5, 1]


def test_two_copies_of_an_indicator_share_its_weight_in_pca():
    rng = np.random.default_rng(0)
    x = rng.normal(size=500)
    weights = pca_weights(pd.DataFrame({"x": x, "again": 2 * x + 1, "other": rng.normal(size=500)}))
    assert weights["x"] == pytest.approx(weights["again"])
    assert weights["other"] < 0.05


@given(arrays(float, (5, 3), elements=st.floats(0.01, 1)))
def test_a_geometric_mean_never_exceeds_the_linear_one(x):
    scores = pd.DataFrame(x, columns=list("abc"))
    weights = pd.Series({"a": 0.5, "b": 0.3, "c": 0.2})
    linear, geometric = (aggregate(scores, weights=weights, method=how) for how in ("linear", "geometric"))
    assert (geometric <= linear + 1e-12).all()


@given(arrays(float, 4, elements=st.floats(0.1, 9)))
def test_consistent_judgements_give_their_weights_back(w):
    names = list("abcd")
    found = ahp_weights(pd.DataFrame(w[:, None] / w[None, :], index=names, columns=names))
    np.testing.assert_allclose(found.weights, w / w.sum(), rtol=1e-6)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)


def test_ranks_that_hang_on_the_weights_are_wide():
    values = pd.DataFrame({"x": [1.0, 0.0, 0.5], "y": [0.0, 1.0, 0.6]}, index=UNITS)
    result = rank_intervals(
        values,
        directions={"x": "positive", "y": "positive"},
        normalisations=["min-max", "z"],
        weightings={"x": pd.Series({"x": 0.9, "y": 0.1}), "y": pd.Series({"x": 0.1, "y": 0.9})},
        aggregations=["linear", "geometric"],
    )
    assert result.table.loc["a", ["rank", "highest", "lowest"]].tolist() == [1, 1, 3]
    # z-scores have no geometric mean: 2 + 2 with min-max, 2 with z.
    assert result.ranks.shape == (3, 6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: index_of(weights="best"), "Weighting 'best' is unknown"),
        (lambda: index_of(dimension_weights=pd.Series({"pressure": 0.5, "state": 0.5})), "differ in response"),
        (lambda: index_of(normalisation="z", indicators=INDICATORS[["dimension"]]), "no column direction"),
        (lambda: index_of(breaks=[0.6, 0.3]), "2 breaks and 3 labels"),
        (lambda: index_of(indicators=INDICATORS.assign(dimension="driver")), "dimension 'driver'"),
        (
            lambda: normalise(VALUES, method="min-max", directions={"loss": "down"}),
            "loss has the direction 'down'",
        ),
        (
            lambda: normalise(VALUES[["loss"]] * 0, method="min-max", directions={"loss": "negative"}),
            "loss does not vary",
        ),
        (
            lambda: normalise(
                VALUES[["loss"]], method="min-max", directions={"loss": "negative"}, limits={"loss": (0, 5)}
            ),
            "from 0 to 20, beyond 0 to 5",
        ),
        (lambda: entropy_weights(pd.DataFrame({"x": [1.0, -1.0]})), "The least score is -1"),
        (lambda: entropy_weights(pd.DataFrame({"x": [1.0, 1.0]})), "No indicator tells units apart"),
        (
            lambda: ahp_weights(pd.DataFrame([[1, 3], [3, 1]], index=["a", "b"], columns=["a", "b"])),
            "comparisons of a and b are 3 and 3",
        ),
        (
            lambda: aggregate(VALUES[["loss"]] - 5, weights=equal_weights(["loss"]), method="geometric"),
            "needs none below zero",
        ),
        (lambda: grade(pd.Series([0.1]), breaks=[0.5], labels=["low"]), "1 breaks and 1 labels"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(CompositeError, match=words):
        call()


def by_year(values, **options):
    given_options = {
        "indicators": INDICATORS[["dimension", "direction"]],
        "normalisation": "min-max",
        "weights": "equal",
        "dimension_weights": pd.Series({"pressure": 0.5, "state": 0.25, "response": 0.25}),
        "aggregation": "linear",
    }
    return safety_by_year(values, **(given_options | GRADES | options))


def test_several_years_stand_on_one_scale_so_that_a_change_is_one_of_the_land():
    early = pd.DataFrame({"loss": [0.0, 10.0], "cover": [50.0, 0.0], "forest": [1.0, 2.0]}, index=["a", "b"])
    late = pd.DataFrame({"loss": [20.0, 10.0], "cover": [100.0, 0.0], "forest": [1.0, 5.0]}, index=["a", "b"])
    found = by_year({2020: late, 2010: early}).table["index"]
    # Scales over both years: loss 0 to 20, cover 0 to 100, forest 1 to 5.
    assert found.round(10).to_dict() == {
        (2010, "a"): 0.5 + 0.25 * 0.5, (2010, "b"): 0.25 + 0.25 * 0.25,
        (2020, "a"): 0.25, (2020, "b"): 0.25 + 0.25,
    }  # fmt: skip
    change = year_on_year(found)
    assert change["change"].round(10).to_dict() == {(2020, "a"): -0.375, (2020, "b"): 0.1875}
    assert set(change["years"]) == {10}


@settings(deadline=None, max_examples=30)
@given(st.floats(-50, 50), st.integers(0, 1000))
def test_what_stays_the_same_does_not_change_whatever_the_others_do(shift, seed):
    rng = np.random.default_rng(seed)
    early = pd.DataFrame(rng.random((6, 3)) * 100, columns=list(INDICATORS.index), index=list("abcdef"))
    late = early.copy()
    late.loc["b":, "cover"] += shift
    found = year_on_year(by_year({1: early, 2: late}).table["index"])
    assert found.loc[(2, "a"), "change"] == pytest.approx(0, abs=1e-12)


def test_years_that_cannot_be_compared_are_refused():
    table = VALUES.fillna(50)
    with pytest.raises(CompositeError, match="1 years"):
        by_year({2010: table})
    with pytest.raises(CompositeError, match="The year 2020 has no cover"):
        by_year({2010: table, 2020: table.drop(columns="cover")})
