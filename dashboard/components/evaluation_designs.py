"""Which designs the data can carry, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.evaluation_words import refusal_words
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.designs import DESIGNS
from fuping.dashboard.queries.effects import Choice, Refusal
from fuping.dashboard.state import ViewState

__all__ = ["designs_told"]


def designs_told(view: ViewState, carried: Mapping[str, Refusal | None], choice: Choice) -> list[Any]:
    """Return the designs, each a link to it, with the reason of those that these data cannot carry."""
    if not carried:
        return []
    language = view.language
    items = []
    for design in DESIGNS:
        why = carried[design]
        name = message(f"evaluation.design.{design}", language)
        chosen = {"method": "" if design == "differences" else design}
        inside = choice.design == design
        mark = "✓ " if why is None else "✗ "
        told: list[Any] = [link(view, mark + name, chosen, className="chip", **current(chosen=inside))]
        if why is not None:
            told.append(html.Span(" ".join(refusal_words(why, language)), className="none"))
        items.append(html.Li(told, **data(design=design, carried="" if why is None else why.code)))
    n = sum(why is None for why in carried.values())
    title = message("evaluation.designs", language, n=n, of=len(carried))
    shown = carried[choice.design] is not None
    return [html.Details([html.Summary(title), html.Ul(items)], open=shown, className="designs")]
