"""The units of a level over the years: their quantiles, how many have a figure, and the series to single out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import Place, chain, place_of_code
from fuping.dashboard.queries.scope import Scope, scope
from fuping.dashboard.queries.unit import Observation, observations
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.missing import MissingReason
from numpy.typing import NDArray

__all__ = ["SHARES", "Spread", "StatusYears", "Track", "spread", "status_years", "tracks"]

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, eq=False)
class Spread:
    """Quantiles of the units looked at, over m years.

    Parameters
    ----------
    scope
        The units.
    years
        The m years that the indicator has at the level.
    values
        float64, shape (m, n units looked at).
    places
        Positions of those units in the level.
    quantiles
        float64, shape (5, m), at :data:`SHARES`; NaN in a year without figures.
    n, expected
        int, shape (m,): units with a figure, and units that the source covers in that year.
    """

    scope: Scope
    years: tuple[int, ...]
    values: NDArray[np.float64]
    places: NDArray[np.intp]
    quantiles: NDArray[np.float64]
    n: NDArray[np.intp]
    expected: NDArray[np.intp]


@dataclass(frozen=True)
class Track:
    """A series to single out: the selected unit, or what it lies in; ``selected`` tells which.

    ``figures`` are of the unit's own level.
    """

    place: Place
    figures: tuple[Observation, ...]
    selected: bool


def spread(reader: Reader, view: ViewState) -> Spread:
    """Return the spread of the view's indicator at its level, among the units that ``within`` leaves."""
    looked_at = scope(reader, view, view.level)
    key = view.within if looked_at.state in ("parts", "itself") else None
    found = _spread(
        reader, view.pack, reader.version(view.pack), view.indicator, view.level, key, looked_at.inside.tobytes()
    )
    return Spread(looked_at, *found)


@once(maxsize=64)
def _spread(
    reader: Reader, pack: str, version: str, indicator: str, level: str, within: str | None, inside: bytes
) -> tuple[Any, ...]:
    values = reader.values(pack, indicator, level)
    places = np.flatnonzero(np.frombuffer(inside, dtype=bool))
    kept = values.value[:, places]
    n = np.isfinite(kept).sum(axis=1)
    quantiles = np.full((len(SHARES), len(values.years)), np.nan)
    for row, figures in enumerate(kept):
        if n[row]:
            quantiles[:, row] = np.quantile(figures[np.isfinite(figures)], SHARES)
    expected = (values.reason[:, places] != MissingReason.OUTSIDE).sum(axis=1)
    return values.years, kept, places, quantiles, n, expected


def tracks(reader: Reader, view: ViewState) -> list[Track]:
    """Return the series to single out: of the selected unit, and of all that it or the place asked for lies in.

    Only those with a figure; the selected unit first, then upwards. A total is not put beside those of its parts.
    """
    chosen = place_of_code(reader, view.pack, view.unit, view.language) if view.unit else None
    start = chosen or (place_of_code(reader, view.pack, view.within, view.language) if view.within else None)
    places = _upwards(reader, view, start) if start else []
    country = reader.catalogue(view.pack)["levels"][0]
    if country["n_units"] == 1 and all(one.level != country["id"] for one in places):
        code = reader.units(view.pack, country["id"])["code"][0]
        top = place_of_code(reader, view.pack, code, view.language)
        places += [top] if top else []
    declared = reader.indicator(view.pack, view.indicator)
    found = []
    for place in places:
        if not declared["levels"].get(place.level, {}).get("n_values"):
            continue
        if declared["aggregation"] == "extensive" and place.level != view.level:
            continue
        at = reader.units(view.pack, place.level)["code"].index(place.code)
        figures = observations(reader.values(view.pack, view.indicator, place.level), at)
        if any(np.isfinite(one.value) for one in figures):
            found.append(Track(place, figures, place == chosen))
    return found


def _upwards(reader: Reader, view: ViewState, start: Place) -> list[Place]:
    return [start, *reversed(chain(reader, view.pack, start.level, start.code, view.language))]


@dataclass(frozen=True, eq=False)
class StatusYears:
    """A status over the years.

    Parameters
    ----------
    years
        The m years.
    counts
        int, shape (k categories, m), in the order declared.
    missing
        int, shape (m,): units that the source covers and that have no status.
    moves
        For each year after the first, from which category to which and how many, the most frequent first.
    """

    years: tuple[int, ...]
    counts: NDArray[np.intp]
    missing: NDArray[np.intp]
    moves: Mapping[int, tuple[tuple[float, float, int], ...]]


def status_years(declared: Mapping[str, Any], found: Spread) -> StatusYears:
    """Return how many units are in each category of a status in each year, and how many moved."""
    codes = [one["code"] for one in declared["categories"]]
    counts = np.array([(found.values == code).sum(axis=1) for code in codes])
    moves = {}
    for row in range(1, len(found.years)):
        before, after = found.values[row - 1], found.values[row]
        moved = np.isfinite(before) & np.isfinite(after) & (before != after)
        pairs, n = np.unique(np.stack([before[moved], after[moved]]), axis=1, return_counts=True)
        flows = [(float(a), float(b), int(c)) for (a, b), c in zip(pairs.T, n, strict=True)]
        moves[found.years[row]] = tuple(sorted(flows, key=lambda flow: -flow[2]))
    return StatusYears(found.years, counts, found.expected - found.n, moves)
