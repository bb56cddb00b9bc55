"""Texts by key, in each language; one JSON catalogue a language."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "catalogue", "message"]

LANGUAGES = ("en", "zh")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return every text of one language by its key."""
    path = files("fuping.dashboard.i18n") / "locales" / language / "messages.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def message(key: str, language: str, **values: object) -> str:
    """Return one text with its values filled in.

    Raises
    ------
    KeyError
        There is no such text; a fault of the program, found by its tests.
    """
    return catalogue(language)[key].format(**values)
