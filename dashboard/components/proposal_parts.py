"""A proposed file: how far its check is, what is wrong with it, or what it would change, and the choice to take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.draft_form import DraftForm
from fuping.dashboard.components.fault_list import fault_list
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.job import Job
from fuping.dashboard.components.join_report import report_line
from fuping.dashboard.components.proposal_quality import changed_figures_quality
from fuping.dashboard.i18n.formats import moment, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.supplying import Supplying
from fuping.dashboard.state import ViewState
from fuping.layers.ingest.proposals import Proposal
from fuping.spatial.match_report import MatchReport

__all__ = ["act_button", "opened_proposal", "proposal_list"]

STEPS = ("boundaries", "table", "raster", "storms", "earthquakes", "write")

LONGEST_NOTE = 500

MOST_SHOWN = 50


def act_button(act: str, of: str, language: str, *, quiet: bool = False) -> html.Button:
    """Return a button that the page's callback acts on."""
    words = message(f"supply.act.{act}", language)
    where = {"type": "supply-act", "index": f"{act}:{of}"}
    return html.Button(words, id=where, type="button", className="quiet" if quiet else "act")


def proposal_list(view: ViewState, found: Supplying, titles: Mapping[str, str]) -> Any:
    """Return the proposals of a pack as a table."""
    language = view.language
    if not found.proposals:
        return html.P(message("supply.none", language), className="hint")
    rows = []
    for one in found.proposals[:MOST_SHOWN]:
        cells: list[Any] = [
            link(view, one.file, {"proposal": one.id}),
            titles.get(one.source, one.source),
            html.Span(message(f"supply.state.{one.state}", language), className=f"state {one.state}"),
            one.who,
            moment(one.made_at, language),
        ]
        shown = found.opened is not None and found.opened.id == one.id
        rows.append(html.Tr([html.Td(cell) for cell in cells], **current(chosen=shown)))
    head = [message(f"supply.{key}", language) for key in ("file", "source", "state_of", "who", "when")]
    return html.Div(data_table(head, rows, "proposals"), className="word-table")


def opened_proposal(reader: Reader, view: ViewState, found: Supplying, *, working: bool) -> html.Section | None:
    """Return the proposal that the URL names, in full."""
    one, language = found.opened, view.language
    if one is None:
        return None
    state = "checking" if working else one.state
    parts = {"ready": _ready, "faulty": _faulty, "stopped": _stopped}
    body = _checking(one, language) if working else parts.get(state, _ended)(reader, view, found, one)
    facts = message(
        "supply.about",
        language,
        who=one.who,
        when=moment(one.made_at, language),
        size=number(one.size, 0, language),
        hash=one.sha256[:12] or "–",
    )
    return html.Section(
        [html.H2(one.file), html.P(facts, className="hint"), *body],
        className="proposal",
        **data(state=state),
    )


def _checking(one: Proposal, language: str) -> list[Any]:
    words = {name: message(f"supply.job.{name}", language) for name in ("progress", "waiting", "stop")}
    url = f"/supply/proposals/{one.id}"
    steps = {name: message(f"supply.step.{name}", language) for name in STEPS}
    return [Job(id="supply-job", url=f"{url}.json", stopUrl=f"{url}/stop", steps=steps, text=words)]


def _faulty(reader: Reader, view: ViewState, found: Supplying, one: Proposal) -> list[Any]:
    language = view.language
    told = message("supply.faulty", language, n=number(one.n_faults, 0, language))
    parts = [html.P(told, role="alert"), fault_list(one.faults, one.n_faults, language)]
    return [*parts, *_columns(one, language), _acts(one, language, "drop")]


