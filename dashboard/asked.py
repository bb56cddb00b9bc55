"""What a request tells of who sends it: the language they read, and the address they are counted by."""

from __future__ import annotations

import ipaddress
from urllib.parse import parse_qs, urlsplit

from flask import request
from fuping.dashboard.i18n.messages import LANGUAGES

__all__ = ["asked_language", "caller", "page_language", "said"]


def asked_language() -> str:
    """Return the language that the query asks for, else the one that the browser prefers."""
    given = request.args.get("lang")
    if given in LANGUAGES:
        return given
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def page_language() -> str:
    """Return the language of the page that asks, as its address says."""
    given = parse_qs(urlsplit(request.referrer or "").query).get("lang", [""])[-1]
    return given if given in LANGUAGES else LANGUAGES[0]


def said(text: object) -> str:
    """Return what a person wrote as it can be kept everywhere: without NUL and halves of surrogate pairs.

    A browser sends neither, but whoever writes a request by hand may.

    >>> said("as" + chr(0xD800) + " agreed" + chr(0)), said(None)
    ('as agreed', '')
    """
    return "".join(one for one in str(text or "") if one != "\0" and not "\ud800" <= one <= "\udfff")


def caller() -> str:
    """Return the address that asks, as it is counted: of IPv6 the network, since one household has 2⁶⁴ addresses."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
