"""The alerts page: the register, worked through from the alert to its close, and how that goes."""

from __future__ import annotations

from datetime import date
from typing import Any

import dash
from dash import Input, Output, State, ctx, dcc, no_update
from flask import request
from fuping.dashboard.alert_download import add_alert_download
from fuping.dashboard.asked import said as kept
from fuping.dashboard.components import html
from fuping.dashboard.components.alert_case import alert_case, reading_only
from fuping.dashboard.components.alert_loop import alert_loop, alert_map
from fuping.dashboard.components.alert_table import alert_filters, alert_table
from fuping.dashboard.components.shell import document, header
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import WRITERS, identity, require_write
from fuping.dashboard.pages.overview import place_field
from fuping.dashboard.queries.alert_register import RegisterShown, register_shown, shown_names
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office.alert_register import alert_of
from fuping.layers.office.alert_steps import StepError, take_step

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callbacks fill them and follow the URL."""
    return document(
        "alerts",
        html.Div(id="alerts-told", role="status"),
        html.Div(id="alerts-page"),
        html.Div(id="alerts-figures"),
        dcc.Store(id="alerts-done"),
        dcc.Store(id="alerts-drawn"),
    )


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks and its files."""
    add_alert_download(app.server, reader)

    @app.callback(
        Output("alerts-done", "data"),
        Output("alerts-told", "children"),
        Input("alert-form", "step"),
        State("alerts-address", "search"),
        prevent_initial_call=True,
    )
    def step(said: dict[str, Any] | None, search: str) -> Any:
        if not said:
            return no_update, no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        told, refused = _step(reader, said, view.language)
        # What was written is kept for another try.
        return {"at": said["at"], "note": said["note"] if refused else ""}, told

    @app.callback(
        Output("alerts-header", "children"),
        Output("alerts-page", "children"),
        Output("alerts-figures", "children"),
        Output("alerts-drawn", "data"),
        Output("alerts-told", "children", allow_duplicate=True),
        Input("alerts-address", "search"),
        Input("alerts-done", "data"),
        State("alerts-drawn", "data"),
        prevent_initial_call="initial_duplicate",
    )
    def fill(search: str, done: dict[str, Any] | None, drawn: str | None) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        shown = register_shown(reader, view, date.today())
        stepped = ctx.triggered_id == "alerts-done"
        said, note = (no_update, done["note"]) if stepped and done else ("", "")
        head = header(reader, view, "alerts")
        # The figures are of the whole register: what is opened or listed does not change them.
        key = f"{view.pack} {view.language} {_latest(shown)}"
        figures = no_update if key == drawn else _figures(reader, view, shown)
        return head, _content(reader, view, shown, note), figures, key, said


def _latest(shown: RegisterShown) -> tuple[int, int]:
    """Return what changes whenever an alert is raised or a step is taken."""
    return len(shown.everything), max((one.last.id for one in shown.everything), default=0)


def _step(reader: Reader, said: dict[str, Any], language: str) -> tuple[html.P, bool]:
    """Take the step that the form asks for, and return what came of it, and whether it was refused."""
    found = alert_of(reader.office, int(said["alert"]))
    if found is None:
        return _told(message("alerts.refused.no_alert", language, id=said["alert"]), refused=True), True
    require_write(reader, found.pack, found.code)
    texts = {name: kept(said.get(name)) for name in ("state", "note", "responsible", "due")}
    try:
        take_step(
            reader.office,
            identity().name,
            found.id,
            seen=int(said["seen"]),
            today=date.today(),
            address=request.remote_addr,
            **texts,  # type: ignore[arg-type]
        )
    except StepError as refused:
        return _told(_why(reader, refused, language), refused=True), True
    state = message(f"alerts.state.{texts['state']}", language)
    return _told(message("alerts.taken", language, id=found.id, state=state), refused=False), False


def _why(reader: Reader, refused: StepError, language: str) -> str:
    told = dict(refused.values)
    for name in ("state", "before", "after"):
        if name in told:
            told[name] = message(f"alerts.state.{told[name]}", language)
    if "who" in told:
        told["who"] = shown_names(reader).get(str(told["who"]), told["who"])
    if "what" in told:
        told["what"] = message(f"alerts.form.{told['what']}", language)
    return message(f"alerts.refused.{refused.why}", language, **told)


def _told(words: str, *, refused: bool) -> html.P:
    return html.P(words, className="told-why" if refused else "selected-line")


def _content(reader: Reader, view: ViewState, shown: RegisterShown, note: str = "") -> list[Any]:
    language, today = view.language, date.today()
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    parts: list[Any] = [
        html.H1(message("alerts.title", language, name=country)),
        html.P(message("alerts.lead", language), className="lead"),
    ]
    if shown.opened:
        parts.append(alert_case(reader, view, shown.opened, today, note=note))
    elif shown.opens:
        parts.append(html.P(message("alerts.refused.no_alert", language, id=shown.opens), className="told-why"))
    elif identity().role not in WRITERS:
        parts.append(reading_only(language))
    if shown.everything:
        parts += [html.H2(message("alerts.register", language))]
        parts += alert_filters(reader, view, shown, place_field(reader, view))
    return [*parts, *alert_table(reader, view, shown, today)]


def _figures(reader: Reader, view: ViewState, shown: RegisterShown) -> list[Any]:
    return [*alert_map(reader, view, shown.everything, date.today()), *alert_loop(view, shown.everything)]
