"""The design of an evaluation as the URL holds it, and what a pack offers to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from fuping.dashboard.queries.border_score import BORDER
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.effects import Choice, EstimatorName, Refusal
from fuping.dashboard.queries.treatment import Treatment, treatment_choices, usual_threshold
from fuping.dashboard.state import ViewState

__all__ = [
    "CONTROLS",
    "METRICS",
    "Design",
    "covariate_choices",
    "evaluation_level",
    "outcome_choices",
    "read_choice",
    "read_design",
    "refused_at_once",
    "score_choices",
]

CONTROLS = ("never_treated", "not_yet_treated")

METRICS = ("propensity", "mahalanobis")

WIDEST_KM = 10_000.0
"""Of a hole around a border or a segment of it."""

AREAS = ("all", "shared")
"""Comparison units: of the whole country, or only of those divisions that treated units lie in."""


@dataclass(frozen=True)
class Design:
    """What is evaluated.

    Parameters
    ----------
    level
        Whose units are compared.
    treatment, threshold
        The treatment; the value of a threshold.
    outcome, years
        Indicator, and the years of it that are used.
    area
        One of :data:`AREAS`.
    covariates
        Indicators that parallel trends are conditional on, as they were in the first year.
    choice
        Whom the treated are compared with, and how.
    score
        Indicator that a cutoff is set in, as it was in the first year, or the distance to a border; ``None`` where the
        design has none.
    """

    pack: str
    level: str
    treatment: Treatment
    threshold: float
    outcome: str
    years: tuple[int, ...]
    area: str
    covariates: tuple[str, ...]
    choice: Choice
    score: str | None = None


def evaluation_level(reader: Reader, pack: str) -> str:
    """Return the level whose units are evaluated: the pack's own."""
    return str(reader.catalogue(pack)["pack"]["default_level"])


def outcome_choices(reader: Reader, pack: str, level: str) -> list[Mapping[str, Any]]:
    """Return the indicators with figures in two years or more, statuses left out."""
    return [
        one
        for one in reader.catalogue(pack)["indicators"]
        if one["shown"] and not one["categories"] and len(_years(one, level)) > 1
    ]


def _years(declared: Mapping[str, Any], level: str) -> list[int]:
    there = declared["levels"].get(level, {})
    return list(there["years"]) if there.get("n_values") else []


def read_choice(view: ViewState) -> Choice:
    """Return whom the URL compares the treated with, and how."""
    control: Any = view.option("control", CONTROLS, CONTROLS[0])
    method: Any = view.option("method", get_args(EstimatorName), "doubly_robust")
    metric: Any = view.option("metric", METRICS, METRICS[0])
    if view.option("score", [BORDER], "") != BORDER:
        return Choice(control, method, metric, view.amount("cutoff", 0.0, low=-1e15, high=1e15))
    donut, segment = (view.amount(name, 0.0, low=0.0, high=WIDEST_KM) for name in ("donut", "segment"))
    return Choice(control, method, metric, running="border", donut=donut, segment_km=segment)


def read_design(reader: Reader, view: ViewState) -> Design | None:
    """Return the design that the URL asks for, ``None`` where no indicator can be an outcome or nothing a treatment."""
    level = evaluation_level(reader, view.pack)
    outcomes = {one["id"]: one for one in outcome_choices(reader, view.pack, level)}
    treatments = {one.id: one for one in treatment_choices(reader, view.pack, level)}
    if not outcomes or not treatments:
        return None
    rates = [name for name, one in outcomes.items() if one["kind"] == "rate"]
    default = view.indicator if view.indicator in outcomes else next(iter(rates), next(iter(outcomes)))
    outcome = view.option("outcome", list(outcomes), default)
    first = _first_treatment(reader, view.pack, treatments, outcomes[outcome])
    treatment = treatments[view.option("treatment", list(treatments), first)]
    threshold = 0.0
    if treatment.kind in ("above", "below"):
        threshold = usual_threshold(reader, view.pack, level, treatment.of)
        threshold = view.amount("threshold", threshold, low=-1e15, high=1e15)
    years = _years(outcomes[outcome], level)
    start = int(view.option("from", [str(one) for one in years], str(years[0])))
    end = int(view.option("to", [str(one) for one in years], str(years[-1])))
    span = tuple(one for one in years if start <= one <= end) or tuple(years)
    choice, score = _cut(reader, view, level, outcome, span[0])
    return Design(
        pack=view.pack,
        level=level,
        treatment=treatment,
        threshold=threshold,
        outcome=outcome,
        years=span,
        area=view.option("area", AREAS, AREAS[0]),
        covariates=_covariates(reader, view, level, outcome, treatment, span[0]),
        choice=choice,
        score=score,
    )


