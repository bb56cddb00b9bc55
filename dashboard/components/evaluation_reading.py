"""The effect that one of the other designs gives, and how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.evaluation_words import (
    Scale,
    Subject,
    effect_title,
    estimate_cells,
    interval_told,
    notices_listed,
)
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.designs import Jump, Matched, Weighted

__all__ = ["Names", "called", "design_effect", "identified", "share"]

Names = Mapping[str, str]
"""Covariate, score or unit → what it is called."""


def called(names: Names, one: object) -> str:
    """Return what a covariate, score or unit is called; itself where it has no other name."""
    return names.get(str(one), str(one))


def share(part: float, language: str) -> str:
    """Write a share as a percentage."""
    return number(100 * part, 1, language) + "%"


def identified(found: Weighted | Matched | Jump, subject: Subject, language: str) -> dict[str, list[str]]:
    """Return what a design identifies, and on which assumption, as sentences."""
    words = {"treatment": subject.treatment, "outcome": inline(subject.outcome, language), "units": subject.units}
    told = "border" if isinstance(found, Jump) and found.border is not None else _design(found)
    return {
        "identified": [message(f"evaluation.identifies.{told}", language, **words)],
        "assumption": [message(f"evaluation.assumes.{told}", language, **words)],
    }


def design_effect(
    found: Weighted | Matched | Jump, subject: Subject, scale: Scale, note: Any, fragile: Sequence[str]
) -> html.Section:
    """Return the effect, what is identified, on which assumption, and how fragile it is."""
    language, overall, design = scale.language, found.overall, _design(found)
    reading = identified(found, subject, language) | {"fragile": [one for one in fragile if one]}
    sections = [
        html.Div([html.H3(message(f"evaluation.reading.{key}", language)), *(html.P(one) for one in sentences)])
        for key, sentences in reading.items()
    ]
    head = [message(f"evaluation.{key}", language) for key in ("estimator", "estimate", "error", "interval")]
    rows = [[message(f"evaluation.design.{design}", language), *estimate_cells(overall, scale)]]
    if isinstance(found, Jump):
        plain = message("evaluation.conventional", language)
        rows.append([plain, *estimate_cells(found.found.conventional, scale)])
    body = [
        html.P(scale.change(overall.value), className="value"),
        html.P(interval_told(overall, scale.change, language), className="facts"),
        *notices_listed(subject),
        html.Div(sections, className="evaluation-reading"),
        data_table(head, rows, "effects"),
    ]
    return figure("effect", effect_title(subject, language), body, note, language)


def _design(found: Weighted | Matched | Jump) -> str:
    if isinstance(found, Weighted):
        return "synthetic_did"
    return "matching" if isinstance(found, Matched) else "discontinuity"
