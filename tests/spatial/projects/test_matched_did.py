"""Matching before a difference in differences, on SIMULATED panels whose trends differ with a covariate."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects import DesignError, match_nearest, matched_did, matched_effect, read_panel


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


def test_a_simulated_effect_is_found_where_plain_trends_mislead():
    found = []
    for seed in range(40):
        panel = panel_of(simulate(seed)[0])
        one = matched_did(panel, metric="mahalanobis", neighbours=2)
        change = panel.outcome[:, 3:].mean(axis=1) - panel.outcome[:, 2]
        plain = change[~panel.never_treated].mean() - change[panel.never_treated].mean()
        found.append((one.overall.value, one.overall.low <= 1 <= one.overall.high, plain, one.table.loc[-3, "att"]))
    value, covered, plain, lead = np.array(found).T
    assert abs(plain.mean() - 1) > 0.5
    assert value.mean() == pytest.approx(1, abs=0.1)
    assert covered.mean() >= 0.85
    assert lead.mean() == pytest.approx(0, abs=0.1)


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
    staggered, _ = simulate(2, n=40, first=lambda treated: np.where(treated, np.arange(40) % 2 + 3.0, np.nan))
    with pytest.raises(DesignError, match="first treated in 2 periods"):
        matched_did(panel_of(staggered))
