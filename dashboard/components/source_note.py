"""The note under every figure: source, year, unit, licence, status, and what to be careful of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.i18n.formats import number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.land import land_source
from fuping.dashboard.queries.sources import NoteFacts, SourceUse
from fuping.dashboard.state import ViewState

__all__ = ["boundary_credit", "cited", "source_note"]


def source_note(
    facts: NoteFacts,
    language: str,
    *,
    over: Sequence[Any] = (),
    boundaries: str = "",
    show_unit: bool = True,
    made: bool = True,
    converted: bool = False,
) -> html.Div:
    """Return the note.

    Parameters
    ----------
    over
        What is said of what lies over the figure.
    boundaries
        Credit for the boundaries, where the figure draws them.
    show_unit
        Whether the unit of measure is said here; a table of several indicators says it in its rows.
    made
        Whether the note leads to how the figures were made.
    converted
        Whether the figure shows another unit than the one that was published.
    """
    several = len(facts.uses) > 1
    statuses = [
        message(f"vocabulary.status.{word}", language)
        + (f" ({number(count, 0, language)})" if len(facts.statuses) > 1 else "")
        for word, count in facts.statuses.items()
    ]
    licences = dict.fromkeys(use.source["licence"] for use in facts.uses)
    warnings = [message(f"vocabulary.warning.{word}", language) for word in facts.warnings]
    parts: dict[str, list[Any]] = {
        "source": _joined([_source(use, language, with_years=several) for use in facts.uses]),
        "year": [year_list(facts.years)],
        "unit": ["; ".join(unit[language] for unit in facts.units)] if show_unit else [],
        "licence": ["; ".join(licences)],
        "status": ["; ".join(statuses)],
        "warnings": ["; ".join(warnings)] if warnings else [],
    }
    names = {"unit": "note.unit_published"} if converted else {}
    shown: list[Any] = [
        html.Span([html.B(message(names.get(key, f"note.{key}"), language)), " ", *content], **data(note=key))
        for key, content in parts.items()
        if content
    ]
    shown += over
    if boundaries:
        title = html.Summary(message("note.boundaries", language))
        shown.append(html.Details([title, boundaries], **data(note="boundaries")))
    if made and facts.figures:
        shown.append(_made(facts.figures, facts.names, language))
    return html.Div(shown, className="source-note")


def _made(figures: Sequence[ViewState], names: Sequence[Mapping[str, str]], language: str) -> Any:
    words = message("note.made", language)
    hrefs = [page_href("made", replace(one, language=language)) for one in figures]
    if len(hrefs) == 1:
        return html.Span(html.A(words, href=hrefs[0]), **data(note="made"))
    links = [html.A(name[language], href=href) for name, href in zip(names, hrefs, strict=True)]
    return html.Details([html.Summary(words), html.Span(_joined([[one] for one in links]))], **data(note="made"))


def _source(use: SourceUse, language: str, *, with_years: bool) -> list[Any]:
    found = cited(use.source, language)
    return [f"{year_list(use.years)}: ", found] if with_years else [found]


def cited(source: Mapping[str, Any], language: str) -> html.Span:
    """Return who published a source and what, leading there, with its citation."""
    words = f"{source['publisher'][language]}, {source['title'][language]}"
    if source["year"]:
        words += message("format.bracket", language, text=source["year"])
    title = html.A(words, href=source["url"], target="_blank", rel="noopener noreferrer") if source["url"] else words
    return html.Span(title, title=source["citation"])


def _joined(parts: list[list[Any]]) -> list[Any]:
    joined: list[Any] = []
    for part in parts:
        joined += ["; ", *part] if joined else part
    return joined


def boundary_credit(catalogue: dict[str, Any], language: str) -> str:
    """Return the credit for a pack's boundaries and what was done to them, and for the land drawn around it."""
    boundary = catalogue["boundary"]
    named = {one["id"]: one for one in catalogue["sources"]}
    drawn = [named[layer["source"]] for layer in boundary["layers"] if layer["source"]]
    credits = dict.fromkeys(
        f"{one['publisher'][language]}, {one['title'][language]} [{one['licence']}]" for one in drawn
    )
    note = (boundary["note"] or {}).get(language, "")
    parts = [f"{'; '.join(credits)}.", note, _land_credit(catalogue, language)]
    return " ".join(part for part in parts if part)


def _land_credit(catalogue: dict[str, Any], language: str) -> str:
    source = land_source(catalogue)
    if source is None:
        return ""
    title = f"{source.publisher.in_(language)}, {source.title.in_(language)} [{source.licence}]"
    return message("note.land", language, source=title)
