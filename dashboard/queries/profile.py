"""A unit of any level in full: what a printed profile and a report say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.neighbours import neighbours_of
from fuping.dashboard.queries.places import Place, chain, place_of_code
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.queries.side_by_side import FigureColumn, FigureTable, figure_table, numeric_indicators
from fuping.dashboard.queries.unit import Observation, Rank, observations, peers_of, projects_of, rank
from fuping.dashboard.state import ViewState, levels_with_figures
from fuping.spatial.cube.missing import MissingReason
from numpy.typing import NDArray

__all__ = ["Benchmark", "Gap", "Profile", "StatusHistory", "StatusRun", "profile", "profile_view"]


@dataclass(frozen=True, eq=False)
class Benchmark:
    """An indicator of the unit beside what it lies in and beside its peers, all in one year.

    Parameters
    ----------
    indicator
        As the catalogue has it.
    figure
        The unit's latest.
    rank
        Among the peers with a figure, itself counted; ``None`` where it has no peer.
    parent, nation
        Figures of the nearest unit it lies in and of the country; NaN where there is none.
    peers
        float64, figures of the other peers, without those that are missing.
    median
        Of ``peers``; NaN where there is none.
    """

    indicator: Mapping[str, Any]
    figure: Observation
    rank: Rank | None
    parent: float
    nation: float
    peers: NDArray[np.float64]
    median: float


@dataclass(frozen=True)
class StatusRun:
    """Years in a row with the same category, or missing for the same reason.

    Parameters
    ----------
    years
        The years.
    category, colour
        As the catalogue has it, and its colour on the map; ``None`` where missing.
    reason
        Why it is missing.
    """

    years: tuple[int, ...]
    category: Mapping[str, Any] | None
    colour: str | None
    reason: MissingReason


@dataclass(frozen=True)
class StatusHistory:
    """A status over the years."""

    indicator: Mapping[str, Any]
    runs: tuple[StatusRun, ...]


@dataclass(frozen=True)
class Gap:
    """Why an indicator has no figure for the unit.

    Parameters
    ----------
    indicator
        As the catalogue has it.
    reasons
        Reason → its years, where it is given at the unit's level.
    levels
        Where it is given elsewhere only: those levels.
    commands
        Where its sources are not loaded: what loads them.
    """

    indicator: Mapping[str, Any]
    reasons: tuple[tuple[MissingReason, tuple[int, ...]], ...] = ()
    levels: tuple[Mapping[str, Any], ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Profile:
    """A unit in full.

    Parameters
    ----------
    view
        Of the unit at its own level: the view's indicator where it is given there, else the first that is.
    asked
        Whether that is the indicator the view asked for.
    place, at, above
        The unit, its place in its level, and what it lies in, top down.
    area_km2
        Area of its boundary; ``None`` where its source has no shape of it.
    scope, n_peers
        What its peers lie in (``None``: the country), and how many they are without it.
    benchmarks
        Its figures beside those of others.
    trend
        The indicator whose series is drawn: the view's, or the first where that is a status; ``None`` without any.
    statuses
        Statuses over the years.
    projects
        Those known to cover it, with the years; ``None`` where the pack has no project at its level.
    neighbours
        It and the units that border it, it first, with the figures of the benchmarks in the same years.
    gaps
        What is missing and why.
    """

    view: ViewState
    asked: bool
    place: Place
    at: int
    above: tuple[Place, ...]
    area_km2: float | None
    scope: Place | None
    n_peers: int
    benchmarks: tuple[Benchmark, ...]
    trend: str | None
    statuses: tuple[StatusHistory, ...]
    projects: tuple[tuple[Mapping[str, Any], tuple[int, ...]], ...] | None
    neighbours: FigureTable
    gaps: tuple[Gap, ...]

    @property
    def parent(self) -> Place | None:
        """The nearest unit it lies in that is not the country; ``None`` where there is none."""
        return self.above[-1] if len(self.above) > 1 else None

    @property
    def nation(self) -> Place | None:
        """The country; ``None`` where the unit is it."""
        return self.above[0] if self.above else None


def profile_view(reader: Reader, view: ViewState) -> ViewState | None:
    """Return the view of the unit that a view names, at the unit's level; ``None`` where no unit has that code."""
    here = place_of_code(reader, view.pack, view.unit or "", view.language)
    if here is None:
        return None
    catalogue = reader.catalogue(view.pack)
    at = reader.units(view.pack, here.level)["code"].index(here.code)
    known = [
        one["id"]
        for one in catalogue["indicators"]
        if one["shown"]
        and here.level in levels_with_figures(catalogue, one)
        and np.isfinite(reader.values(view.pack, one["id"], here.level).value[:, at]).any()
    ]
    indicator = view.indicator if view.indicator in known or not known else known[0]
    years = reader.indicator(view.pack, indicator)["levels"].get(here.level, {}).get("years", [])
    values = reader.values(view.pack, indicator, here.level) if years else None
    there = [] if values is None else np.flatnonzero(np.isfinite(values.value[:, at])).tolist()
    year = values.years[there[-1]] if values is not None and len(there) else (years[-1] if years else 0)
    return replace(view, level=here.level, unit=here.code, indicator=indicator, year=int(year))


