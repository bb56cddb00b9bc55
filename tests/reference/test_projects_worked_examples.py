"""Published worked examples of synthetic DiD, discontinuity and matching, on the data they were published with."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects import (
    balance_table,
    density_test,
    discontinuity,
    match_nearest,
    matched_effect,
    read_panel,
    synthetic_did,
    two_period_effect,
)
from fuping.spatial.projects.synthetic_control import synthetic_control
from packaged_data import packaged


@pytest.fixture(scope="module")
def smoking():
    rows = packaged("statspai", "california_prop99.csv")
    rows["first"] = np.where(rows["state"] == "California", 1989.0, np.nan)
    return read_panel(rows, unit="state", time="year", outcome="cigsale", first_treated="first")


def test_synthetic_did_of_proposition_99(smoking):
    # Arkhangelsky et al. (2021), AER 111, table 1: SDID −15.6 (8.4), SC −19.6, DID −27.3; R package synthdid: −15.604.
    found = synthetic_did(smoking)
    assert found.overall.value == pytest.approx(-15.604, abs=5e-4)
    # The placebo draws at random; 38 controls leave the standard error no closer than this.
    assert 8 < found.overall.se < 11.5
    assert found.variance == "placebo"
    # The four largest weights of the vignette of synthdid: Nevada, New Hampshire, Connecticut, Delaware.
    assert found.weights.head(4).round(3).to_dict() == {
        "Nevada": 0.124,
        "New Hampshire": 0.105,
        "Connecticut": 0.078,
        "Delaware": 0.070,
    }
    assert found.period_weights[found.period_weights > 0.001].round(3).to_dict() == {
        1986: 0.366,
        1987: 0.206,
        1988: 0.427,
    }


def test_synthetic_control_and_did_of_proposition_99(smoking):
    # The same table; the paper's synthetic control is on all outcomes before, and by a solver of its own.
    assert synthetic_control(smoking, placebos=False).effect == pytest.approx(-19.6, abs=0.15)
    before = smoking.periods < 1989
    unit = pd.Index(smoking.units)
    mean = [pd.Series(smoking.outcome[:, part].mean(axis=1), unit) for part in (before, ~before)]
    found = two_period_effect(*mean, pd.Series(unit == "California", unit))
    assert found.value == pytest.approx(-27.3, abs=0.05)


@pytest.fixture(scope="module")
def senate():
    return packaged("statspai", "lee_2008_senate.csv")


def test_discontinuity_of_senate_elections(senate):
    # rdrobust(vote, margin), Calonico, Cattaneo and Titiunik (2015), R Journal 7(1), and the packages' own pages:
    # 7.414 (1.459), h = 17.754, 360 and 323 observations, robust z = 4.311, interval 4.094 to 10.919.
    there = senate.dropna()
    found = discontinuity(there["y"], there["x"], cutoff=0)
    assert (found.conventional.value, found.conventional.se) == pytest.approx((7.414, 1.459), abs=5e-4)
    assert found.bandwidth == pytest.approx(17.754, abs=5e-4)
    assert (found.n_left, found.n_right) == (360, 323)
    assert found.overall.value / found.overall.se == pytest.approx(4.311, abs=5e-4)
    assert (found.overall.low, found.overall.high) == pytest.approx((4.094, 10.919), abs=5e-4)
    assert not found.fuzzy


def test_density_of_senate_elections(senate):
    # rddensity(margin), Cattaneo, Jansson and Ma (2018), Stata Journal 18, 234–261: T = −0.8753, p = 0.3814.
    found = density_test(senate["x"], cutoff=0)
    assert (found.statistic, found.p_value) == pytest.approx((-0.8753, 0.3814), abs=5e-5)
    assert (found.left, found.right) == (408, 460)


@pytest.fixture(scope="module")
def training():
    return packaged("causaldata", "nsw_mixtape.dta").astype({"treat": bool, "re78": float})


NAMES = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]


def test_matching_on_the_propensity_of_job_training(training):
    # R package Matching (Sekhon 2011, JSS 42(7)), Match(Y = re78, Tr = treat, X = fitted) of its lalonde data:
    # 2624.3 (802.19), 185 treated, 344 pairs with ties; after matching the means of re74 are 2095.6 and 2193.3.
    matches = match_nearest(training[NAMES].astype(float), training["treat"])
    found = matched_effect(matches, training["re78"], training["treat"], equal_variance=True)
    assert (found.value, found.se) == pytest.approx((2624.3, 802.19), rel=2e-5)
    assert (found.n, len(matches.pairs)) == (185, 344)
    row = matches.balance.loc["re74"]
    assert (row["treated_mean"], row["control_mean"]) == pytest.approx((2095.6, 2193.3), abs=0.05)


def test_means_before_matching_are_those_of_matchit():
    # R package MatchIt, vignette: treat ~ age + educ + … + re75 in its lalonde data, summary for all data.
    rows = packaged("statspai", "lalonde_matchit.csv")
    table = balance_table(rows[["age", "educ", "re74", "re75"]], rows["treat"].astype(bool))
    assert table["treated_mean"].tolist() == pytest.approx([25.8162, 10.3459, 2095.5737, 1532.0553], abs=5e-5)
    assert table["control_mean"].tolist() == pytest.approx([28.0303, 10.2354, 5619.2365, 2466.4844], abs=5e-5)
    assert table["variance_ratio"].tolist() == pytest.approx([0.4400, 0.4959, 0.5181, 0.9563], abs=5e-5)
