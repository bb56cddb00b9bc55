"""Signing in through who vouches for people: OpenID Connect, by the code flow with PKCE, state and nonce.

Authlib speaks the protocol and checks what the provider signs. What it needs to know again when the person comes back
is in a signed cookie of its own, which only the two addresses below the page to sign in are sent.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shlex
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal
from urllib.parse import urlsplit

from flask import Flask, request
from flask import session as state_cookie
from flask.sessions import SecureCookieSessionInterface
from fuping.dashboard.access import is_loopback
from fuping.dashboard.asked import caller
from fuping.dashboard.guard import PROVIDER, PROVIDER_BACK, SIGN_IN
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.rate_limit import RateLimit
from fuping.dashboard.signing_in import BY_ADDRESS, enter, onward, sign_in_page, too_many
from fuping.layers.office import Office
from fuping.layers.office.people import Person, PersonError, add_person, find_subject
from fuping.spatial.errors import FupingError
from werkzeug.wrappers import Response as AnyResponse

__all__ = ["Provider", "add_openid", "provider"]

log = logging.getLogger("fuping.dashboard")

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that only who holds the provider's key can make."""

PATIENCE = 10
"""Seconds that the provider has for an answer."""

LEEWAY = 60
"""Seconds by which the provider's clock may be off."""


@dataclass(frozen=True)
class Provider:
    """Who vouches for people, as the settings say.

    Parameters
    ----------
    issuer, client_id, client_secret
        Its address, and what it knows this server by.
    new
        What becomes of somebody who has no account yet: ``"viewer"`` makes one that reads, ``"none"`` refuses them.
    """

    issuer: str
    client_id: str
    client_secret: str
    new: Literal["viewer", "none"]


def provider() -> Provider | None:
    """Return the provider that the settings name; ``None`` where they name none.

    Raises
    ------
    FupingError
        A setting is missing or cannot be, or what speaks the protocol is not installed.
    """
    issuer = os.environ.get("FUPING_OIDC_ISSUER", "")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise FupingError(f"FUPING_OIDC_ISSUER is {issuer!r}.", remedy="Write its address with https://.")
    client, secret = os.environ.get("FUPING_OIDC_CLIENT_ID", ""), os.environ.get("FUPING_OIDC_CLIENT_SECRET", "")
    named = {"FUPING_OIDC_CLIENT_ID": client, "FUPING_OIDC_CLIENT_SECRET": secret}
    if missing := [name for name, value in named.items() if not value]:
        raise FupingError(f"{' and '.join(missing)} must be set too.", remedy=f"They are given by {parts.hostname}.")
    new = os.environ.get("FUPING_OIDC_NEW", "") or "none"
    if new not in ("viewer", "none"):
        raise FupingError(f"FUPING_OIDC_NEW is {new!r}.", remedy="Set it to viewer or none.")
    if find_spec("authlib") is None:
        raise FupingError("FUPING_OIDC_ISSUER needs Authlib.", remedy="Run: pip install 'fuping[oidc]'")
    return Provider(issuer, client, secret, new)  # type: ignore[arg-type]


class _StateCookie(SecureCookieSessionInterface):
    """The signed cookie goes over HTTPS only where the page came over HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def add_openid(server: Flask, reader: Reader, given: Provider) -> None:
    """Add where the way through the provider begins, and where it leads back to."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.flask_client import OAuth
    from joserfc.errors import JoseError
    from requests import RequestException

    # Authlib tells the verifier of the code at this level.
    logging.getLogger("authlib").setLevel(logging.INFO)
    # By chance at each start: who was on the way then begins again.
    server.secret_key = os.urandom(32)
    server.session_interface = _StateCookie()
    server.config.update(
        SESSION_COOKIE_NAME="fuping_provider", SESSION_COOKIE_PATH=SIGN_IN, SESSION_COOKIE_SAMESITE="Lax"
    )
    client = OAuth(server).register(
        "provider",
        client_id=given.client_id,
        client_secret=given.client_secret,
        server_metadata_url=f"{given.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )
    claims = {
        "iss": {"essential": True, "value": given.issuer},
        "aud": {"essential": True, "value": given.client_id},
        "sub": {"essential": True},
    }
    faults = (AuthlibBaseError, JoseError, RequestException, LookupError, RuntimeError, TypeError, ValueError)
    attempts = RateLimit(*BY_ADDRESS)

    def know() -> None:
        """Read what the provider tells of itself, and of its signatures leave those that prove something."""
        told = client.load_server_metadata()
        offered = told.get("id_token_signing_alg_values_supported") or ["RS256"]
        told["id_token_signing_alg_values_supported"] = [one for one in offered if one in ALGORITHMS]

    def failed(error: Exception) -> AnyResponse:
        # Neither what the provider nor what the browser sent: it may hold codes and tokens.
        log.warning("signing in through %s failed: %s", given.issuer, type(error).__name__)
        return sign_in_page(reader.office, "provider_failed", status=403)

    @server.get(PROVIDER)
    def begin() -> AnyResponse:
        if wait := attempts.take(caller()):
            return too_many(reader.office, wait)
        try:
            know()
            answer: AnyResponse = client.authorize_redirect(f"{request.url_root.rstrip('/')}{PROVIDER_BACK}")
        except faults as error:
            return failed(error)
        state_cookie["next"] = onward(request.args.get("next", ""))
        return answer

    @server.get(PROVIDER_BACK)
    def back() -> AnyResponse:
        try:
            know()
            told = client.authorize_access_token(claims_options=claims, leeway=LEEWAY)["userinfo"]
            person = _person(reader.office, given, told)
        except faults as error:
            return failed(error)
        forward = state_cookie.pop("next", "/")
        if person is None:
            command = shlex.join(["--issuer", given.issuer, "--subject", told["sub"]])
            return sign_in_page(
                reader.office, "no_account", status=403, command=f"fuping user add NAME --role viewer {command}"
            )
        try:
            return enter(reader.office, person.name, forward)
        except PersonError:
            return sign_in_page(reader.office, "no_account", status=403)


def _person(office: Office, given: Provider, told: dict[str, Any]) -> Person | None:
    """Return the person whom the provider names; where nobody is, add them if the settings say so."""
    subject = str(told["sub"])
    found = find_subject(office, given.issuer, subject)
    if found or given.new == "none":
        return found
    # By another name where theirs is taken or cannot be one here.
    other = f"{urlsplit(given.issuer).hostname}-{hashlib.sha256(subject.encode()).hexdigest()[:12]}"
    name = str(told.get("preferred_username") or other)
    shown = str(told.get("name") or name)[:120]
    vouched: dict[str, Any] = {
        "issuer": given.issuer,
        "subject": subject,
        "by": "provider",
        "address": request.remote_addr or "",
    }
    try:
        return add_person(office, name, shown_name=shown, **vouched)
    except PersonError:
        return add_person(office, other, shown_name=shown, **vouched)
