"""Effects by time before and after the treatment: leads, lags, and whether trends ran parallel before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from diff_diff import SunAbraham
from fuping.spatial.inference import Estimate, check_confidence
from fuping.spatial.projects.aggregation import aggregate
from fuping.spatial.projects.design import Control, check_design
from fuping.spatial.projects.did import GroupTimeEffects
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.influence import WaldTest, estimate, wald_test
from fuping.spatial.projects.panel import Panel
from fuping.spatial.wording import worded

__all__ = ["EventStudy", "event_study", "refuse_weights_and_covariates", "sun_abraham"]

Estimator = Literal["callaway_santanna", "sun_abraham"]

NO_ERROR = 1e-10
"""A standard error below it is rounding."""


@dataclass(frozen=True, eq=False)
class EventStudy:
    """Leads and lags of the treatment.

    Parameters
    ----------
    estimator
        Which.
    table
        Indexed by event time (0: the first treated period): ``att``, ``se``, ``low``, ``high``, ``p_value``,
        ``band_low`` and ``band_high`` (NaN where the estimator has no simultaneous band) and ``reference``, true where
        the effect is zero by construction.
    pre_trend
        Joint test that all leads are zero. Not rejecting is weak evidence: a test that cannot see a trend does not
        show that there is none (Roth 2022, AER: Insights 4, 305–322).
    overall
        Mean effect from the treatment on.
    """

    estimator: Estimator
    table: pd.DataFrame
    pre_trend: WaldTest
    overall: Estimate


def event_study(effects: GroupTimeEffects, *, balance: int | None = None) -> EventStudy:
    """Lay the effects out by time since treatment (Callaway and Sant'Anna 2021).

    Parameters
    ----------
    effects
        From :func:`~fuping.spatial.projects.did.group_time_effects`. With ``base_period="universal"`` all leads are
        compared with the last period before the treatment, which is the reference; with ``"varying"`` each is the
        change from the period before it, and there is no reference.
    balance
        As :func:`~fuping.spatial.projects.aggregation.aggregate` takes it.

    Raises
    ------
    DesignError
        No cell to add up.
    """
    combined = aggregate(effects, by="dynamic", balance=balance)
    leads = (combined.table.index < 0).nonzero()[0]
    covariance = combined.influence.covariance()
    table = combined.table.drop(columns="cells").assign(reference=False)
    if effects.base_period == "universal":
        # With equally spaced periods the base of every cohort is the same event time; otherwise there is no single one.
        bases = {
            int(effects.panel.periods[effects.panel.periods + effects.anticipation < cohort][-1] - cohort)
            for cohort in effects.table["cohort"].unique()
        }
        if len(bases) == 1 and (base := bases.pop()) not in table.index:
            zero = dict.fromkeys(table.columns, np.nan) | {"att": 0.0, "reference": True}
            reference = pd.DataFrame([zero], index=pd.Index([base], name="event_time"))
            table = pd.concat([table, reference]).sort_index()
    return EventStudy(
        estimator="callaway_santanna",
        table=table,
        pre_trend=wald_test(combined.table["att"].to_numpy()[leads], covariance[np.ix_(leads, leads)]),
        overall=combined.overall,
    )


def sun_abraham(panel: Panel, *, control: Control = "never_treated", confidence: float = 0.95) -> EventStudy:
    """Estimate leads and lags by regression with cohort-specific effects (Sun and Abraham 2021).

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`, without covariates and weights.
    control
        Whom the treated are compared with.
    confidence
        Of the intervals.

    Raises
    ------
    DesignError
        The design identifies nothing, or the panel has covariates or weights.

    Notes
    -----
    J. Econometrics 225, 175–199. Where nobody is never treated, the cohort treated last serves as control, and periods
    from its treatment on are left out, as section 4.2 there has it. The regression is that of diff-diff; standard
    errors are clustered by unit, or by the panel's clusters. Without covariates and with never-treated controls the
    effects equal those of Callaway and Sant'Anna; the standard errors differ, as the shares of the cohorts are taken as
    known.
    """
    check_confidence(confidence)
    refuse_weights_and_covariates(panel, "The regression of Sun and Abraham")
    check_design(panel, control=control)
    if not panel.never_treated.any():
        panel = _until_the_last_are_treated(panel)
        check_design(panel, control=control)
    fitted = SunAbraham(
        control_group=control,
        alpha=1 - confidence,
        cluster=None if panel.clusters is None else "cluster",
        df_convention="normal",
    ).fit(panel.long(), outcome="outcome", unit="unit", time="period", first_treat="cohort")
    effects = fitted.event_study_effects
    events = sorted(effects)
    # Residuals that are zero, as those of one treated unit and one control, have no spread to tell an error from.
    exact = [bool(np.isfinite(effects[e]["se"]) and effects[e]["se"] <= NO_ERROR) for e in events]
    table = pd.DataFrame(
        {
            "att": [effects[e]["effect"] for e in events],
            "se": [effects[e]["se"] for e in events],
            "low": [effects[e]["conf_int"][0] for e in events],
            "high": [effects[e]["conf_int"][1] for e in events],
            "p_value": [effects[e]["p_value"] for e in events],
            "band_low": np.nan,
            "band_high": np.nan,
            "reference": [not np.isfinite(effects[e]["se"]) for e in events],
        },
        index=pd.Index(events, name="event_time"),
    )
    table.loc[exact, ["se", "low", "high", "p_value"]] = np.nan
    order = list(fitted.event_study_vcov_index)
    leads = [e for e in order if e < 0]
    places = [order.index(e) for e in leads]
    return EventStudy(
        estimator="sun_abraham",
        table=table,
        pre_trend=wald_test(table.loc[leads, "att"].to_numpy(), fitted.event_study_vcov[np.ix_(places, places)]),
        overall=estimate(
            float(fitted.overall_att),
            float(fitted.overall_se) if fitted.overall_se > NO_ERROR else float("nan"),
            n=len(panel.units),
            confidence=confidence,
            method=f"Sun–Abraham, {control}",
        ),
    )


def _until_the_last_are_treated(panel: Panel) -> Panel:
    """Return the periods before the last cohort is treated, in which it is not."""
    last = panel.cohorts[-1]
    kept = panel.periods < last
    return replace(
        panel,
        periods=panel.periods[kept],
        outcome=panel.outcome[:, kept],
        covariates=panel.covariates[:, kept],
        cohort=np.where(panel.cohort == last, np.inf, panel.cohort),
    )


def refuse_weights_and_covariates(panel: Panel, name: str) -> None:
    """Refuse a panel whose weights or covariates an estimator would not read."""
    if panel.covariate_names:
        raise DesignError(
            worded(
                "{name} does not take the covariates {covariates}.",
                name=name,
                covariates=", ".join(panel.covariate_names),
            ),
            remedy=worded("Read the panel without them, or use group_time_effects."),
        )
    if not np.allclose(panel.weights, 1.0):
        raise DesignError(
            worded("{name} does not take weights.", name=name), remedy=worded("Read the panel without them.")
        )
