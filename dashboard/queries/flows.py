"""How units move between statuses: from year to year, over some years, and in and out of poverty."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from fuping.dashboard.queries.identification import Identified
from fuping.dashboard.queries.once import once
from fuping.spatial.dynamics.transitions import TransitionMatrix, transition_matrix

__all__ = ["Flow", "Flows", "changes_by_year", "flows", "moves"]

MOST_COLUMNS = 5
"""Years that stand side by side; with more, the bands are too short to follow."""

KINDS = ("entry", "relapse", "exit")


@dataclass(frozen=True)
class Flow:
    """Units that were in one status in a year and in one in a later year; a status is its place, -1 missing."""

    first_year: int
    year: int
    before: int
    after: int
    n: int


@dataclass(frozen=True)
class Flows:
    """Moves between the years chosen.

    Parameters
    ----------
    years
        At most :data:`MOST_COLUMNS`, evenly spaced among the readings, the first and the last among them.
    everyone
        Every move, missing ones among them; of each pair of years they add up to all units.
    drawn
        The same without the units that are never in another status than the ordinary one (or missing) in these years.
    n_left_out
        How many units those are.
    """

    years: tuple[int, ...]
    everyone: tuple[Flow, ...]
    drawn: tuple[Flow, ...]
    n_left_out: int


@once(maxsize=16)
def flows(found: Identified) -> Flows | None:
    """Return the moves between statuses; ``None`` with one reading."""
    ordinary = [place for place, state in enumerate(found.states) if state.ordinary]
    there = np.flatnonzero((found.codes >= 0).any(axis=1))
    if len(there) < 2:
        return None
    rows = there[np.unique(np.linspace(0, len(there) - 1, min(len(there), MOST_COLUMNS)).round().astype(int))]
    chosen = found.codes[rows]
    quiet = (np.isin(chosen, ordinary) | (chosen < 0)).all(axis=0)
    years = tuple(found.years[row] for row in rows)
    everyone, drawn = (_between(years, chosen[:, kept]) for kept in (np.ones_like(quiet), ~quiet))
    return Flows(years, everyone, drawn, int(quiet.sum()))


def _between(years: tuple[int, ...], codes: np.ndarray) -> tuple[Flow, ...]:
    found = []
    for (first_year, before), (year, after) in pairwise(zip(years, codes, strict=True)):
        pairs, counts = np.unique(np.stack([before, after]), axis=1, return_counts=True)
        found += [Flow(first_year, year, int(a), int(b), int(n)) for (a, b), n in zip(pairs.T, counts, strict=True)]
    return tuple(found)


@once(maxsize=16)
def moves(found: Identified) -> TransitionMatrix | None:
    """Return how often each status followed each from reading to reading; ``None`` where nobody is seen twice."""
    seen = found.codes >= 0
    if not (seen[:-1] & seen[1:]).any():
        return None
    codes = pd.DataFrame(np.where(seen, found.codes, np.nan), index=list(found.years))
    return transition_matrix(codes, labels=list(range(len(found.states))))


def changes_by_year(found: Identified) -> pd.DataFrame:
    """Return how many units entered, came back and left in each year but the first.

    Returns
    -------
    pandas.DataFrame
        Index year; ``entry``, ``relapse``, ``exit``, and of each ``_firm``: those whose whole interval lies beyond the
        line. A unit that is poor at its first reading has not entered: when it did is unknown.
    """
    if found.history is None:
        return pd.DataFrame()
    changes = found.history.changes[found.history.changes["previous_year"].notna()]
    table = pd.DataFrame(index=pd.Index(found.years[1:], name="year"))
    for kind in KINDS:
        of_kind = changes[changes["kind"] == kind]
        table[kind] = of_kind["year"].value_counts().reindex(table.index, fill_value=0)
        firm = of_kind[of_kind["firm"].fillna(value=False)]
        table[f"{kind}_firm"] = firm["year"].value_counts().reindex(table.index, fill_value=0)
    return table
