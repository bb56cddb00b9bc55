"""Matching before a difference in differences, on SIMULATED panels whose trends differ with a covariate."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects import DesignError, cohort_matching, match_nearest, matched_did, matched_effect, read_panel
from fuping.spatial.projects.cohort_matching import cell_effect, match_cohorts
from monte_carlo import hold_to_95, moved_by


def simulate(seed, *, n=200, effect=1.0, first=None):
    """SIMULATED: treated units have more of x, and units with more of x grow faster."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    treated = rng.random(n) < 1 / (1 + np.exp(1 - x))
    t = np.arange(1, 7)
    y = rng.normal(size=n)[:, None] + 0.5 * x[:, None] * t + 0.3 * rng.normal(size=(n, 6))
    y[:, 3:] += effect * treated[:, None]
    when = np.where(treated, 4.0, np.nan) if first is None else first(treated)
    rows = pd.DataFrame(
        {
            "unit": np.repeat([f"u{i:03d}" for i in range(n)], 6),
            "year": np.tile(t, n),
            "y": y.reshape(-1),
            "first": np.repeat(when, 6),
            "x": np.repeat(x, 6),
        }
    )
    return rows, treated


def panel_of(rows, covariates=("x",)):
    return read_panel(rows, unit="unit", time="year", outcome="y", first_treated="first", covariates=list(covariates))


def test_simulated_effects_are_covered_as_often_as_said_where_plain_trends_mislead():
    # The effect of one cohort is that of its mean change, as the next test has it; many changes share one matching.
    found, plain = [], []
    for seed in range(50):
        panel = panel_of(simulate(seed, effect=0.0)[0])
        x = pd.DataFrame({"x": panel.covariates[:, 2, 0]}, index=panel.units)
        treated = pd.Series(~panel.never_treated, panel.units)
        matches = match_nearest(x, treated, caliper=0.1)
        rng = np.random.default_rng(10**6 + seed)
        for _ in range(20):
            noise = 0.3 * rng.normal(size=(len(x), 4))
            change = x["x"] + noise[:, 1:].mean(axis=1) - noise[:, 0]
            found.append(matched_effect(matches, change, treated))
            plain.append(change[treated].mean() - change[~treated].mean())
    hold_to_95(found)
    assert np.mean(plain) > 0.5
    moved_by(1.0, *(matched_effect(matches, change + effect * treated, treated) for effect in (0.0, 1.0)))


def test_the_mean_effect_is_that_of_the_mean_change():
    panel = panel_of(simulate(1)[0])
    found = matched_did(panel, caliper=0.2)
    assert found.table.index.tolist() == [-3, -2, -1, 0, 1, 2]
    assert found.table.loc[-1, "reference"]
    assert found.overall.value == pytest.approx(found.table.loc[0:, "att"].mean())
    x = pd.DataFrame({"x": panel.covariates[:, 2, 0]}, index=panel.units)
    treated = pd.Series(~panel.never_treated, panel.units)
    change = pd.Series(panel.outcome[:, 5] - panel.outcome[:, 2], panel.units)
    alone = matched_effect(match_nearest(x, treated, caliper=0.2), change, treated)
    assert found.table.loc[2, ["att", "se"]].tolist() == pytest.approx([alone.value, alone.se])
    assert (found.table["band_high"] >= found.table["high"]).drop(-1).all()
    assert abs(found.matches.balance.loc["x", "standardised_difference"]) < abs(
        found.before.loc["x", "standardised_difference"]
    )


def test_what_cannot_be_matched_is_refused():
    rows, _ = simulate(2, n=40)
    with pytest.raises(DesignError, match="nothing to match on"):
        matched_did(panel_of(rows, ()))
    with pytest.raises(DesignError, match="do not overlap"):
        matched_did(panel_of(rows.assign(x=rows["first"].notna().astype(float))))


