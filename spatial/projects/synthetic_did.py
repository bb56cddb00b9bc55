"""Treated units against weighted controls and weighted periods (Arkhangelsky et al. 2021)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from diff_diff import SyntheticDiD as Weighting
from fuping.spatial.inference import Estimate, check_confidence
from fuping.spatial.projects.cohort_weighting import CohortFit, add_up, fit_cohorts, jackknife, placebo, resampled
from fuping.spatial.projects.design import refuse_constant_outcome
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
        Of the controls with a share, indexed by unit; they sum to 1. Of several cohorts: the mean by ``share``.
    period_weights
        Of the periods before the treatment, indexed by period; they sum to 1. Of several cohorts likewise.
    path
        Indexed by period: ``treated`` (mean), ``synthetic`` (weighted controls, moved to the level of the treated in
        the weighted periods before) and ``before``. Of several cohorts indexed by the number of periods since the
        treatment, where every cohort is seen, means by units.
    variance
        How the standard error was found.
    cohorts
        Indexed by first period of treatment: ``att``, ``n_treated``, ``n_after`` (periods) and ``share`` in the effect.
    left_out
        Cohort → units, where fewer than three periods lie before.
    """

    overall: Estimate
    weights: pd.Series
    period_weights: pd.Series
    path: pd.DataFrame
    variance: Variance
    cohorts: pd.DataFrame
    left_out: dict[float, int] = field(default_factory=dict)


def synthetic_did(
    panel: Panel, *, variance: Variance | None = None, draws: int = 200, seed: int = 0, confidence: float = 0.95
) -> SyntheticDifference:
    r"""Compare treated units with controls weighted to run parallel to them.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`, without covariates and weights. Cohorts with fewer than
        three periods before are left out, and named.
    variance
        How the standard error is found; ``None``: ``"placebo"`` below ten treated units, else ``"jackknife"``.
    draws, seed
        Of the placebo and the bootstrap.
    confidence
        Of the interval.

    Raises
    ------
    DesignError
        Nobody is treated, fewer than three periods lie before every treatment, fewer than two controls remain, there
        are not more controls than treated units for a placebo, a cohort of one unit is left out or one treated unit
        drawn again, or the panel has covariates or weights.

    Notes
    -----
    :math:`\hat\tau = (\bar Y_{1,post} - \sum_t \lambda_t \bar Y_{1t}) - \sum_j \omega_j (\bar Y_{j,post} - \sum_t
    \lambda_t Y_{jt})`, with :math:`\omega` such that the weighted controls run parallel to the treated before, and
    :math:`\lambda` such that the weighted periods before foretell those after. Arkhangelsky, Athey, Hirshberg, Imbens
    and Wager (2021), AER 111, 4088–4118, algorithms 1 (estimate), 2 (bootstrap), 3 (jackknife) and 4 (placebo), by
    diff-diff. The placebo takes the outcomes of treated and controls to vary alike.

    Several cohorts are each compared with the never treated, and added up by treated units and periods,
    :math:`\hat\tau = \sum_a (T_{post,a} N_a / \sum_b T_{post,b} N_b) \hat\tau_a`: appendix A of the same; errors of the
    whole as Clarke, Pailañir, Athey and Imbens (2023), IZA DP 15907, Stata Journal 24, have them.
    """
    check_confidence(confidence)
    refuse_weights_and_covariates(panel, "Synthetic difference in differences")
    how = check_weighting(panel, variance)
    panel, left_out = _seen_before(panel)
    if len(panel.cohorts) > 1:
        return _of_cohorts(panel, how, left_out, draws=draws, seed=seed, confidence=confidence)
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
    n, after = int((~panel.never_treated).sum()), int((~before).sum())
    cohorts = pd.DataFrame([[overall.value, n, after, 1.0]], index=[start], columns=COHORT)
    return SyntheticDifference(
        overall, weights.sort_values(ascending=False), periods, path, how, cohorts.rename_axis("cohort"), left_out
    )


COHORT = ["att", "n_treated", "n_after", "share"]


def _seen_before(panel: Panel) -> tuple[Panel, dict[float, int]]:
    """Return the panel of the cohorts with enough periods before, and the size of the others."""
    periods = panel.periods.to_numpy()
    early = [one for one in panel.cohorts if (periods < one).sum() < LEAST_BEFORE]
    if not early:
        return panel, {}
    keep = ~np.isin(panel.cohort, early)
    kept = replace(
        panel,
        units=panel.units[keep],
        outcome=panel.outcome[keep],
        cohort=panel.cohort[keep],
        covariates=panel.covariates[keep],
        weights=panel.weights[keep],
        clusters=None if panel.clusters is None else panel.clusters[keep],
    )
    return kept, {float(one): int((panel.cohort == one).sum()) for one in early}


