"""What an evaluation says in words: the treatment, why a design is refused, what is identified, how fragile it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.i18n.formats import difference, figure, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.refusals import told_in
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.designs import Other
from fuping.dashboard.queries.effects import Effects, Refusal
from fuping.dashboard.queries.evaluation import Evaluation
from fuping.dashboard.queries.treatment import ANY, Treatment
from fuping.spatial.inference import Estimate

__all__ = [
    "FAR_APART",
    "Scale",
    "Subject",
    "effect_title",
    "estimate_cells",
    "interval_told",
    "notices",
    "notices_listed",
    "refusal_words",
    "row_cells",
    "treatment_name",
]

FAR_APART = 0.25
"""Standardised difference from which groups are so unlike that a common trend is a bold assumption; Imbens and Rubin
(2015), Causal Inference, chapter 14."""

KNOWN = (
    "all_at_once",
    "always_treated",
    "constant_outcome",
    "dependent",
    "few_before",
    "few_clusters",
    "few_controls",
    "model_input",
    "no_border",
    "no_covariates",
    "no_jump",
    "no_overlap",
    "no_period_before",
    "no_score",
    "no_shapes",
    "no_support",
    "no_unit",
    "no_untreated",
    "nobody_treated",
    "not_one_treated",
    "one_period",
    "one_side",
    "one_treated",
    "outcome_itself",
    "same_figures",
    "same_model",
    "switches_off",
)
"""Reasons that are said in the reader's language."""


@dataclass(frozen=True)
class Scale:
    """How figures of the outcome are written."""

    unit: str
    decimals: int
    language: str

    @property
    def suffix(self) -> str:
        """Behind the ticks of an axis."""
        return self.unit if self.unit == "%" else ""

    @property
    def of_change(self) -> str:
        """Beside an axis of differences: that of two percentages is no percentage."""
        return message("kind.points", self.language) if self.unit == "%" else self.unit

    def value(self, amount: float) -> str:
        """Write a figure."""
        return figure(amount, self.unit, self.decimals, self.language) if np.isfinite(amount) else "–"

    def change(self, amount: float) -> str:
        """Write a difference, with its sign."""
        return difference(amount, self.unit, self.decimals, self.language) if np.isfinite(amount) else "–"

    def bare(self, amount: float) -> str:
        """Write a difference without its unit, for a table."""
        return number(amount, self.decimals, self.language) if np.isfinite(amount) else "–"


@dataclass(frozen=True)
class Subject:
    """What an evaluation is about, as it is called in a sentence."""

    treatment: str
    outcome: str
    units: str
    covariates: tuple[str, ...] = ()
    associated: bool = False
    """Whether the treatment is nothing that was done to anyone, so that only an association is found."""
    left_out: int = 0
    """Units that could not be used."""
    score: str = ""
    """What a cutoff is set in."""
    notices: tuple[str, ...] = ()
    """What a reader must know before believing an estimate, the gravest first."""


def effect_title(subject: Subject, language: str) -> str:
    """Return the title above an estimate."""
    return message("evaluation.association" if subject.associated else "evaluation.effect", language)


def notices_listed(subject: Subject) -> list[html.Ul]:
    """Return what a reader must know first, as a list; nothing where there is nothing."""
    return [html.Ul([html.Li(one) for one in subject.notices], className="notices")] if subject.notices else []


def treatment_name(reader: Reader, pack: str, treatment: Treatment, language: str) -> str:
    """Return what a treatment is called."""
    if treatment.kind == "project":
        project = next(one for one in reader.catalogue(pack)["projects"] if one["id"] == treatment.of)
        return str(project["name"][language])
    declared = reader.indicator(pack, treatment.of)
    name = declared["name"][language]
    if treatment.kind in ("above", "below"):
        return message(f"evaluation.named.{treatment.kind}", language, name=name)
    if treatment.category == ANY:
        return message("evaluation.named.any", language, name=name)
    category = next(one["name"][language] for one in declared["categories"] if one["code"] == treatment.category)
    return message(f"evaluation.named.{treatment.kind}", language, name=name, category=category)


def refusal_words(refusal: Refusal, language: str) -> tuple[str, str]:
    """Return why a design is refused, and what can be done."""
    if refusal.code not in KNOWN:
        detail = refusal.detail or refusal.code
        return message("evaluation.refused.other", language, detail=told_in(detail, language)), message(
            "evaluation.instead.other", language
        )
    values = {name: _written(name, value, language) for name, value in refusal.values.items()}
    values.setdefault("n", "0")
    why = message(f"evaluation.refused.{refusal.code}", language, **values)
    return why, message(f"evaluation.instead.{refusal.code}", language, **values)


def _written(name: str, value: Any, language: str) -> str:
    if name == "names" and isinstance(value, Mapping):
        return listed(value[language], language)
    if name == "covariates":
        return listed(map(str, value), language)
    if name == "n":
        return number(int(value), 0, language)
    return f"{value:g}" if isinstance(value, float) else str(value)


def estimate_cells(found: Estimate, scale: Scale) -> list[str]:
    """Return estimate, standard error and interval as cells of a table."""
    between = "–"
    if np.isfinite(found.low) and np.isfinite(found.high):
        between = f"{scale.bare(found.low)} – {scale.bare(found.high)}"
    return [scale.bare(found.value), scale.bare(found.se), between]


def row_cells(row: pd.Series, scale: Scale) -> list[str]:
    """Return the same of a row with ``att``, ``se``, ``low`` and ``high``."""
    return [scale.bare(row["att"]), scale.bare(row["se"]), f"{scale.bare(row['low'])} – {scale.bare(row['high'])}"]


def interval_told(found: Estimate, write: Callable[[float], str], language: str) -> str:
    """Return an interval in words; why there is none where there is none."""
    if not (np.isfinite(found.low) and np.isfinite(found.high)):
        return message("evaluation.no_interval", language)
    return message("evaluation.interval_of", language, low=write(found.low), high=write(found.high))


def notices(found: Evaluation | None, result: Effects | Other, balance: pd.DataFrame, language: str) -> list[str]:
    """Return what a reader must know before believing an estimate, the gravest first."""
    told = []
    if found is not None:
        design, first = found.design, found.design.years[0]
        treated = found.treated
        if design.treatment.kind in ("above", "below"):
            told.append(message("evaluation.notice.not_assigned", language))
        if treated.n_unnamed:
            told.append(message("evaluation.notice.unnamed", language, n=treated.n_unnamed))
        begun = treated.years[0] if treated.years else first
        if begun > first and (treated.first == begun).any():
            key = "earlier_support" if design.treatment.kind == "project" else "seen_from"
            told.append(message(f"evaluation.notice.{key}", language, first=first, begun=begun))
    if isinstance(result, Effects):
        cohorts, periods = result.panel.cohorts, result.panel.periods.to_numpy()
        if len(np.unique(np.searchsorted(periods, cohorts))) < len(cohorts):
            told.append(message("evaluation.notice.timing_unseen", language, n=len(cohorts)))
        for one in result.notices:
            values = {name: _plain(value) for name, value in one.values.items()}
            told.append(message(f"evaluation.notice.{one.code}", language, **values))
    if len(balance) and abs(gap := float(balance["standardised_difference"].iloc[0])) > FAR_APART:
        told.append(message("evaluation.notice.far_apart", language, gap=number(abs(gap), 2, language)))
    return list(dict.fromkeys(told))


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
