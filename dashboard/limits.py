"""Class limits that the reader types: ``5; 10; 20.5``, as the URL holds them: ``5 10 20.5``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Literal

__all__ = ["Limits", "Problem", "Refusal", "decimals_of", "read_limits", "written"]

Problem = Literal["word", "comma", "order", "few", "many"]

MOST_CLASSES = 9
"""More are not told apart by lightness."""

LARGEST = Decimal(10) ** 15

SEPARATOR = re.compile(r"[;、\s]+|,(?!\d{3}(?!\d))")
"""A comma before exactly three digits may as well group thousands; it is asked about, not guessed."""

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


@dataclass(frozen=True)
class Refusal:
    """Why what was typed cannot be used, and what the message about it names."""

    problem: Problem
    named: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """Limits of the classes of one indicator, in its unit.

    Parameters
    ----------
    indicator
        Whose classes they limit; of no other indicator.
    text
        As typed; empty where those that the indicator declares hold.
    closed
        Whether what lies below the first or above the last is outside every class, and not in classes of its own.
    """

    indicator: str
    text: str
    closed: bool = False

    @cached_property
    def _read(self) -> tuple[float, ...] | Refusal:
        return read_limits(self.text, closed=self.closed) if self.text else ()

    @property
    def breaks(self) -> tuple[float, ...]:
        """The limits from low to high; none where none are typed or they cannot be used."""
        return () if isinstance(self._read, Refusal) else self._read

    @property
    def refusal(self) -> Refusal | None:
        """Why what was typed cannot be used."""
        return self._read if isinstance(self._read, Refusal) else None


def read_limits(text: str, *, closed: bool = False) -> tuple[float, ...] | Refusal:
    """Read limits, or say why they cannot be read; full-width characters are those that they stand for.

    >>> read_limits("5; 10, 20.5"), read_limits("-5、10；20．5")
    ((5.0, 10.0, 20.5), (-5.0, 10.0, 20.5))
    >>> read_limits("1,200")
    Refusal(problem='comma', named={'piece': '1,200'})
    >>> [read_limits(one).problem for one in ("5 4", "a lot", ";", "1 2 3 4 5 6 7 8 9")]
    ['order', 'word', 'few', 'many']
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    pieces = [one for one in SEPARATOR.split(plain) if one]
    for one in pieces:
        if not NUMBER.fullmatch(one) or abs(Decimal(one)) > LARGEST:
            grouped = NUMBER.fullmatch(one.replace(",", ""))
            return Refusal("comma" if "," in one and grouped else "word", {"piece": one})
    numbers = tuple(float(one) + 0.0 for one in pieces)
    for at, (earlier, later) in enumerate(pairwise(numbers)):
        if later <= earlier:
            return Refusal("order", {"earlier": pieces[at], "later": pieces[at + 1]})
    n_classes = len(pieces) - 1 if closed else len(pieces) + 1
    if len(pieces) < 1 + closed:
        return Refusal("few")
    if n_classes > MOST_CLASSES:
        return Refusal("many", {"n": n_classes, "most": MOST_CLASSES})
    return numbers


def written(breaks: tuple[float, ...] | list[float]) -> str:
    """Return limits as they stand in the URL and the field.

    >>> written((-5.0, 1200000.0, 1200000.25))
    '-5 1200000 1200000.25'
    """
    return " ".join(_plain(one) for one in breaks)


def _plain(value: float) -> str:
    shown = f"{Decimal(repr(float(value))):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def decimals_of(breaks: tuple[float, ...]) -> int:
    """Return how many decimals it takes to print limits exactly.

    >>> decimals_of((5.0, 10.25)), decimals_of((5.0, 10.0))
    (2, 0)
    """
    return max((len(_plain(one).partition(".")[2]) for one in breaks), default=0)
