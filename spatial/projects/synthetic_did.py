"""Treated units against weighted controls and weighted periods (Arkhangelsky et al. 2021)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd
from diff_diff import SyntheticDiD as Weighting
from fuping.spatial.inference import Estimate, check_confidence
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.event_study import refuse_weights_and_covariates
from fuping.spatial.projects.influence import estimate
from fuping.spatial.projects.panel import Panel
from fuping.spatial.projects.synthetic_control import LEAST_BEFORE

__all__ = ["SyntheticDifference", "Variance", "check_weighting", "synthetic_did"]

Variance = Literal["placebo", "jackknife", "bootstrap"]
"""Whether controls take the place of the treated, units are left out in turn, or units are drawn again."""

FEW_TREATED = 10
"""Treated units below which leaving one out says too little, and controls take their place."""


@dataclass(frozen=True, eq=False)
class SyntheticDifference:
    """The effect on all treated units from the treatment on.

    Parameters
    ----------
    overall
        Mean effect; ``method`` names the variance.
    weights
        Of the controls with a share, indexed by unit; they sum to 1.
    period_weights
        Of the periods before the treatment, indexed by period; they sum to 1.
    path
        Indexed by period: ``treated`` (mean), ``synthetic`` (weighted controls, moved to the level of the treated in
        the weighted periods before) and ``before``.
    variance
        How the standard error was found.
    """

    overall: Estimate
    weights: pd.Series
    period_weights: pd.Series
    path: pd.DataFrame
    variance: Variance


def synthetic_did(
    panel: Panel, *, variance: Variance | None = None, draws: int = 200, seed: int = 0, confidence: float = 0.95
) -> SyntheticDifference:
    r"""Compare treated units with controls weighted to run parallel to them.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`, with one first period of treatment, without covariates
        and weights.
    variance
        How the standard error is found; ``None``: ``"placebo"`` below ten treated units, else ``"jackknife"``.
    draws, seed
        Of the placebo and the bootstrap.
    confidence
        Of the interval.

    Raises
    ------
    DesignError
        Nobody is treated, units are first treated in several periods, fewer than three periods lie before the
        treatment, fewer than two controls remain, there are not more controls than treated units for a placebo, one
        treated unit is left out or drawn again, or the panel has covariates or weights.

    Notes
    -----
    :math:`\hat\tau = (\bar Y_{1,post} - \sum_t \lambda_t \bar Y_{1t}) - \sum_j \omega_j (\bar Y_{j,post} - \sum_t
    \lambda_t Y_{jt})`, with :math:`\omega` such that the weighted controls run parallel to the treated before, and
    :math:`\lambda` such that the weighted periods before foretell those after. Arkhangelsky, Athey, Hirshberg, Imbens
    and Wager (2021), AER 111, 4088–4118, algorithms 1 (estimate), 2 (bootstrap), 3 (jackknife) and 4 (placebo), by
    diff-diff. The placebo takes the outcomes of treated and controls to vary alike.
    """
    check_confidence(confidence)
    refuse_weights_and_covariates(panel, "Synthetic difference in differences")
    how = check_weighting(panel, variance)
    start = float(panel.cohorts[0])
    before = panel.periods.to_numpy() < start
    long = panel.long()
    long["treated"] = (long["cohort"] > 0).astype(int)
    engine = Weighting(variance_method=how, n_bootstrap=draws, seed=seed, alpha=1 - confidence)
    with warnings.catch_warnings():
        # What it warns of (a poor fit before) is in the path.
        warnings.simplefilter("ignore", UserWarning)
        found = engine.fit(
            long,
            outcome="outcome",
            treatment="treated",
            unit="unit",
            time="period",
            post_periods=panel.periods[~before].tolist(),
        )
    weights = pd.Series({panel.units[int(i)]: w for i, w in found.unit_weights.items() if w > 0}, name="weight")
    periods = pd.Series(found.time_weights, name="weight").reindex(panel.periods[before], fill_value=0.0)
    mean = panel.outcome[~panel.never_treated].mean(axis=0)
    synthetic = weights.to_numpy() @ panel.outcome[panel.units.get_indexer(weights.index)]
    level = float(periods.to_numpy() @ (mean - synthetic)[before])
    path = pd.DataFrame({"treated": mean, "synthetic": synthetic + level, "before": before}, index=panel.periods)
    overall = estimate(
        float(found.att), float(found.se), n=len(panel.units), confidence=confidence, method=f"synthetic DiD, {how}"
    )
    return SyntheticDifference(overall, weights.sort_values(ascending=False), periods, path, how)


def check_weighting(panel: Panel, variance: Variance | None = None) -> Variance:
    """Refuse a panel that synthetic DiD identifies nothing in, as :func:`synthetic_did` says; return the variance."""
    if variance is not None and variance not in get_args(Variance):
        names = ", ".join(get_args(Variance))
        raise DesignError(f"The variance {variance!r} is unknown.", remedy=f"Choose one of {names}.")
    treated, controls = int((~panel.never_treated).sum()), int(panel.never_treated.sum())
    how: Variance = variance or ("placebo" if treated < FEW_TREATED else "jackknife")
    if treated == 0:
        raise DesignError("No unit is treated.", code="nobody_treated", last=int(panel.periods[-1]), n=0)
    if len(panel.cohorts) > 1:
        raise DesignError(
            f"Units are first treated in {len(panel.cohorts)} periods; one is needed.",
            remedy="Keep the units of one first period and the untreated, or use group_time_effects.",
            code="several_cohorts",
            n=len(panel.cohorts),
        )
    before = int((panel.periods < panel.cohorts[0]).sum())
    if before < LEAST_BEFORE:
        raise DesignError(
            f"{before} periods lie before the treatment in {panel.cohorts[0]:.0f}.",
            remedy=f"Give at least {LEAST_BEFORE}; with fewer a good fit means nothing.",
            code="few_before",
            n=before,
            least=LEAST_BEFORE,
        )
    if controls < 2:
        raise DesignError(
            f"There are {controls} untreated units.",
            remedy="Give at least two to choose from.",
            code="few_controls",
            n=controls,
        )
    if how == "placebo" and controls <= treated:
        raise DesignError(
            f"{controls} controls cannot take the place of {treated} treated units.",
            remedy="Use variance='jackknife', or give more controls.",
            code="few_controls",
            n=controls,
        )
    if how != "placebo" and treated < 2:
        raise DesignError(
            f"With one treated unit there is no {how}.", remedy="Use variance='placebo'.", code="one_treated", n=1
        )
    return how
