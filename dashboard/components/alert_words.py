"""Words that the register of alerts, an alert opened, and a profile share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import aria
from fuping.dashboard.components.watch_table import interval_text
from fuping.dashboard.i18n.formats import day
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.layers.office.alert_register import Alert

__all__ = [
    "STATE_COLOURS",
    "declared_of",
    "due_words",
    "evidence_words",
    "figure_words",
    "line_words",
    "state_mark",
    "who",
]

STATE_COLOURS = {
    "raised": "#8c2d04",
    "checked": "#cc7729",
    "measure": "#eabf6a",
    "followed_up": "#8fd3c8",
    "closed": "#d9dcd5",
}
"""From what waits longest to what is done; dark to light, so that they are told apart without hue."""

NAMES = ("command", "anyone")
"""Who acts without being a person of the office."""


def declared_of(reader: Reader, one: Alert) -> Mapping[str, Any]:
    """Return the indicator of an alert; its id for a name where this build has it no more."""
    known = {each["id"]: each for each in reader.catalogue(one.pack)["indicators"]}
    gone = {"id": one.indicator, "name": dict.fromkeys(("en", "zh"), one.indicator), "unit": {"en": "", "zh": ""}}
    return known.get(one.indicator, gone | {"decimals": 1, "levels": {}})


def figure_words(one: Alert, declared: Mapping[str, Any], language: str) -> list[Any]:
    """Return the figure that raised an alert, with its interval where it has one."""
    if one.value is None:
        return ["–"]
    low, high = (float("nan") if one.evidence[end] is None else one.evidence[end] for end in ("low", "high"))
    return interval_text(one.value, low, high, declared, language)


def evidence_words(evidence: Mapping[str, Any], language: str) -> str:
    """Return how sure it is that the figure is beyond the line."""
    word = str(evidence["evidence"]).replace(" ", "_").replace(",", "")
    return message(f"overview.evidence.{word}", language)


def line_words(evidence: Mapping[str, Any], declared: Mapping[str, Any], language: str) -> str:
    """Return the two lines, and who drew them."""
    lines = evidence["lines"]
    unit, decimals = declared["unit"][language], declared["decimals"]
    return message(
        "alerts.lines",
        language,
        warning=written(lines["warning"], unit, decimals, language),
        guarantee=written(lines["guarantee"], unit, decimals, language),
        side=message(f"overview.side.{lines['beyond']}", language),
        drawn=message(f"alerts.drawn.{lines['source']}", language, year=lines["year"] or ""),
    )


def state_mark(state: str, language: str) -> html.Span:
    """Return a state as a bar of so many parts as it has come to, and a word."""
    done = list(STATE_COLOURS).index(state) + 1
    parts = [html.I(className="done" if place < done else "") for place in range(len(STATE_COLOURS))]
    return html.Span(
        [html.Span(parts, className="state-bar", **aria(hidden="true")), message(f"alerts.state.{state}", language)],
        className="state",
    )


def due_words(one: Alert, today: date, language: str) -> Any:
    """Return the day by which someone must act, marked where it is past."""
    if one.last.due is None:
        return "–"
    shown = day(one.last.due, language)
    return html.B(message("alerts.was_due", language, day=shown), className="late") if one.overdue(today) else shown


def who(name: str, names: Mapping[str, str], language: str) -> str:
    """Return what a person is shown by."""
    return message(f"alerts.who.{name}", language) if name in NAMES else names.get(name, name)