def _cut(reader: Reader, view: ViewState, level: str, outcome: str, year: int) -> tuple[Choice, str | None]:
    """Return the choice with the cutoff of the score that the URL names, or a usual one, and the score."""
    choice = read_choice(view)
    if choice.design != "discontinuity":
        return choice, None
    if choice.running == "border":
        return choice, BORDER
    known = [one["id"] for one in score_choices(reader, view.pack, level, outcome, year)]
    score = view.option("score", ["", *known], "")
    if score and "cutoff" not in dict(view.extra):
        choice = replace(choice, cutoff=usual_threshold(reader, view.pack, level, score))
    return choice, score or None


def score_choices(reader: Reader, pack: str, level: str, outcome: str, year: int) -> list[Mapping[str, Any]]:
    """Return the indicators with figures in the first year that a cutoff can be set in."""
    return [
        one
        for one in reader.catalogue(pack)["indicators"]
        if one["shown"] and not one["categories"] and one["id"] != outcome and year in _years(one, level)
    ]


def _first_treatment(reader: Reader, pack: str, treatments: Mapping[str, Treatment], outcome: Mapping[str, Any]) -> str:
    """Return a treatment that is not from the outcome's own source, where there is one."""
    for name, one in treatments.items():
        if one.kind == "project" or not set(reader.indicator(pack, one.of)["sources"]) & set(outcome["sources"]):
            return name
    return next((name for name, one in treatments.items() if one.of != outcome["id"]), next(iter(treatments)))


def _covariates(
    reader: Reader, view: ViewState, level: str, outcome: str, treatment: Treatment, year: int
) -> tuple[str, ...]:
    known = [one["id"] for one in covariate_choices(reader, view.pack, level, outcome, treatment, year)]
    asked = dict(view.extra).get("given", "").split("|")
    return tuple(one for one in known if one in asked)


def covariate_choices(
    reader: Reader, pack: str, level: str, outcome: str, treatment: Treatment, year: int
) -> list[Mapping[str, Any]]:
    """Return the indicators that have figures in the first year and are neither outcome nor treatment."""
    return [one for one in score_choices(reader, pack, level, outcome, year) if one["id"] != treatment.of]


def refused_at_once(reader: Reader, design: Design) -> Refusal | None:
    """Return why a design is refused by what its indicators are, before any figure is looked at."""
    treatment = design.treatment
    if treatment.kind == "project":
        return None
    if treatment.of == design.outcome:
        return Refusal("outcome_itself")
    named = {one: reader.indicator(design.pack, one) for one in (treatment.of, design.outcome)}
    parts = {_base(reader, design.pack, one) for one in named.values()}
    if len(parts) == 1:
        return Refusal("same_figures")
    cause, outcome = named[treatment.of], named[design.outcome]
    if "model_input" in _warnings(reader, design.pack, cause) and "modelled" in _warnings(reader, design.pack, outcome):
        return Refusal("model_input")
    both = [_warnings(reader, design.pack, one) for one in (cause, outcome)]
    if all("modelled" in one for one in both) and set(cause["sources"]) & set(outcome["sources"]):
        return Refusal("same_model")
    return None


def _base(reader: Reader, pack: str, declared: Mapping[str, Any]) -> str:
    """Return the indicator whose figures one rests on: of a rate that is derived, its numerator."""
    derived = declared["derive"] or {}
    return str(derived.get("numerator") or declared["id"]) if isinstance(derived, dict) else str(declared["id"])


def _warnings(reader: Reader, pack: str, declared: Mapping[str, Any]) -> Sequence[str]:
    sources = {one["id"]: one["warnings"] for one in reader.catalogue(pack)["sources"]}
    return [*declared["warnings"], *(word for one in declared["sources"] for word in sources[one])]
