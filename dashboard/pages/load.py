"""Load a pack that was never built: its files are sent or fetched, checked and kept, and its map is made."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import dash
from dash import ALL, Input, Output, State, ctx, dcc, no_update
from fuping.dashboard.beginning import may_load
from fuping.dashboard.components import html
from fuping.dashboard.components.account_menu import sign_in_link
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.fault_list import fault_list
from fuping.dashboard.components.job import Job
from fuping.dashboard.components.send_file import file_sender
from fuping.dashboard.components.shell import document, header
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import ForbiddenError, identity
from fuping.dashboard.loading import loading_of, unbuilt
from fuping.dashboard.loading_routes import add_loading
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.errors import SourceError
from fuping.layers.ingest.loads import Load, Needed, has_figures, needed_sources
from fuping.layers.pack import Pack, find_pack, pack_folders
from fuping.spatial.wording import worded

__all__ = ["layout", "register"]

ENDINGS = ".csv,.gz,.xlsx,.parquet,.geojson,.json,.topojson,.gpkg,.zip,.xml"

STEPS = ("boundaries", "table", "raster", "storms", "earthquakes", "grid", "write", "fetch")


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("load", html.Div(id="load-page"), dcc.Store(id="load-done"))


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks and its routes."""
    add_loading(app.server, reader)

    @app.callback(
        Output("load-header", "children"),
        Output("load-page", "children"),
        Input("load-address", "frame"),
        Input("load-done", "data"),
    )
    def fill(search: str, done: Any) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return header(reader, view, "load"), _content(reader, view)

    @app.callback(
        Output("load-done", "data"),
        Input({"type": "load-act", "index": ALL}, "n_clicks"),
        State("load-address", "frame"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int | None], search: str) -> Any:
        if not any(clicks) or not ctx.triggered_id:
            return no_update
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        what, _, source = ctx.triggered_id["index"].partition(":")
        _act(reader, dict(view.extra).get("load", ""), what, source)
        return f"{ctx.triggered_id['index']} {sum(one or 0 for one in clicks)}"

    @app.callback(
        Output("load-done", "data", allow_duplicate=True), Input("load-job", "ended"), prevent_initial_call=True
    )
    def ended(told: str | None) -> Any:
        return told or no_update

    app.clientside_callback(
        "function (all) { const told = all.filter(Boolean); if (!told.length) return window.dash_clientside.no_update;"
        " return `${told.join(' ')} ${Date.now()}`; }",
        Output("load-done", "data", allow_duplicate=True),
        Input({"type": "load-send", "index": ALL}, "sent"),
        prevent_initial_call=True,
    )


def _act(reader: Reader, pack: str, what: str, source: str) -> None:
    """Do what a button says."""
    if not may_load(reader):
        raise ForbiddenError("Only who works for the whole pack may load it.", remedy="Sign in.", key="load.closed")
    if pack not in unbuilt(reader):
        raise SourceError(
            worded("There is no pack {pack!r} to load.", pack=pack),
            remedy=worded("Choose one in the menu of countries."),
        )
    loading = loading_of(reader)
    if loading.waits(pack):
        return
    before = loading.loads.of(pack)
    stage = before.stage if what == "again" else what
    if stage not in ("fetch", "build"):
        raise SourceError(worded("The file is gone."), remedy=worded("Send it again."))
    loading.loads.ask(pack, stage, who=identity().name, source=source or before.source)  # type: ignore[arg-type]
    loading.start(pack)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language, code = view.language, dict(view.extra).get("load", "")
    folders = pack_folders(reader.store.declared)
    if code not in folders:
        return [html.H1(message("page.load", language)), html.P(message("load.nothing", language), className="hint")]
    pack = find_pack(reader.store, code)
    name = getattr(pack.info.name, language)
    parts: list[Any] = [html.H1(message("load.title", language, name=name))]
    if code in reader.packs():
        there = html.A(message("country.open", language), href=f"/?pack={code}&lang={language}", className="act")
        return [*parts, html.P(message("load.built", language, name=name), role="status"), html.P(there)]
    if not may_load(reader):
        way: list[Any] = [] if identity().signed_in else [" ", sign_in_link(language)]
        return [*parts, html.P([message("load.closed", language), *way], className="refused", role="status")]
    loading = loading_of(reader)
    found, needed = loading.loads.of(code), needed_sources(pack, reader.store)
    working = loading.waits(code)
    parts.append(html.P(message("load.lead", language), className="lead"))
    state = "working" if working else f"{found.stage}-{found.state}"
    parts.append(html.Div(_work(pack, found, language, working=working), className="draft", **data(state=state)))
    if not working:
        parts += [html.H2(message("load.files", language))]
        parts += [_source(code, one, language) for one in needed]
        parts += [html.H2(message("load.build", language)), *_build(pack, reader, needed, language)]
    return parts


