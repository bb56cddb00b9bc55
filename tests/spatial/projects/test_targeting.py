"""Targeting by hand, at its limits, and under each rule."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.errors import TargetingError
from fuping.spatial.projects.simulation import simulate_transfer
from fuping.spatial.projects.targeting import (
    assess_targeting,
    coady_grosh_hoddinott,
    concentration_curve,
    concentration_index,
    roc_curve,
)
from hypothesis import given
from hypothesis import strategies as st

SMALL = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5), st.integers(1, 4)), min_size=2, max_size=12).filter(
    lambda rows: any(benefit for _, benefit, _ in rows)
)


def test_errors_of_targeting_by_hand():
    # 100 poor, 60 of them reached; 300 others, 40 of them reached, at twice the benefit.
    found = assess_targeting([1, 1, 0, 0], [5, 0, 10, 0], weights=[60, 40, 40, 260])
    assert found.undercoverage == 0.4
    assert found.leakage == 0.4
    assert found.benefit_leakage == pytest.approx(400 / 700)
    assert found.differential == pytest.approx(0.6 - 40 / 300)


def test_perfect_targeting_has_differential_one_and_reversed_minus_one():
    poor = np.array([True, True, False])
    assert assess_targeting(poor, poor).differential == 1
    assert assess_targeting(poor, ~poor).differential == -1


def test_leakage_is_missing_where_nobody_is_reached():
    assert np.isnan(assess_targeting([True, False], [0, 0]).leakage)


@given(SMALL)
def test_the_concentration_index_is_twice_a_covariance_with_the_rank(rows):
    # An independent route: the covariance formula (O'Donnell et al. 2008, ch. 8) on people one by one.
    welfare, benefit, people = (np.array(column) for column in zip(*rows, strict=True))
    one_by_one = np.repeat(np.arange(len(rows)), people)
    w, b = welfare[one_by_one], benefit[one_by_one].astype(float)
    below = (w[:, None] > w[None, :]).sum(axis=1)
    equal = (w[:, None] == w[None, :]).sum(axis=1)
    rank = (below + equal / 2) / len(w)
    expected = 2 * np.mean((b - b.mean()) * (rank - rank.mean())) / b.mean()
    assert concentration_index(benefit, welfare=welfare, weights=people) == pytest.approx(expected, abs=1e-12)


@given(SMALL)
def test_an_equal_benefit_has_no_concentration(rows):
    welfare, _, people = zip(*rows, strict=True)
    equal = np.full(len(rows), 7.0)
    assert concentration_index(equal, welfare=welfare, weights=people) == pytest.approx(0, abs=1e-12)
    for share in (0.1, 0.4, 1.0):
        assert coady_grosh_hoddinott(equal, welfare=welfare, target_share=share, weights=people) == pytest.approx(1)


def test_the_curve_runs_from_nothing_to_everything():
    curve = concentration_curve([0, 3, 1], welfare=[1, 2, 2], weights=[2, 1, 1])
    assert curve.to_numpy().tolist() == [[0, 0], [0.5, 0], [1, 1]]


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=2, max_size=15).filter(
        lambda rows: len({poor for poor, _ in rows}) == 2
    )
)
def test_the_area_under_the_curve_is_the_chance_of_a_right_order(rows):
    poor, score = (np.array(column) for column in zip(*rows, strict=True))
    pairs = score[poor][:, None] - score[~poor][None, :]
    found = roc_curve(poor, score=score)
    assert found.auc == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    assert found.table.iloc[-1][["poor_selected", "non_poor_selected"]].tolist() == [1, 1]


PEOPLE = pd.DataFrame(
    {"unit": ["a", "a", "b", "b", "c"], "welfare": [40.0, 90.0, 60.0, 150.0, 300.0], "weight": [10, 10, 20, 10, 50]}
)


def test_a_universal_transfer_is_the_same_for_all():
    done = simulate_transfer(PEOPLE, budget=1000, rule="universal", line=100)
    assert done.benefit.unique().tolist() == [10.0]
    assert done.plan["amount"].tolist() == [200, 300, 500]
    # By hand: the second row of a reaches the line of 100 and is poor no more.
    assert done.poverty.loc[0].tolist() == pytest.approx([0.4, 0.3, 0.1])
    assert done.poverty.loc[1, "before"] == pytest.approx((10 * 0.6 + 10 * 0.1 + 20 * 0.4) / 100)
    assert done.poverty.loc[1, "after"] == pytest.approx((10 * 0.5 + 20 * 0.3) / 100)


def test_a_geographic_transfer_serves_whole_units_in_turn_and_the_last_in_part():
    score = pd.Series({"a": 1.0, "b": 3.0, "c": 0.0})
    done = simulate_transfer(PEOPLE, budget=1500, rule="geographic", line=100, transfer=40, score=score)
    # b: 30 people at 40 = 1200; the 300 left are 15 each for the 20 people of a.
    assert done.benefit.tolist() == [15, 15, 40, 40, 0]
    assert done.plan["amount"].to_dict() == {"a": 300, "b": 1200, "c": 0}
    assert done.targeting.leakage == pytest.approx(10 / 50)
    assert done.unspent == 0


def test_a_perfect_proxy_reaches_only_the_poor_and_keeps_what_is_left():
    done = simulate_transfer(
        PEOPLE, budget=10_000, rule="proxy_means", line=100, transfer=60, score=-PEOPLE["welfare"].clip(upper=100)
    )
    assert done.spent == pytest.approx(60 * 100)
    assert done.unspent == pytest.approx(4000)
    tight = simulate_transfer(PEOPLE, budget=2400, rule="proxy_means", line=100, transfer=60, score=-PEOPLE["welfare"])
    assert (tight.targeting.leakage, tight.targeting.undercoverage) == (0, 0)
    assert tight.poverty["after"].tolist() == [0, 0, 0]


@given(st.floats(0.01, 1e6), st.sampled_from(["universal", "geographic", "proxy_means"]), st.floats(0.01, 1e3))
def test_the_plan_spends_what_is_spent_and_never_more_than_the_budget(budget, rule, transfer):
    score = pd.Series({"a": 1.0, "b": 1.0, "c": 2.0}) if rule == "geographic" else PEOPLE["welfare"]
    done = simulate_transfer(PEOPLE, budget=budget, rule=rule, line=100, transfer=transfer, score=score)
    assert done.spent <= budget * (1 + 1e-12)
    assert done.plan["amount"].sum() == pytest.approx(done.spent, abs=0.0051)
    assert (done.poverty["fall"] >= -1e-12).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "fair"}, "The rule 'fair' is unknown"),
        ({"budget": 0}, "The budget is 0"),
        ({"rule": "geographic"}, "The transfer is nan"),
        ({"rule": "geographic", "transfer": 5}, "needs a score"),
        (
            {"rule": "geographic", "transfer": 5, "score": pd.Series({"a": 1})},
            r"3 rows have no score: row 2 \(unit b\)",
        ),
    ],
)
def test_a_simulation_that_lacks_something_is_refused(options, message):
    with pytest.raises(TargetingError, match=message):
        simulate_transfer(PEOPLE, **({"budget": 100, "rule": "universal", "line": 100} | options))


def test_missing_values_are_named_not_dropped():
    with pytest.raises(TargetingError, match=r"benefit is missing.* in 1 of 2 rows: 1 \(nan\)"):
        assess_targeting([True, False], [1.0, np.nan])
    with pytest.raises(TargetingError, match="weights has 3 rows where poor has 2"):
        assess_targeting([True, False], [1, 0], weights=[1, 2, 3])
    with pytest.raises(TargetingError, match="All rows are poor, or none is"):
        roc_curve([True, True], score=[1, 2])
    with pytest.raises(TargetingError, match="Nobody benefits"):
        concentration_index([0, 0], welfare=[1, 2])
