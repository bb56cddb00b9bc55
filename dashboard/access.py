"""Who may come in: anyone on this machine; from other machines only who knows the secret.

One secret for an office is not accounts: it keeps strangers out, and tells nobody apart.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections import defaultdict, deque
from collections.abc import Callable

from flask import Flask, Response, request
from fuping.spatial.errors import FupingError

__all__ = ["SHORTEST", "add_access", "is_loopback", "require_secret"]

SHORTEST = 12
"""Characters of a secret."""

ATTEMPTS, WINDOW = 10, 60.0
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


def require_secret(host: str, secret: str) -> None:
    """Check that a server which others can reach has a secret.

    Raises
    ------
    FupingError
        It has none, or one that is soon guessed.
    """
    if secret and len(secret) < SHORTEST:
        raise FupingError(
            f"FUPING_SECRET has {len(secret)} characters.", remedy=f"Choose one of {SHORTEST} or more, by chance."
        )
    if not secret and not is_loopback(host):
        raise FupingError(
            f"Whoever reaches {host} would see and could ask for everything.",
            remedy="Set FUPING_SECRET, which browsers then ask for, or listen on 127.0.0.1.",
        )


def add_access(server: Flask, secret: str, *, clock: Callable[[], float] = time.monotonic) -> None:
    """Ask for the secret before anything is served; nothing is asked where there is none.

    Parameters
    ----------
    clock
        Gives seconds; for tests.
    """
    if not secret:
        return
    wrong: defaultdict[str, deque[float]] = defaultdict(deque)

    @server.before_request
    def ask() -> Response | None:
        given = request.authorization.password if request.authorization else None
        seen = wrong[request.remote_addr or ""]
        now = clock()
        while seen and now - seen[0] > WINDOW:
            seen.popleft()
        if len(seen) >= ATTEMPTS:
            return Response(f"{TOO_MANY}\n", 429, {"Retry-After": f"{WINDOW:.0f}"}, mimetype="text/plain")
        if given is not None and hmac.compare_digest(given.encode(), secret.encode()):
            return None
        if given is not None:
            seen.append(now)
        asked = {"WWW-Authenticate": 'Basic realm="Fuping", charset="UTF-8"'}
        return Response(f"{NEEDED}\n", 401, asked, mimetype="text/plain")
