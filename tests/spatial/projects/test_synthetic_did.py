"""Synthetic DiD on SIMULATED panels with factors that plain DiD is misled by."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import read_panel
from fuping.spatial.projects.synthetic_did import synthetic_did


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


def test_simulated_effects_are_found_and_covered():
    found = []
    for seed in range(60):
        panel = simulate(seed, effect=1.0, treated=12, n=60)
        one = synthetic_did(panel).overall
        plain = panel.outcome[:12, 9:].mean() - panel.outcome[:12, :9].mean()
        plain -= panel.outcome[12:, 9:].mean() - panel.outcome[12:, :9].mean()
        found.append((one.value, one.low <= 1 <= one.high, plain))
    value, covered, plain = np.array(found).T
    assert abs(plain.mean() - 1) > 0.8  # trends that are not parallel mislead plain DiD …
    assert value.mean() == pytest.approx(1.0, abs=0.1)  # … and the weights make up for them.
    assert 0.90 <= covered.mean() <= 1.0


def test_without_effect_few_are_found_significant():
    rejected = [
        (one := synthetic_did(simulate(seed, n=30, treated=3), draws=40, seed=seed).overall).low > 0 or one.high < 0
        for seed in range(40)
    ]
    assert np.mean(rejected) <= 0.13


@pytest.mark.parametrize(
    ("options", "settings", "message"),
    [
        ({"treated": 0}, {}, "No unit is treated"),
        ({"start": 3}, {}, "2 periods lie before the treatment in 3"),
        ({"n": 6}, {}, "There are 1 untreated units"),
        ({"n": 9}, {}, "4 controls cannot take the place of 5 treated units"),
        ({"treated": 1}, {"variance": "jackknife"}, "With one treated unit there is no jackknife"),
        ({"first": [8, 9] + [np.nan] * 38}, {}, "Units are first treated in 2 periods"),
        ({}, {"variance": "guess"}, "'guess' is unknown"),
    ],
)
def test_what_is_not_identified_is_refused(options, settings, message):
    with pytest.raises(DesignError, match=message):
        synthetic_did(simulate(2, **options), **settings)
