"""The effect of a treatment in a panel: what it rests on, how it is spread over time, and how fragile it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fuping.dashboard.queries.robustness import Variant
    from fuping.spatial.errors import FupingError
    from fuping.spatial.inference import Estimate
    from fuping.spatial.projects import (
        Combined,
        Decomposition,
        EventStudy,
        HonestBounds,
        Notice,
        Panel,
        WaldTest,
    )

__all__ = [
    "LEAST_CLUSTERS",
    "Choice",
    "Effects",
    "EstimatorName",
    "Positions",
    "Refusal",
    "estimate_effects",
    "in_waves",
    "why_not",
    "without_covariates",
]

Floats = NDArray[np.float64]

Kernel = Literal["doubly_robust", "regression", "inverse_probability"]

EstimatorName = Literal[
    "doubly_robust",
    "regression",
    "inverse_probability",
    "synthetic_control",
    "synthetic_did",
    "matching",
    "discontinuity",
]

LEAST_CLUSTERS = 10
"""Below it clustered standard errors say nothing of use; Cameron and Miller (2015) call 20 to 50 few."""

LARGE = 60_000
"""Unit-years above which regressions on the whole panel are left out: they would keep the reader waiting."""

MOST_LINES = 5
"""Cohorts that are drawn apart; more are drawn as one."""


@dataclass(frozen=True)
class Refusal:
    """Why nothing is identified; ``detail`` where it is none of the known reasons."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class Choice:
    """Whom the treated are compared with, and how.

    Parameters
    ----------
    metric
        What alike means where units are matched.
    cutoff
        Of the score where there is one.
    running
        What a discontinuity runs along: a score, or the distance to the border of the treated area.
    donut
        Km from the border within which units are left out, as their figures are of both sides.
    segment_km
        Length of the segments of the border within which units are compared; 0: all with all.
    """

    control: Literal["never_treated", "not_yet_treated"] = "never_treated"
    method: EstimatorName = "doubly_robust"
    metric: Literal["propensity", "mahalanobis"] = "propensity"
    cutoff: float = 0.0
    running: Literal["score", "border"] = "score"
    donut: float = 0.0
    segment_km: float = 0.0

    @property
    def kernel(self) -> Kernel:
        """How covariates are adjusted for."""
        return self.method if self.method in get_args(Kernel) else "doubly_robust"  # type: ignore[return-value]

    @property
    def design(self) -> str:
        """One of :data:`~fuping.dashboard.queries.designs.DESIGNS`."""
        return "differences" if self.method in get_args(Kernel) else self.method


@dataclass(frozen=True, eq=False)
class Positions:
    """Degrees of one point of each unit of a panel, and what each lies in where that is known."""

    longitude: Floats
    latitude: Floats
    area: NDArray[np.intp] | None = None


@dataclass(frozen=True, eq=False)
class Effects:
    """Estimates of one design.

    Parameters
    ----------
    panel, choice
        What was studied, and how.
    notices
        What weakens the design.
    combined
        The effect added up: all cells by size, by time since treatment, by cohort, by period.
    event
        Leads and lags with pointwise intervals and simultaneous bands.
    pre_trend
        Joint test that every cohort's effects before its treatment are zero.
    decomposition
        Of the two-way fixed effects coefficient; ``None`` where it cannot be made.
    bounds
        How far trends may have diverged; ``None`` with less than two periods before.
    trends
        Mean outcome by period (rows) and group (columns): a cohort's first year, 0 for the comparison, -1 for all
        treated where there are too many cohorts to tell apart.
    variants
        The same effect estimated otherwise.
    """

    panel: Panel
    choice: Choice
    notices: tuple[Notice, ...]
    combined: dict[str, Combined]
    event: EventStudy
    pre_trend: WaldTest
    decomposition: Decomposition | None
    bounds: HonestBounds | None
    trends: pd.DataFrame
    variants: tuple[Variant, ...]

    @property
    def overall(self) -> Estimate:
        """All cells from the treatment on, by size."""
        return self.combined["simple"].overall

    @property
    def tested(self) -> bool:
        """Whether some cohort is seen in two periods before its treatment, so that trends before can be compared."""
        return self.pre_trend.df > 0