def profile(reader: Reader, view: ViewState) -> Profile | None:
    """Return the profile of the view's unit; ``None`` where no unit has its code."""
    own = profile_view(reader, view)
    if own is None:
        return None
    pack, level = own.pack, own.level
    here = place_of_code(reader, pack, own.unit or "", own.language)
    assert here is not None
    units = reader.units(pack, level)
    at = units["code"].index(here.code)
    above = tuple(chain(reader, pack, level, here.code, own.language))
    scope, inside = peers_of(reader, own, at)
    found = (_benchmark(reader, own, one, at, above, scope, inside) for one in numeric_indicators(reader, pack, level))
    benchmarks = tuple(one for one in found if one)
    numeric = [one.indicator["id"] for one in benchmarks]
    columns = [FigureColumn(one.indicator, one.figure.year) for one in benchmarks]
    around = [here.code, *neighbours_of(reader, pack, level, here.code)]
    has_projects = any(one["level"] == level for one in reader.catalogue(pack)["projects"])
    return Profile(
        view=own,
        asked=own.indicator == view.indicator,
        place=here,
        at=at,
        above=above,
        area_km2=units["area_km2"][at],
        scope=scope,
        n_peers=int(inside.sum()) - 1,
        benchmarks=benchmarks,
        trend=own.indicator if own.indicator in numeric else next(iter(numeric), None),
        statuses=tuple(_statuses(reader, own, at)),
        projects=tuple(projects_of(reader, own, at)) if has_projects else None,
        neighbours=figure_table(reader, pack, level, around, columns, own.language),
        gaps=tuple(_gaps(reader, own, at)),
    )


def _benchmark(
    reader: Reader,
    view: ViewState,
    declared: dict[str, Any],
    at: int,
    above: tuple[Place, ...],
    scope: Place | None,
    inside: NDArray[np.bool_],
) -> Benchmark | None:
    values = reader.values(view.pack, declared["id"], view.level)
    there = np.flatnonzero(np.isfinite(values.value[:, at]))
    if not len(there):
        return None
    row = int(there[-1])
    year = values.years[row]
    others = inside.copy()
    others[at] = False
    peers = values.value[row, others]
    peers = peers[np.isfinite(peers)]
    return Benchmark(
        indicator=declared,
        figure=observations(values, at)[row],
        rank=rank(values.value[row], at, scope, inside) if len(peers) else None,
        parent=_figure_of(reader, view.pack, declared, above[-1], year) if len(above) > 1 else float("nan"),
        nation=_figure_of(reader, view.pack, declared, above[0], year) if above else float("nan"),
        peers=peers,
        median=float(np.median(peers)) if len(peers) else float("nan"),
    )


def _figure_of(reader: Reader, pack: str, declared: dict[str, Any], here: Place, year: int) -> float:
    if year not in declared["levels"].get(here.level, {}).get("years", []):
        return float("nan")
    values = reader.values(pack, declared["id"], here.level)
    at = reader.units(pack, here.level)["code"].index(here.code)
    return float(values.value[values.years.index(year), at])


def _statuses(reader: Reader, view: ViewState, at: int) -> list[StatusHistory]:
    found = []
    for declared in reader.catalogue(view.pack)["indicators"]:
        if not (declared["shown"] and declared["categories"] and view.level in declared["levels"]):
            continue
        layer = shown_layer(reader, replace(view, indicator=declared["id"]))
        category = {
            float(one["code"]): (one, entry.colour)
            for one, entry in zip(declared["categories"], layer.entries, strict=True)
        }
        runs: list[StatusRun] = []
        for one in observations(reader.values(view.pack, declared["id"], view.level), at):
            here, colour = category.get(one.value, (None, None))
            last = runs[-1] if runs else None
            if last and last.category is here and last.reason == one.reason:
                runs[-1] = StatusRun((*last.years, one.year), here, colour, one.reason)
            else:
                runs.append(StatusRun((one.year,), here, colour, one.reason))
        found.append(StatusHistory(declared, tuple(runs)))
    return found


def _gaps(reader: Reader, view: ViewState, at: int) -> list[Gap]:
    catalogue = reader.catalogue(view.pack)
    command = {one["id"]: one["load_command"] for one in catalogue["sources"] if not one["loaded"]}
    found = []
    for declared in catalogue["indicators"]:
        if not declared["shown"]:
            continue
        there = levels_with_figures(catalogue, declared)
        if not there:
            commands = tuple(command[source] for source in declared["sources"] if source in command)
            found.append(Gap(declared, commands=commands))
        elif view.level not in declared["levels"]:
            found.append(Gap(declared, levels=tuple(reader.level(view.pack, one) for one in there)))
        else:
            reasons: dict[MissingReason, tuple[int, ...]] = {}
            for one in observations(reader.values(view.pack, declared["id"], view.level), at):
                if not np.isfinite(one.value):
                    reasons[one.reason] = (*reasons.get(one.reason, ()), one.year)
            if reasons:
                found.append(Gap(declared, reasons=tuple(reasons.items())))
    return found
