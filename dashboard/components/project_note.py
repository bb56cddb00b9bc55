"""The source note under figures of projects: the lists of units that they are from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.queries.sources import NoteFacts, SourceUse

__all__ = ["list_note", "project_note"]


def list_note(entries: Sequence[Entry], language: str) -> html.Div:
    """Return the note in short, where the same lists are credited in full above: publisher, title and years."""
    parts: list[Any] = [html.B(message("note.source", language))]
    for one in entries:
        source = one.source
        first, last = one.project["first_year"], one.project["last_year"]
        parts.append(f" {source['publisher'][language]}, {source['title'][language]}, {first}–{last};")
    parts[-1] = parts[-1].removesuffix(";")
    status = dict.fromkeys(message(f"vocabulary.status.{one.source['status']}", language) for one in entries)
    parts += [" ", html.B(message("note.status", language)), " ", "; ".join(status)]
    return html.Div(parts, className="source-note")


def project_note(entries: Sequence[Entry], language: str, *, boundaries: str = "") -> html.Div:
    """Return the note on the lists of some projects; years are those that each project is listed for."""
    uses = tuple(
        SourceUse(one.source, tuple(range(one.project["first_year"], one.project["last_year"] + 1))) for one in entries
    )
    years = tuple(sorted({year for use in uses for year in use.years}))
    statuses: dict[str, int] = {}
    for one in entries:
        statuses[one.source["status"]] = statuses.get(one.source["status"], 0) + one.n_units
    warnings = tuple(dict.fromkeys(word for one in entries for word in one.source["warnings"]))
    facts = NoteFacts(uses, years, (), statuses, warnings, (), ())
    return source_note(facts, language, boundaries=boundaries, show_unit=False)
