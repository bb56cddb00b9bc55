"""The page behind a link that an administrator made: a person chooses their password, once, and is signed in."""

from __future__ import annotations

from flask import Flask, make_response, render_template, request
from fuping.dashboard.asked import asked_language, caller
from fuping.dashboard.guard import INVITED
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.rate_limit import RateLimit
from fuping.dashboard.signing_in import BY_ADDRESS, LARGEST, enter
from fuping.layers.office.invitations import accept_invitation, find_invitation
from fuping.layers.office.passwords import SHORTEST, PasswordError
from werkzeug.wrappers import Response

__all__ = ["add_invited"]

WORDS = ("title", "password", "again", "submit", "hint")


def add_invited(server: Flask, reader: Reader) -> None:
    """Add the page."""
    addresses = RateLimit(*BY_ADDRESS)

    @server.get(INVITED)
    def invited() -> Response:
        return _page(reader, request.args.get("key", ""))

    @server.post(INVITED)
    def choose() -> Response:
        request.max_content_length = LARGEST
        key, password = request.form.get("key", ""), request.form.get("password", "")
        wait = addresses.take(caller())
        if wait:
            return _page(reader, key, "sign_in.too_many", status=429, wait=wait)
        if password != request.form.get("again", ""):
            return _page(reader, key, "invited.differ", status=400)
        try:
            found = accept_invitation(reader.office, key, password, address=request.remote_addr)
        except PasswordError as refused:
            return _page(reader, key, f"invited.refused.{refused.why}", status=400, n=SHORTEST)
        return _page(reader, key) if found is None else enter(reader.office, found.name, "/")


def _page(reader: Reader, key: str, told: str = "", *, status: int = 200, **values: int) -> Response:
    given = request.form if request.method == "POST" else request.args
    language = given["lang"] if given.get("lang") in LANGUAGES else asked_language()
    found = find_invitation(reader.office, key)
    if found is None:
        told, status = "invited.ended", 404
    text = {word: message(f"invited.{word}", language) for word in WORDS}
    text |= {"app": message("app.name", language), "name": message("sign_in.name", language)}
    words = message(told, language, **values) if told else ""
    page = render_template(
        "invited.html", language=language, text=text, told=words, key=key, name=found.name if found else ""
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
