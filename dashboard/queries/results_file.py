"""Results as a text that can be saved: what was done in lines that begin with #, then one table, a figure a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from fuping.layers.export.spreadsheet import as_text

__all__ = ["ResultRow", "result_rows", "results_text"]


@dataclass(frozen=True)
class ResultRow:
    """One figure; NaN where there is none, with the reason in ``note``."""

    table: str
    item: str
    measure: str
    value: float
    se: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    n: int | None = None
    note: str = ""


def result_rows(table: str, item: str, measure: str, found: Any, note: str = "") -> ResultRow:
    """Return the row of an estimate, or of the reason why there is none."""
    if hasattr(found, "value"):
        return ResultRow(table, item, measure, found.value, found.se, found.low, found.high, found.n, note)
    return ResultRow(table, item, measure, float("nan"), note=note or str(found))


def _written(value: float) -> str:
    return f"{value:.10g}" if isfinite(value) else ""


def results_text(facts: Mapping[str, object], rows: Iterable[ResultRow]) -> str:
    """Return the file.

    Parameters
    ----------
    facts
        What was done, by name; a text of several lines becomes one.
    rows
        The figures.

    Examples
    --------
    >>> print(results_text({"line": 5}, [ResultRow("poverty", "all", "headcount", 0.5, n=4)]), end="")
    # line: 5
    table,item,measure,value,standard_error,low,high,n,note
    poverty,all,headcount,0.5,,,,4,
    """
    text = io.StringIO()
    for name, fact in facts.items():
        text.write(f"# {name}: {' '.join(str(fact).split())}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "item", "measure", "value", "standard_error", "low", "high", "n", "note"])
    for row in rows:
        figures = [_written(one) for one in (row.value, row.se, row.low, row.high)]
        n = "" if row.n is None else row.n
        before, after = [row.table, row.item, row.measure], [n, row.note]
        writer.writerow([*map(as_text, before), *figures, *map(as_text, after)])
    return text.getvalue()
