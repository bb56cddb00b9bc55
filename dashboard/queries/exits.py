"""How long units stay poor: Kaplan–Meier over the spells that the data can date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from fuping.dashboard.queries.identification import Identified
from fuping.dashboard.queries.once import once
from fuping.spatial.dynamics.spells import ExitCurve, exit_curve, spells

__all__ = ["CLOCKS", "Exits", "exits"]

Clock = Literal["first", "spell"]

CLOCKS: tuple[Clock, ...] = ("first", "spell")
"""``first``: of those poor at the first reading, the years since; ``spell``: years since a beginning that was seen."""

LEAST_READINGS, LEAST_SPELLS = 4, 10


@dataclass(frozen=True)
class Exits:
    """The curve, or why there is none.

    Parameters
    ----------
    refused
        ``status`` (nothing is called poor), ``few_years``, ``few_spells`` or ``no_exit``; empty where there is a curve.
    clock
        From when the years are counted.
    n_of
        Spells that each clock can use.
    curve
        ``None`` where it is refused.
    n_years
        Readings with a status.
    first_year
        Of the panel.
    n_between
        Exits used whose year is not known, as a reading was left out before.
    """

    refused: str
    clock: Clock
    n_of: dict[Clock, int]
    curve: ExitCurve | None
    n_years: int
    first_year: int
    n_between: int


@once(maxsize=16)
def exits(found: Identified, clock: str | None) -> Exits:
    """Return how long units stay poor.

    Parameters
    ----------
    clock
        One of :data:`CLOCKS`; by default the one that can use more spells.
    """
    none: dict[Clock, int] = {"first": 0, "spell": 0}
    n_years = int((found.codes >= 0).any(axis=1).sum())
    if found.history is None:
        return Exits("status", "first", none, None, n_years, found.years[0], 0)
    table = spells(found.history.poor, gaps="carry")
    of: dict[Clock, pd.DataFrame] = {
        "first": table[table["left_censored"] & (table["start"] == found.years[0])],
        "spell": table[~table["left_censored"]],
    }
    n_of: dict[Clock, int] = {name: len(part) for name, part in of.items()}
    larger: Clock = "spell" if n_of["spell"] > n_of["first"] else "first"
    chosen: Clock = next((one for one in CLOCKS if one == clock), larger)
    used = of[chosen]
    refused = ""
    if n_years < LEAST_READINGS:
        refused = "few_years"
    elif len(used) < LEAST_SPELLS:
        refused = "few_spells"
    elif used["right_censored"].all():
        refused = "no_exit"
    # Those poor at the first reading have been poor for longer: theirs is the time since, said so beside the curve.
    curve = None if refused else exit_curve(used.drop(columns="left_censored"))
    between = int((used["uncertain_years"] > 0).sum())
    return Exits(refused, chosen, n_of, curve, n_years, found.years[0], between)
