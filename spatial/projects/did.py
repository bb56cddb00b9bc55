"""Difference in differences: the effect on each cohort in each period (Callaway and Sant'Anna 2021)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from drdid.drdid import drdid_panel
from drdid.ipwd_did import std_ipw_did_panel
from drdid.reg_did import reg_did_panel
from fuping.spatial.inference import Estimate, check_confidence
from fuping.spatial.projects.design import Control, Notice, check_design
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.influence import Influence, WaldTest, estimate, interval_table, wald_test
from fuping.spatial.projects.panel import Panel, read_panel
from fuping.spatial.wording import worded
from numpy.typing import NDArray

__all__ = [
    "BasePeriod",
    "GroupTimeEffects",
    "Method",
    "group_time_effects",
    "two_period_effect",
]

Floats = NDArray[np.float64]

Method = Literal["doubly_robust", "regression", "inverse_probability"]
"""How covariates are adjusted for within one cohort and period; without covariates all three agree."""

BasePeriod = Literal["varying", "universal"]
"""What periods before the treatment are compared with: the one before each, or the last before the treatment."""

KERNELS: dict[str, Callable[..., tuple[float, Floats]]] = {
    "doubly_robust": drdid_panel,
    "regression": reg_did_panel,
    "inverse_probability": std_ipw_did_panel,
}


@dataclass(frozen=True, eq=False)
class GroupTimeEffects:
    """Average effect on the treated of each cohort in each period, ATT(g, t).

    Parameters
    ----------
    table
        ``cohort``, ``period``, ``event_time``, ``before`` (the period lies before the treatment: a placebo), ``att``,
        ``se``, ``low``, ``high``, ``p_value``, ``band_low``, ``band_high``, ``n_treated``, ``n_controls`` and ``why``
        (why a cell has no estimate, else empty).
    influence
        Of each unit on each row of ``table``.
    panel
        What was studied.
    control, method, base_period, anticipation, confidence, draws, seed
        As asked for.
    critical_value
        Of the simultaneous band.
    pre_trend
        Joint test that all effects before the treatment are zero.
    notices
        What weakens the design.
    """

    table: pd.DataFrame
    influence: Influence
    panel: Panel
    control: Control
    method: Method
    base_period: BasePeriod
    anticipation: int
    confidence: float
    draws: int
    seed: int
    critical_value: float
    pre_trend: WaldTest
    notices: tuple[Notice, ...]


def two_period_effect(
    before: pd.Series,
    after: pd.Series,
    treated: pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    weights: pd.Series | None = None,
    clusters: pd.Series | None = None,
    method: Method = "doubly_robust",
    confidence: float = 0.95,
) -> Estimate:
    r"""Compare the change of treated units with that of the others.

    Parameters
    ----------
    before, after
        Outcome of each unit, on one index.
    treated
        bool.
    covariates
        Known before the treatment; parallel trends are conditional on them.
    weights, clusters
        Weight and cluster of each unit.
    method
        How covariates are adjusted for.
    confidence
        Of the interval.

    Raises
    ------
    DesignError
        Units differ between the arguments or stand twice, a value is missing, all units are treated or none, or
        covariates tell the groups apart.

    Notes
    -----
    :math:`E[\Delta Y \mid D=1] - E[\Delta Y \mid D=0]` without covariates; with them Sant'Anna and Zhao (2020), J.
    Econometrics 219, 101–122.

    Examples
    --------
    >>> change = two_period_effect(pd.Series([1.0, 2, 1, 2]), pd.Series([4.0, 6, 2, 3]),
    ...                            pd.Series([True, True, False, False]))
    >>> round(change.value, 10)
    2.5
    """
    given = {"after": after, "treated": treated, "covariates": covariates, "weights": weights, "clusters": clusters}
    for name, part in given.items():
        if part is None:
            continue
        odd = before.index.symmetric_difference(part.index)
        if len(odd) or not (part.index.is_unique and before.index.is_unique):
            raise DesignError(
                f"before and {name} have different units: {', '.join(map(str, odd[:10]))}."
                if len(odd)
                else f"A unit stands twice in before or {name}.",
                remedy="Give every argument the same units, each once.",
                units=list(odd),
            )
    wide = pd.DataFrame({"unit": before.index, "before": before.to_numpy(), "after": after.reindex(before.index)})
    wide["treated"] = treated.reindex(before.index).to_numpy()
    names = [] if covariates is None else [f"covariate {name}" for name in covariates.columns]
    if covariates is not None:
        wide[names] = covariates.reindex(before.index).to_numpy()
    for name, values in (("weight", weights), ("cluster", clusters)):
        if values is not None:
            wide[name] = values.reindex(before.index).to_numpy()
    incomplete = wide.loc[wide.isna().any(axis=1), "unit"].tolist()
    if incomplete:
        raise DesignError(
            worded("{n} units lack a value: {which}.", n=len(incomplete), which=", ".join(map(str, incomplete[:10]))),
            remedy=worded("Leave them out of every argument, and say that you did."),
            units=incomplete,
        )
    wide["first"] = np.where(wide["treated"].astype(bool), 1.0, np.nan)
    long = pd.concat([wide.assign(period=period, outcome=wide[name]) for period, name in ((0, "before"), (1, "after"))])
    panel = read_panel(
        long.reset_index(drop=True),
        unit="unit",
        time="period",
        outcome="outcome",
        first_treated="first",
        covariates=names,
        weights=None if weights is None else "weight",
        cluster=None if clusters is None else "cluster",
    )
    effects = group_time_effects(panel, control="never_treated", method=method, confidence=confidence, draws=0)
    row = effects.table.iloc[0]
    if row["why"]:
        raise DesignError(worded("The effect cannot be estimated: {why}.", why=row["why"]))
    return estimate(
        float(row["att"]), float(row["se"]), n=len(panel.units), confidence=confidence, method=f"two periods, {method}"
    )


def group_time_effects(
    panel: Panel,
    *,
    control: Control = "never_treated",
    method: Method = "doubly_robust",
    base_period: BasePeriod = "varying",
    anticipation: int = 0,
    confidence: float = 0.95,
    draws: int = 999,
    seed: int = 0,
) -> GroupTimeEffects:
    r"""Estimate the effect on each cohort in each period.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`.
    control
        Whom the treated are compared with.
    method
        How covariates are adjusted for.
    base_period
        What periods before the treatment are compared with; effects from the treatment on do not depend on it.
    anticipation
        Periods before the treatment in which it may already act.
    confidence
        Of intervals and bands.
    draws, seed
        Of the bootstrap behind the simultaneous band; 0 draws give the pointwise interval as band.

    Raises
    ------
    DesignError
        The design identifies nothing; see :func:`~fuping.spatial.projects.design.check_design`.

    Notes
    -----
    For cohort g, period t and base period b, units of the cohort against controls C:
    :math:`ATT(g,t) = E[w_g (Y_t - Y_b - m_C(X))]`, doubly robust as equation 2.4 of Callaway and Sant'Anna (2021).
    Standard errors come from the influence functions, without correction for few units.
    """
    if method not in get_args(Method):
        raise DesignError(f"The method {method!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Method))}.")
    if base_period not in get_args(BasePeriod):
        raise DesignError(f"The base period {base_period!r} is unknown.", remedy="Choose varying or universal.")
    check_confidence(confidence)
    notices = check_design(panel, control=control, anticipation=anticipation, overlap=method != "regression")
    rows: list[dict[str, object]] = []
    columns: list[Floats] = []
    for cohort in panel.cohorts:
        usable = np.flatnonzero(panel.periods + anticipation < cohort)
        if len(usable) == 0:
            continue
        for t in range(len(panel.periods)):
            after = panel.periods[t] >= cohort
            base = usable[-1] if after or base_period == "universal" else t - 1
            if base < 0 or base == t:
                continue
            row, psi = _cell(panel, cohort, t, base, control, method, anticipation)
            when = int(panel.periods[t])
            place = {"cohort": int(cohort), "period": when, "event_time": when - int(cohort), "before": not after}
            rows.append(place | row)
            columns.append(psi)
    table = pd.DataFrame(rows)
    influence = Influence(np.column_stack(columns), panel.clusters)
    placebo = table["before"].to_numpy()
    att = table["att"].to_numpy()
    crit = influence.critical_value(confidence=confidence, draws=draws, seed=seed)
    measured = interval_table(att, influence.standard_errors(), confidence=confidence, critical_value=crit)
    labels, counts = ["cohort", "period", "event_time", "before"], ["n_treated", "n_controls", "why"]
    table = pd.concat([table[labels], measured, table[counts]], axis=1)
    return GroupTimeEffects(
        table=table,
        influence=influence,
        panel=panel,
        control=control,
        method=method,
        base_period=base_period,
        anticipation=anticipation,
        confidence=confidence,
        draws=draws,
        seed=seed,
        critical_value=crit,
        pre_trend=wald_test(att[placebo], influence.covariance()[np.ix_(placebo, placebo)]),
        notices=notices,
    )


def _cell(
    panel: Panel, cohort: float, t: int, base: int, control: Control, method: Method, anticipation: int
) -> tuple[dict[str, object], Floats]:
    """Estimate one cell; NaN with the reason where it cannot be."""
    n = len(panel.units)
    treated = panel.cohort == cohort
    if control == "never_treated":
        controls = panel.never_treated
    else:
        # Nobody may serve as control who is treated, or about to be, in either of the two periods.
        controls = (panel.cohort > panel.periods[max(t, base)] + anticipation) & ~treated
    here = treated | controls
    row: dict[str, object] = {
        "att": np.nan,
        "n_treated": int(treated.sum()),
        "n_controls": int(controls.sum()),
        "why": "",
    }
    missing = np.zeros(n)
    if not controls.any():
        return row | {"why": "no unit is still untreated"}, missing
    x = panel.covariates[here, min(t, base)]
    try:
        att, psi = KERNELS[method](
            panel.outcome[here, t],
            panel.outcome[here, base],
            treated[here].astype(float),
            np.column_stack([np.ones(here.sum()), x]),
            panel.weights[here],
        )
    except (ValueError, np.linalg.LinAlgError) as error:
        return row | {"why": str(error).strip().rstrip(".")}, missing
    influence = missing
    influence[here] = np.asarray(psi).reshape(-1) * n / here.sum()
    return row | {"att": float(att)}, influence
