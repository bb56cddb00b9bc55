"""How far trends may have diverged before an effect can no longer be told from none (Rambachan and Roth 2023)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.inference import normal_quantile
from fuping.spatial.projects.aggregation import aggregate
from fuping.spatial.projects.did import GroupTimeEffects
from fuping.spatial.projects.errors import DesignError
from numpy.typing import NDArray

__all__ = ["HonestBounds", "honest_bounds"]


@dataclass(frozen=True, eq=False)
class HonestBounds:
    """Intervals that allow trends to diverge.

    Parameters
    ----------
    table
        Indexed by ``relative_magnitude`` M: ``lower`` and ``upper`` (bounds of the effect, without sampling error),
        ``low`` and ``high`` (robust interval).
    breakdown
        Largest M asked for up to which, from zero on, the interval leaves zero out; NaN where it never does.
    target
        What the effect is: the mean from the treatment on, or one event time.
    """

    table: pd.DataFrame
    breakdown: float
    target: str


def honest_bounds(
    effects: GroupTimeEffects,
    *,
    relative_magnitudes: Sequence[float] = (0.0, 0.5, 1.0, 1.5, 2.0),
    event_time: int | None = None,
) -> HonestBounds:
    r"""Bound an effect when trends after the treatment may diverge up to M times as much as they did before.

    Parameters
    ----------
    effects
        From :func:`~fuping.spatial.projects.did.group_time_effects` with ``base_period="universal"``.
    relative_magnitudes
        M; 1 allows, between any two periods after the treatment, the largest divergence seen before it.
    event_time
        Time since treatment whose effect is bounded; without it the mean from zero on.

    Raises
    ------
    DesignError
        The base period varies, no period lies before the base, event times have gaps, an M is negative, or the effect
        has no standard error.

    Notes
    -----
    Review of Economic Studies 90, 2555–2591, restriction :math:`\Delta^{RM}(\bar M)`: trends diverge by
    :math:`|\delta_{t+1}-\delta_t| \le \bar M \max_{s<0} |\delta_{s+1}-\delta_s|`. For one s and one sign of its
    divergence d, an effect :math:`\theta = l'\tau` is possible where :math:`|\theta - l'\beta| \le \bar M c\,d` with
    :math:`c = \sum_k |\sum_{e \ge k} l_e|`: two moment inequalities, inverted with the critical value of two tests
    (Bonferroni, the least favourable case). The interval is the union over s and sign, as the paper builds it.
    It holds its confidence and is somewhat wider than the conditional tests there; at M = 0 it is the usual one.
    diff-diff's interval for this restriction is not used: it takes the largest divergence before as known.
    """
    if effects.base_period != "universal":
        raise DesignError(
            "Bounds need leads that are all compared with one period.", remedy="Estimate with base_period='universal'."
        )
    wrong = [m for m in relative_magnitudes if not (np.isfinite(m) and m >= 0)]
    if wrong or not len(relative_magnitudes):
        raise DesignError(f"The relative magnitudes are {list(relative_magnitudes)}.", remedy="Give numbers from 0 on.")
    combined = aggregate(effects, by="dynamic")
    table, events = combined.table, [int(e) for e in combined.table.index]
    base = -1 - effects.anticipation
    leads, lags = [e for e in events if e < base], [e for e in events if e >= 0]
    if not leads:
        raise DesignError(f"No period lies before the base, event time {base}.", remedy="Give earlier periods.")
    if leads != list(range(leads[0], base)) or lags != list(range(len(lags))) or effects.anticipation:
        raise DesignError(
            f"Event times {leads + lags} are not consecutive around {base}.",
            remedy="Bounds need equally spaced periods and no anticipation.",
        )
    if event_time is not None and event_time not in lags:
        raise DesignError(f"No effect is estimated for event time {event_time}; there are {lags}.")
    weights = np.array([1 / len(lags) if event_time is None else float(e == event_time) for e in lags])
    reach = float(np.abs(weights[::-1].cumsum()).sum())
    place = {e: i for i, e in enumerate(events)}
    # Rows: the effect that is bounded, then the divergence from each lead to the next; the base itself is zero.
    contrast = np.zeros((1 + len(leads), len(events)))
    contrast[0, [place[e] for e in lags]] = weights
    for row, lead in enumerate(leads, start=1):
        contrast[row, place[lead]] = -1.0
        if lead + 1 in place:
            contrast[row, place[lead + 1]] = 1.0
    values = contrast @ table["att"].to_numpy()
    covariance = contrast @ combined.influence.covariance() @ contrast.T
    if not covariance[0, 0] > 1e-20:
        raise DesignError("The effect has no standard error.", remedy="Give more units, and an outcome that varies.")
    z = normal_quantile(effects.confidence)
    bounds = pd.DataFrame(
        [_bounds(values, covariance, m * reach, z) for m in sorted(set(relative_magnitudes))],
        index=pd.Index(sorted(set(relative_magnitudes)), name="relative_magnitude"),
    )
    stands = ((bounds["low"] > 0) | (bounds["high"] < 0)).cummin()
    target = "mean from the treatment on" if event_time is None else f"event time {event_time}"
    return HonestBounds(bounds, float(bounds.index[stands].max()) if stands.any() else float("nan"), target)


def _bounds(values: NDArray[np.float64], covariance: NDArray[np.float64], factor: float, z: float) -> dict[str, float]:
    """Bound the first value when it may be off by a factor of the largest of the others, each of either sign."""
    effect, divergence = values[0], values[1:]
    lows, highs = [], []
    for s, d in enumerate(divergence, start=1):
        for sign in (1.0, -1.0):
            step = sign * factor
            spread = covariance[0, 0] + step**2 * covariance[s, s]
            up, down = np.sqrt(np.maximum(spread + np.array([2, -2]) * step * covariance[0, s], 0.0))
            low, high = effect - step * d - z * down, effect + step * d + z * up
            if low <= high:
                lows.append(low)
                highs.append(high)
    widest = factor * np.abs(divergence).max()
    return {
        "lower": float(effect - widest),
        "upper": float(effect + widest),
        "low": float(min(lows)),
        "high": float(max(highs)),
    }
