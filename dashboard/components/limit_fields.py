"""The fields in which the reader types class limits, and what is said of limits that cannot be used."""

from __future__ import annotations

from typing import Any

from dash import html
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.i18n.formats import unit_pattern
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.limits import written
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.state import ViewState

__all__ = ["limit_fields", "limits_shown"]


def limits_shown(reader: Reader, view: ViewState) -> str:
    """Return the limits of the classes now drawn, as the field holds them; empty where there are no classes."""
    entries = shown_layer(reader, view).entries
    bounds = {bound for one in entries for bound in (one.lower, one.upper) if bound is not None}
    return written(sorted(bounds))


def limit_fields(reader: Reader, view: ViewState) -> list[Any]:
    """Return the limits, what becomes of figures beyond them, and why limits that were typed cannot be used."""
    language, declared, own = view.language, reader.indicator(view.pack, view.indicator), view.own_limits
    unit = unit_pattern(declared["unit"][language], language).format(value="").strip().lstrip("×").strip()
    text = own.text if own and own.text else written(declared["class_breaks"])
    fields = [
        Field(
            id="field-limits",
            param="limits",
            label=message("limits.label", language, unit=unit),
            kind="text",
            value=text,
            placeholder=message("limits.example", language),
            clears=["only", "page"],
        ),
        select_field(
            "ends",
            message("limits.ends", language),
            "closed" if own and own.closed else "",
            [
                {"value": value, "label": message(f"limits.ends.{name}", language)}
                for name, value in (("open", ""), ("closed", "closed"))
            ],
            clears=["only", "page"],
        ),
    ]
    parts: list[Any] = [html.Div(fields, className="fields")]
    refusal = own and own.refusal
    if refusal:
        why = message(f"limits.problem.{refusal.problem}", language, **refusal.named)
        instead = message(f"limits.instead.{'declared' if declared['class_breaks'] else 'quantiles'}", language)
        parts.append(html.P([why, html.Br(), instead], role="alert", className="field-problem"))
    return [*parts, html.P(message("limits.hint", language), className="hint")]
