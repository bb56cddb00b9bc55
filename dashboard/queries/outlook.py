"""Whether the pace of change brings units to a target in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from fuping.dashboard.queries.alerts import FURTHEST, Lines
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.scope import NamedUnit, named, scope
from fuping.dashboard.state import ViewState

__all__ = ["Outlook", "outlook"]

HORIZON = 2030
"""Year of the Sustainable Development Goals, and so of a target where no other is asked for."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """Whether the units reach a target by a year at the pace since a year.

    Parameters
    ----------
    target, by, since
        The target, its year, and the first year that the pace is measured from.
    n_years
        Years of the pace; fewer than ``least`` show none, and then ``counts`` is empty.
    counts
        Verdict of :func:`fuping.spatial.dynamics.targets.pace_to_target` → units.
    selected
        The selected unit: its row of that table.
    """

    target: float
    by: int
    since: int
    n_years: int
    least: int
    counts: Mapping[str, int]
    selected: tuple[NamedUnit, Mapping[str, Any]] | None


def outlook(reader: Reader, view: ViewState, lines: Lines) -> Outlook:
    """Return how the units stand to a target: the page's parameters ``target`` and ``by``, else the line by 2030."""
    from fuping.spatial.dynamics.trend import LEAST_YEARS

    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    target = view.amount("target", lines.warning, low=-FURTHEST, high=FURTHEST)
    by = int(view.amount("by", max(HORIZON, view.year + 1), low=view.year + 1, high=2200))
    since = max((year for year in declared["breaks_in_series"] if year <= view.year), default=values.years[0])
    years = [year for year in values.years if since <= year <= view.year]
    since = years[0]
    known = {"target": target, "by": by, "since": since, "n_years": len(years), "least": LEAST_YEARS}
    inside = scope(reader, view, view.level).inside
    if len(years) < LEAST_YEARS or not np.isfinite(values.value[values.at(since) : values.at(view.year) + 1]).any():
        return Outlook(counts={}, selected=None, **known)  # type: ignore[arg-type]
    better: Literal["lower", "higher"] = "lower" if lines.beyond == "above" else "higher"
    table = _pace(
        reader, view.pack, reader.version(view.pack), view.indicator, view.level, since, view.year, target, by, better
    )
    counts = table.loc[inside, "verdict"].value_counts().to_dict()
    selected = None
    codes = reader.units(view.pack, view.level)["code"]
    if view.unit in codes:
        at = codes.index(view.unit)
        selected = named(reader, view, view.level, at), table.loc[at].to_dict()
    return Outlook(counts=counts, selected=selected, **known)  # type: ignore[arg-type]


@once(maxsize=32)
def _pace(
    reader: Reader,
    pack: str,
    version: str,
    indicator: str,
    level: str,
    since: int,
    year: int,
    target: float,
    by: int,
    better: Literal["lower", "higher"],
) -> pd.DataFrame:
    from fuping.spatial.dynamics.targets import pace_to_target

    values = reader.values(pack, indicator, level)
    rows = slice(values.at(since), values.at(year) + 1)
    panel = pd.DataFrame(values.value[rows], index=list(values.years[rows]))
    return pace_to_target(panel, target=target, target_year=by, better=better)
