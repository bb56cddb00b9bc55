"""The pages of the dashboard, and the way between them: links and menus, or one menu on a narrow screen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.state import ViewState

__all__ = ["PAGES", "Page", "navigation", "page_href"]


@dataclass(frozen=True)
class Page:
    """Where a page is, the menu that lists it (without one it stands by itself), and whether it is listed at all."""

    path: str
    menu: str = ""
    listed: bool = True


PAGES = {
    "overview": Page("/overview"),
    "map": Page("/"),
    "trends": Page("/trends"),
    "years": Page("/years"),
    "compare": Page("/compare"),
    "find": Page("/find"),
    "profile": Page("/profile"),
    "projects": Page("/projects", "projects"),
    "targeting": Page("/targeting", "projects"),
    "evaluation": Page("/evaluation", "projects"),
    "identification": Page("/identification", "analysis"),
    "alerts": Page("/alerts", "analysis"),
    "clusters": Page("/clusters", "analysis"),
    "measurement": Page("/measurement", "analysis"),
    "ecology": Page("/ecology", "risk"),
    "risk": Page("/risk", "risk"),
    "scenario": Page("/scenario", "risk"),
    "data": Page("/data", "about"),
    "quality": Page("/quality", "about"),
    "methods": Page("/methods", "about"),
    "made": Page("/made", listed=False),
    "supply": Page("/supply", listed=False),
    "load": Page("/load", listed=False),
    "add_country": Page("/add-country", listed=False),
    "account": Page("/account", listed=False),
    "audit": Page("/audit", listed=False),
    "people": Page("/people", listed=False),
}
"""Page → where it is, in the header's order; ``pages/<name>.py`` draws it and the message ``page.<name>`` names it."""


def page_href(page: str, view: ViewState) -> str:
    """Return the address of a page on the same view; what only another page understands is left out."""
    return PAGES[page].path + view.anywhere


def navigation(view: ViewState, page: str) -> html.Nav:
    """Return the links to all pages; ``page`` is the one shown."""
    language = view.language
    wide: list[Any] = []
    shown = [name for name, one in PAGES.items() if one.listed]
    for menu, members in groupby(shown, key=lambda name: PAGES[name].menu or name):
        names = list(members)
        links = [_link(name, view, page) for name in names]
        wide += links if len(names) == 1 else [_menu(f"menu.{menu}", links, language, chosen=page in names)]
    listed = [_link(name, view, page) for name in shown]
    narrow = html.Details(
        [html.Summary("☰", **aria(label=message("nav.pages", language))), html.Div(listed, className="menu")],
        className="pages-narrow",
        **data(menu="pages"),
    )
    return html.Nav(
        [html.Div(wide, className="pages-wide"), narrow],
        className="pages",
        **aria(label=message("nav.pages", language)),
    )


def _link(name: str, view: ViewState, page: str) -> html.A:
    return html.A(message(f"page.{name}", view.language), href=page_href(name, view), **current(chosen=name == page))


def _menu(key: str, links: list[html.A], language: str, *, chosen: bool) -> html.Details:
    return html.Details(
        [html.Summary(message(key, language), **current(chosen=chosen)), html.Div(links, className="menu")],
        **data(menu=key.removeprefix("menu.")),
    )
