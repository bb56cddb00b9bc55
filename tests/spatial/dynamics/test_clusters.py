"""Global and local association, and its history, on graphs small enough to enumerate."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import (
    emerging_category,
    emerging_spots,
    global_autocorrelation,
    local_getis_ord,
    local_moran,
)
from libpysal.graph import Graph
from scipy import sparse

UNITS = list("abcdef")


def graph_of(*pairs, units=UNITS):
    both = [tuple(pair) for pair in pairs] + [tuple(pair)[::-1] for pair in pairs]
    matrix = pd.DataFrame(0.0, index=units, columns=units)
    for one, two in both:
        matrix.loc[one, two] = 1.0
    return Graph.from_sparse(sparse.csr_array(matrix.to_numpy()), ids=units)


CHAIN = graph_of("ab", "bc", "cd", "de", "ef")
RISING = pd.Series([1.0, 2.0, 3.5, 4.0, 6.0, 7.0], index=UNITS)


def grid(side):
    units = [(row, column) for row in range(side) for column in range(side)]
    names = [f"{row:02d}{column:02d}" for row, column in units]
    pairs = [
        (f"{row:02d}{column:02d}", f"{row + down:02d}{column + right:02d}")
        for row, column in units
        for down, right in ((0, 1), (1, 0))
        if row + down < side and column + right < side
    ]
    return graph_of(*pairs, units=names), names


@pytest.mark.parametrize("measure", ["moran", "geary"])
def test_permutations_give_the_share_that_counting_all_orders_gives(measure):
    matrix = CHAIN.transform("r").sparse.toarray()

    def statistic(x):
        z = x - x.mean()
        if measure == "moran":
            return (z @ matrix @ z) / (z @ z)
        return 5 * (matrix * (x[:, None] - x) ** 2).sum() / (2 * 6 * (z @ z))

    observed = statistic(RISING.to_numpy())
    every = np.array([statistic(np.array(order)) for order in permutations(RISING)])
    exact = 2 * min((every >= observed - 1e-12).mean(), (every <= observed + 1e-12).mean())
    found = global_autocorrelation(
        RISING.to_frame().T.set_axis([2000]), CHAIN, measure=measure, seed=1, permutations=20000
    ).by_year.loc[2000]
    assert found["value"] == pytest.approx(observed)
    assert found["p_value"] == pytest.approx(exact, abs=0.004)
    assert found["se"] == pytest.approx(every.std(), rel=0.02)


def test_local_p_values_are_those_of_counting_all_orders_of_the_others():
    found = local_moran(RISING, CHAIN, seed=1, permutations=20000).table
    for unit in ("a", "c"):
        others = RISING.drop(unit).to_numpy()
        near = CHAIN[unit].index
        k = len(near)
        sums = np.array([sum(order[:k]) for order in permutations(others)])
        observed = RISING[near].sum()
        exact = min(1.0, 2 * min((sums >= observed - 1e-9).mean(), (sums <= observed + 1e-9).mean()))
        assert found.loc[unit, "p_value"] == pytest.approx(exact, abs=0.015)


def test_islands_and_missing_units_are_named_not_tested():
    graph = graph_of("ab", "bc", "cd", "da", "ac")
    values = pd.Series([1.0, 2.0, 3.0, 9.0, 5.0, np.nan], index=UNITS)
    for method in (local_moran, local_getis_ord):
        found = method(values, graph, seed=1, permutations=99)
        assert found.table["cluster"].tolist()[4:] == ["island", "missing"]
        assert found.table.loc[["e", "f"], "p_value"].isna().all()
        assert (found.n, found.n_missing, found.islands) == (4, 1, ("e",))
    whole = global_autocorrelation(values.to_frame().T.set_axis([1]), graph, measure="moran", seed=1, permutations=99)
    assert whole.by_year.loc[1, ["n", "n_missing", "n_islands"]].tolist() == [4, 1, 1]
    assert whole.left_out["reason"].tolist() == ["island", "missing"]


def test_a_unit_whose_neighbours_are_all_missing_is_told_apart_from_an_island():
    graph = graph_of("ab", "bc", "cd", "da", "ef")
    values = pd.Series([1.0, 2.0, 3.0, 9.0, 5.0, np.nan], index=UNITS)
    found = local_moran(values, graph, seed=1, permutations=99)
    assert found.table.loc["e", "cluster"] == "neighbours missing"


def test_a_warm_corner_is_found_and_its_opposite_is_cold():
    graph, names = grid(8)
    place = np.array([(int(name[:2]), int(name[2:])) for name in names])
    values = pd.Series(0.0, index=names)
    values[(place < 3).all(axis=1)] = 10.0
    values[(place > 4).all(axis=1)] = -10.0
    values += np.random.default_rng(1).normal(0, 0.5, 64)  # simulated noise
    spots = local_getis_ord(values, graph, seed=1, permutations=1999).table["cluster"]
    assert spots["0101"] == "hot"
    assert spots["0606"] == "cold"
    assert spots["0007"] == "not significant"
    quads = local_moran(values, graph, seed=1, permutations=1999).table["cluster"]
    assert (quads["0101"], quads["0606"]) == ("HH", "LL")


def test_control_of_false_discoveries_keeps_noise_quiet():
    graph, names = grid(12)
    noise = pd.Series(np.random.default_rng(2).normal(size=144), index=names)  # simulated
    found = local_moran(noise, graph, seed=1, permutations=1999)
    assert (found.table["p_value"] < 0.05).sum() > 0
    assert found.n_found == 0


def test_shifting_and_scaling_the_values_changes_no_spot():
    graph, names = grid(5)
    values = pd.Series(np.random.default_rng(3).normal(size=25), index=names)  # simulated, mean near 0
    one = local_getis_ord(values, graph, seed=1, permutations=199).table
    two = local_getis_ord(values * 3 - 100, graph, seed=1, permutations=199).table
    np.testing.assert_allclose(one["z"], two["z"], atol=1e-9)
    assert (one["p_value"] == two["p_value"]).all()


def test_the_order_of_units_does_not_move_the_statistic():
    shuffled = RISING[list("fbdace")]
    one, two = (local_moran(part, CHAIN, seed=1, permutations=99).table["value"] for part in (RISING, shuffled))
    pd.testing.assert_series_equal(one, two[UNITS])


@pytest.mark.parametrize(
    ("spots", "trend", "category"),
    [
        ([0, 0, 0, 1], "rising", "new hot"),
        ([0, 0, 1, 1], "rising", "consecutive hot"),
        ([1, 1, 1, 1], "rising", "intensifying hot"),
        ([1, 1, 1, 1], "not distinguishable", "persistent hot"),
        ([1, 1, 1, 1], "falling", "diminishing hot"),
        ([1, 0, 1, 1], "rising", "sporadic hot"),
        ([-1, 0, 0, 1], "rising", "new hot"),
        ([-1, 1, 0, 1], "rising", "oscillating hot"),
        ([1] * 9 + [0], "falling", "historical hot"),
        ([1, 1, 0, 0], "falling", "no pattern"),
        ([-1, -1, -1, -1], "falling", "intensifying cold"),
        ([-1, -1, -1, -1], "rising", "diminishing cold"),
        ([np.nan, 0, np.nan, -1], "not distinguishable", "new cold"),
        ([np.nan, np.nan], "too few years", "not known"),
    ],
)
def test_each_history_has_its_name(spots, trend, category):
    assert emerging_category(spots, trend=trend) == category


def test_a_spot_that_appears_in_the_last_year_is_new():
    graph, names = grid(10)
    place = np.array([(int(name[:2]), int(name[2:])) for name in names])
    rng = np.random.default_rng(4)
    panel = pd.DataFrame(rng.normal(size=(5, 100)), index=range(2015, 2020), columns=names)  # simulated
    panel.loc[2019, (place < 4).all(axis=1)] += 12
    found = emerging_spots(panel, graph, seed=1, permutations=9999)
    assert found.table.loc["0101", "category"] == "new hot"
    assert found.table.loc["0101", "n_years"] == 5
    assert found.counts.sum() == 100
