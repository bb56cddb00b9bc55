"""Outputs that IATI 2.0x activities report: what was to be made, and what of it is there, by period."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
from fuping.layers.sources.iati_text import narrative, period
from fuping.spatial.wording import worded

__all__ = ["OUTPUTS", "no_outputs", "read_outputs"]

OUTPUTS = ("project", "component", "output", "unit", "start", "end", "target", "achieved")

OUTPUT = "1"
"""Code of ResultType; outcomes (2) and impacts (3) are what outputs are to bring about."""

QUALITATIVE = "5"
"""Code of IndicatorMeasure whose values are words."""


def no_outputs() -> pd.DataFrame:
    """Return outputs, none of them."""
    numbers = ("target", "achieved")
    return pd.DataFrame({name: pd.Series(dtype="float64" if name in numbers else "object") for name in OUTPUTS})


def read_outputs(
    element: Any, fault: Callable[[str, str], None], passed_over: Counter[str]
) -> Iterator[dict[str, Any]]:
    """Yield the outputs of an activity, a row for each indicator and period.

    Parameters
    ----------
    element
        The activity.
    fault
        Is told what was found and what was expected of a value that is no number.
    passed_over
        Counts results that are no outputs, and indicators that are told in words.

    Yields
    ------
    dict
        ``output`` (title of the result), ``unit`` (title of the indicator), ``start`` and ``end`` (year-month-day) of
        the period, ``target`` and ``achieved`` (NaN where not told).
    """
    for result in element.findall("result"):
        if result.get("type") != OUTPUT:
            passed_over["results that are no outputs"] += 1
            continue
        name = narrative(result.find("title"))
        for indicator in result.findall("indicator"):
            if indicator.get("measure") == QUALITATIVE:
                passed_over["indicators told in words"] += 1
                continue
            for one in indicator.findall("period"):
                values = {
                    key: _number(one.find(tag), worded("{tag} of {name}", tag=tag, name=name), fault)
                    for key, tag in VALUES.items()
                }
                yield (
                    {"output": name, "unit": narrative(indicator.find("title"))}
                    | dict(zip(("start", "end"), period(one), strict=True))
                    | values
                )


VALUES = {"target": "target", "achieved": "actual"}


def _number(element: Any, what: str, fault: Callable[[str, str], None]) -> float:
    written = "" if element is None else (element.get("value") or "").strip()
    if not written:
        return math.nan
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        fault(worded("the {what} {written!r}", what=what, written=written), worded("a number"))
    return value
