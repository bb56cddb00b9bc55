"""Synthetic control on SIMULATED units of which one is a known mixture of others."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import read_panel
from fuping.spatial.projects.synthetic_control import synthetic_control
from scipy.optimize import minimize
from scipy.stats import chisquare


def panel_of(y, *, first=9, treated=(0,)):
    n, t = y.shape
    rows = pd.DataFrame(
        {
            "unit": np.repeat([f"u{i}" for i in range(n)], t),
            "year": np.tile(np.arange(1, t + 1), n),
            "y": y.reshape(-1),
            "first": np.repeat([float(first) if i in treated else np.nan for i in range(n)], t),
        }
    )
    return read_panel(rows, unit="unit", time="year", outcome="y", first_treated="first")


def simulate(seed, *, n=9, noise=0.0, effect=2.0):
    rng = np.random.default_rng(seed)
    y = rng.normal(size=(n, 12)).cumsum(axis=1)
    y[0] = 0.6 * y[1] + 0.3 * y[2] + 0.1 * y[3] + noise * rng.normal(size=12)
    y[0, 8:] += effect
    return y


def test_a_known_mixture_and_its_effect_are_found():
    found = synthetic_control(panel_of(simulate(1)))
    assert found.unit == "u0"
    assert found.weights.to_dict() == pytest.approx({"u1": 0.6, "u2": 0.3, "u3": 0.1}, abs=1e-6)
    assert found.effect == pytest.approx(2.0, abs=1e-6)
    assert found.path.loc[found.path["before"], "gap"].to_numpy() == pytest.approx(np.zeros(8), abs=1e-6)
    assert found.path.index[~found.path["before"]].tolist() == [9, 10, 11, 12]


def test_the_weights_are_the_best_that_a_general_optimiser_finds():
    y = simulate(2, noise=0.5)
    found = synthetic_control(panel_of(y), placebos=False)

    def loss(w):
        return ((y[0, :8] - w @ y[1:, :8]) ** 2).sum()

    best = minimize(
        loss,
        np.full(8, 1 / 8),
        bounds=[(0, 1)] * 8,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    ours = found.weights.reindex([f"u{i}" for i in range(1, 9)]).fillna(0.0).to_numpy()
    assert found.weights.sum() == pytest.approx(1, abs=1e-5)
    assert loss(ours) == pytest.approx(best.fun, rel=1e-4)
    assert found.rmspe_before == pytest.approx(np.sqrt(best.fun / 8), rel=1e-4)
    assert np.isnan(found.p_value)


def test_a_large_effect_ranks_first_among_the_placebos():
    found = synthetic_control(panel_of(simulate(3, noise=0.05, effect=8.0)))
    assert found.p_value == pytest.approx(1 / 9)
    assert sorted(found.placebos["unit"]) == [f"u{i}" for i in range(1, 9)]
    assert found.rmspe_ratio > found.placebos["rmspe_ratio"].max()


def test_simulated_effects_of_noisy_mixtures_are_found_without_bias():
    panels = (panel_of(simulate(seed, noise=0.3)) for seed in range(300))
    found = np.array([synthetic_control(panel, placebos=False).effect for panel in panels])
    assert abs(found.mean() - 2.0) < 3 * found.std() / np.sqrt(300)
    # The mean of four periods of noise varies by 0.15; weights that were fitted to eight noisy ones add to it.
    assert 0.15 < found.std() < 0.6


def test_simulated_units_without_effect_rank_anywhere():
    ranks = []
    for seed in range(240):
        y = np.random.default_rng(seed).normal(size=(6, 12)).cumsum(axis=1)
        ranks.append(round(synthetic_control(panel_of(y)).p_value * 6))
    # Six units: the p-value is one of 1/6 to 1, each as likely.
    assert chisquare(np.bincount(ranks, minlength=7)[1:]).pvalue > 0.05


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"treated": (0, 1)}, "2 units are treated where one is needed"),
        ({"first": 3}, "2 periods lie before the treatment in 3"),
        ({"treated": ()}, "0 units are treated"),
    ],
)
def test_what_has_no_twin_is_refused(options, message):
    with pytest.raises(DesignError, match=message):
        synthetic_control(panel_of(simulate(4), **options))


def test_one_donor_is_no_choice():
    with pytest.raises(DesignError, match="There are 1 untreated units"):
        synthetic_control(panel_of(simulate(4)[:2]))
