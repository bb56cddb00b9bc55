"""The page of a store without any pack: what can be brought in here, and how, in every language."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.beginning import may_add, may_load
from fuping.dashboard.components import html
from fuping.dashboard.components.account_menu import sign_in_link
from fuping.dashboard.components.navigation import PAGES
from fuping.dashboard.components.shell import command
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.identity import identity
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.packs import pack_choices

__all__ = ["first_run"]


def first_run(reader: Reader) -> html.Main:
    """Return what can be done: by who may, load a declared pack or add a country; in any case, run the command."""
    return html.Main([_section(reader, language) for language in LANGUAGES], className="first-run")


def _section(reader: Reader, language: str) -> html.Section:
    parts: list[Any] = [
        html.H1(message("app.name", language)),
        html.P(message("first_run.what", language), className="lead"),
    ]
    if may_load(reader):
        there = f"{PAGES['load'].path}?lang={language}&load="
        packs = [html.Li(html.A(one.name[language], href=there + one.code)) for one in pack_choices(reader)]
        parts += [html.H2(message("first_run.load", language)), html.Ul(packs)]
    if may_add(reader):
        add = html.A(message("country.add", language), href=f"{PAGES['add_country'].path}?lang={language}")
        parts += [html.H2(message("first_run.add", language)), html.P(add)]
    if not may_load(reader):
        told = "first_run.closed" if identity().signed_in else "first_run.sign_in"
        way: list[Any] = [] if identity().signed_in else [" ", sign_in_link(language)]
        parts.append(html.P([message(told, language), *way], className="hint"))
    parts += [
        html.H2(message("first_run.terminal", language)),
        html.P([message("first_run.build", language), " ", command("fuping build")]),
        html.P(message("first_run.more", language), className="hint"),
    ]
    return html.Section(parts, lang=language)
