"""Components of a change of poverty add up, and each is what its name says."""

import numpy as np
import pytest
from fuping.spatial.poverty.estimate import Inference, difference
from fuping.spatial.poverty.fgt import foster_greer_thorbecke, headcount_ratio
from fuping.spatial.poverty.growth import growth_redistribution
from hypothesis import given
from hypothesis import strategies as st

incomes = st.lists(st.integers(1, 500).map(float), min_size=2, max_size=20)
METHODS = ["shapley", "datt_ravallion_before", "datt_ravallion_after"]


@pytest.mark.parametrize("method", METHODS)
@given(incomes, incomes, st.integers(2, 400), st.sampled_from([0, 1, 2]))
def test_growth_redistribution_and_residual_are_the_change(method, before, after, line, alpha):
    parts = growth_redistribution(before, after, line=line, alpha=alpha, method=method)
    change = (
        foster_greer_thorbecke(after, line=line, alpha=alpha).value
        - foster_greer_thorbecke(before, line=line, alpha=alpha).value
    )
    assert parts.change.value == pytest.approx(change, abs=1e-12)
    summed = parts.growth.value + parts.redistribution.value + parts.residual.value
    assert summed == pytest.approx(change, abs=1e-12)
    if method == "shapley":
        assert parts.residual.value == 0


@given(incomes, st.integers(2, 400), st.sampled_from([0.5, 2.0]))
def test_equal_growth_for_all_is_no_redistribution(before, line, factor):
    parts = growth_redistribution(before, np.array(before) * factor, line=line, alpha=1)
    assert parts.redistribution.value == pytest.approx(0, abs=1e-9)
    assert parts.growth.value == pytest.approx(parts.change.value, abs=1e-9)


def test_a_change_at_the_same_mean_is_no_growth():
    parts = growth_redistribution([80, 120], [60, 140], line=100, alpha=1)
    assert parts.growth.value == pytest.approx(0, abs=1e-12)
    assert parts.redistribution.value == pytest.approx(0.1)


def test_a_headcount_that_jumps_at_the_line_has_no_standard_error():
    # At the mean after, everyone before stands at the line: the least change of a mean moves all of them over it.
    parts = growth_redistribution([50.0, 50.0], [80.0, 120.0], line=100)
    assert parts.growth.value == pytest.approx((-1 - 0.5) / 2)
    assert np.isnan(parts.growth.se)


def test_datt_and_ravallion_by_hand():
    # Means 100 and 150. Before scaled to the mean after: 75, 225. After scaled to the mean before: 40, 160.
    parts = growth_redistribution([50, 150], [60, 240], line=100, alpha=1, method="datt_ravallion_before")
    assert parts.growth.value == pytest.approx(0.125 - 0.25)
    assert parts.redistribution.value == pytest.approx(0.3 - 0.25)
    assert parts.residual.value == pytest.approx((0.2 - 0.25) - (0.125 - 0.25) - (0.3 - 0.25))
    shapley = growth_redistribution([50, 150], [60, 240], line=100, alpha=1)
    assert shapley.growth.value == pytest.approx(((0.125 - 0.25) + (0.2 - 0.3)) / 2)


def test_the_change_has_the_standard_error_of_two_independent_samples():
    random = np.random.default_rng(0)
    one, two = random.lognormal(0, 0.6, 80), random.lognormal(0.2, 0.6, 120)
    clusters = np.repeat(range(20), 4), np.repeat(range(30), 4)
    parts = growth_redistribution(one, two, line=0.9, clusters=clusters)
    apart = [headcount_ratio(y, line=0.9, clusters=c) for y, c in zip((one, two), clusters, strict=True)]
    assert parts.change.se == pytest.approx(difference(*apart).se)
    assert (parts.before.value, parts.after.value) == (apart[0].value, apart[1].value)
    assert parts.before.se == pytest.approx(apart[0].se)


@pytest.mark.parametrize("method", METHODS)
def test_components_vary_between_simulated_surveys_as_their_standard_errors_say(method):
    found = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        before, after = random.lognormal(0, 0.7, 300), random.lognormal(0.2, 0.6, 300)
        found.append(growth_redistribution(before, after, line=0.8, alpha=0, method=method))
    for part in ("growth", "redistribution"):
        estimates = [getattr(one, part) for one in found]
        spread = np.std([one.value for one in estimates])
        assert np.mean([one.se for one in estimates]) == pytest.approx(spread, rel=0.2)


def test_growth_has_a_bootstrap_of_both_samples():
    random = np.random.default_rng(4)
    before, after = random.lognormal(0, 0.7, 200), random.lognormal(0.2, 0.6, 200)
    linearised = growth_redistribution(before, after, line=0.8, alpha=1)
    redrawn = growth_redistribution(
        before, after, line=0.8, alpha=1, inference=Inference(method="bootstrap", replicates=600)
    )
    assert redrawn.growth.se == pytest.approx(linearised.growth.se, rel=0.12)
    assert redrawn.redistribution.se == pytest.approx(linearised.redistribution.se, rel=0.12)
