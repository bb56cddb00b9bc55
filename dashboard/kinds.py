"""Kinds of map, and which of them make sense for an indicator at a level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

__all__ = ["KINDS", "Kind", "first_second", "refused", "second_indicators", "shown_years", "years_of"]

Kind = Literal["choropleth", "change", "bivariate", "symbols", "rings"]

KINDS: tuple[Kind, ...] = get_args(Kind)


def refused(catalogue: Mapping[str, Any], indicator: Mapping[str, Any], level: str, kind: Kind) -> str | None:
    """Return why a kind of map makes no sense for an indicator at a level; ``None`` where it does.

    Returns
    -------
    str or None
        ``one_year``, ``status``, ``no_second``, ``not_count``, ``no_status`` or ``no_above``.
    """
    if kind == "change":
        return "one_year" if len(years_of(indicator, level)) < 2 else None
    if kind == "bivariate":
        if indicator["categories"]:
            return "status"
        return None if second_indicators(catalogue, indicator, level) else "no_second"
    if kind == "symbols":
        # An area can show a sum of parts that is never negative; a rate's circle would say nothing.
        summed = indicator["aggregation"] == "extensive" and indicator["minimum"] is not None
        return None if summed and indicator["minimum"] >= 0 else "not_count"
    if kind == "rings":
        if not indicator["categories"]:
            return "no_status"
        return None if _parted(catalogue, level) else "no_above"
    return None


def _parted(catalogue: Mapping[str, Any], level: str) -> bool:
    """Return whether units of a level lie in several units of some level above."""
    named = {one["id"]: one for one in catalogue["levels"]}
    above = named.get(named[level]["parent"])
    while above is not None and above["n_units"] <= 1:
        above = named.get(above["parent"])
    return above is not None


def second_indicators(catalogue: Mapping[str, Any], indicator: Mapping[str, Any], level: str) -> list[str]:
    """Return the indicators that one may share a map with: others with figures at the level, no statuses."""
    return [
        one["id"]
        for one in catalogue["indicators"]
        if one["shown"]
        and one["id"] != indicator["id"]
        and not one["categories"]
        and one["levels"].get(level, {}).get("n_values", 0) > 0
    ]


def first_second(catalogue: Mapping[str, Any], indicator: Mapping[str, Any], level: str) -> str:
    """Return the second indicator of a map of two where none is chosen: a rate before a count, the fullest first."""
    named = {one["id"]: one for one in catalogue["indicators"]}
    offered = [named[one] for one in second_indicators(catalogue, indicator, level)]
    best = min(offered, key=lambda one: (one["aggregation"] == "extensive", -one["levels"][level]["n_values"]))
    return str(best["id"])


def years_of(indicator: Mapping[str, Any], level: str) -> list[int]:
    """Return the years that an indicator has at a level."""
    years: list[int] = indicator["levels"].get(level, {}).get("years", [])
    return years


def shown_years(indicator: Mapping[str, Any], level: str, kind: Kind, base: int | None) -> list[int]:
    """Return the years that can be shown: those of the indicator; of a change, those after its base."""
    years = years_of(indicator, level)
    return [year for year in years if year > (base or years[0])] if kind == "change" else years
