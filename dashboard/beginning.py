"""A store without any pack: who may bring the first one in through the browser.

An office that has accounts is begun by those who may load and add anyway. In one that has none yet, whoever sits at
the machine itself may: they could run the command as well. From other machines nobody may.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from flask import has_request_context, request
from fuping.dashboard.access import behind_proxy, is_loopback, sign_in_required
from fuping.dashboard.adding import may_add_country
from fuping.dashboard.identity import ANYONE
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.supplying import may_supply
from fuping.layers.office.people import count_people

__all__ = ["may_add", "may_begin", "may_follow", "may_load"]

FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
"""Headers by which a web server tells that it asks for somebody else."""


def sits_here(reader: Reader) -> bool:
    """Return whether who asks sits at this machine, in an office without accounts that keeps nobody out."""
    if not has_request_context() or sign_in_required() or os.environ.get("FUPING_SECRET") or behind_proxy():
        return False
    # The name is looked at too: a page elsewhere may have its own name lead to this machine.
    named = urlsplit(f"//{request.host}").hostname or ""
    here = is_loopback(request.remote_addr or "") and is_loopback(named)
    return here and not any(name in request.headers for name in FORWARDED) and count_people(reader.office) == 0


def may_begin(reader: Reader) -> bool:
    """Return whether who asks may bring in the first pack because they sit here."""
    return not reader.packs() and sits_here(reader)


def may_follow(reader: Reader, began: str) -> bool:
    """Return whether who asks may see the end of work that was begun here, when the store is empty no longer.

    Parameters
    ----------
    began
        Who began it.
    """
    return began == ANYONE.name and sits_here(reader)


def may_load(reader: Reader) -> bool:
    """Return whether who asks may load a pack that was never built."""
    return may_supply() or may_begin(reader)


def may_add(reader: Reader) -> bool:
    """Return whether who asks may add a country from two files."""
    return may_add_country() or may_begin(reader)
