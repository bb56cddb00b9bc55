"""Refusals in the reader's language: found by the English template that they were made of."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import Worded

__all__ = ["MOST_NAMED", "refusal", "refusals", "told_in"]

MOST_NAMED = 5
"""Faults that a refusal names; pages that list them all list them themselves."""


@cache
def refusals(language: str) -> dict[str, str]:
    """Return the template of every refusal in a language, by the English one."""
    path = files("fuping.dashboard.i18n") / "locales" / language / "refusals.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def told_in(text: str, language: str) -> str:
    """Return a text in a language, where it is worded; else as it is.

    Examples
    --------
    >>> from fuping.spatial.wording import worded
    >>> told_in(worded("row {n}", n=12), "zh"), told_in(worded("row {n}", n=12), "en")
    ('第12行', 'row 12')
    """
    if language == LANGUAGES[0] or not isinstance(text, Worded):
        return str(text)
    # What an earlier version worded may be kept with work that was never ended.
    template = refusals(language).get(text.template)
    if template is None:
        return str(text)
    values = {name: told_in(one, language) if isinstance(one, str) else one for name, one in text.values.items()}
    return template.format(**values)


def refusal(error: FupingError, language: str) -> str:
    """Return what an error tells, in a language."""
    faults = getattr(error, "faults", ())
    if not faults:
        return told_in(error.told, language)
    named = [told_in(one.told, language) for one in faults[:MOST_NAMED]]
    return " ".join([message("error.faults", language, n=len(faults)), *named])
