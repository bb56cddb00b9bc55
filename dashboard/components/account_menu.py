"""Who has signed in, in the header, with the way out; the way in for who has not."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import aria, data
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.guard import SIGN_IN
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.identity import Identity, identity, session
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.signing_in import SIGN_OUT
from fuping.dashboard.state import ViewState

__all__ = ["account_menu", "role_and_areas", "sign_in_link"]


def account_menu(reader: Reader, view: ViewState) -> html.A | html.Details:
    """Return the menu of who asks; the page they were on is known from the request that follows the link."""
    language, asking, held = view.language, identity(), session()
    if held is None:
        return sign_in_link(language, id="account", className="account-way")
    name = asking.shown_name
    # The button sends the token of the session: no other site knows it.
    leave = html.Button(message("account.sign_out", language), id="sign-out", name="csrf", value=held.csrf)
    content: list[Any] = [html.P([html.Strong(name), html.Br(), role_and_areas(reader, asking, language)])]
    pages = ("account", *(("people", "audit") if asking.role == "admin" else ()))
    if view.pack:
        content += [html.A(message(f"page.{one}", language), href=page_href(one, view)) for one in pages]
    content.append(html.Form(leave, method="post", action=SIGN_OUT))
    return html.Details(
        [
            html.Summary(
                html.Span(name[:1].upper()), title=name, **aria(label=message("account.menu", language, name=name))
            ),
            html.Div(content, className="menu"),
        ],
        className="account",
        id="account",
        **data(menu="account"),
    )


def sign_in_link(language: str, **attributes: Any) -> html.A:
    """Return the way to the page on which one signs in."""
    words = message("account.sign_in", language)
    return html.A(html.Span(words), href=f"{SIGN_IN}?{urlencode({'lang': language})}", title=words, **attributes)


def role_and_areas(reader: Reader, asking: Identity, language: str) -> str:
    """Return what somebody may do, and where."""
    role = message(f"account.role.{asking.role}", language)
    if not asking.areas:
        return role
    named = [_area(reader, pack, code, language) for pack, code in sorted(asking.areas)]
    areas = message("format.join", language).join(named)
    return role + message("format.join", language) + message("account.areas", language, areas=areas)


def _area(reader: Reader, pack: str, code: str, language: str) -> str:
    found = place_of_code(reader, pack, code, language) if pack in reader.packs() else None
    return found.name if found else f"{pack} {code}"
