"""The wild cluster bootstrap beside that of another package, and on SIMULATED panels with few clusters."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import read_panel
from fuping.spatial.projects.wild_bootstrap import wild_cluster_bootstrap
from monte_carlo import hold_rate_to, hold_to_95, moved_by
from wildboottest.wildboottest import WildboottestCL


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
    chosen = np.array([1.0 if name == "D" else 0.0 for name in model.exog_names])
    theirs = WildboottestCL(X=model.exog, Y=model.endog, cluster=rows["area"], R=chosen, B=999, seed=1)
    theirs.get_scores(bootstrap_type="11", impose_null=True)
    theirs.get_weights(weights_type="rademacher")
    for step in (theirs.get_numer, theirs.get_denom, theirs.get_tboot, theirs.get_vcov, theirs.get_tstat):
        step()
    found = wild_cluster_bootstrap(panel_of(rows), signs="rademacher")
    # Eight clusters have 256 combinations of signs; both packages go through all of them. The statistic itself and its
    # mirror are among them: whether they count as above it is left to rounding there, and here they do not.
    above = np.abs(theirs.t_boot) > np.abs(theirs.t_stat) * (1 + 1e-9)
    assert len(above) == 256
    assert found.p_value == pytest.approx(above.mean(), abs=1e-12)
    assert found.overall.value == pytest.approx(float(model.fit().params["D"]))
    assert (found.overall.low <= 0 <= found.overall.high) == (found.p_value >= 0.05)


def test_with_few_clusters_it_rejects_and_covers_as_often_as_it_says():
    rows = [rows_of(1000 + seed, clusters=10, treated=5, units=2, t=3) for seed in range(600)]
    found = [wild_cluster_bootstrap(panel_of(one), draws=199, seed=1) for one in rows]
    hold_to_95([one.overall for one in found], tells_its_error=False)
    hold_rate_to([one.p_value < 0.05 for one in found], 0.05)
    # The usual clustered interval with ten clusters is too narrow.
    usual = np.array([abs(one.overall.value) > 1.96 * one.overall.se for one in found])
    assert usual.mean() > 0.07
    assert {(one.clusters, one.treated_clusters) for one in found} == {(10, 5)}


def test_an_effect_moves_the_estimate_and_its_interval_by_itself():
    found = [wild_cluster_bootstrap(panel_of(rows_of(3, effect=effect)), draws=199).overall for effect in (0.0, 2.0)]
    moved_by(2.0, *found)


def test_what_cannot_be_bootstrapped_is_refused():
    with pytest.raises(DesignError, match="There are 4 clusters"):
        wild_cluster_bootstrap(panel_of(rows_of(2, clusters=4, treated=2)))
    with pytest.raises(DesignError, match="has no clusters"):
        wild_cluster_bootstrap(panel_of(rows_of(2), cluster=None))
    with pytest.raises(DesignError, match="does not take weights"):
        wild_cluster_bootstrap(panel_of(rows_of(2).assign(w=lambda rows: rows["area"] + 1.0), weights="w"))
