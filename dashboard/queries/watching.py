"""The watch-list of a page's rule: its units with names, its order, and the file that a reader takes away."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import cast

import pandas as pd
from fuping.dashboard.i18n.formats import sort_key
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.identification import identified, identify, signed
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.queries.rule import RuleChoice, rule_sentence
from fuping.dashboard.state import ViewState
from fuping.layers.export.spreadsheet import as_text
from fuping.spatial.dynamics.status import StatusHistory
from fuping.spatial.dynamics.trend import LEAST_YEARS, mann_kendall
from fuping.spatial.dynamics.watch import WatchList, watch_list

__all__ = ["ORDERS", "Watch", "ordered", "unit_names", "watch", "watch_csv"]

ORDERS = ("severity", "name", "margin", "since")

TREND_READINGS = 10
"""A trend worth watching is one of late; the last readings are tested."""


@dataclass(frozen=True, eq=False)
class Watch:
    """The watch-list in the indicator's own unit.

    Parameters
    ----------
    found
        As the library gives it; ``value``, ``low``, ``high`` and ``line`` are in the indicator's unit again, and
        ``margin`` is how far beyond the line a unit is.
    trend_years
        Readings that the trend was tested over; empty where they are too few.
    """

    found: WatchList
    trend_years: tuple[int, ...]


def watch(reader: Reader, view: ViewState) -> Watch | None:
    """Return the watch-list of a view's rule; ``None`` where the status is declared and holds no figure."""
    shown = identified(reader, view)
    if shown.rule is None:
        return None
    return _watch(reader, view.pack, reader.version(view.pack), view.indicator, view.level, shown.rule)


@once(maxsize=32)
def _watch(reader: Reader, pack: str, version: str, indicator: str, level: str, rule: RuleChoice) -> Watch:
    shown = identify(reader, pack, version, indicator, level, rule)
    panel, bounds = signed(shown.values, reader.units(pack, level)["code"], rule.sign)
    late = panel[panel.notna().any(axis=1)].iloc[-TREND_READINGS:]
    trends = mann_kendall(late)["trend"] if len(late) >= LEAST_YEARS else None
    # A rule always gives a history; only a declared status may have none.
    history = cast("StatusHistory", shown.history)
    found = watch_list(panel, history, trends=trends, **bounds)
    table = found.table.copy()
    ends = ("low", "high") if rule.sign == 1 else ("high", "low")
    for name, source in {"value": "value", "low": ends[0], "high": ends[1], "line": "line"}.items():
        table[name] = rule.sign * found.table[source]
    years = () if trends is None else tuple(int(year) for year in late.index)
    return Watch(WatchList(**{**found.__dict__, "table": table}), years)


def unit_names(reader: Reader, pack: str, level: str, language: str) -> tuple[list[str], list[str]]:
    """Return the names of a level's units, and of what each lies in directly; empty where it is the country."""
    names = reader.units(pack, level)[f"name_{language}"]
    above = ancestors(reader, pack, level)
    parted = [one for one in above if reader.level(pack, one)["n_units"] > 1]
    if not parted:
        return names, [""] * len(names)
    higher = reader.units(pack, parted[-1])
    called = dict(zip(higher["code"], higher[f"name_{language}"], strict=True))
    return names, [called.get(code, "") for code in above[parted[-1]]]


COLUMNS = (
    *("code", "name", "above", "year", "severity", "status", "value", "lower", "upper", "line", "margin", "since"),
    *("reasons", "indicator", "unit", "rule", "sources"),
)
"""Of the file."""


def ordered(table: pd.DataFrame, order: str, names: dict[str, str], language: str) -> pd.DataFrame:
    """Return the rows in one of :data:`ORDERS`; by severity they stand as they come."""
    if order == "name":
        return table.sort_values("unit", key=lambda units: units.map(lambda one: sort_key(names[one], language)))
    if order == "margin":
        return table.sort_values("margin", ascending=False)
    if order == "since":
        return table.sort_values("since", ascending=False, na_position="last", kind="stable")
    return table


def watch_csv(reader: Reader, view: ViewState) -> str:
    """Return the watch-list as a CSV file in the view's language; every row says the rule and the sources."""
    language = view.language
    shown = watch(reader, view)
    if shown is None:
        return ""
    declared = reader.indicator(view.pack, view.indicator)
    rule = cast("RuleChoice", identified(reader, view).rule)
    unit = declared["unit"][language]
    said = rule_sentence(rule, unit, declared["decimals"], language)
    units = reader.units(view.pack, view.level)
    names, above = unit_names(reader, view.pack, view.level, language)
    at = {code: place for place, code in enumerate(units["code"])}
    sources = declared["levels"][view.level]["sources"].get(str(shown.found.year), [])
    named = {one["id"]: one["citation"] for one in reader.catalogue(view.pack)["sources"]}
    constants = [declared["name"][language], unit, said, "; ".join(named[one] for one in sources)]
    head = [message(f"identification.csv.{name}", language) for name in COLUMNS]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([as_text(cell) for cell in head])
    for row in shown.found.table.itertuples(index=False):
        place = at[row.unit]
        figures = [_plain(one) for one in (row.value, row.low, row.high, row.line, row.margin)]
        reasons = (message(f"identification.reason.{one.replace(' ', '_')}", language) for one in row.reasons)
        before = [
            *(row.unit, names[place], above[place], shown.found.year),
            message(f"identification.severity.{row.severity}", language),
            message(f"identification.state.{row.status.replace(' ', '_')}", language),
        ]
        after = ["" if pd.isna(row.since) else row.since, "; ".join(reasons), *constants]
        # A figure below zero is a number, though it begins with a sign.
        writer.writerow([*map(as_text, before), *figures, *map(as_text, after)])
    return text.getvalue()


def _plain(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.10g}"
