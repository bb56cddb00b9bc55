"""What lies within some km of the points where the shown projects work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.people import Counted, headcount
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import DIRECTIONS, sequential
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.projects.locations import kind_of

__all__ = ["KM", "Catchment", "catchment", "catchment_layer"]

KM = (5, 10, 25)
"""Distances that are offered: on foot, by cart or bicycle, by road."""

BREAKS = (0, 25, 50, 75, 100)
"""Of the share of a unit, in per cent."""


@dataclass(frozen=True, eq=False)
class Catchment:
    """Ground and people near the points of projects.

    Parameters
    ----------
    level
        Of the units.
    entries
        Projects that have points.
    n_points, n_without
        Their points; projects shown that have none.
    shares
        By unit in the level's order and by km: share of its area within that distance.
    table
        :func:`fuping.spatial.projects.catchment_table`.
    years
        Of the counts of people, by what they count; 0 where the level has none.
    frame
        West, south, east and north of the widest catchments.
    """

    level: str
    entries: tuple[Entry, ...]
    n_points: int
    n_without: int
    shares: pd.DataFrame
    table: pd.DataFrame
    years: dict[str, int]
    frame: tuple[float, float, float, float]


def catchment(reader: Reader, view: ViewState, entries: tuple[Entry, ...], level: str) -> Catchment | None:
    """Measure what lies near the points of projects; ``None`` where none of them has a point."""
    places = {
        one.project["id"]: [
            (shape.x, shape.y)
            for _, shape in reader.locations(view.pack, one.project["id"])
            if kind_of(shape) == "point"
        ]
        for one in entries
    }
    with_points = tuple(one for one in entries if places[one.project["id"]])
    if not with_points:
        return None
    points = tuple(sorted({place for one in with_points for place in places[one.project["id"]]}))
    measured = _measured(reader, view.pack, reader.version(view.pack), level, points)
    return Catchment(level, with_points, len(points), len(entries) - len(with_points), *measured)


@lru_cache(maxsize=16)
def _measured(
    reader: Reader, pack: str, version: str, level: str, points: tuple[tuple[float, float], ...]
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int], tuple[float, float, float, float]]:
    import geopandas as gpd
    from fuping.spatial.projects import catchment_shares, catchment_table, circles_around

    units = reader.units(pack, level)
    codes = np.array(units["code"], dtype=object)
    given = gpd.GeoSeries(gpd.points_from_xy(*zip(*points, strict=True)), crs=4326)
    # Only units whose frame meets that of the widest catchment can have a share in one.
    west, south, east, north = circles_around(given, max(KM)).bounds
    bounds = reader.store.bounds(pack, level)
    near = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    shapes = gpd.GeoDataFrame(
        {"code": codes[near]}, geometry=reader.store.polygons(pack, level, codes[near].tolist()), crs=4326
    )
    shares = catchment_shares(given, shapes, km=KM).reindex(codes, fill_value=0.0)
    shares[np.isnan(bounds[:, 0])] = np.nan
    people = {counted: headcount(reader, pack, level, counted) for counted in get_args(Counted)}
    table = pd.DataFrame({"area_km2": units["area_km2"]} | {name: one.heads for name, one in people.items()}, codes)
    years = {name: one.year for name, one in people.items()}
    return shares, catchment_table(shares, table), years, (west, south, east, north)


def catchment_layer(found: Catchment, km: int, year: int) -> tuple[ShownLayer, UnitYearValues]:
    """Return the share of each unit within a distance, as a layer of a map of one year."""
    percent = np.minimum(100 * found.shares[km].to_numpy()[None, :], 100)
    known = np.isfinite(percent)
    classes = np.where(known, np.digitize(percent, BREAKS, right=True), -1).astype(np.int8)
    colours = ("#efede8", *sequential(len(BREAKS) - 1, ramp=DIRECTIONS["neutral"]))
    entries = tuple(
        ShownClass(colour, (int((classes == at).sum()),), name=_name(at)) for at, colour in enumerate(colours)
    )
    reason = np.where(known, MissingReason.OBSERVED, MissingReason.NOT_DERIVABLE).astype(np.uint8)
    missing = (reason_counts(reason[reason != MissingReason.OBSERVED]),)
    empty = np.full(percent.shape, np.nan)
    values = UnitYearValues((year,), percent, reason, empty, empty, np.zeros(percent.shape, dtype=np.uint8))
    return ShownLayer((year,), classes, entries, missing, 0), values


def _name(at: int) -> dict[str, str]:
    """Return what a class is called: of what lies wholly outside, or between two bounds."""
    if not at:
        return {language: message("projects.catchment_none", language) for language in LANGUAGES}
    bounds = {"low": f"{BREAKS[at - 1]:g}", "high": f"{BREAKS[at]:g}"}
    return {language: message("projects.catchment_class", language, **bounds) for language in LANGUAGES}
