"""Synthetic DiD on SIMULATED panels with factors that plain DiD is misled by."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.cohort_weighting import add_up, fit_cohorts, jackknife, placebo, resampled
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import read_panel
from fuping.spatial.projects.synthetic_did import synthetic_did
from monte_carlo import hold_to_95, moved_by


def simulate(seed, *, n=40, treated=5, t=14, start=10, effect=0.0, first=None):
    """SIMULATED: a trend that units load on, the treated more than the others."""
    rng = np.random.default_rng(seed)
    load = np.where(np.arange(n) < treated, rng.uniform(0.6, 0.9, n), rng.random(n))
    y = load[:, None] * np.arange(t) + rng.normal(size=n)[:, None] + 0.2 * rng.normal(size=(n, t))
    y[:treated, start - 1 :] += effect
    when = np.where(np.arange(n) < treated, float(start), np.nan) if first is None else np.asarray(first, float)
    rows = pd.DataFrame(
        {
            "unit": np.repeat([f"u{i:02d}" for i in range(n)], t),
            "year": np.tile(np.arange(1, t + 1), n),
            "y": y.reshape(-1),
            "first": np.repeat(when, t),
        }
    )
    return read_panel(rows, unit="unit", time="year", outcome="y", first_treated="first")


def test_weights_sum_to_one_and_the_path_gives_the_effect():
    found = synthetic_did(simulate(1, effect=2.0))
    assert found.weights.sum() == pytest.approx(1)
    assert found.period_weights.sum() == pytest.approx(1)
    gap = found.path["treated"] - found.path["synthetic"]
    assert gap[~found.path["before"]].mean() == pytest.approx(found.overall.value)
    assert (gap[found.path["before"]] * found.period_weights).sum() == pytest.approx(0, abs=1e-9)
    assert found.variance == "placebo"


def test_trends_that_are_not_parallel_mislead_plain_did_and_the_weights_make_up_for_them():
    found = []
    for seed in range(60):
        panel = simulate(seed, effect=1.0, treated=12, n=60)
        plain = panel.outcome[:12, 9:].mean() - panel.outcome[:12, :9].mean()
        plain -= panel.outcome[12:, 9:].mean() - panel.outcome[12:, :9].mean()
        found.append((synthetic_did(panel).overall.value, plain))
    value, plain = np.mean(found, axis=0)
    assert abs(plain - 1) > 0.8
    assert value == pytest.approx(1.0, abs=0.1)


def test_intervals_of_one_simulated_cohort_cover_as_often_as_said_and_placebos_are_found_in_one_of_twenty():
    found = [synthetic_did(noise(seed, (0.0, 0.0), starts=(11, 11))).overall for seed in range(300)]
    hold_to_95(found)
    panel = noise(0, (0.0, 0.0), starts=(11, 11))
    after = panel.periods.to_numpy() >= panel.cohort[:, None]
    moved_by(1.0, *(synthetic_did(replace(panel, outcome=panel.outcome + one * after)).overall for one in (0.0, 1.0)))


@pytest.mark.parametrize(
    ("options", "settings", "message"),
    [
        ({"treated": 0}, {}, "No unit is treated"),
        ({"start": 3}, {}, "2 periods lie before the treatment in 3"),
        ({"n": 6}, {}, "There are 1 untreated units"),
        ({"n": 9}, {}, "4 controls cannot take the place of 5 treated units"),
        ({"treated": 1}, {"variance": "jackknife"}, "With one treated unit there is no jackknife"),
        ({"first": [3, 2] + [np.nan] * 38}, {}, "2 periods lie before the treatment in 3|No unit is treated"),
        ({"first": [8, 9] + [np.nan] * 38}, {"variance": "jackknife"}, "A cohort of one unit cannot be left out"),
        ({}, {"variance": "guess"}, "'guess' is unknown"),
    ],
)
def test_what_is_not_identified_is_refused(options, settings, message):
    with pytest.raises(DesignError, match=message):
        synthetic_did(simulate(2, **options), **settings)


def staggered(seed, *, n=40, sizes=(6, 8), starts=(8, 11), effects=(1.0, 3.0), t=14):
    """SIMULATED: cohorts with effects of their own, on the trends of :func:`simulate`."""
    first = np.full(n, np.nan)
    first[: sum(sizes)] = np.repeat(starts, sizes)
    panel = simulate(seed, n=n, treated=sum(sizes), t=t, first=first)
    y = panel.outcome.copy()
    for start, effect in zip(starts, effects, strict=True):
        y[np.ix_(panel.cohort == start, panel.periods >= start)] += effect
    return replace(panel, outcome=y)


def alone(panel, cohort):
    keep = (panel.cohort == cohort) | panel.never_treated
    parts = {name: getattr(panel, name)[keep] for name in ("units", "outcome", "cohort", "covariates", "weights")}
    return replace(panel, **parts)


def test_cohorts_are_those_of_the_engine_and_add_up_by_treated_units_and_periods():
    panel = staggered(1)
    found = synthetic_did(panel, variance="jackknife")
    engine = {first: synthetic_did(alone(panel, first), variance="jackknife") for first in (8.0, 11.0)}
    for first, one in engine.items():
        assert found.cohorts.loc[first, "att"] == pytest.approx(one.overall.value, abs=2e-3)
    # 6 units in 7 periods and 8 units in 4.
    assert found.cohorts["share"].tolist() == pytest.approx([42 / 74, 32 / 74])
    by_hand = (42 * found.cohorts.loc[8, "att"] + 32 * found.cohorts.loc[11, "att"]) / 74
    assert found.overall.value == pytest.approx(by_hand)
    assert found.weights.sum() == pytest.approx(1)
    assert found.period_weights.sum() == pytest.approx(1)
    assert found.path.index.tolist() == list(range(-7, 4))


def test_errors_of_one_cohort_are_those_of_the_engine():
    panel = simulate(2, treated=12, n=40, effect=1.0)
    y, cohort, periods = panel.outcome, panel.cohort, panel.periods.to_numpy(dtype=float)
    fits = fit_cohorts(y, cohort, periods)
    engine = synthetic_did(panel, variance="jackknife").overall
    assert add_up(fits, len(periods))[0] == pytest.approx(engine.value, abs=2e-3)
    assert jackknife(y, cohort, fits) == pytest.approx(engine.se, rel=0.02)
    for how, ours in (("placebo", placebo), ("bootstrap", resampled)):
        engine = synthetic_did(panel, variance=how, draws=100).overall
        assert ours(y, cohort, periods, draws=100, seed=1) == pytest.approx(engine.se, rel=0.35)


def test_effects_of_simulated_cohorts_are_found_where_trends_are_not_parallel():
    found = [synthetic_did(staggered(seed, n=60)).overall.value for seed in range(60)]
    assert np.mean(found) == pytest.approx((42 * 1.0 + 32 * 3.0) / 74, abs=0.1)


def noise(seed, effects, n=60, starts=(8, 11)):
    """SIMULATED: cohorts with effects of their own on independent noise around units' and years' levels."""
    panel = staggered(seed, n=n, effects=(0, 0), starts=starts)
    rng = np.random.default_rng(10_000 + seed)
    y = rng.normal(size=panel.outcome.shape) + rng.normal(size=(n, 1)) + 0.2 * np.arange(14)
    for start, effect in zip(starts, effects, strict=True):
        y[np.ix_(panel.cohort == start, panel.periods >= start)] += effect
    return replace(panel, outcome=y)


def test_intervals_of_simulated_cohorts_cover_as_often_as_said_and_placebos_are_found_in_one_of_twenty():
    found = [synthetic_did(noise(seed, (1.0, 3.0))).overall for seed in range(300)]
    hold_to_95(found, truth=(42 * 1.0 + 32 * 3.0) / 74)
    moved_by((42 * 1.0 + 32 * 3.0) / 74, synthetic_did(noise(0, (0.0, 0.0))).overall, found[0])


def test_a_cohort_without_enough_before_is_left_out_and_named():
    found = synthetic_did(staggered(3, starts=(3, 10)))
    assert found.left_out == {3.0: 6}
    assert found.cohorts.index.tolist() == [10]
