"""Romanise Chinese unit names: the stem by pinyin, the kind of unit and the nationality by a pack's table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

__all__ = ["romanise"]


@cache
def _pinyin(stem: str) -> str:
    from pypinyin import Style, lazy_pinyin

    text = "".join(lazy_pinyin(stem, style=Style.NORMAL))
    return text[:1].upper() + text[1:]


def romanise(name: str, suffixes: Mapping[str, str]) -> str:
    """Return an English form of a Chinese unit name.

    Suffixes are taken off the end, longest first, until one or two characters of stem are left. A name of two
    characters keeps its last one, as in "Tangxian County" for 唐县.

    Parameters
    ----------
    name
        As in the source, e.g. ``阜平县``.
    suffixes
        Chinese ending → English word; an empty word drops the ending.

    Examples
    --------
    >>> romanise("阜平县", {"县": "County"})
    'Fuping County'
    >>> romanise("唐县", {"县": "County"})
    'Tangxian County'
    """
    words: list[str] = []
    stem = name
    while True:
        ending = max((s for s in suffixes if stem.endswith(s) and len(stem) > len(s)), key=len, default=None)
        if ending is None:
            break
        if len(stem) - len(ending) < 2:
            if not words and suffixes[ending]:
                words.insert(0, suffixes[ending])
            break
        stem = stem.removesuffix(ending)
        if suffixes[ending]:
            words.insert(0, suffixes[ending])
    return " ".join([_pinyin(stem), *words])
