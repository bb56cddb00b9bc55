"""Effects by cohort and period added up: to one number, by time since treatment, by cohort, by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.inference import Estimate
from fuping.spatial.projects.did import GroupTimeEffects
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.influence import Influence, estimate, interval_table
from fuping.spatial.projects.panel import Panel
from fuping.spatial.wording import worded
from numpy.typing import NDArray

__all__ = ["Aggregation", "Combined", "aggregate"]

Floats = NDArray[np.float64]

Aggregation = Literal["simple", "dynamic", "group", "calendar"]
"""All cells by size; by time since treatment; by cohort; by period."""


@dataclass(frozen=True, eq=False)
class Combined:
    """Effects added up in one way.

    Parameters
    ----------
    by
        Which way.
    table
        Indexed by event time, cohort or period (one row ``all`` for ``"simple"``): ``att``, ``se``, ``low``, ``high``,
        ``p_value``, ``band_low``, ``band_high`` and ``cells`` (how many ATT(g, t) it rests on).
    influence
        Of each unit on each row of ``table``.
    overall
        The single number: for ``"dynamic"``, ``"group"`` and ``"calendar"`` the mean over time since treatment (from
        zero on), cohorts (by size), periods.
    overall_influence
        Of each unit on it.
    critical_value
        Of the simultaneous band.
    """

    by: Aggregation
    table: pd.DataFrame
    influence: Influence
    overall: Estimate
    overall_influence: Influence
    critical_value: float


def aggregate(effects: GroupTimeEffects, *, by: Aggregation, balance: int | None = None) -> Combined:
    r"""Add effects up over cohorts and periods.

    Parameters
    ----------
    effects
        From :func:`~fuping.spatial.projects.did.group_time_effects`.
    by
        ``"simple"``: every cell from the treatment on, by cohort size. ``"dynamic"``: by time since treatment.
        ``"group"``: by cohort. ``"calendar"``: by period.
    balance
        For ``"dynamic"``: only cohorts seen for so many periods after the treatment, and event times up to it, so that
        the same cohorts stand behind every event time from zero on.

    Raises
    ------
    DesignError
        An unknown aggregation, or no cell to add up.

    Notes
    -----
    Callaway and Sant'Anna (2021), section 3. A cohort's share is estimated, and its influence
    counts. Cells without an estimate are left out, and ``cells`` says how many remain.
    """
    if by not in get_args(Aggregation):
        raise DesignError(f"The aggregation {by!r} is unknown.", remedy=f"Choose {', '.join(get_args(Aggregation))}.")
    table, panel = effects.table, effects.panel
    usable = table["att"].notna().to_numpy()
    post = usable & ~table["before"].to_numpy()
    if not post.any():
        raise DesignError(
            worded("No cell from the treatment on has an estimate."), remedy=worded("See the column why.")
        )
    event, cohort = table["event_time"].to_numpy(), table["cohort"].to_numpy()
    if by == "simple":
        labels, masks = pd.Index(["all"]), [post]
    elif by == "dynamic":
        if balance is not None:
            span = panel.periods[-1] - panel.periods[0]
            seen = panel.periods[-1] - cohort >= balance
            usable = usable & seen & (event <= balance) & (event >= balance - span)
            if not (usable & (event >= 0)).any():
                raise DesignError(
                    worded("No cohort is seen for {balance} periods after the treatment.", balance=balance),
                    balance=balance,
                )
        labels = pd.Index(np.unique(event[usable]), name="event_time")
        masks = [usable & (event == label) for label in labels]
    elif by == "group":
        labels = pd.Index(np.unique(cohort[post]), name="cohort")
        masks = [post & (cohort == label) for label in labels]
    else:
        labels = pd.Index(np.unique(table["period"].to_numpy()[post]), name="period")
        masks = [post & (table["period"].to_numpy() == label) for label in labels]
    att = table["att"].fillna(0.0).to_numpy()
    sizes = _Sizes(panel)
    parts = [sizes.average(att, cohort, mask, equal=by == "group") for mask in masks]
    weights = np.column_stack([weight for weight, _ in parts])
    influence = effects.influence.combined(weights, np.column_stack([extra for _, extra in parts]))
    values = att @ weights
    overall, overall_influence = _overall(by, labels, values, influence, sizes)
    crit = influence.critical_value(confidence=effects.confidence, draws=effects.draws, seed=effects.seed)
    measured = interval_table(values, influence.standard_errors(), confidence=effects.confidence, critical_value=crit)
    measured = measured.set_index(labels).assign(cells=[int(mask.sum()) for mask in masks])
    summary = estimate(
        overall,
        float(overall_influence.standard_errors()[0]),
        n=len(panel.units),
        confidence=effects.confidence,
        method=f"Callaway–Sant'Anna, {by}, {effects.method}, {effects.control}",
    )
    return Combined(by, measured, influence, summary, overall_influence, crit)


class _Sizes:
    """Shares of the cohorts among all units, and the influence of each unit on them."""

    def __init__(self, panel: Panel) -> None:
        self.of = {int(g): float((panel.weights * (panel.cohort == g)).mean()) for g in panel.cohorts}
        self.influence = {int(g): panel.weights * (panel.cohort == g) - self.of[int(g)] for g in panel.cohorts}

    def average(
        self, att: Floats, cohort: NDArray[np.int64], mask: NDArray[np.bool_], *, equal: bool
    ) -> tuple[Floats, Floats]:
        """Return the weights of cells in their mean, and each unit's influence through them."""
        weight = np.zeros(len(att))
        if equal:
            weight[mask] = 1 / mask.sum()
            return weight, np.zeros(len(next(iter(self.influence.values()))))
        groups = [int(g) for g in cohort[mask]]
        share = np.array([self.of[g] for g in groups])
        psi = np.column_stack([self.influence[g] for g in groups])
        weight[mask] = share / share.sum()
        through = psi / share.sum() - psi.sum(axis=1, keepdims=True) * share / share.sum() ** 2
        return weight, through @ att[mask]


def _overall(
    by: Aggregation, labels: pd.Index, values: Floats, influence: Influence, sizes: _Sizes
) -> tuple[float, Influence]:
    """Reduce the rows of an aggregation to one number."""
    extra = None
    if by == "group":
        weight, through = sizes.average(values, labels.to_numpy(), np.ones(len(values), dtype=bool), equal=False)
        extra = through[:, None]
    else:
        counted = labels.to_numpy() >= 0 if by == "dynamic" else np.ones(len(values), dtype=bool)
        weight = counted / counted.sum()
    return float(values @ weight), influence.combined(weight[:, None], extra)
