"""Which figures of an indicator to ask its source about: the checks that suit its kind, on the scale that suits it.

Nothing is changed, and a flag is a question, not an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.layers.stores.contract import STATUS_WORDS
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.quality import (
    MODIFIED_Z,
    against_neighbours,
    against_own_past,
    broken_series,
    check_roll_up,
    copied_series,
    last_digits,
    long_runs,
    outside_limits,
)
from libpysal.graph import Graph

__all__ = [
    "COLUMNS",
    "FEWEST_UNITS",
    "KINDS",
    "Judgement",
    "in_order",
    "judge",
    "judge_totals",
    "refusal",
    "wants_neighbours",
]

KINDS = ("past", "neighbours", "total", "limit", "run", "copy")
"""What a figure is flagged for, in the order in which it is told."""

COLUMNS = ("kind", "level", "code", "year", "value", "expected", "off", "times", "shape", "n_years", "others")

FEWEST_UNITS = 30
"""Of fewer units the usual differences between neighbours are not known."""

DERIVED = STATUS_WORDS.index("derived")


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is to be asked about the figures of an indicator.

    Parameters
    ----------
    flags
        Columns :data:`COLUMNS`: ``off`` is value less expected, ``times`` how many times the limit it is off (NaN where
        there is none), ``shape`` ``spike`` or ``step`` (past), ``lasting`` (neighbours, in most of the unit's years),
        ``differs`` or ``exceeds`` (total); ``n_years`` that a run, a copy or a difference from the neighbours lasts;
        ``others`` the codes concerned: parts that are missing, the unit that is alike.
    judged
        Kind → figures that could be judged.
    refused
        Kind → why none could: ``categories``, ``grid``, ``few_years``, ``few_units``, ``size``, ``no_limits``,
        ``nothing_published``, ``no_weights``.
    within_interval
        Figures that are off and whose own interval holds what was expected; not flagged.
    breaks, heaped
        Years of :func:`~fuping.spatial.quality.broken_series` that most units break in, and of
        :func:`~fuping.spatial.quality.last_digits` that are heaped.
    partial
        Published totals that cannot be compared as parts are missing: ``level``, ``code``, ``year``, ``missing``.
    """

    flags: pd.DataFrame
    judged: Mapping[str, int]
    refused: Mapping[str, str]
    within_interval: int
    breaks: pd.DataFrame
    heaped: pd.DataFrame
    partial: pd.DataFrame


def refusal(catalogue: Mapping[str, Any], declared: Mapping[str, Any]) -> str | None:
    """Return why an indicator is not judged at all.

    ``categories``: it has no figures. ``helper``: it is computed here, only to weight others. ``grid``: it is computed
    here from a grid or tracks.
    """
    if declared["categories"]:
        return "categories"
    if declared["derive"] and not declared["shown"]:
        return "helper"
    layers = [one for kind in ("rasters", "storms", "seismicity") for one in catalogue.get(kind, ())]
    read_off = {one["indicator"] for layer in layers for one in layer["figures"]}
    return "grid" if declared["id"] in read_off else None


def wants_neighbours(declared: Mapping[str, Any], n_units: int) -> str | None:
    """Return why an indicator cannot be compared with its neighbours; ``None`` where it can."""
    if declared["aggregation"] == "extensive":
        return "size"
    return "few_units" if n_units < FEWEST_UNITS else None


def judge(
    declared: Mapping[str, Any], level: str, values: UnitYearValues, codes: Sequence[str], graph: Graph | None
) -> Judgement:
    """Judge the figures of an indicator at one level.

    Parameters
    ----------
    declared
        The indicator, as the catalogue has it.
    values, codes
        Its figures and the units of the level.
    graph
        Neighbours among the units; ``None``: nothing is compared with neighbours.
    """
    panel, low, high = (_panel(one, values, codes) for one in (values.value, values.lower, values.upper))
    scale: Any = "log" if declared["kind"] in ("count", "amount") else "difference"
    step = 10.0 ** -declared["decimals"]
    given: dict[str, Any] = {"scale": scale, "step": step}
    bounds = {"lower": low, "upper": high} if values.has_interval else {}
    declared_breaks = declared["breaks_in_series"]
    past = against_own_past(panel, **given, **bounds, breaks=declared_breaks)
    found = [past.table.assign(kind="past")]
    judged, refused, within = {"past": past.n_judged}, {}, past.n_within_interval
    if not past.n_judged:
        refused["past"] = "few_years"
    why = wants_neighbours(declared, len(codes)) or ("few_units" if graph is None else None)
    if graph is not None and why is None:
        beside = against_neighbours(panel, graph, **given, **bounds)
        n_held = panel.notna().sum()[beside.table["unit"]].to_numpy()
        lasting = (beside.table["n_years"] >= 3) & (beside.table["n_years"] * 2 > n_held)
        found.append(beside.table.assign(kind="neighbours", shape=np.where(lasting, "lasting", "")))
        judged["neighbours"], within = beside.n_judged, within + beside.n_within_interval
        why = None if beside.n_judged else "few_units"
    if why:
        refused["neighbours"] = why
    if declared["minimum"] is None and declared["maximum"] is None:
        refused["limit"] = "no_limits"
    else:
        beyond = outside_limits(panel, minimum=declared["minimum"], maximum=declared["maximum"])
        found.append(beyond.assign(kind="limit"))
        judged["limit"] = int(panel.notna().to_numpy().sum())
    # Both parts of a unit that was divided have its rate: what was computed here neither copies nor rounds a source.
    own = panel.where(values.status != DERIVED)
    printed = bool(own.notna().to_numpy().any())
    found += _repeats(panel, own if printed else None, step)
    if len(values.years) < 3:
        refused |= {"run": "few_years", "copy": "few_years"}
    series = broken_series(panel, **given, declared=declared_breaks)
    digits = last_digits(own if printed else panel.iloc[:, :1], step=step)
    empty = pd.DataFrame(columns=["level", "code", "year", "missing"])
    flags = _flags(pd.concat(found, ignore_index=True).rename(columns={"unit": "code"}).assign(level=level))
    return Judgement(flags, judged, refused, within, series.breaks, digits[digits["heaped"]], empty)


