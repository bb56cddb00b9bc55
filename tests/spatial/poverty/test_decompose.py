"""Parts by group add up to the whole, exactly."""

import numpy as np
import pytest
from fuping.spatial.poverty.decompose import decompose_by_group, decompose_inequality
from fuping.spatial.poverty.fgt import foster_greer_thorbecke
from fuping.spatial.poverty.inequality import generalised_entropy
from fuping.spatial.poverty.survey import by_group
from hypothesis import given
from hypothesis import strategies as st

people = st.lists(
    st.tuples(st.integers(1, 500).map(float), st.integers(1, 5), st.sampled_from("abc")), min_size=2, max_size=30
)


@given(people, st.integers(2, 400), st.sampled_from([0, 1, 2]))
def test_contributions_of_groups_sum_to_the_measure(rows, line, alpha):
    y, w, g = (list(column) for column in zip(*rows, strict=True))
    parts = decompose_by_group(y, line=line, groups=g, alpha=alpha, weights=w)
    assert parts.total.value == pytest.approx(
        foster_greer_thorbecke(y, line=line, alpha=alpha, weights=w).value, abs=1e-12
    )
    assert parts.table["contribution"].sum() == pytest.approx(parts.total.value, abs=1e-12)
    assert parts.table["share"].sum() == pytest.approx(1)
    product = parts.table["share"] * parts.table["value"]
    np.testing.assert_allclose(product, parts.table["contribution"], atol=1e-12)


def test_values_of_groups_are_those_of_the_groups_with_the_whole_design():
    random = np.random.default_rng(1)
    y, g, psu = random.lognormal(size=60), random.choice(list("ab"), 60), np.repeat(range(12), 5)
    table = decompose_by_group(y, line=1.0, groups=g, alpha=1, clusters=psu).table
    apart = by_group(foster_greer_thorbecke, y, groups=g, clusters=psu, line=1.0, alpha=1)
    np.testing.assert_allclose(table["value"], apart["value"].astype(float))
    np.testing.assert_allclose(table["value_se"], apart["se"].astype(float))


def test_contributions_by_hand():
    table = decompose_by_group([50, 150, 80, 90], line=100, groups=["x", "x", "y", "y"], alpha=1).table
    assert table["value"].tolist() == pytest.approx([0.25, 0.15])
    assert table["contribution"].tolist() == pytest.approx([0.125, 0.075])
    assert table["relative_contribution"].tolist() == pytest.approx([0.625, 0.375])


def test_nobody_poor_has_no_relative_contribution():
    table = decompose_by_group([150, 160], line=100, groups=["x", "y"]).table
    assert table["contribution"].tolist() == [0, 0]
    assert table["relative_contribution"].isna().all()


@given(people, st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0]))
def test_inequality_within_and_between_is_what_shorrocks_says(rows, alpha):
    y, w, g = (np.array(column) for column in zip(*rows, strict=True))
    parts = decompose_inequality(y, groups=g, alpha=alpha, weights=w)
    mu = np.average(y, weights=w)
    within, means = 0.0, np.empty(len(y))
    for label in set(g.tolist()):
        mine = g == label
        v, m = w[mine].sum() / w.sum(), np.average(y[mine], weights=w[mine])
        means[mine] = m
        within += (
            v * (m / mu) ** alpha * generalised_entropy(y[mine], alpha=alpha, weights=w[mine]).value
            if mine.sum() > 1
            else 0
        )
    between = generalised_entropy(means, alpha=alpha, weights=w).value
    assert parts.between.value == pytest.approx(between, abs=1e-9)
    assert parts.within.value == pytest.approx(within, abs=1e-9)
    assert parts.within.value + parts.between.value == pytest.approx(parts.total.value, abs=1e-9)


def test_the_standard_error_between_groups_follows_from_numerical_derivatives():
    random = np.random.default_rng(2)
    y, w, g = random.lognormal(size=30), random.uniform(1, 2, 30), random.choice(list("abc"), 30)
    z, step = np.empty(30), 1e-6
    for k in range(30):
        up, down = w.copy(), w.copy()
        up[k] += step
        down[k] -= step
        ends = [decompose_inequality(y, groups=g, weights=one).between.value for one in (up, down)]
        z[k] = (ends[0] - ends[1]) / (2 * step)
    u = w * z
    expected = np.sqrt(30 / 29 * ((u - u.mean()) ** 2).sum())
    assert decompose_inequality(y, groups=g, weights=w).between.se == pytest.approx(expected, rel=1e-5)
