"""A class in words."""

from __future__ import annotations

from fuping.dashboard.i18n.formats import compact
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.shown import ShownClass

__all__ = ["bounds_label", "class_label"]


def class_label(entry: ShownClass, unit: str, decimals: int, language: str, *, signed: bool = False) -> str:
    """Return a class in short: ``≤ 4.1``, ``4.1 – 6.3``, ``> 12.4``; a category by its name."""
    if entry.outside:
        return message("legend.outside", language)
    if entry.name is not None:
        return entry.name[language]
    return bounds_label(entry.lower, entry.upper, unit, decimals, language, signed=signed)


def bounds_label(
    lower: float | None, upper: float | None, unit: str, decimals: int, language: str, *, signed: bool = False
) -> str:
    """Return the bounds of a class of figures in short; of differences with their signs: ``−4 to −2``."""
    low, high = (
        None if bound is None else _written(bound, unit, decimals, language, signed=signed) for bound in (lower, upper)
    )
    if low is None and high is None:
        return message("legend.all", language)
    if low is None:
        return f"≤ {high}"
    if high is None:
        return f"> {low}"
    return message("legend.span", language, lower=low, upper=high) if signed else f"{low} – {high}"


def _written(bound: float, unit: str, decimals: int, language: str, *, signed: bool) -> str:
    if not signed:
        return compact(bound, unit, decimals, language)
    sign = "+" if bound > 0 else "−" if bound < 0 else ""
    return sign + compact(abs(bound), unit, decimals, language)
