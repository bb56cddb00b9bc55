"""What a profile says besides its figures: status over the years, projects, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components import profile_parts as words
from fuping.dashboard.components.address import link
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.shell import command
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.i18n.formats import year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.profile import Profile, StatusRun
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import OWN_CLASSES

__all__ = ["gaps", "profile_note", "projects", "statuses"]


def profile_note(
    reader: Reader, found: Profile, shown: Mapping[str, Sequence[int]], units: Sequence[int] | None = None
) -> html.Div:
    """Return the note of a figure; of the unit alone where no others are shown with it."""
    facts = note_facts(reader, found.view.pack, found.place.level, shown, unit=found.at if units is None else units)
    return source_note(facts, found.view.language, show_unit=False)


def statuses(reader: Reader, found: Profile) -> html.Section | None:
    """Return the statuses of the unit over the years; ``None`` where there are none."""
    if not found.statuses:
        return None
    language = found.view.language
    parts: list[Any] = []
    for one in found.statuses:
        name = link(found.view, one.indicator["name"][language], OWN_CLASSES | {"indicator": one.indicator["id"]})
        parts.append(html.H3(name))
        parts.append(html.Ol([_run(run, language) for run in one.runs], className="status-runs"))
    years = {one.indicator["id"]: [year for run in one.runs for year in run.years] for one in found.statuses}
    return figure(
        "statuses", message("profile.statuses", language), parts, profile_note(reader, found, years), language
    )


def _run(run: StatusRun, language: str) -> html.Li:
    years = html.B(year_list(run.years))
    if run.category is None:
        reason = message(f"vocabulary.reason.{int(run.reason)}", language)
        return html.Li([html.I(className="swatch hatch"), years, message("format.missing", language, reason=reason)])
    swatch = html.I(className="swatch", style={"background": run.colour})
    return html.Li([swatch, years, run.category["name"][language]])


def projects(reader: Reader, found: Profile) -> html.Section | None:
    """Return the projects of the unit; ``None`` where the pack has none."""
    language = found.view.language
    if not reader.catalogue(found.view.pack)["projects"]:
        return None
    rows = []
    for project, years in found.projects or ():
        named = message("overlay.named", language, named=project["named_units"], total=project["total_units"])
        note = (project["note"] or {}).get(language, "")
        rows.append(
            html.Li([html.Span(project["name"][language]), html.Small(f"{year_list(years)} · {named}. {note}")])
        )
    content: Any = html.Ul(rows, className="projects")
    if found.projects is None:
        content = html.P(message("profile.projects_none", language), className="hint")
    elif not rows:
        content = html.P(message("panel.no_projects", language), className="hint")
    return figure("projects", message("panel.projects", language), content, [], language)


def gaps(found: Profile) -> html.Section:
    """Return what is missing and why."""
    language = found.view.language
    title = message("profile.gaps", language)
    if not found.gaps:
        text = message("profile.gap_none", language, name=found.place.name)
        return figure("gaps", title, html.P(text, className="hint"), [], language)
    rows = []
    for gap in found.gaps:
        commands = [command(one) for one in gap.commands]
        why = html.Td([words.gap_text(gap, language), *commands], className="words")
        rows.append(html.Tr([html.Td(gap.indicator["name"][language]), why]))
    head = [message("data.indicator", language), message("profile.gap_why", language)]
    return figure("gaps", title, data_table(head, rows, "gaps"), [], language)
