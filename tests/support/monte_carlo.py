"""What estimates of SIMULATED data are held to: no bias, intervals that cover as often as said, placebos found as said.

An effect that is added to an outcome moves these estimates and both ends of their intervals by itself (which is
tested beside each), so the draws without one tell of every effect: what misses zero is a placebo found, and a truth
that is not covered.
"""

import importlib
from types import SimpleNamespace

import numpy as np
from scipy.stats import binomtest


def hold_to_95(found, *, truth=0.0, name="", tells_its_error=True):
    """Assert that estimates have no bias, tell their error, and cover the truth in 93 to 97 of a hundred draws.

    ``tells_its_error``: the mean standard error is about the spread of the estimates; intervals that rest on a
    bootstrap may have one that does not.
    """
    value, low, high, se = np.array([(one.value, one.low, one.high, one.se) for one in found]).T
    error = value.std(ddof=1) / np.sqrt(len(value))
    bias = value.mean() - truth
    assert abs(bias) < 3 * error, f"{name}: bias {bias:.4f}, of which chance explains {error:.4f}"
    if tells_its_error:
        assert abs(se.mean() / value.std(ddof=1) - 1) < 0.12, f"{name}: {se.mean():.4f}, not {value.std(ddof=1):.4f}"
    hold_rate_to((low <= truth) & (high >= truth), 0.95, name=name)


def hold_rate_to(happened, rate, *, name=""):
    """Assert that something happens in 95 or 5 of a hundred draws, give or take two.

    By exact binomial bounds chance explains the difference, and cannot explain that of a rate twice as far from 0 or
    1, nor of one a fifth as far.
    """
    n, k = len(happened), int(np.sum(happened))
    assert abs(k / n - rate) <= 0.02, f"{name}: {k} of {n}"
    assert binomtest(k, n, rate).pvalue > 0.01, f"{name}: {k} of {n}"
    rare = k if rate < 0.5 else n - k
    assert binomtest(rare, n, 0.10, alternative="less").pvalue < 0.05, f"{name}: {k} of {n} say too little"
    assert binomtest(rare, n, 0.01, alternative="greater").pvalue < 0.05, f"{name}: {k} of {n} say too little"


def rows_as_estimates(tables, label):
    """Return the estimates of one row of tables of effects, as :func:`hold_to_95` takes them."""
    rows = [table.loc[label] for table in tables]
    return [SimpleNamespace(value=row["att"], low=row["low"], high=row["high"], se=row["se"]) for row in rows]


def moved_by(effect, without, with_effect):
    """Assert that an effect moves the estimate and its interval by itself."""
    ends = [(one.value, one.low, one.high, one.se) for one in (without, with_effect)]
    np.testing.assert_allclose(np.array(ends[1]) - ends[0], [effect, effect, effect, 0], atol=1e-8)


def without_picture(monkeypatch):
    """Leave out the picture and the density test of discontinuities, which take half of their time."""
    module = importlib.import_module("fuping.spatial.projects.discontinuity")
    for name in ("_bins", "_lines", "density_test"):
        monkeypatch.setattr(module, name, lambda *_, **__: None)
