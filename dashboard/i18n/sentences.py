"""Sentences, clauses and lists joined as each language joins them."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["clauses", "listed", "sentences"]

BETWEEN = {"en": {"sentence": " ", "clause": "; ", "item": ", "}, "zh": {"sentence": "", "clause": "；", "item": "、"}}


def sentences(parts: Iterable[str], language: str) -> str:
    """Return sentences one after the other.

    >>> sentences(["One.", "Two."], "en"), sentences(["一。", "二。"], "zh")
    ('One. Two.', '一。二。')
    """
    return BETWEEN[language]["sentence"].join(parts)


def clauses(parts: Iterable[str], language: str) -> str:
    """Return clauses of one sentence.

    >>> clauses(["a", "b"], "zh")
    'a；b'
    """
    return BETWEEN[language]["clause"].join(parts)


def listed(parts: Iterable[str], language: str) -> str:
    """Return the items of a list within a sentence.

    >>> listed(["a", "b"], "en"), listed(["a", "b"], "zh")
    ('a, b', 'a、b')
    """
    return BETWEEN[language]["item"].join(parts)
