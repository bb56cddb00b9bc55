"""What an evaluation of a pack's own figures is about, and how its figures are written: for the page and for paper."""

from __future__ import annotations

from fuping.dashboard.components.evaluation_words import Scale, Subject, notices, treatment_name
from fuping.dashboard.i18n.formats import inline
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.border_score import BORDER
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.effects import Refusal
from fuping.dashboard.queries.evaluation import EXCLUDED, Evaluation
from fuping.dashboard.queries.evaluation_design import Design
from fuping.dashboard.queries.sources import NoteFacts, note_facts

__all__ = ["evaluation_facts", "evaluation_names", "pack_scale", "pack_subject", "pack_works"]


def evaluation_facts(reader: Reader, design: Design) -> NoteFacts:
    """Return where the outcome comes from."""
    return note_facts(reader, design.pack, design.level, {design.outcome: design.years})


def pack_works(facts: NoteFacts) -> str:
    """Return the sources of the outcome as a methods paragraph cites them."""
    return "; ".join(str(one.source["citation"]).rstrip(".") for one in facts.uses)


def evaluation_names(reader: Reader, found: Evaluation, language: str) -> dict[str, str]:
    """Return what indicators and units are called."""
    design = found.design
    units = reader.units(design.pack, design.level)[f"name_{language}"]
    called = [*design.covariates, *([design.score] if design.score and design.score != BORDER else [])]
    names = {str(at): str(name) for at, name in enumerate(units)} | {BORDER: message("evaluation.border_km", language)}
    return names | {one: reader.indicator(design.pack, one)["name"][language] for one in called}


def pack_subject(reader: Reader, found: Evaluation, language: str) -> Subject:
    """Return what is evaluated, with what a reader must know first where there is an estimate."""
    design = found.design
    told = [] if isinstance(found.result, Refusal) else notices(found, found.result, found.balance, language)
    return Subject(
        treatment_name(reader, design.pack, design.treatment, language),
        reader.indicator(design.pack, design.outcome)["name"][language],
        inline(reader.level(design.pack, design.level)["plural"][language], language),
        tuple(inline(reader.indicator(design.pack, one)["name"][language], language) for one in design.covariates),
        associated=design.treatment.kind in ("above", "below"),
        left_out=int((found.group == EXCLUDED).sum()),
        score=evaluation_names(reader, found, language)[design.score] if design.score else "",
        notices=tuple(told),
    )


def pack_scale(reader: Reader, design: Design, language: str) -> Scale:
    """Return how the outcome is written: an effect with one decimal more than the figures have, where they have any."""
    declared = reader.indicator(design.pack, design.outcome)
    return Scale(declared["unit"][language], declared["decimals"] + (declared["decimals"] > 0), language)
