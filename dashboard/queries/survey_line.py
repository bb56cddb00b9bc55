"""The poverty line that a reader sets: an amount, a share of the median, a dated line of the pack or the World Bank."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.spatial.poverty.lines import INTERNATIONAL_LINES, RelativeLine, in_local_currency

__all__ = ["PERIODS", "LineKind", "SetLine", "line_kind", "pack_lines", "set_lines"]

LineKind = Literal["median", "amount", "bank", "pack"]

PERIODS = {"day": 1.0, "month": 365 / 12, "year": 365.0}
"""What a welfare is counted over → its days."""

MOST_LINES = 4


@dataclass(frozen=True)
class SetLine:
    """One line.

    Parameters
    ----------
    kind
        How it was set.
    value
        In the welfare's own unit and prices; of a relative line the share.
    line
        As the measures take it.
    reference
        Where it is written; empty for the reader's own.
    year
        That a dated line is of; 0 for others.
    name
        Of a dated line, by language.
    """

    kind: LineKind
    value: float
    line: float | RelativeLine
    reference: str = ""
    year: int = 0
    name: dict[str, str] | None = None


def line_kind(view: ViewState) -> LineKind:
    """Return how the reader sets the line."""
    kind: Any = view.option("line", get_args(LineKind), "median")
    return kind  # type: ignore[no-any-return]


def pack_lines(reader: Reader, pack: str) -> list[SetLine]:
    """Return the dated lines that a pack declares, with the place where each is written."""
    return [
        SetLine("pack", float(value["value"]), float(value["value"]), value["reference"], value["year"], line["name"])
        for line in reader.catalogue(pack)["lines"]
        for value in line["values"]
    ]


def set_lines(reader: Reader, view: ViewState) -> list[SetLine]:
    """Return the lines that the URL sets; none where an amount or a parity is still to be given."""
    kind = line_kind(view)
    if kind == "median":
        share = view.amount("share", 0.6, low=0.05, high=2)
        return [SetLine("median", share, RelativeLine(share=share))]
    if kind == "pack":
        known = pack_lines(reader, view.pack)
        at = view.option("dated", [str(place) for place in range(len(known))], "0")
        return [known[int(at)]] if known else []
    if kind == "bank":
        at = view.option("dollars", [str(place) for place in range(len(INTERNATIONAL_LINES))], "8")
        one = INTERNATIONAL_LINES[int(at)]
        parity = view.amount("parity", 0, low=1e-9, high=1e9)
        if not parity:
            return []
        prices = {one.ppp_year: 1.0, one.ppp_year + 1: view.amount("prices", 1, low=1e-6, high=1e9)}
        value = in_local_currency(
            one.dollars_per_day,
            ppp=parity,
            prices=prices,
            ppp_year=one.ppp_year,
            year=one.ppp_year + 1,
            days=PERIODS[view.option("over", list(PERIODS), "year")],
        )
        return [SetLine("bank", value, value, one.reference, one.ppp_year)]
    given = [one for one in re.split(r"[;,，；\s]+", dict(view.extra).get("amounts", "")) if one]
    found = []
    for word in given:
        try:
            value = float(word)
        except ValueError:
            continue
        if 0 < value < float("inf"):
            found.append(SetLine("amount", value, value))
    return found[:MOST_LINES]
