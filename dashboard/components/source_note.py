"""The note under every figure: source, year, unit, licence, status, and what to be careful of."""

from __future__ import annotations

from typing import Any

from dash import html
from fuping.dashboard.i18n.messages import message

__all__ = ["mark", "source_note"]


def mark(name: str, value: str) -> dict[str, Any]:
    """Return a ``data-`` attribute for a Dash element; tests find figures and their notes by it."""
    return {f"data-{name}": value}


def source_note(
    catalogue: dict[str, Any],
    indicator: dict[str, Any],
    years: list[int],
    language: str,
    *,
    boundaries: bool = False,
) -> html.Div:
    """Return the note of one indicator's figure.

    Parameters
    ----------
    years
        The years shown.
    boundaries
        Whether the figure draws boundaries, which have a source of their own.
    """
    named = {source["id"]: source for source in catalogue["sources"]}
    sources = [named[name] for name in indicator["sources"]]
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    warnings = dict.fromkeys(word for one in (indicator, *sources) for word in one["warnings"])
    parts = {
        "source": "; ".join(
            f"{one['publisher'][language]}, {one['title'][language]}, {one['year']}" for one in sources
        ),
        "year": span,
        "unit": indicator["unit"][language],
        "licence": "; ".join(one["licence"] for one in sources),
        "status": "; ".join(message(f"vocabulary.status.{one['status']}", language) for one in sources),
        "warnings": "; ".join(message(f"vocabulary.warning.{word}", language) for word in warnings),
    }
    if boundaries:
        drawn = named[catalogue["boundary"]["layers"][0]["source"]]
        note = (catalogue["boundary"]["note"] or {}).get(language, "")
        credit = f"{drawn['publisher'][language]}, {drawn['title'][language]}, {drawn['year']} [{drawn['licence']}]."
        parts["boundaries"] = f"{credit} {note}"
    return html.Div(
        [
            html.Span([html.B(message(f"note.{key}", language)), f" {text}"], **mark("note", key))
            for key, text in parts.items()
            if text
        ],
        className="source-note",
    )
