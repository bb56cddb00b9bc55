"""Components of a change of poverty add up, and each is what its name says."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.fgt import poverty_gap
from fuping.spatial.poverty.sectors import sector_components, sectoral_change
from hypothesis import given
from hypothesis import strategies as st

sectors = st.lists(st.tuples(st.integers(1, 500).map(float), st.integers(1, 4)), min_size=2, max_size=15)


@given(sectors, sectors, st.data())
def test_sectoral_components_are_the_change(before, after, data):
    # Both sectors stand in both periods.
    labels = [
        data.draw(st.lists(st.sampled_from("uv"), min_size=len(p) - 2, max_size=len(p) - 2)) for p in (before, after)
    ]
    groups = ["u", "v", *labels[0]], ["u", "v", *labels[1]]
    y, w = (
        [[row[0] for row in part] for part in (before, after)],
        [[row[1] for row in part] for part in (before, after)],
    )
    parts = sectoral_change(*y, line=250, groups=groups, alpha=1, weights=tuple(w))
    change = poverty_gap(y[1], line=250, weights=w[1]).value - poverty_gap(y[0], line=250, weights=w[0]).value
    assert parts.change.value == pytest.approx(change, abs=1e-12)
    summed = parts.intrasectoral.value + parts.population_shift.value + parts.interaction.value
    assert summed == pytest.approx(change, abs=1e-12)
    names = ["intrasectoral", "population_shift", "interaction"]
    of_table = parts.table[names].sum()
    assert of_table.tolist() == pytest.approx([getattr(parts, name).value for name in names], abs=1e-12)


def test_sector_components_by_hand():
    index = ["rural", "urban"]
    table = sector_components(
        pd.Series([0.8, 0.2], index),
        pd.Series([0.5, 0.1], index),
        pd.Series([0.6, 0.4], index),
        pd.Series([0.4, 0.1], index),
    )
    assert table["intrasectoral"].tolist() == pytest.approx([-0.08, 0])
    assert table["population_shift"].tolist() == pytest.approx([-0.1, 0.02])
    assert table["interaction"].tolist() == pytest.approx([0.02, 0])
    before, after = 0.8 * 0.5 + 0.2 * 0.1, 0.6 * 0.4 + 0.4 * 0.1
    total = table[["intrasectoral", "population_shift", "interaction"]].to_numpy().sum()
    assert total == pytest.approx(after - before)


def test_the_standard_error_of_a_sectoral_component_follows_from_numerical_derivatives():
    random = np.random.default_rng(8)
    y = random.lognormal(size=20), random.lognormal(size=25)
    groups = random.choice(list("uv"), 20), random.choice(list("uv"), 25)
    weights = [random.uniform(1, 2, 20), random.uniform(1, 2, 25)]
    step, variance = 1e-6, 0.0
    for period in (0, 1):
        u = np.empty(len(y[period]))
        for k in range(len(u)):
            ends = []
            for sign in (1, -1):
                moved = [part.copy() for part in weights]
                moved[period][k] += sign * step
                ends.append(sectoral_change(*y, line=1, groups=groups, weights=tuple(moved)).intrasectoral.value)
            u[k] = weights[period][k] * (ends[0] - ends[1]) / (2 * step)
        variance += len(u) / (len(u) - 1) * ((u - u.mean()) ** 2).sum()
    found = sectoral_change(*y, line=1, groups=groups, weights=tuple(weights)).intrasectoral.se
    assert found == pytest.approx(np.sqrt(variance), rel=1e-5)