def _columns(one: Proposal, language: str) -> list[Any]:
    """Return the form that asks which column of the file is which."""
    if not one.there:
        return []
    none = {"value": "", "label": message("supply.columns.none", language)}
    options = [none, *({"value": name, "label": name} for name in one.there)]
    fields = [
        {"name": name, "kind": "choice", "label": name, "value": chosen, "options": options}
        for name, chosen in one.guessed.items()
    ]
    words = {key: message(f"supply.columns.{key}", language) for key in ("title", "hint")}
    lacking = [name for name, chosen in one.guessed.items() if not chosen]
    button = {"act": "columns", "label": message("supply.columns.check", language), "quiet": False}
    seen = f"{one.id} {one.n_faults} {sorted(one.guessed.items())} {language}"
    sections = [words | {"fields": fields}]
    return [DraftForm(id="supply-columns", seen=seen, sections=sections, wrong=lacking, buttons=[button])]


def _stopped(reader: Reader, view: ViewState, found: Supplying, one: Proposal) -> list[Any]:
    return [html.P(message("supply.stopped", view.language)), _acts(one, view.language, "check", "drop")]


def _ended(reader: Reader, view: ViewState, found: Supplying, one: Proposal) -> list[Any]:
    told = [html.P(message(f"supply.ended.{one.state}", view.language))]
    return [*told, html.P(one.note, className="note")] if one.note else told


def _ready(reader: Reader, view: ViewState, found: Supplying, one: Proposal) -> list[Any]:
    language = view.language
    # Where something else was taken meanwhile, what is shown would no longer be what happens.
    if one.base != reader.version(view.pack):
        return [html.P(message("supply.overtaken", language), role="alert"), _acts(one, language, "check", "drop")]
    reports = [MatchReport.from_dict(dict(each)) for each in found.reports]
    joins = [html.Li([each.name, ": ", report_line(each, language)]) for each in reports]
    matched = [html.Li([html.Code(name), " ← ", html.Code(given)]) for name, given in one.columns.items()]
    read_by = [html.H3(message("supply.columns.read", language)), html.Ul(matched, **data(table="matched"))]
    note = dcc.Textarea(id={"type": "supply-note", "index": 0}, maxLength=LONGEST_NOTE, rows=2, value="")
    return [
        html.H3(message("supply.changes", language)),
        *_changes(reader, view, one),
        *changed_figures_quality(reader, view, one),
        html.H3(message("supply.joins", language)),
        html.Ul(joins),
        *(read_by if matched else []),
        html.Label([message("supply.note", language), note], className="field wide"),
        _acts(one, language, "take", "drop"),
    ]


def _changes(reader: Reader, view: ViewState, one: Proposal) -> list[Any]:
    language = view.language
    catalogue = reader.catalogue(view.pack)
    names = {each["id"]: each["name"][language] for each in catalogue["indicators"]}
    levels = {each["id"]: each["plural"][language] for each in catalogue["levels"]}
    if not (one.changes or one.units_added or one.units_removed or one.projects):
        return [html.P(message("supply.same", language))]
    rows = [
        [
            names.get(row["indicator"], row["indicator"]),
            levels.get(row["level"], row["level"]),
            *(number(row[key], 0, language) for key in ("added", "removed", "changed")),
        ]
        for row in one.changes
    ]
    head = [message(f"supply.{key}", language) for key in ("indicator", "level", "added", "removed", "changed")]
    units = {"added": one.units_added, "removed": one.units_removed}
    counts = {key: number(value, 0, language) for key, value in units.items()}
    told = [html.P(message("supply.units", language, **counts))] if any(units.values()) else []
    if one.projects:
        became = {what: number(one.projects.get(what, 0), 0, language) for what in ("added", "removed", "changed")}
        told.append(html.P(message("supply.projects", language, **became)))
    if not rows:
        return told
    take = html.A(message("supply.every", language), href=f"/supply/proposals/{one.id}.csv", download="")
    return [*told, data_table(head, rows, "changes"), html.P(take)]


def _acts(one: Proposal, language: str, *acts: str) -> html.Div:
    buttons = [act_button(act, one.id, language, quiet=act == "drop") for act in acts]
    return html.Div(buttons, className="take-row")