def waves(seed, *, n=240, effect=1.0):
    """SIMULATED: a part treated from 3 on, another from 5 on; those with more of x sooner, and they grow faster."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    chance = 1 / (1 + np.exp(1 - x))
    first = np.where(rng.random(n) < 0.5 * chance, 3.0, np.where(rng.random(n) < 0.6 * chance, 5.0, np.nan))
    t = np.arange(1, 8)
    y = rng.normal(size=n)[:, None] + 0.5 * x[:, None] * t + 0.3 * rng.normal(size=(n, 7))
    y += effect * (t >= np.nan_to_num(first, nan=99)[:, None])
    rows = {"unit": np.repeat([f"u{i:03d}" for i in range(n)], 7), "year": np.tile(t, n), "y": y.reshape(-1)}
    return pd.DataFrame(rows | {"first": np.repeat(first, 7), "x": np.repeat(x, 7)})


def test_simulated_cohorts_matched_with_those_not_treated_yet_are_covered_as_often_as_said(monkeypatch):
    # Matches and their balance know nothing of outcomes: draws that share units share both.
    matched: dict = {}
    match, alike = cohort_matching.match_nearest, cohort_matching._alike

    def once(x, treated, **how):
        key = (*x.index, treated.to_numpy().tobytes())
        matched[key] = matched.get(key) or match(x, treated, **how)
        return matched[key]

    def alike_once(first):
        matched["alike"] = matched.get("alike") or alike(first)
        return matched["alike"]

    monkeypatch.setattr(cohort_matching, "match_nearest", once)
    monkeypatch.setattr(cohort_matching, "_alike", alike_once)
    found = []
    for seed in range(20):
        matched.clear()
        panel = panel_of(waves(seed, n=160, effect=0.0))
        rng, x = np.random.default_rng(5000 + seed), panel.covariates[:, 0, 0]
        for _ in range(10):
            y = rng.normal(size=(160, 1)) + 0.5 * x[:, None] * np.arange(1, 8) + 0.3 * rng.normal(size=(160, 7))
            found.append(matched_did(replace(panel, outcome=y), caliper=0.1).overall)
    hold_to_95(found)
    after = panel.periods.to_numpy() >= panel.cohort[:, None]
    moved_by(1.0, *(matched_did(replace(panel, outcome=y + one * after), caliper=0.1).overall for one in (0, 1)))


def test_before_the_treatment_matched_cohorts_do_not_differ():
    lead = [
        matched_did(panel_of(waves(seed)), metric="mahalanobis", neighbours=2).table.loc[-2, "att"]
        for seed in range(15)
    ]
    assert np.mean(lead) == pytest.approx(0, abs=0.1)


def test_one_cohort_by_the_way_of_several_is_the_same():
    panel = panel_of(simulate(3)[0])
    plain = matched_did(panel, metric="mahalanobis")
    made = match_cohorts(panel, metric="mahalanobis", neighbours=1, caliper=None)
    effect, se, n = cell_effect(one for one in made.cells if one.event_time >= 0)
    assert (effect, se) == pytest.approx((plain.overall.value, plain.overall.se))
    assert n == 3 * plain.matches.report.matched
    pd.testing.assert_frame_equal(made.before, plain.before)
    pd.testing.assert_frame_equal(made.matches.balance, plain.matches.balance)


def test_an_effect_of_cohorts_is_the_mean_over_units_and_periods_by_hand():
    rows = waves(7)
    panel = panel_of(rows.assign(x=rows["x"].round(1)))  # Ties are ties, and their mean is taken.
    found = matched_did(panel, metric="mahalanobis")
    gaps = []
    periods = panel.periods.to_numpy()
    x = panel.covariates[:, 0, 0]
    for i in np.flatnonzero(~panel.never_treated):
        base = int(np.flatnonzero(periods < panel.cohort[i])[-1])
        for at in range(base + 1, len(periods)):
            pool = np.flatnonzero(panel.cohort > periods[at])
            apart = np.abs(x[pool] - x[i]).round(6)
            change = panel.outcome[:, at] - panel.outcome[:, base]
            gaps.append(change[i] - change[pool[apart == apart.min()]].mean())
    assert found.overall.value == pytest.approx(np.mean(gaps))


def test_a_cohort_that_nobody_is_like_is_left_out_and_named():
    rows = waves(8)
    rows.loc[rows["first"] == 5, "x"] += 50
    found = matched_did(panel_of(rows))
    assert list(found.left_out) == [5.0]
