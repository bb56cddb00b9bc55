"""Search for a unit by name, pinyin or code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.search import Hit

__all__ = ["SearchBox", "hit_payload"]


class SearchBox(BrowserComponent):
    """A field that asks the server while one types; choosing a hit changes the URL.

    Parameters
    ----------
    url
        Where hits come from.
    adds
        Parameter of the URL, a list, that a hit's code is added to.
    sets
        Parameter of the URL that a hit's code becomes. Without either, the hit is what is shown.
    placeholder, none
        What can be typed; what is said where nothing is found.
    """

    names = ("url", "placeholder", "none", "adds", "sets")


def hit_payload(hits: Sequence[Hit], language: str) -> list[dict[str, Any]]:
    """Return hits for the browser: ``code``, ``name``, ``other``, ``note``, ``changes``."""
    join = message("format.join", language)
    return [
        {
            "code": hit.code,
            "name": hit.name,
            "other": hit.other_name,
            "note": join.join((hit.level["name"][language], *hit.above)),
            "changes": dict(hit.changes),
        }
        for hit in hits
    ]