def _panel(grid: np.ndarray, values: UnitYearValues, codes: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(grid, index=list(values.years), columns=list(codes))


def _repeats(panel: pd.DataFrame, own: pd.DataFrame | None, step: float) -> list[pd.DataFrame]:
    runs = long_runs(panel, step=step)
    runs = runs.assign(year=runs["last"], n_years=runs["n"], kind="run").drop(columns=["first", "last", "n"])
    if own is None:
        return [runs]
    copies = copied_series(own, step=step)
    last = [own[one].last_valid_index() for one in copies["unit"]]
    value = [own.at[year, one] for year, one in zip(last, copies["unit"], strict=True)]
    named = copies.rename(columns={"same_as": "others"})
    return [runs, named.assign(year=last, value=value, kind="copy")]


def judge_totals(
    declared: Mapping[str, Any],
    upper: str,
    published: tuple[UnitYearValues, Sequence[str]],
    parts: tuple[UnitYearValues, Sequence[str]],
    parents: Sequence[str],
    weights: UnitYearValues | None,
) -> tuple[pd.DataFrame, int, pd.DataFrame]:
    """Compare what is published for an upper level with what its parts make.

    Parameters
    ----------
    upper
        The level of what is published; figures that were computed here are left out.
    published, parts
        Figures and units of the upper level, and of the one below.
    parents
        The upper unit of each part; empty where there is none.
    weights
        The denominator of a rate at the level of the parts.

    Returns
    -------
    flags, n_judged, partial
        As :class:`Judgement` has them.
    """
    whole = _panel(published[0].value, *published).where(published[0].status != DERIVED)
    below = _panel(parts[0].value, *parts)
    years = whole.index[whole.notna().any(axis=1)].intersection(below.index[below.notna().any(axis=1)])
    empty = pd.DataFrame(columns=["level", "code", "year", "missing"])
    if years.empty:
        return _flags(pd.DataFrame(columns=list(COLUMNS))), 0, empty
    heavy = None if weights is None else _panel(weights.value, weights, parts[1]).reindex(years)
    if heavy is not None and heavy.isna().to_numpy().all():
        return _flags(pd.DataFrame(columns=list(COLUMNS))), 0, empty
    checked = check_roll_up(
        whole.loc[years],
        below.loc[years],
        pd.Series(list(parents), index=list(parts[1])),
        aggregation=declared["aggregation"],
        weights=heavy,
        step=10.0 ** -declared["decimals"],
    )
    off = checked.mismatches.rename(columns={"unit": "code", "verdict": "shape"}).assign(kind="total", level=upper)
    off["others"] = off["missing"].map(";".join)
    off["times"] = (off["value"] - off["expected"]).abs() / off["tolerance"]
    table = checked.table.rename(columns={"unit": "code"}).assign(level=upper)
    partial = table.loc[table["verdict"] == "partial", ["level", "code", "year", "missing"]]
    return _flags(off), len(table) - len(partial), partial.reset_index(drop=True)


def _flags(table: pd.DataFrame) -> pd.DataFrame:
    """Bring what the checks answer to the same columns; what is graver stands first, what lasts last."""
    made = table.reindex(columns=list(dict.fromkeys([*COLUMNS, "score"])))
    made["off"] = made["value"].astype(float) - made["expected"].astype(float)
    made["times"] = made["times"].astype(float).fillna(made["score"].astype(float).abs() / MODIFIED_Z)
    made[["shape", "others"]] = made[["shape", "others"]].astype(object).fillna("")
    made = made.astype({"year": "int64", "value": float, "expected": float, "n_years": "Int64"})
    return in_order(made[list(COLUMNS)])


def in_order(flags: pd.DataFrame) -> pd.DataFrame:
    """Return flags with those beyond measure first, then the farthest off; differences that last come last."""
    keyed = flags.assign(lasts=flags["shape"] == "lasting", by=-flags["times"].fillna(np.inf))
    order = keyed.sort_values(["lasts", "by", "level", "code", "year"], kind="stable").index
    return flags.loc[order].reset_index(drop=True)
