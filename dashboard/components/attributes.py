"""Attributes whose names Python cannot spell."""

from __future__ import annotations

from typing import Any

__all__ = ["aria", "current", "data"]


def aria(**values: str) -> dict[str, Any]:
    """Return ``aria-`` attributes for a Dash element.

    >>> aria(label="Close")
    {'aria-label': 'Close'}
    """
    return {f"aria-{name}": value for name, value in values.items()}


def current(*, chosen: bool) -> dict[str, Any]:
    """Return the attribute of what is chosen; nothing for the rest."""
    return aria(current="true") if chosen else {}


def data(**values: str) -> dict[str, Any]:
    """Return ``data-`` attributes: style sheets, scripts and tests find elements by them."""
    return {f"data-{name}": value for name, value in values.items()}
