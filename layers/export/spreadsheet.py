"""Cells that a spreadsheet program would run as a formula are written as text."""

from __future__ import annotations

import pandas as pd

__all__ = ["as_text", "plain_cells"]

STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a cell a formula: OWASP, CSV injection."""


def as_text(cell: object) -> object:
    """Return a cell as it is, or with an apostrophe before it where its text would be run.

    >>> as_text("=SUM(A1)"), as_text("Fuping"), as_text(-1.5)
    ("'=SUM(A1)", 'Fuping', -1.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS) else cell


def plain_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts, names of columns included, no spreadsheet program runs; numbers stay numbers."""
    texts = [name for name in table.columns if not pd.api.types.is_numeric_dtype(table[name])]
    kept = table.assign(**{str(name): table[name].map(as_text) for name in texts}) if texts else table
    return kept.rename(columns=as_text)  # type: ignore[arg-type]
