"""Codes of currencies."""

from __future__ import annotations

from functools import cache

__all__ = ["known_currency"]


@cache
def known_currency(code: str) -> bool:
    """Tell whether a text is an ISO 4217 code that Unicode's CLDR knows, past ones included.

    >>> known_currency("CNY"), known_currency("RMB")
    (True, False)
    """
    from babel.numbers import is_currency

    return bool(is_currency(code))
