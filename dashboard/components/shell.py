"""The frame of every page: header, first run, and what is shown where something failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import dash
from dash import Input, Output
from dash.development.base_component import Component
from fuping.dashboard.adding import may_add_country
from fuping.dashboard.components import html
from fuping.dashboard.components.account_menu import account_menu
from fuping.dashboard.components.address import Address, link
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.navigation import navigation, page_href
from fuping.dashboard.components.repeated_notes import fold_repeated
from fuping.dashboard.components.saved_views import saved_views
from fuping.dashboard.components.search_box import SearchBox
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.alert_register import Waiting, waiting_for_me
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.packs import PackChoice, pack_choices
from fuping.dashboard.queries.supplying import may_supply
from fuping.dashboard.state import ViewState

__all__ = ["command", "document", "fill_document", "header", "problem"]


def header(reader: Reader, view: ViewState, page: str = "map") -> list[Any]:
    """Return the header: the country, the search, the pages, what waits, the language, the theme, printing.

    In a store without any pack it has only the language, the theme and who asks.
    """
    language = view.language
    other = next(one for one in LANGUAGES if one != language)
    switch = link(view, message("nav.language", language), {"lang": other}, id="language", lang=other)
    theme = html.Button(
        html.Span("◐", **aria(hidden="true")),
        id="theme",
        title=message("nav.theme", language),
        **aria(label=message("nav.theme", language)),
    )
    if not view.pack:
        home = html.A(message("app.name", language), href="/")
        return [html.H1(home), html.Div([switch, theme, account_menu(reader, view)], className="header-tools")]
    search = SearchBox(
        id="search",
        url=f"/search/{view.pack}.json",
        placeholder=message("search.placeholder", language),
        none=message("search.none", language),
    )
    return [
        html.H1(message("app.name", language)),
        _pack_menu(view, pack_choices(reader)),
        search if page == "map" else html.Span(className="search-box"),
        navigation(view, page),
        html.Div(
            [
                *_waiting(view, waiting_for_me(reader, view.pack, date.today())),
                saved_views(language),
                *_wall(view, page),
                switch,
                theme,
                html.Button(message("nav.print", language), id="print"),
                account_menu(reader, view),
            ],
            className="header-tools",
        ),
    ]


def _wall(view: ViewState, page: str) -> list[Any]:
    """Return the way to the map for a screen that a room looks at."""
    if page != "map":
        return []
    words, sign = message("nav.wall", view.language), html.I(**aria(hidden="true"))
    return [link(view, sign, {"display": "wall"}, id="wall", title=words, **aria(label=words))]


def _waiting(view: ViewState, waiting: Waiting | None) -> list[Any]:
    if waiting is None or not (waiting.mine or waiting.late):
        return []
    language = view.language
    words = message("alerts.waiting", language, mine=waiting.mine, late=waiting.late)
    whose = "me" if waiting.mine else "overdue"
    there = f"{page_href('alerts', replace(view, unit=None, within=None))}&whose={whose}"
    count = number(waiting.mine or waiting.late, 0, language)
    mark: list[Any] = [html.Span("⚑", **aria(hidden="true")), count]
    return [html.A(html.Span(mark), href=there, id="waiting", title=words, **aria(label=words))]


def _pack_menu(view: ViewState, packs: list[PackChoice]) -> html.Details:
    language = view.language
    kept = {"pack", "lang"}
    cleared = {key: "" for key in (*view.to_query(), "sheet") if key not in kept}
    rows: list[Any] = []
    for one in packs:
        name = one.name[language]
        if one.command and may_supply():
            there = f"{page_href('load', view)}&load={one.code}"
            rows.append(html.A([name, html.Small(message("load.way", language))], href=there, className="menu-open"))
        elif one.command:
            rows.append(html.Div([html.Span(name), command(one.command)], className="menu-closed"))
        else:
            rows.append(link(view, name, cleared | {"pack": one.code}, **current(chosen=one.code == view.pack)))
    if may_add_country():
        rows.append(html.A(message("country.add", language), href=page_href("add_country", view), className="menu-add"))
    chosen = next(one.name[language] for one in packs if one.code == view.pack)
    return html.Details(
        [
            html.Summary(chosen, **aria(label=message("nav.pack", language, name=chosen))),
            html.Div(rows, className="menu"),
        ],
        className="pack-menu",
        **data(menu="pack"),
    )


def document(page: str, *places: Component) -> html.Div:
    """Return the places of a page that is read from top to bottom, for its callbacks to fill.

    Parameters
    ----------
    places
        In the page, where it has more than the one place ``PAGE-page``.
    """
    main = html.Main(id=f"{page}-page", className="document")
    if places:
        main = html.Main(list(places), className="document")
    return html.Div(
        [
            Address(id=f"{page}-address"),
            html.Header(id=f"{page}-header"),
            html.Div(id="problem", role="alert"),
            main,
        ],
        className="app",
    )


def fill_document(
    app: dash.Dash,
    reader: Reader,
    page: str,
    content: Callable[[Reader, ViewState], list[Any]],
    *,
    follows: Literal["search", "frame", "place"] = "search",
) -> None:
    """Add the callback that fills a :func:`document` whenever the part of the URL that it follows changes."""

    @app.callback(
        Output(f"{page}-header", "children"), Output(f"{page}-page", "children"), Input(f"{page}-address", follows)
    )
    def fill(search: str) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        return header(reader, view, page), fold_repeated(content(reader, view), view.language)


def command(text: str) -> html.Code:
    """Return a command to type."""
    return html.Code(text, className="command")


def problem(text: str, language: str) -> list[Any]:
    """Return what is said where a part of the page failed: what, what was kept, and how to try again."""
    return [
        html.Strong(message("error.title", language)),
        html.Span(text),
        html.Span(message("error.kept", language)),
        html.A(message("error.retry", language), href=""),
    ]
