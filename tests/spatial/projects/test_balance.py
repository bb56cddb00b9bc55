"""Balance by hand, and overlap at its limits."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.balance import balance_table, propensity_overlap
from fuping.spatial.projects.errors import DesignError
from sklearn.linear_model import LogisticRegression


def draw(seed, n=120):
    """SIMULATED units whose chance of treatment rises with x."""
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.normal(size=(n, 2)), columns=["x", "z"], index=[f"u{i}" for i in range(n)])
    treated = pd.Series(rng.random(n) < 1 / (1 + np.exp(1 - x["x"])), index=x.index)
    treated.iloc[:2] = [True, False]
    return x, treated


def test_differences_and_ratios_by_hand():
    x = pd.DataFrame({"x": [1.0, 3.0, 5.0, 0.0, 2.0, np.nan], "same": 1.0})
    table = balance_table(x, pd.Series([True, True, True, False, False, False]))
    assert table.loc["x", ["treated_mean", "control_mean", "n_treated", "n_control", "missing"]].tolist() == [
        3,
        1,
        3,
        2,
        1,
    ]
    # Variances 4 and 2: d = 2 / sqrt(3).
    assert table.loc["x", "standardised_difference"] == pytest.approx(2 / np.sqrt(3))
    assert table.loc["x", "variance_ratio"] == 2
    assert np.isnan(table.loc["same", "standardised_difference"])


def test_a_weight_counts_a_unit_as_many():
    x, treated = draw(1, 20)
    times = pd.Series(np.arange(20) % 3 + 1, index=x.index)
    repeated = x.loc[x.index.repeat(times)].reset_index(drop=True)
    group = treated.loc[treated.index.repeat(times)].reset_index(drop=True)
    columns = ["treated_mean", "control_mean", "standardised_difference", "variance_ratio"]
    weighted = balance_table(x, treated, weights=times)[columns]
    assert weighted.to_numpy() == pytest.approx(balance_table(repeated, group)[columns].to_numpy())


def test_the_chance_of_treatment_is_that_of_another_package():
    x, treated = draw(2)
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x, treated).predict_proba(x)[:, 1]
    found = propensity_overlap(x, treated)
    assert found.propensity.to_numpy() == pytest.approx(theirs, abs=1e-5)
    odds = (theirs / (1 - theirs))[~treated]
    assert found.effective_controls == pytest.approx(odds.sum() ** 2 / (odds**2).sum(), rel=1e-4)
    assert 0 <= found.treated_outside < 0.2


def test_groups_that_cannot_be_compared_are_refused():
    x, treated = draw(4, 30)
    with pytest.raises(DesignError, match="30 of 30 units are treated"):
        balance_table(x, treated | True)
    with pytest.raises(DesignError, match="different indexes"):
        balance_table(x, treated.reset_index(drop=True))
    with pytest.raises(DesignError, match="The groups do not overlap: gives_away tell them apart perfectly"):
        propensity_overlap(x.assign(gives_away=treated.astype(float)), treated)
    with pytest.raises(DesignError, match="x, z, twice are linearly dependent"):
        propensity_overlap(x.assign(twice=2 * x["x"]), treated)
    with pytest.raises(DesignError, match="1 units lack a covariate: u3"):
        propensity_overlap(x.assign(x=x["x"].where(x.index != "u3")), treated)
    with pytest.raises(DesignError, match="word has values that are no numbers"):
        balance_table(x.assign(word="a"), treated)