def _work(pack: Pack, found: Load, language: str, *, working: bool) -> list[Any]:
    if working:
        words = {name: message(f"supply.job.{name}", language) for name in ("progress", "waiting", "stop")}
        words["waiting"] = message(f"load.working.{found.stage}", language)
        steps = {name: message(f"load.step.{name}", language) for name in STEPS}
        url = f"/load/{found.pack}"
        job = Job(id="load-job", url=f"{url}.json", stopUrl=f"{url}/stop", steps=steps, text=words)
        return [html.H2(message(f"load.working.{found.stage}", language)), job]
    if found.state not in ("stopped", "faulty"):
        return []
    titles = {one.id: getattr(one.title, language) for one in pack.sources}
    subject = titles.get(found.source, "")
    if found.state == "stopped":
        told = message(f"load.stopped.{found.stage}", language, source=subject)
        parts: list[Any] = [html.P(told, role="alert")]
        if found.stage != "check":
            parts.append(html.Div(_button("again", "", "load.again", language), className="take-row"))
    else:
        n = number(found.n_faults, 0, language)
        parts = [html.P(message(f"load.faulty.{found.stage}", language, n=n, source=subject), role="alert")]
        parts.append(fault_list(found.faults, found.n_faults, language))
    return [html.Div(parts, className="proposal", **data(state=found.state))]


def _source(pack: str, one: Needed, language: str) -> html.Section:
    source = one.source
    state = "there" if one.there else "drawn" if one.drawn else "absent"
    facts: list[Any] = [getattr(source.publisher, language), " · ", source.licence]
    if source.url:
        facts += [" · ", html.A(urlsplit(str(source.url)).hostname, href=str(source.url), rel="noreferrer")]
    told = html.Span(message(f"load.state.{state}", language), className=f"state {state}")
    parts: list[Any] = [html.H3([getattr(source.title, language), " ", told]), html.P(facts, className="hint")]
    if source.fetchable:
        host = urlsplit(str(source.url)).hostname or ""
        parts.append(html.P(_button("fetch", source.id, "load.fetch", language, host=host), className="word-table"))
    where = {"type": "load-send", "index": source.id}
    sender = file_sender(where, f"/load/{pack}/{source.id}", ENDINGS, language)
    return html.Section([*parts, sender], className="needed-source", **data(source=source.id, state=state))


def _build(pack: Pack, reader: Reader, needed: list[Needed], language: str) -> list[Any]:
    absent = [getattr(one.source.title, language) for one in needed if one.drawn and not one.there]
    if absent:
        listed = message("format.join", language).join(absent)
        return [html.P(message("load.first", language, sources=listed), className="hint")]
    if not has_figures(pack, reader.store):
        return [html.P(message("load.figures_first", language), className="hint")]
    empty = [getattr(one.source.title, language) for one in needed if not one.there]
    told = message("load.empty", language, sources=message("format.join", language).join(empty)) if empty else ""
    button = html.Div(_button("build", "", "load.act", language), className="take-row")
    return [html.P(told or message("load.all", language), className="hint"), button]


def _button(what: str, source: str, key: str, language: str, **values: str) -> html.Button:
    where = {"type": "load-act", "index": f"{what}:{source}"}
    kind = "quiet" if what == "fetch" else "act"
    return html.Button(message(key, language, **values), id=where, type="button", className=kind)
