"""The wild cluster bootstrap beside that of another package, and on SIMULATED panels with few clusters."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import read_panel
from fuping.spatial.projects.wild_bootstrap import wild_cluster_bootstrap
from wildboottest.wildboottest import wildboottest


def rows_of(seed, *, clusters=8, treated=4, units=5, t=4, effect=0.0):
    """SIMULATED: units of a cluster share a shock in each period, so that they are not independent."""
    rng = np.random.default_rng(seed)
    shock = rng.normal(size=(clusters, 1, t))
    y = shock + rng.normal(size=(clusters, units, t))
    y[:treated, :, 2:] += effect
    c, u, p = np.meshgrid(np.arange(clusters), np.arange(units), np.arange(1, t + 1), indexing="ij")
    return pd.DataFrame(
        {
            "unit": [f"{a}-{b}" for a, b in zip(c.ravel(), u.ravel(), strict=True)],
            "year": p.ravel(),
            "y": y.ravel(),
            "first": np.where(c.ravel() < treated, 3.0, np.nan),
            "area": c.ravel(),
        }
    )


def panel_of(rows, **options):
    names = {"unit": "unit", "time": "year", "outcome": "y", "first_treated": "first", "cluster": "area"}
    return read_panel(rows, **names | options)


@pytest.mark.filterwarnings("ignore:2\\^G")
@pytest.mark.parametrize("effect", [0.0, 1.5])
def test_the_p_value_is_that_of_another_package(effect):
    rows = rows_of(1, effect=effect)
    x = pd.get_dummies(rows[["unit", "year"]].astype(str), drop_first=True).astype(float)
    x.insert(0, "D", ((rows["first"] == 3) & (rows["year"] >= 3)).astype(float))
    model = sm.OLS(rows["y"], sm.add_constant(x))
    theirs = wildboottest(model, param="D", cluster=rows["area"], B=999, weights_type="rademacher", seed=1, show=False)
    found = wild_cluster_bootstrap(panel_of(rows), signs="rademacher")
    # Eight clusters have 256 combinations of signs; both packages go through all of them.
    assert found.p_value == pytest.approx(float(theirs["p-value"].iloc[0]), abs=1e-12)
    assert found.overall.value == pytest.approx(float(model.fit().params["D"]))
    assert (found.overall.low <= 0 <= found.overall.high) == (found.p_value >= 0.05)


def test_with_few_clusters_it_rejects_as_often_as_it_says():
    found = [wild_cluster_bootstrap(panel_of(rows_of(seed)), draws=199, seed=seed) for seed in range(150)]
    assert 0.01 <= np.mean([one.p_value < 0.05 for one in found]) <= 0.10
    # The usual clustered interval with eight clusters is too narrow.
    usual = np.array([abs(one.overall.value) > 1.96 * one.overall.se for one in found])
    assert usual.mean() > np.mean([one.p_value < 0.05 for one in found])


def test_a_simulated_effect_is_covered():
    found = [wild_cluster_bootstrap(panel_of(rows_of(seed, effect=2.0)), draws=199, seed=seed) for seed in range(60)]
    assert np.mean([one.overall.value for one in found]) == pytest.approx(2, abs=0.25)
    assert np.mean([one.overall.low <= 2 <= one.overall.high for one in found]) >= 0.88
    assert {(one.clusters, one.treated_clusters) for one in found} == {(8, 4)}


def test_what_cannot_be_bootstrapped_is_refused():
    with pytest.raises(DesignError, match="There are 4 clusters"):
        wild_cluster_bootstrap(panel_of(rows_of(2, clusters=4, treated=2)))
    with pytest.raises(DesignError, match="has no clusters"):
        wild_cluster_bootstrap(panel_of(rows_of(2), cluster=None))
    with pytest.raises(DesignError, match="does not take weights"):
        wild_cluster_bootstrap(panel_of(rows_of(2).assign(w=lambda rows: rows["area"] + 1.0), weights="w"))
