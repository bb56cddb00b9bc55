"""Who may come in: anyone on this machine; from other machines who knows the secret, or has an account.

One secret for an office is not accounts: it keeps strangers out, and tells nobody apart.
"""

from __future__ import annotations

import hmac
import ipaddress
import os

from flask import Flask, Response, request
from fuping.dashboard.asked import caller
from fuping.dashboard.rate_limit import RateLimit
from fuping.spatial.errors import FupingError

__all__ = ["HEALTH", "SHORTEST", "add_access", "behind_proxy", "is_loopback", "require_way_in", "sign_in_required"]

SHORTEST = 12
"""Characters of a secret."""

HEALTH = "/health"
"""Where whoever asks is told that the server lives, and nothing else."""

ATTEMPTS, WINDOW = 10, 60
"""Wrong secrets that one address may give within so many seconds before it must wait."""


NEEDED, TOO_MANY = "The secret is needed. 需要密码。", "Too many wrong secrets. Wait a minute. 密码错误过多，请稍候。"


def is_loopback(host: str) -> bool:
    """Return whether an address is of this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("::1")
    (True, True, False, True)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sign_in_required() -> bool:
    """Return whether only who has signed in may read, as ``FUPING_SIGN_IN`` says; ``optional`` where it is not set.

    Raises
    ------
    FupingError
        It says something else.
    """
    setting = os.environ.get("FUPING_SIGN_IN", "") or "optional"
    if setting not in ("optional", "required"):
        raise FupingError(
            f"FUPING_SIGN_IN is {setting!r}; expected optional or required.",
            remedy="Set it to required to let in only who has an account.",
        )
    return setting == "required"


def behind_proxy() -> bool:
    """Return whether a web server stands before this one and tells who asks and how, by ``FUPING_BEHIND_PROXY``.

    Raises
    ------
    FupingError
        It is neither 1 nor 0.
    """
    setting = os.environ.get("FUPING_BEHIND_PROXY", "")
    if setting not in ("", "0", "1"):
        raise FupingError(
            f"FUPING_BEHIND_PROXY is {setting!r}; expected 1 or 0.",
            remedy="Set it to 1 where a web server stands before this one and sets X-Forwarded-For and -Proto.",
        )
    return setting == "1"


def require_way_in(host: str, secret: str, *, accounts: int | None) -> None:
    """Check that a server which others can reach keeps strangers out.

    Parameters
    ----------
    accounts
        How many there are, where only who has one may read; else ``None``.

    Raises
    ------
    FupingError
        Neither a secret nor an account keeps them out, or the secret is soon guessed.
    """
    if secret and len(secret) < SHORTEST:
        raise FupingError(
            f"FUPING_SECRET has {len(secret)} characters.", remedy=f"Choose one of {SHORTEST} or more, by chance."
        )
    if secret or is_loopback(host):
        return
    if accounts is None:
        raise FupingError(
            f"Whoever reaches {host} would see and could ask for everything.",
            remedy="Set FUPING_SIGN_IN=required, or FUPING_SECRET, which browsers ask for, or listen on 127.0.0.1.",
        )
    if not accounts:
        raise FupingError(
            f"Nobody could sign in at {host}: there is no account.", remedy="Run: fuping user add NAME --role admin"
        )


def add_access(server: Flask, secret: str, *, attempts: int = ATTEMPTS, window: int = WINDOW) -> None:
    """Ask for the secret before anything is served; nothing is asked where there is none.

    Parameters
    ----------
    attempts, window
        Wrong secrets that one address may give within so many seconds before it must wait.
    """
    if not secret:
        return
    wrong = RateLimit(attempts, window)

    @server.before_request
    def ask() -> Response | None:
        if request.path == HEALTH:
            return None
        given = request.authorization.password if request.authorization else None
        wait = wrong.wait(caller())
        if wait:
            return Response(f"{TOO_MANY}\n", 429, {"Retry-After": str(wait)}, mimetype="text/plain")
        if given is not None and hmac.compare_digest(given.encode(), secret.encode()):
            return None
        if given is not None:
            wrong.take(caller())
        asked = {"WWW-Authenticate": 'Basic realm="Fuping", charset="UTF-8"'}
        return Response(f"{NEEDED}\n", 401, asked, mimetype="text/plain")
