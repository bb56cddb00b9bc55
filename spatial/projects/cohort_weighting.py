"""Synthetic DiD of several cohorts: each against the never treated, added up by treated units and periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from diff_diff.utils import compute_sdid_unit_weights, compute_time_weights
from numpy.typing import NDArray

__all__ = ["CohortFit", "add_up", "fit_cohorts", "jackknife", "placebo", "resampled"]

Floats = NDArray[np.float64]

ACCURACY = 1e-5
"""Share of the noise below which a step of the weights is the last, as the R package synthdid has it."""

RIDGE = 1e-6
"""Of the weights of periods, in units of the noise."""


@dataclass(frozen=True, eq=False)
class CohortFit:
    """One cohort beside its weighted controls.

    Parameters
    ----------
    n_treated
        Units of the cohort.
    n_before
        Periods before its treatment.
    omega, lamda
        Weights of the controls, shape (c,), and of the periods before, shape (n_before,); each sums to 1.
    effect
        Mean effect from the treatment on.
    """

    n_treated: int
    n_before: int
    omega: Floats
    lamda: Floats
    effect: float


def _effect(treated: Floats, controls: Floats, omega: Floats, lamda: Floats) -> float:
    """Return the effect on the mean of treated units, shape (n, t), by weights of controls and of periods before."""
    gap = treated.mean(axis=0) - omega @ controls
    before = len(lamda)
    return float(gap[before:].mean() - lamda @ gap[:before])


def _fit(treated: Floats, controls: Floats, before: int) -> CohortFit:
    change = np.diff(controls[:, :before], axis=1)
    noise = float(change.std(ddof=1))
    after = controls.shape[1] - before
    ridge = (len(treated) * after) ** 0.25 * noise
    early, late = np.ascontiguousarray(controls[:, :before].T), np.ascontiguousarray(controls[:, before:].T)
    step = ACCURACY * noise
    lamda = compute_time_weights(early, late, RIDGE * noise, min_decrease=step)
    omega = compute_sdid_unit_weights(early, treated[:, :before].mean(axis=0), ridge, min_decrease=step)
    return CohortFit(len(treated), before, omega, lamda, _effect(treated, controls, omega, lamda))


def fit_cohorts(outcome: Floats, cohort: Floats, periods: Floats) -> dict[float, CohortFit]:
    """Return a fit for each cohort of n units in t periods against those whose cohort is infinite."""
    controls = outcome[np.isinf(cohort)]
    return {
        float(first): _fit(outcome[cohort == first], controls, int((periods < first).sum()))
        for first in np.unique(cohort[np.isfinite(cohort)])
    }


def add_up(fits: dict[float, CohortFit], n_periods: int) -> tuple[float, dict[float, float]]:
    """Return the effect by treated units and periods, and the share of each cohort."""
    size = {first: one.n_treated * (n_periods - one.n_before) for first, one in fits.items()}
    whole = sum(size.values())
    share = {first: n / whole for first, n in size.items()}
    return sum(share[first] * one.effect for first, one in fits.items()), share


def _whole(outcome: Floats, cohort: Floats, periods: Floats) -> float:
    return add_up(fit_cohorts(outcome, cohort, periods), len(periods))[0]


def placebo(outcome: Floats, cohort: Floats, periods: Floats, *, draws: int, seed: int) -> float:
    """Return the standard error from controls that take the place of all cohorts at once (algorithm 4)."""
    rng = np.random.default_rng(seed)
    controls, first = outcome[np.isinf(cohort)], cohort[np.isfinite(cohort)]
    given = np.full(len(controls), np.inf)
    given[: len(first)] = first
    found = [_whole(controls, rng.permutation(given), periods) for _ in range(draws)]
    return float(np.std(found))


def _redrawn(outcome: Floats, cohort: Floats, rng: np.random.Generator, draws: int) -> Iterator[NDArray[np.intp]]:
    """Yield draws of units that hold a treated one and two controls at least."""
    made = 0
    while made < draws:
        at = rng.integers(0, len(outcome), len(outcome))
        if np.isfinite(cohort[at]).any() and len(np.unique(at[np.isinf(cohort[at])])) > 1:
            made += 1
            yield at


def resampled(outcome: Floats, cohort: Floats, periods: Floats, *, draws: int, seed: int) -> float:
    """Return the standard error from units drawn again (algorithm 2); a cohort that a draw lacks has no share in it."""
    rng = np.random.default_rng(seed)
    found = [_whole(outcome[at], cohort[at], periods) for at in _redrawn(outcome, cohort, rng, draws)]
    return float(np.std(found))


def jackknife(outcome: Floats, cohort: Floats, fits: dict[float, CohortFit]) -> float:
    """Return the standard error from leaving out each unit in turn, weights held (algorithm 3).

    The shares of cohorts are held like the other weights: who was treated when is given, and to let it vary would take
    cohorts with effects of their own for noise.
    """
    n, periods = outcome.shape
    share = add_up(fits, periods)[1]
    never = np.flatnonzero(np.isinf(cohort))
    found = []
    for out in range(n):
        kept = np.delete(np.arange(n), out)
        whole = 0.0
        for first, one in fits.items():
            treated = kept[cohort[kept] == first]
            omega = one.omega[never != out]
            # Where a control with all the weight is left out the rest share it alike.
            omega = omega / omega.sum() if omega.sum() > 0 else np.full(len(omega), 1 / len(omega))
            whole += share[first] * _effect(outcome[treated], outcome[never[never != out]], omega, one.lamda)
        found.append(whole)
    spread = np.asarray(found) - np.mean(found)
    return float(np.sqrt((n - 1) / n * (spread**2).sum()))
