"""The page to sign in, sent whole by the server, and the way out; a session is a cookie that no script can read."""

from __future__ import annotations

import hmac
import os
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, make_response, redirect, render_template, request
from fuping.dashboard.access import sign_in_required
from fuping.dashboard.api.errors import ForeignOriginError
from fuping.dashboard.asked import asked_language, caller
from fuping.dashboard.guard import PROVIDER, SIGN_IN, refusal
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.identity import COOKIE, identity, session
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.rate_limit import RateLimit
from fuping.layers.office import Office
from fuping.layers.office.credentials import find_by_password
from fuping.layers.office.people import count_people, plain_name
from fuping.layers.office.sessions import begin_session, end_session
from werkzeug.wrappers import Response as AnyResponse

__all__ = ["SIGN_OUT", "add_signing_in", "enter", "onward", "sign_in_page", "too_many"]

SIGN_OUT = "/sign-out"

BY_ADDRESS = (30, 60)
"""Attempts that one address has within so many seconds: an office may have one address for all."""

BY_NAME = (10, 600)
"""Attempts that one name has, from wherever they come; signing in begins the count anew."""

LARGEST = 20_000
"""Bytes of the form."""

WORDS = ("title", "name", "password", "submit", "or", "forgotten", "back")


def add_signing_in(
    server: Flask,
    reader: Reader,
    *,
    by_address: tuple[int, int] = BY_ADDRESS,
    by_name: tuple[int, int] = BY_NAME,
) -> None:
    """Add the page to sign in and the way out.

    Parameters
    ----------
    by_address, by_name
        How many attempts within how many seconds.
    """
    addresses, names = RateLimit(*by_address), RateLimit(*by_name)

    @server.get(SIGN_IN)
    def sign_in() -> AnyResponse:
        if identity().signed_in:
            return redirect(onward(request.args.get("next", "")), 303)
        return sign_in_page(reader.office)

    @server.post(SIGN_IN)
    def try_to_sign_in() -> AnyResponse:
        request.max_content_length = LARGEST
        name, password = request.form.get("name", ""), request.form.get("password", "")
        key = plain_name(name)[:80]
        wait = addresses.take(caller()) or names.take(key)
        if wait:
            return too_many(reader.office, wait, name=name)
        found = find_by_password(reader.office, name, password, address=request.remote_addr)
        if found is None:
            return sign_in_page(reader.office, "wrong", status=401, name=name)
        names.forget(key)
        return enter(reader.office, found.name, request.form.get("next", ""))

    @server.post(SIGN_OUT)
    def sign_out() -> AnyResponse:
        request.max_content_length = LARGEST
        ended = session()
        if ended and not hmac.compare_digest(request.form.get("csrf", "").encode(), ended.csrf.encode()):
            return refusal(ForeignOriginError())
        if ended:
            end_session(reader.office, ended, address=request.remote_addr)
        response = redirect("/", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
        return response


def enter(office: Office, name: str, asked: str) -> AnyResponse:
    """Begin a session of a person who has shown who they are, and lead on; a session shown before is ended."""
    before = session()
    if before:
        end_session(office, before, address=request.remote_addr)
    begun = begin_session(office, name, address=request.remote_addr)
    response = redirect(onward(asked), 303)
    # It ends with the browser, or when the office's database says so.
    response.set_cookie(COOKIE, begun.token, httponly=True, samesite="Lax", secure=request.is_secure)
    response.headers["Cache-Control"] = "no-store"
    return response


def too_many(office: Office, wait: int, *, name: str = "") -> Response:
    """Return the page that asks to wait so many seconds."""
    page = sign_in_page(office, "too_many", status=429, name=name, wait=wait)
    page.headers["Retry-After"] = str(wait)
    return page


def onward(asked: str) -> str:
    """Return where to lead on: an address of this server, whatever was asked for.

    >>> onward("/profile?unit=11"), onward("//foreign.example/"), onward("https://foreign.example"), onward("/sign-in")
    ('/profile?unit=11', '/', '/', '/')
    """
    local = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked and asked.isprintable()
    return asked if local and not urlsplit(asked).path.startswith(SIGN_IN) else "/"


def sign_in_page(
    office: Office, told: str = "", *, status: int = 200, name: str = "", command: str = "", wait: int = 0
) -> Response:
    """Return the page.

    Parameters
    ----------
    told
        What went wrong: the message ``sign_in.<told>``.
    name
        What was typed as the name.
    command
        What an administrator runs to mend it.
    wait
        Seconds, where it was tried too often.
    """
    given = request.form if request.method == "POST" else request.args
    language = given["lang"] if given.get("lang") in LANGUAGES else asked_language()
    other = next(one for one in LANGUAGES if one != language)
    forward = onward(given.get("next") or _page_before())
    issuer = os.environ.get("FUPING_OIDC_ISSUER", "")
    if not told and not issuer and not count_people(office):
        told, command = "nobody", "fuping user add NAME --role admin"
    text = {word: message(f"sign_in.{word}", language) for word in WORDS}
    text["provider"] = message("sign_in.with", language, name=urlsplit(issuer).hostname)
    text |= {"app": message("app.name", language), "other": message("nav.language", language)}
    page = render_template(
        "sign_in.html",
        language=language,
        other=other,
        other_href=f"{SIGN_IN}?{urlencode({'next': forward, 'lang': other})}",
        text=text,
        told=told and message(f"sign_in.{told}", language, wait=wait),
        command=command,
        provider_href=issuer and f"{PROVIDER}?{urlencode({'next': forward})}",
        name=name,
        onward=forward,
        required=sign_in_required(),
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page_before() -> str:
    before = urlsplit(request.referrer or "")
    return f"{before.path}?{before.query}" if before.netloc == request.host else ""