def why_not(error: FupingError) -> Refusal:
    """Return the reason that an error of a design gives."""
    values: dict[str, Any] = dict(getattr(error, "values", {}))
    code = values.pop("code", None)
    if code is None and "units" in values and "switches off" in str(error):
        code = "switches_off"
    return Refusal(str(code or "other"), values, error.told)


def estimate_effects(panel: Panel, choice: Choice, positions: Positions | None = None) -> Effects | Refusal:
    """Estimate the effect by difference in differences, or say why nothing is identified."""
    from fuping.spatial.projects import DesignError, aggregate, check_design, event_study, group_time_effects
    from fuping.spatial.projects.aggregation import Aggregation

    try:
        check_design(panel, control=choice.control, overlap=choice.method != "regression")
    except DesignError as error:
        return why_not(error)
    treated = int((~panel.never_treated).sum())
    if treated < 2:
        return Refusal("one_treated", {"n": treated})
    if panel.clusters is not None and (n := int(panel.clusters.max()) + 1) < LEAST_CLUSTERS:
        return Refusal("few_clusters", {"n": n, "least": LEAST_CLUSTERS})
    try:
        found = group_time_effects(panel, control=choice.control, method=choice.kernel)
        combined = {by: aggregate(found, by=by) for by in get_args(Aggregation)}
        event = event_study(found)
    except DesignError as error:
        return why_not(error)
    from fuping.dashboard.queries.robustness import variants

    return Effects(
        panel=panel,
        choice=choice,
        notices=found.notices,
        combined=combined,
        event=event,
        pre_trend=found.pre_trend,
        decomposition=_decomposition(in_waves(without_covariates(panel))),
        bounds=_bounds(panel, choice),
        trends=_trends(panel),
        variants=tuple(variants(panel, choice, positions, large=panel.outcome.size > LARGE)),
    )


def without_covariates(panel: Panel) -> Panel:
    """Return the panel without covariates and weights, as regressions on the whole of it take it."""
    empty = np.zeros((*panel.outcome.shape, 0))
    return replace(panel, covariates=empty, covariate_names=(), weights=np.ones(len(panel.units)))


def in_waves(panel: Panel) -> Panel:
    """Return the panel with its periods numbered 1, 2, …, and each cohort in the first wave that sees it treated.

    Regressions on leads and lags need evenly spaced periods, and a wave for each first treatment.
    """
    waves = pd.Index(np.arange(1, len(panel.periods) + 1), name=panel.periods.name)
    seen = np.searchsorted(panel.periods.to_numpy(), panel.cohort) + 1.0
    return replace(panel, periods=waves, cohort=np.where(panel.never_treated, np.inf, seen))


def _decomposition(panel: Panel) -> Decomposition | None:
    from fuping.spatial.projects import DesignError, goodman_bacon

    if len(panel.cohorts) < 2 or panel.outcome.size > LARGE:
        return None
    try:
        return goodman_bacon(panel)
    except DesignError:
        return None


def _bounds(panel: Panel, choice: Choice) -> HonestBounds | None:
    from fuping.spatial.projects import DesignError, group_time_effects, honest_bounds

    try:
        found = group_time_effects(
            panel, control=choice.control, method=choice.kernel, base_period="universal", draws=0
        )
        return honest_bounds(found)
    except DesignError:
        return None


def _trends(panel: Panel) -> pd.DataFrame:
    cohorts = panel.cohorts
    parts: dict[int, NDArray[np.bool_]] = {0: panel.never_treated}
    if len(cohorts) <= MOST_LINES:
        parts |= {int(one): panel.cohort == one for one in cohorts}
    else:
        parts[-1] = ~panel.never_treated
    means = {
        name: np.average(panel.outcome[inside], axis=0, weights=panel.weights[inside])
        for name, inside in parts.items()
        if inside.any()
    }
    return pd.DataFrame(means, index=panel.periods)
