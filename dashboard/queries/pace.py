"""Whether units reach a target at the pace they go, and which were poor in every reading that counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.identification import Identified, identify, signed
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.rule import RuleChoice
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import sequential
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.dynamics.persistence import persistent_poverty
from fuping.spatial.dynamics.targets import pace_to_target
from fuping.spatial.dynamics.trend import LEAST_YEARS

__all__ = ["Pace", "Persistence", "counted_years", "pace", "persistence"]

AHEAD = 10
"""Years after the last reading that the target is set for by default."""

RULE_READINGS = 4
"""Readings of the US rule of persistent poverty."""


@dataclass(frozen=True, eq=False)
class Pace:
    """Required and observed change of each unit.

    Parameters
    ----------
    refused
        ``few_years`` or ``neutral`` (nobody says which way is better); empty where there is a table.
    table
        Of :func:`fuping.spatial.dynamics.targets.pace_to_target`, in the indicator's own unit.
    target, target_year
        What is to be reached, and by when.
    n_years
        Readings there are.
    """

    refused: str
    table: pd.DataFrame
    target: float
    target_year: int
    n_years: int


def pace(reader: Reader, view: ViewState, found: Identified) -> Pace | None:
    """Return whether units reach the target of the URL in time; ``None`` for a declared status.

    ``target`` is the line of exit unless the URL sets another, ``by`` ten years after the last reading.
    """
    if found.rule is None:
        return None
    last = found.years[-1]
    target = view.amount("target", found.rule.leave, low=-1e15, high=1e15)
    by = round(view.amount("by", last + AHEAD, low=last + 1, high=last + 100))
    n_years = int((found.codes >= 0).any(axis=1).sum())
    neutral = reader.indicator(view.pack, view.indicator)["direction"] == "neutral"
    refused = "neutral" if neutral else "few_years" if n_years < LEAST_YEARS else ""
    if refused:
        return Pace(refused, pd.DataFrame(), target, by, n_years)
    version, sign = reader.version(view.pack), found.rule.sign
    table = _paces(reader, view.pack, version, view.indicator, view.level, target, by, sign)
    return Pace("", table, target, by, n_years)


@once(maxsize=32)
def _paces(
    reader: Reader, pack: str, version: str, indicator: str, level: str, target: float, by: int, sign: int
) -> pd.DataFrame:
    panel, _ = signed(reader.values(pack, indicator, level), reader.units(pack, level)["code"], 1)
    return pace_to_target(panel, target=target, target_year=by, better="lower" if sign == 1 else "higher")


@dataclass(frozen=True, eq=False)
class Persistence:
    """Who reached the line in every reading that counts.

    Parameters
    ----------
    years
        The readings.
    counts
        Units by the number of readings in which they did: 0 to all; only those without a missing reading.
    n_persistent, n_unknown
        In every one, and those of which it cannot be said as readings are missing.
    n_firm, interval_years
        Persistent ones whose whole interval lies beyond the line wherever they have one, and the readings that have.
    layer, values
        For the map: in how many readings, and of how many observed.
    """

    years: tuple[int, ...]
    counts: tuple[int, ...]
    n_persistent: int
    n_unknown: int
    n_firm: int
    interval_years: tuple[int, ...]
    layer: ShownLayer
    values: UnitYearValues


def counted_years(view: ViewState, years: tuple[int, ...]) -> tuple[int, ...]:
    """Return the readings of the URL's ``counted``; by default four, evenly spaced, or all where they are fewer."""
    asked = dict(view.extra).get("counted", "")
    chosen = tuple(year for year in years if str(year) in asked.replace("，", ",").replace(" ", "").split(","))
    if len(chosen) > 1:
        return chosen
    wanted = np.linspace(years[0], years[-1], min(RULE_READINGS, len(years)))
    return tuple(sorted({min(years, key=lambda one: (abs(one - year), one)) for year in wanted}))


def persistence(reader: Reader, view: ViewState, found: Identified) -> Persistence | None:
    """Return who was poor in every reading that counts; ``None`` with a declared status or one reading."""
    seen = tuple(year for year, row in zip(found.years, found.codes, strict=True) if (row >= 0).any())
    if found.rule is None or len(seen) < 2:
        return None
    years = counted_years(view, seen)
    return _persistence(reader, view.pack, reader.version(view.pack), view.indicator, view.level, found.rule, years)


@once(maxsize=32)
def _persistence(
    reader: Reader, pack: str, version: str, indicator: str, level: str, rule: RuleChoice, years: tuple[int, ...]
) -> Persistence:
    found = identify(reader, pack, version, indicator, level, rule)
    panel, bounds = signed(found.values, reader.units(pack, level)["code"], rule.sign)
    line = rule.sign * rule.enter
    table = persistent_poverty(panel, threshold=line, readings=list(years))
    complete = (table["n_missing"] == 0).to_numpy()
    reached = table["n_reached"].to_numpy()
    lasting = table["persistent"].fillna(value=False).to_numpy(dtype=bool)
    firm = 0
    with_bounds: tuple[int, ...] = ()
    if bounds["low"] is not None:
        low = bounds["low"].loc[list(years)]
        with_bounds = tuple(int(year) for year in low.index[low.notna().any(axis=1)])
        whole = ((low >= line) | low.isna()).all(axis=0) & low.notna().any(axis=0)
        firm = int((lasting & whole.to_numpy()).sum())
    codes = np.where(complete, reached, -1).astype(np.int8)[None, :]
    colours = sequential(len(years) + 1, ramp="worse")
    counts = tuple(int((codes == n).sum()) for n in range(len(years) + 1))
    entries = tuple(
        ShownClass(colour, (count,), name={one: _named(n, len(years), one) for one in LANGUAGES})
        for n, (colour, count) in enumerate(zip(colours, counts, strict=True))
    )
    rows = [found.years.index(year) for year in years]
    first_reason = found.values.reason[rows].max(axis=0)
    reason = np.where(complete, int(MissingReason.OBSERVED), first_reason).astype(np.uint8)[None, :]
    empty = np.full(reason.shape, np.nan)
    shown = np.where(complete, reached, np.nan)[None, :]
    values = UnitYearValues((years[-1],), shown, reason, empty, empty, np.zeros(reason.shape, dtype=np.uint8))
    layer = ShownLayer((years[-1],), codes, entries, (reason_counts(reason[reason > 0]),), 0)
    unknown = int(table["persistent"].isna().sum())
    return Persistence(years, counts, int(lasting.sum()), unknown, firm, with_bounds, layer, values)


def _named(n: int, of: int, language: str) -> str:
    return message("identification.in_readings", language, n=n, of=of)
