"""What stands before every route: no change asked for by another site, not too many, and, where set, no stranger."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, redirect, request
from fuping.dashboard.access import HEALTH
from fuping.dashboard.api.errors import (
    PROBLEM,
    ForeignOriginError,
    RequestError,
    SignInError,
    TooManyError,
    kind_of,
    problem,
)
from fuping.dashboard.api.exchange import dumped
from fuping.dashboard.asked import asked_language, caller
from fuping.dashboard.i18n.messages import LANGUAGES
from fuping.dashboard.identity import COOKIE, identity
from fuping.dashboard.rate_limit import RateLimit
from werkzeug.wrappers import Response as AnyResponse

__all__ = ["INVITED", "PROVIDER", "PROVIDER_BACK", "SIGN_IN", "add_guard", "refusal"]

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Methods that change nothing."""

CALLBACK = "/_dash-update-component"
"""Where pages ask for what they show: often, and by POST."""

SIGN_IN = "/sign-in"

PROVIDER, PROVIDER_BACK = f"{SIGN_IN}/provider", f"{SIGN_IN}/back"
"""Where the way through who vouches for people begins, and where it leads back to."""

INVITED = f"{SIGN_IN}/link"
"""Where a person chooses their password."""

OPEN = (SIGN_IN, PROVIDER, PROVIDER_BACK, INVITED, HEALTH)
"""What everybody is served, beside what it looks like, which lies below :data:`ASSETS`."""

ASSETS = "/assets/"

WRITES = 60
"""Requests that change something, a minute and address; a person who fills forms sends a few."""


def add_guard(server: Flask, *, required: bool) -> None:
    """Refuse what must not be answered before any route sees it, and tell at ``/health`` that the server lives.

    Parameters
    ----------
    required
        Whether only who has signed in may read.
    """
    writes = RateLimit(WRITES, 60)

    @server.before_request
    def check() -> AnyResponse | None:
        if request.method not in SAFE:
            if _is_foreign():
                return refusal(ForeignOriginError())
            if request.path != CALLBACK and not request.path.startswith("/api") and (wait := writes.take(caller())):
                return refusal(TooManyError(wait))
        is_open = request.path in OPEN or request.path.startswith(ASSETS)
        if required and not is_open and not identity().signed_in:
            return _ask_to_sign_in()
        return None

    @server.after_request
    def keep_private(response: Response) -> Response:
        # What only some may read, no cache between here and them may keep.
        if required:
            response.cache_control.private = True
        return response

    @server.get(HEALTH)
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def refusal(error: RequestError) -> Response:
    """Return a refusal: as the API says what is wrong, or in plain words of every language."""
    status, headers = kind_of(error).status, {"Cache-Control": "no-store"}
    if isinstance(error, TooManyError):
        headers["Retry-After"] = str(error.wait)
    if isinstance(error, SignInError):
        headers["WWW-Authenticate"] = 'Bearer realm="Fuping"'
    if request.path.startswith("/api"):
        language = asked_language()
        body = problem(error, language=language, root=f"{request.url_root}api", instance=request.path)
        return Response(dumped(body), status, headers | {"Content-Type": PROBLEM, "Content-Language": language})
    words = "\n".join(f"{error.text.in_(one)} {error.advice.in_(one)}" for one in LANGUAGES)
    return Response(f"{words}\n", status, headers, mimetype="text/plain")


def _is_foreign() -> bool:
    """Return whether another site's page sends this request, as browsers tell and pages cannot change.

    Without either header it is no browser of the last years: it is refused where it shows a session, since nothing
    then tells which page asks.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc != request.host
    return COOKIE in request.cookies


def _ask_to_sign_in() -> AnyResponse:
    asked = request.headers.get("Sec-Fetch-Dest")
    page = asked == "document" if asked else "text/html" in request.headers.get("Accept", "")
    if request.method != "GET" or not page:
        return refusal(SignInError())
    query = {"next": request.full_path.removesuffix("?"), "lang": asked_language()}
    response = redirect(f"{SIGN_IN}?{urlencode(query)}", 303)
    response.headers["Cache-Control"] = "no-store"
    return response
