"""A country that is being added: what was found in its files, the form, its faults, how its rows join, and its map."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.draft_form import DraftForm
from fuping.dashboard.components.draft_sections import draft_sections, field_labels
from fuping.dashboard.components.fault_list import fault_list
from fuping.dashboard.components.job import Job
from fuping.dashboard.components.join_report import report_line
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.state import ViewState
from fuping.layers.ingest.drafts import Draft
from fuping.spatial.match_report import MatchReport

__all__ = ["opened_draft"]

STEPS = ("boundaries", "table", "write")


def opened_draft(view: ViewState, one: Draft, *, working: bool) -> html.Div:
    """Return the draft that the URL names: the work on it, or its form with what came of the last work."""
    language = view.language
    state = "working" if working else f"{one.stage}-{one.state}"
    if working:
        body = _work(one, language)
    elif one.pack:
        body = [_made(view, one)]
    elif one.stage == "files":
        body = [html.P(message("country.both", language), className="hint"), _drop(language)]
    else:
        body = [*_found(one, language), *_outcome(one, language), _form(one, language)]
    return html.Div(body, className="draft", **data(state=state))


def _work(one: Draft, language: str) -> list[Any]:
    words = {name: message(f"supply.job.{name}", language) for name in ("progress", "waiting", "stop")}
    words["waiting"] = message(f"country.working.{one.stage}", language)
    steps = {name: message(f"supply.step.{name}", language) for name in STEPS}
    url = f"/drafts/{one.id}"
    job = Job(id="draft-job", url=f"{url}.json", stopUrl=f"{url}/stop", steps=steps, text=words)
    return [html.H2(message(f"country.working.{one.stage}", language)), job]


def _found(one: Draft, language: str) -> list[Any]:
    """Say in numbers what was found, so that a person can see whether it is right."""
    drawn, table = one.found.get("boundaries"), one.found.get("table")
    facts = []
    if drawn:
        codes = ", ".join(drawn["codes"])
        n = number(drawn["n_units"], 0, language)
        facts.append(message("country.found.units", language, n=n, column=drawn["code_column"], codes=codes))
    if table:
        counts = {key: number(table[key], 0, language) for key in ("matched", "n_rows")}
        facts.append(message("country.found.rows", language, column=table["code_column"], **counts))
        if table["strangers"]:
            facts.append(message("country.found.strangers", language, codes=", ".join(table["strangers"])))
        if table["years"]:
            first, last = table["years"]
            facts.append(message("country.found.years", language, column=table["year_column"], first=first, last=last))
        else:
            facts.append(message("country.found.no_years", language))
    if not facts:
        return []
    return [
        html.H2(message("country.found.title", language)),
        html.Ul([html.Li(fact) for fact in facts], className="found"),
    ]


def _outcome(one: Draft, language: str) -> list[Any]:
    parts: list[Any] = []
    if one.state == "faulty":
        told = message("country.faulty", language, n=number(one.n_faults, 0, language))
        parts = [html.P(told, role="alert"), _faults(one, language)]
    elif one.state in ("stopped", "working"):
        again = message("country.act.again", language)
        button = html.Button(again, id={"type": "draft-act", "index": "again"}, type="button")
        parts = [html.P(message("country.stopped", language), role="alert"), html.Div(button, className="take-row")]
    elif one.stage == "check":
        joins = [MatchReport.from_dict(each) for each in one.reports]
        listed = [html.Li([each.name, ": ", report_line(each, language)]) for each in joins]
        parts = [html.P(message("country.sound", language), role="status"), html.Ul(listed, className="joins")]
    return [html.Div(parts, className="proposal", **data(state=one.state))] if parts else []


def _faults(one: Draft, language: str) -> html.Ol:
    labels = field_labels(one, language)
    wrong = [
        html.Li([labels.get(key, key), ": ", message(f"country.wrong.{why}", language)])
        for key, why in one.wrong.items()
    ]
    return fault_list(one.faults, one.n_faults, language, before=wrong)


def _form(one: Draft, language: str) -> DraftForm:
    acts = ["check", "read", "drop"]
    if one.stage == "check" and one.state == "done":
        acts = ["make", "check", "read", "drop"]
    if not one.found.get("table"):
        acts = ["read", "drop"]
    buttons = [{"act": act, "label": message(f"country.act.{act}", language), "quiet": act != acts[0]} for act in acts]
    seen = f"{one.id} {one.stage} {one.state} {' '.join(one.sha256.values())} {language}"
    return DraftForm(
        id="draft-form", seen=seen, sections=draft_sections(one, language), wrong=list(one.wrong), buttons=buttons
    )


def _made(view: ViewState, one: Draft) -> html.Div:
    language = view.language
    name = one.answers[f"name.{language}"]
    there = html.A(message("country.open", language), href=f"/?pack={one.pack}&lang={language}", className="act")
    return html.Div(
        [html.H2(message("country.made", language, name=name)), html.P(there), _drop(language)], role="status"
    )


def _drop(language: str) -> html.Div:
    drop = {"type": "draft-act", "index": "drop"}
    button = html.Button(message("country.act.drop", language), id=drop, type="button", className="quiet")
    return html.Div(button, className="take-row")
