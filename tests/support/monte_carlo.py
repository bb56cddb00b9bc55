"""What estimates of SIMULATED data are held to: no bias, intervals that cover as often as said, placebos found as said.

An effect that is added to an outcome moves these estimates and both ends of their intervals by itself (which is
tested beside each), so the draws without one tell of every effect: what misses zero is a placebo found, and a truth
that is not covered.
"""

import importlib

import numpy as np
from scipy.stats import binomtest


def hold_to_95(found, *, within=0.02):
    """Assert that estimates of nothing have no bias, tell their error, and miss zero in about one of twenty.

    ``within``: of 95 %, which 90 % and 99 % must not be able to give by chance, by exact binomial bounds.
    """
    value, low, high, se = np.array([(one.value, one.low, one.high, one.se) for one in found]).T
    n, error = len(value), value.std(ddof=1) / np.sqrt(len(value))
    assert abs(value.mean()) < 3 * error, f"bias {value.mean():.4f}, of which chance explains {error:.4f}"
    assert abs(se.mean() / value.std(ddof=1) - 1) < 0.12
    covered = int(((low <= 0) & (high >= 0)).sum())
    assert abs(covered / n - 0.95) <= within, f"{covered} of {n} intervals cover"
    assert binomtest(covered, n, 0.95).pvalue > 0.01
    assert binomtest(covered, n, 0.90, alternative="greater").pvalue < 0.05
    assert binomtest(covered, n, 0.99, alternative="less").pvalue < 0.05


def moved_by(effect, without, with_effect):
    """Assert that an effect moves the estimate and its interval by itself."""
    ends = [(one.value, one.low, one.high, one.se) for one in (without, with_effect)]
    np.testing.assert_allclose(np.array(ends[1]) - ends[0], [effect, effect, effect, 0], atol=1e-8)


def without_picture(monkeypatch):
    """Leave out the picture and the density test of discontinuities, which take half of their time."""
    module = importlib.import_module("fuping.spatial.projects.discontinuity")
    for name in ("_bins", "_lines", "density_test"):
        monkeypatch.setattr(module, name, lambda *_, **__: None)
