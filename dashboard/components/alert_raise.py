"""What the overview says of the register: how many of its alerts are there, and the button that raises the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.alert_case import reading_only
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import WRITERS, identity, may_write
from fuping.dashboard.queries.alert_raising import alerts_to_raise
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office.alerts import NewAlert, Raised, would_raise

__all__ = ["raise_part", "raised_words", "to_raise_here"]


def to_raise_here(reader: Reader, view: ViewState) -> tuple[list[NewAlert], int]:
    """Return the alerts of the view that who asks may raise, and how many lie outside of their areas."""
    found = alerts_to_raise(reader, view)
    if isinstance(found, str):
        return [], 0
    mine = [one for one in found if may_write(reader, one.pack, one.code)]
    return mine, len(found) - len(mine)


def raise_part(reader: Reader, view: ViewState) -> list[Any]:
    """Return what would be raised, and the button for those who may; nothing where nothing can be judged."""
    language = view.language
    if identity().role not in WRITERS:
        if isinstance(alerts_to_raise(reader, view), str):
            return []
        return [html.P(_register(view), className="hint"), reading_only(language)]
    mine, outside = to_raise_here(reader, view)
    if not mine and not outside:
        return []
    would = would_raise(reader.office, mine)
    words = [html.P([*_counts("alerts.would", would, outside, language), " ", _register(view)], className="told")]
    if would.there == len(mine):
        return words
    button = html.Button(message("alerts.raise", language), id="raise-alerts", className="act", n_clicks=0)
    return [*words, button]


def raised_words(view: ViewState, raised: Raised, outside: int) -> list[Any]:
    """Return what was raised."""
    words = _counts("alerts.did", raised, outside, view.language)
    return [html.P([*words, " ", _register(view)], className="selected-line", **data(told="raised"))]


def _counts(key: str, raised: Raised, outside: int, language: str) -> Sequence[str]:
    counts = {name: number(getattr(raised, name), 0, language) for name in ("new", "there", "risen")}
    words = [message(key, language, going_on=number(raised.continued + raised.risen, 0, language), **counts)]
    if outside:
        words += [" ", message("alerts.outside", language, n=number(outside, 0, language))]
    return words


def _register(view: ViewState) -> html.A:
    there = page_href("alerts", replace(view, unit=None)) + f"&of={view.indicator}"
    return html.A(message("alerts.to_register", view.language), href=there)