def _of_cohorts(
    panel: Panel, how: Variance, left_out: dict[float, int], *, draws: int, seed: int, confidence: float
) -> SyntheticDifference:
    y, first, periods = panel.outcome, panel.cohort, panel.periods.to_numpy(dtype=float)
    fits = fit_cohorts(y, first, periods)
    effect, share = add_up(fits, len(periods))
    if how == "jackknife":
        se = jackknife(y, first, fits)
    else:
        se = (placebo if how == "placebo" else resampled)(y, first, periods, draws=draws, seed=seed)
    controls = panel.units[panel.never_treated]
    weights = pd.Series(sum(share[one] * fit.omega for one, fit in fits.items()), controls, name="weight")
    before = np.zeros(len(periods))
    for one, fit in fits.items():
        before[: fit.n_before] += share[one] * fit.lamda
    rows = {one: [fit.effect, fit.n_treated, len(periods) - fit.n_before, share[one]] for one, fit in fits.items()}
    cohorts = pd.DataFrame.from_dict(rows, orient="index", columns=COHORT)
    return SyntheticDifference(
        overall=estimate(effect, se, n=len(panel.units), confidence=confidence, method=f"synthetic DiD, {how}"),
        weights=weights[weights > 0].sort_values(ascending=False),
        period_weights=pd.Series(before, panel.periods, name="weight")[: max(fit.n_before for fit in fits.values())],
        path=_path(panel, fits),
        variance=how,
        cohorts=cohorts.astype({"n_treated": int, "n_after": int}).rename_axis("cohort"),
        left_out=left_out,
    )


def _path(panel: Panel, fits: dict[float, CohortFit]) -> pd.DataFrame:
    """Return the mean of cohorts by periods since the treatment, where all are seen."""
    lines = []
    for first, fit in fits.items():
        mean = panel.outcome[panel.cohort == first].mean(axis=0)
        synthetic = fit.omega @ panel.outcome[panel.never_treated]
        level = float(fit.lamda @ (mean - synthetic)[: fit.n_before])
        since = np.arange(len(mean)) - fit.n_before
        line = pd.DataFrame({"treated": mean, "synthetic": synthetic + level}, index=since)
        lines.append(line * fit.n_treated / sum(one.n_treated for one in fits.values()))
    # A period that one cohort lacks is missing in the sum.
    path = sum(lines[1:], lines[0]).dropna()
    return path.assign(before=path.index < 0).rename_axis("event_time")


def check_weighting(panel: Panel, variance: Variance | None = None) -> Variance:
    """Refuse a panel that synthetic DiD identifies nothing in, as :func:`synthetic_did` says; return the variance."""
    if variance is not None and variance not in get_args(Variance):
        names = ", ".join(get_args(Variance))
        raise DesignError(f"The variance {variance!r} is unknown.", remedy=f"Choose one of {names}.")
    panel, _ = _seen_before(panel) if len(panel.cohorts) > 1 else (panel, {})
    treated, controls = int((~panel.never_treated).sum()), int(panel.never_treated.sum())
    sizes = [int((panel.cohort == one).sum()) for one in panel.cohorts]
    alone = len(sizes) > 1 and min(sizes) < 2
    how: Variance = variance or _usual(treated, controls, alone=alone)
    if treated == 0:
        raise DesignError("No unit is treated.", code="nobody_treated", last=int(panel.periods[-1]), n=0)
    before = int((panel.periods < panel.cohorts[-1]).sum())
    if before < LEAST_BEFORE:
        raise DesignError(
            f"{before} periods lie before the treatment in {panel.cohorts[-1]:.0f}.",
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
    refuse_constant_outcome(panel)
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
    if how == "jackknife" and alone:
        raise DesignError(
            "A cohort of one unit cannot be left out.",
            remedy="Use variance='placebo' or 'bootstrap'.",
            code="one_treated",
            n=1,
        )
    return how


def _usual(treated: int, controls: int, *, alone: bool) -> Variance:
    if treated < FEW_TREATED or alone:
        return "bootstrap" if alone and treated >= FEW_TREATED and controls <= treated else "placebo"
    return "jackknife"
