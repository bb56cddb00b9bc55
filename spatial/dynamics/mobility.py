"""How much units change places: indices of mobility, the long run, and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, companion, read_panel
from fuping.spatial.dynamics.transitions import unit_transitions
from fuping.spatial.inference import Estimate, bootstrap_units, check_confidence
from numpy.typing import ArrayLike, NDArray
from scipy import stats

__all__ = ["RankChange", "long_run", "mobility", "rank_change"]

Measure = Literal["prais", "determinant", "second_eigenvalue", "bartholomew"]
GIDDY_NAME: dict[str, str] = {"prais": "P", "determinant": "D", "second_eigenvalue": "L2", "bartholomew": "B2"}


def _shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    start = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, start, out=np.full(counts.shape, np.nan), where=start > 0)


def mobility(
    classes: pd.DataFrame | NDArray,
    *,
    measure: Measure,
    seed: int,
    labels: Sequence[object] | None = None,
    step: int | None = None,
    clusters: ArrayLike | None = None,
    n_resamples: int = 999,
    confidence: float = 0.95,
) -> Estimate:
    r"""Sum up a transition matrix in one index: 0 where nobody moves.

    Parameters
    ----------
    classes, labels, step
        As for :func:`~fuping.spatial.dynamics.transitions.transition_matrix`.
    measure
        With matrix P of k classes and eigenvalues λ: ``"prais"`` :math:`(k - tr P)/(k - 1)` (Prais 1955; Shorrocks
        1978, Econometrica 46); ``"determinant"`` :math:`1 - |\det P|` (Shorrocks 1978); ``"second_eigenvalue"``
        :math:`1 - |\lambda_2|` (Sommers & Conlisk 1979); ``"bartholomew"``
        :math:`\sum_i \pi_i \sum_j P_{ij}|i - j|/(k - 1)`, π the observed share of each class at the start of the
        transitions. The formulas are those of ``giddy.mobility``.
    seed, clusters, n_resamples, confidence
        Of the bootstrap over units, which keeps the transitions of a unit together.

    Returns
    -------
    Estimate
        ``n`` counts units with a transition. NaN where a class has no transition from it, since P is then not known:
        choose coarser classes.

    Raises
    ------
    PanelError
        The measure is unknown, or the classes are malformed.
    """
    from giddy.mobility import markov_mobility

    if measure not in get_args(Measure):
        raise PanelError(f"Measure {measure!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Measure))}.")
    by_unit, names = unit_transitions(classes, labels=labels, step=step)
    if len(names) < 2:
        raise PanelError(f"There is one class, {names[0] if names else None!r}.", remedy="Mobility needs two or more.")

    seen = by_unit.any(axis=(1, 2))
    by_unit = by_unit[seen]
    clusters_seen = None if clusters is None else np.asarray(clusters)[seen]

    def statistic(at: NDArray[np.intp]) -> float:
        counts = by_unit[at].sum(axis=0)
        p = _shares(counts)
        if np.isnan(p).any():
            return float("nan")
        start = counts.sum(axis=1) / counts.sum()
        return float(np.real(markov_mobility(p, measure=GIDDY_NAME[measure], ini=start)))

    return bootstrap_units(
        statistic, len(by_unit), seed=seed, clusters=clusters_seen, n_resamples=n_resamples, confidence=confidence
    )


def long_run(
    classes: pd.DataFrame | NDArray,
    *,
    seed: int,
    labels: Sequence[object] | None = None,
    step: int | None = None,
    n_resamples: int = 299,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Give the shares of the classes to which the observed transitions would lead if they went on for ever.

    Parameters
    ----------
    classes, labels, step, seed, n_resamples, confidence
        As for :func:`mobility`.

    Returns
    -------
    pandas.DataFrame
        Index class; ``observed`` (share of all transitions that start there), ``long_run``, ``low``, ``high``; NaN
        where a class has no transition from it or the chain falls into parts that never meet. A projection, not a
        forecast: it rests on transitions being the same in all years and for all units of a class.

    Raises
    ------
    PanelError
        The classes are malformed.
    """
    from giddy.ergodic import steady_state

    check_confidence(confidence)
    by_unit, names = unit_transitions(classes, labels=labels, step=step)

    def ends(counts: NDArray[np.int64]) -> NDArray[np.float64]:
        p = _shares(counts)
        if np.isnan(p).any():
            return np.full(len(names), np.nan)
        shares = np.asarray(steady_state(p), dtype=float)
        return shares if shares.ndim == 1 else np.full(len(names), np.nan)

    rng = np.random.default_rng(seed)
    n = len(by_unit)
    draws = np.array([ends(by_unit[rng.integers(n, size=n)].sum(axis=0)) for _ in range(n_resamples)])
    whole = draws[~np.isnan(draws).any(axis=1)]
    limits = np.full((2, len(names)), np.nan)
    if len(whole) >= 0.95 * n_resamples:
        limits = np.quantile(whole, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    counts = by_unit.sum(axis=0)
    return pd.DataFrame(
        {
            "observed": counts.sum(axis=1) / max(counts.sum(), 1),
            "long_run": ends(counts),
            "low": limits[0],
            "high": limits[1],
        },
        index=pd.Index(names, name="class"),
    )


@dataclass(frozen=True)
class RankChange:
    """Ranks of units in two years.

    Parameters
    ----------
    table
        Index unit; ``rank_first``, ``rank_last`` (1: highest value; ties share the mean), ``change`` (positive: moved
        towards rank 1), ``low``, ``high`` (interval of the change), ``moved``: up, down, not distinguishable,
        missing. Without standard errors the interval is missing and no move is called.
    tau, tau_p
        Kendall's tau-b of the two years and its p-value; 1 where nobody changes places.
    n, n_left_out
        Units ranked, and units without a value in one of the years.
    """

    table: pd.DataFrame
    tau: float
    tau_p: float
    n: int
    n_left_out: int


def rank_change(
    values: Panel,
    *,
    first: int,
    last: int,
    se: Panel | None = None,
    seed: int = 0,
    n_simulations: int = 999,
    confidence: float = 0.95,
) -> RankChange:
    """Compare the ranks of units in two years.

    Parameters
    ----------
    values
        Shape (m years, n units).
    first, last
        Years of the panel.
    se
        Standard errors; ranks are then simulated from independent normal errors (Goldstein & Spiegelhalter 1996).
    seed, n_simulations, confidence
        Of that simulation.

    Raises
    ------
    PanelError
        A year is not in the panel, fewer than two units have both values, or a standard error is negative.
    """
    check_confidence(confidence)
    panel = read_panel(values)
    errors = companion(se, panel, name="standard errors")
    for year in (first, last):
        if year not in panel.index:
            raise PanelError(f"Year {year} is not in the panel.", remedy=f"Choose among {list(panel.index)}.")
    both = panel.loc[[first, last]].to_numpy()
    known = ~np.isnan(both).any(axis=0)
    if known.sum() < 2:
        raise PanelError(f"{int(known.sum())} units have both years.", remedy="Ranks need two or more.")
    ranks = stats.rankdata(-both[:, known], axis=1)
    low = high = np.full(int(known.sum()), np.nan)
    if errors is not None:
        spread = errors.loc[[first, last]].to_numpy()[:, known]
        if (spread < 0).any():
            raise PanelError(f"A standard error is negative ({spread[spread < 0][0]:g}).", remedy="Give 0 or more.")
        rng = np.random.default_rng(seed)
        drawn = rng.normal(both[:, known], np.nan_to_num(spread), size=(n_simulations, 2, int(known.sum())))
        simulated = stats.rankdata(-drawn, axis=2)
        low, high = np.quantile(simulated[:, 0] - simulated[:, 1], [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
        low, high = (np.where(np.isnan(spread).any(axis=0), np.nan, end) for end in (low, high))
    table = pd.DataFrame(
        {"rank_first": ranks[0], "rank_last": ranks[1], "change": ranks[0] - ranks[1], "low": low, "high": high},
        index=panel.columns[known],
    ).reindex(panel.columns)
    table["moved"] = np.select(
        [table["change"].isna(), table["low"] > 0, table["high"] < 0], ["missing", "up", "down"], "not distinguishable"
    )
    tau = stats.kendalltau(both[0, known], both[1, known])
    return RankChange(table, float(tau.statistic), float(tau.pvalue), int(known.sum()), int((~known).sum()))
