"""Words that keep what they were made of, so that a page can tell them in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, Self

__all__ = ["Worded", "listed", "worded"]


class Worded(str):
    """An English text, used like any other, with the template and the values it was made of.

    Parameters
    ----------
    text
        The text.
    template
        As :meth:`str.format` takes it; by it, whoever has other languages finds its words there.
    values
        What it is filled with; a value may be worded itself.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, text: str, template: str, values: Mapping[str, Any]) -> Self:
        """Keep the text, and what it was made of."""
        made = super().__new__(cls, text)
        made.template, made.values = template, values
        return made

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, Any]]:  # type: ignore[override]
        """Return what a copy, or another process, makes it of."""
        return str(self), self.template, self.values


def worded(template: str, /, **values: Any) -> Worded:
    """Return a text made of a template.

    Parameters
    ----------
    template
        English, written out where it is used: what is looked up elsewhere is not found by the tests.
    **values
        What it is filled with; numbers stay numbers, others are told by their text.

    Examples
    --------
    >>> text = worded("no column {name!r}", name="code")
    >>> text, text.template
    ("no column 'code'", 'no column {name!r}')
    """
    kept = {name: _plain(one) for name, one in values.items()}
    return Worded(template.format(**kept), template, kept)


def listed(texts: Sequence[str]) -> str:
    """Return texts one after the other, each still worded.

    Examples
    --------
    >>> listed([worded("{n} are empty", n=2), worded("{n} are long", n=1)])
    '2 are empty; 1 are long'
    """
    first, *rest = texts or [""]
    for one in rest:
        first = worded("{before}; {one}", before=first, one=one)
    return first


def _plain(value: Any) -> str | int | float:
    """Return what can be written down as JSON."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else str(value)
