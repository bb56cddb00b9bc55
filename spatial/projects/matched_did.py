"""Difference in differences between treated units and the controls matched to them, period by period."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from fuping.spatial.inference import Estimate, normal_quantile
from fuping.spatial.projects.balance import Overlap, balance_table, propensity_overlap
from fuping.spatial.projects.cohort_matching import cell_effect, match_cohorts
from fuping.spatial.projects.design import check_design
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.influence import estimate, interval_table
from fuping.spatial.projects.matching import Matches, Metric, match_nearest, matched_effect
from fuping.spatial.projects.panel import Panel

__all__ = ["MatchedDifference", "matched_did"]


@dataclass(frozen=True, eq=False)
class MatchedDifference:
    """The effect on the treated units that found a control alike.

    Parameters
    ----------
    overall
        Mean change over the periods from the treatment on, since the last one before it.
    table
        Indexed by time since the treatment, as :class:`~fuping.spatial.projects.event_study.EventStudy` has it; the
        band holds all periods together (Bonferroni).
    matches
        Who was compared with whom, and how alike they are.
    before
        How alike all treated and untreated were, as ``balance_table`` gives it.
    overlap
        Of the chances of treatment.
    left_out
        Cohort → units, where it has nobody to be compared with.
    """

    overall: Estimate
    table: pd.DataFrame
    matches: Matches
    before: pd.DataFrame
    overlap: Overlap
    left_out: dict[float, int] = field(default_factory=dict)


def matched_did(
    panel: Panel,
    *,
    metric: Metric = "propensity",
    neighbours: int = 1,
    caliper: float | None = None,
    confidence: float = 0.95,
) -> MatchedDifference:
    """Match on the covariates before the treatment, then compare changes.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`, with covariates.
    metric, neighbours, caliper
        As :func:`~fuping.spatial.projects.matching.match_nearest` takes them.
    confidence
        Of intervals and bands.

    Raises
    ------
    DesignError
        The design identifies nothing, there is no covariate, covariates tell the groups apart, or no treated unit has
        a control within the caliper; of several cohorts: every one.

    Notes
    -----
    Heckman, Ichimura and Todd (1997), Review of Economic Studies 64, 605–654; standard errors of Abadie and Imbens
    (2006). Units are not matched on the outcome itself: that they start alike would let them return to unlike means
    (Daw and Hatfield 2018, Health Services Research 53, 4138–4156).

    Of several first periods each cohort is matched apart, on its covariates in the last period before, with units that
    are not treated by the period compared: those never treated and those treated later. Effects are means over treated
    units and periods. Imai, Kim and Wang (2023), American Journal of Political Science 67, 587–605, match likewise.
    """
    several = len(panel.cohorts) > 1
    check_design(panel, control="not_yet_treated" if several else "never_treated", overlap=not several)
    if not panel.covariate_names:
        raise DesignError(
            "There is nothing to match on.", remedy="Read the panel with covariates=.", code="no_covariates"
        )
    if several:
        return _of_cohorts(panel, metric, neighbours, caliper, confidence)
    start = float(panel.cohorts[0])
    base = int(np.searchsorted(panel.periods.to_numpy(), start)) - 1
    x = pd.DataFrame(panel.covariates[:, base], index=panel.units, columns=list(panel.covariate_names))
    treated = pd.Series(~panel.never_treated, index=panel.units)
    overlap = propensity_overlap(x, treated)
    matches = match_nearest(x, treated, metric=metric, neighbours=neighbours, caliper=caliper)
    change = panel.outcome - panel.outcome[:, [base]]

    def effect(values: np.ndarray) -> Estimate:
        return matched_effect(matches, pd.Series(values, panel.units), treated, confidence=confidence)

    others = [at for at in range(len(panel.periods)) if at != base]
    found = [effect(change[:, at]) for at in others]
    together = normal_quantile(1 - (1 - confidence) / len(found))
    table = interval_table(
        np.array([one.value for one in found]),
        np.array([one.se for one in found]),
        confidence=confidence,
        critical_value=together,
    ).assign(reference=False)
    zero = dict.fromkeys(table.columns, np.nan) | {"att": 0.0, "reference": True}
    table = pd.concat([table, pd.DataFrame([zero])], ignore_index=True)
    table.index = pd.Index([int(panel.periods[at] - start) for at in [*others, base]], name="event_time")
    return MatchedDifference(
        overall=effect(change[:, base + 1 :].mean(axis=1)),
        table=table.sort_index(),
        matches=matches,
        before=balance_table(x, treated),
        overlap=overlap,
    )


def _of_cohorts(
    panel: Panel, metric: Metric, neighbours: int, caliper: float | None, confidence: float
) -> MatchedDifference:
    made = match_cohorts(panel, metric=metric, neighbours=neighbours, caliper=caliper)
    times = sorted({one.event_time for one in made.cells})
    found = [cell_effect(one for one in made.cells if one.event_time == time) for time in times]
    table = interval_table(
        np.array([one[0] for one in found]),
        np.array([one[1] for one in found]),
        confidence=confidence,
        critical_value=normal_quantile(1 - (1 - confidence) / len(found)),
    ).assign(reference=False)
    table.index = pd.Index(times, name="event_time")
    # The last period before is one behind where periods are years, farther where some are missing: mark the nearest.
    nearest = max(int(panel.periods[panel.periods < one][-1] - one) for one in panel.cohorts)
    if nearest not in table.index:
        table.loc[nearest] = dict.fromkeys(table.columns, np.nan) | {"att": 0.0, "reference": True}
    effect, se, _ = cell_effect(one for one in made.cells if one.event_time >= 0)
    overall = estimate(effect, se, n=made.matches.report.matched, confidence=confidence, method="Abadie–Imbens")
    table = table.sort_index().astype({"reference": bool})
    return MatchedDifference(overall, table, made.matches, made.before, made.overlap, made.left_out)
