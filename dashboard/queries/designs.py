"""Designs other than difference in differences: one treated unit's twin, weights, matches, a cutoff; and which fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from fuping.dashboard.queries.border_score import BORDER, Border
from fuping.dashboard.queries.effects import (
    Choice,
    Effects,
    Positions,
    Refusal,
    estimate_effects,
    why_not,
    without_covariates,
)
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fuping.spatial.inference import Estimate
    from fuping.spatial.projects import (
        Control,
        Discontinuity,
        MatchedDifference,
        Metric,
        Panel,
        SyntheticControl,
        SyntheticDifference,
    )

__all__ = [
    "CALIPER",
    "DESIGNS",
    "Jump",
    "Matched",
    "Other",
    "Score",
    "Stretch",
    "Twin",
    "Weighted",
    "estimate_design",
    "matched",
    "no_twin",
    "one_wave",
]

DESIGNS = ("differences", "synthetic_control", "synthetic_did", "matching", "discontinuity")
"""In the order in which they are offered; the first stands for all ways to difference in differences."""

CALIPER = 0.2
"""Standard deviations of the logit beyond which no control is alike; Austin (2011)."""


@dataclass(frozen=True, eq=False)
class Score:
    """What a cutoff is set in: one figure a unit of the panel, in the first year; NaN where not known.

    ``border`` where it is the distance to one.
    """

    value: NDArray[np.float64]
    name: str
    border: Border | None = None

    @classmethod
    def beside(cls, border: Border) -> Score:
        """Return the distance to a border as a score."""
        return cls(border.distance, BORDER, border)

    def usable(self, choice: Choice) -> NDArray[np.bool_]:
        """Return which units count: those with a score, and none within the hole around a border."""
        known = np.isfinite(self.value)
        return known if self.border is None else known & (np.abs(self.value) >= choice.donut)


@dataclass(frozen=True, eq=False)
class Twin:
    """One treated unit beside its synthetic twin."""

    panel: Panel
    found: SyntheticControl


@dataclass(frozen=True, eq=False)
class Weighted:
    """Treated units beside weighted controls and weighted years."""

    panel: Panel
    found: SyntheticDifference

    @property
    def overall(self) -> Estimate:
        """The effect."""
        return self.found.overall


@dataclass(frozen=True, eq=False)
class Matched:
    """Treated units beside controls alike."""

    panel: Panel
    found: MatchedDifference
    metric: Metric

    @property
    def overall(self) -> Estimate:
        """The effect."""
        return self.found.overall


@dataclass(frozen=True, eq=False)
class Stretch:
    """How units lie beside a border.

    Parameters
    ----------
    km
        Length of the border.
    segments
        Indexed by segment, the longest first: ``km``, and the units within the bandwidth that are ``treated`` and
        ``untreated``.
    within
        Whether units were compared within their segment.
    n_touching
        Units used whose own border it is.
    n_hole
        Units left out within ``donut`` km.
    given_points
        Whether distances are those of points that were given.
    """

    km: float
    segments: pd.DataFrame
    within: bool
    n_touching: int
    donut: float
    n_hole: int
    given_points: bool


@dataclass(frozen=True, eq=False)
class Jump:
    """Units on both sides of a cutoff.

    Parameters
    ----------
    score, cutoff
        Name of the score, and where it cuts.
    before
        Jump of the outcome in the first year and of the covariates, which should be none.
    n_unscored
        Units without a score.
    border
        Where the score is the distance to one.
    """

    panel: Panel
    found: Discontinuity
    score: str
    cutoff: float
    before: pd.DataFrame
    n_unscored: int
    border: Stretch | None = None

    @property
    def overall(self) -> Estimate:
        """The effect at the cutoff."""
        return self.found.overall


Other = Twin | Weighted | Matched | Jump


def one_wave(panel: Panel) -> Panel:
    """Return the panel with each first treatment moved to the first period that sees it.

    Treatments that began between the same two periods are then one.
    """
    seen = np.searchsorted(panel.periods.to_numpy(), panel.cohort)
    periods = np.append(panel.periods.to_numpy(dtype=float), np.inf)
    return replace(panel, cohort=periods[seen])


def matched(panel: Panel, choice: Choice) -> MatchedDifference:
    """Return the effect among matched units.

    Raises
    ------
    DesignError
        As :func:`~fuping.spatial.projects.matched_did.matched_did` raises it.
    """
    from fuping.spatial.projects import matched_did

    caliper = CALIPER if choice.metric == "propensity" else None
    return matched_did(one_wave(panel), metric=choice.metric, caliper=caliper)


def estimate_design(
    panel: Panel, choice: Choice, positions: Positions | None = None, score: Score | Refusal | None = None
) -> Effects | Other | Refusal:
    """Estimate the effect by the design that is chosen, or say why nothing is identified.

    Parameters
    ----------
    positions
        Of the units, for errors that reach in space; ``None`` where they are not known.
    score
        For a discontinuity; ``None`` where no score is chosen, a refusal where it cannot be measured.
    """
    from fuping.spatial.projects import DesignError, check_design

    if choice.design == "differences":
        return estimate_effects(panel, choice, positions)
    attempts: dict[str, Callable[[], Other | Refusal]] = {
        "synthetic_control": lambda: _twin(panel),
        "synthetic_did": lambda: _weighted(panel),
        "matching": lambda: Matched(one_wave(panel), matched(panel, choice), choice.metric),
        "discontinuity": lambda: _jump(panel, choice, score),
    }
    try:
        if choice.design != "discontinuity":
            later = choice.design == "matching" and len(one_wave(panel).cohorts) > 1
            control: Control = "not_yet_treated" if later else "never_treated"
            check_design(without_covariates(panel), control=control)
        return attempts[choice.design]()
    except DesignError as error:
        return why_not(error)


def _twin(panel: Panel) -> Twin | Refusal:
    from fuping.spatial.projects import synthetic_control

    refusal = no_twin(panel)
    if refusal is not None:
        return refusal
    found = synthetic_control(without_covariates(panel), placebos=len(panel.units) <= 200)
    return Twin(panel, found)


def no_twin(panel: Panel) -> Refusal | None:
    """Return why a panel has no synthetic twin, ``None`` where it may have one."""
    from fuping.spatial.projects.synthetic_control import LEAST_BEFORE

    treated = np.flatnonzero(~panel.never_treated)
    if len(treated) != 1:
        return Refusal("not_one_treated", {"n": len(treated)})
    before = int((panel.periods < panel.cohort[treated[0]]).sum())
    return Refusal("few_before", {"n": before, "least": LEAST_BEFORE}) if before < LEAST_BEFORE else None


def _weighted(panel: Panel) -> Weighted:
    from fuping.spatial.projects import synthetic_did

    wave = without_covariates(one_wave(panel))
    return Weighted(wave, synthetic_did(wave))


def _jump(panel: Panel, choice: Choice, score: Score | Refusal | None) -> Jump | Refusal:
    from fuping.spatial.projects import discontinuity, discontinuity_balance

    if score is None:
        return Refusal("no_score")
    if isinstance(score, Refusal):
        return score
    known = score.usable(choice)
    units = panel.units[known]
    value = pd.Series(score.value[known], units)
    treated = pd.Series(~panel.never_treated[known], units)
    border = score.border
    strata = pd.Series(border.segment[known], units) if border is not None and choice.segment_km else None
    outcome = pd.Series(panel.outcome[known, -1], units)
    found = discontinuity(outcome, value, cutoff=choice.cutoff, treated=treated, strata=strata)
    before = pd.DataFrame(panel.covariates[known, 0], index=units, columns=list(panel.covariate_names))
    before.insert(0, "", panel.outcome[known, 0])
    table = discontinuity_balance(before, value, cutoff=choice.cutoff, strata=strata)
    beside = None if border is None else _stretch(border, known, found.bandwidth, choice)
    unscored = int((~np.isfinite(score.value)).sum())
    return Jump(panel, found, score.name, choice.cutoff, table, unscored, beside)


def _stretch(border: Border, known: NDArray[np.bool_], bandwidth: float, choice: Choice) -> Stretch:
    near = known & (np.abs(border.distance) <= bandwidth)
    n = len(border.segment_km)
    sides = {
        name: np.bincount(border.segment[near & side], minlength=n)
        for name, side in (("treated", border.distance >= 0), ("untreated", border.distance < 0))
    }
    segments = pd.DataFrame({"km": border.segment_km} | sides).rename_axis("segment")
    return Stretch(
        km=border.km,
        segments=segments.sort_values("km", ascending=False, kind="stable"),
        within=bool(choice.segment_km),
        n_touching=int((known & border.touching).sum()),
        donut=choice.donut,
        n_hole=int((np.abs(border.distance) < choice.donut).sum()),
        given_points=border.given_points,
    )
