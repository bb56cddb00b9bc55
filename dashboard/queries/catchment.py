"""What lies within some km, or minutes on foot, of the points where the shown projects work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import grid_of
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import Counted, headcount
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import DIRECTIONS, sequential
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.projects.locations import kind_of

__all__ = ["MOST_POINTS", "OFFERED", "Catchment", "Measure", "catchment", "catchment_layer", "slope_grid"]

Measure = Literal["km", "minutes"]
"""Distance in a straight line, or time on foot."""

OFFERED: dict[Measure, tuple[int, ...]] = {"km": (5, 10, 25), "minutes": (30, 60, 120)}

SLOPE = "slope_dem"
"""Grid of the slope of the land that a pack may have, whose cells its declaration keeps to 1 km or less."""

MOST_POINTS = 200
"""Points from which people are sent on foot; each takes a search of its own."""

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
    measure
        What near means.
    n_points, n_without
        Their points; projects shown that have none.
    shares
        By unit in the level's order and by distance or time: share of its area within it.
    table
        :func:`fuping.spatial.projects.catchment_table`.
    years
        Of the counts of people, by what they count; 0 where the level has none.
    frame
        West, south, east and north of the widest catchments.
    n_lost
        Points that lie where the slope is not known, from which nobody is sent on foot.
    """

    level: str
    measure: Measure
    entries: tuple[Entry, ...]
    n_points: int
    n_without: int
    shares: pd.DataFrame
    table: pd.DataFrame
    years: dict[str, int]
    frame: tuple[float, float, float, float]
    n_lost: int = 0


def slope_grid(reader: Reader, pack: str) -> Mapping[str, Any] | None:
    """Return the grid that times on foot are worked out on; ``None`` where the pack has none that is fine enough."""
    return grid_of(reader, pack, SLOPE)


def catchment(
    reader: Reader, view: ViewState, entries: tuple[Entry, ...], level: str, measure: Measure = "km"
) -> Catchment | None:
    """Measure what lies near the points of projects; ``None`` where none of them has a point.

    By distance where time on foot is asked for and there are more than :data:`MOST_POINTS`.
    """
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
    by: Measure = measure if len(points) <= MOST_POINTS else "km"
    measured = _measured(reader, view.pack, reader.version(view.pack), level, points, by)
    return Catchment(level, by, with_points, len(points), len(entries) - len(with_points), *measured)


@once(maxsize=16)
def _measured(
    reader: Reader, pack: str, version: str, level: str, points: tuple[tuple[float, float], ...], measure: Measure
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int], tuple[float, float, float, float], int]:
    import geopandas as gpd
    from fuping.spatial.projects import catchment_table, circles_around, ground_on_foot, shares_within
    from fuping.spatial.raster.source import open_raster

    units = reader.units(pack, level)
    codes = np.array(units["code"], dtype=object)
    given = gpd.GeoSeries(gpd.points_from_xy(*zip(*points, strict=True)), crs=4326)
    lost = 0
    if measure == "km":
        grounds = {float(km): circles_around(given, km) for km in OFFERED["km"]}
    else:
        grounds, lost = ground_on_foot(given, open_raster(reader.store.grid(pack, SLOPE)), minutes=OFFERED["minutes"])
    widest = grounds[max(grounds)]
    west, south, east, north = (given if widest.is_empty else gpd.GeoSeries([widest])).total_bounds.tolist()
    # Only units whose frame meets that of the widest catchment can have a share in one.
    bounds = reader.store.bounds(pack, level)
    near = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    shapes = gpd.GeoDataFrame(
        {"code": codes[near]}, geometry=reader.store.polygons(pack, level, codes[near].tolist()), crs=4326
    )
    shares = shares_within(grounds, shapes).reindex(codes, fill_value=0.0)
    shares[np.isnan(bounds[:, 0])] = np.nan
    people = {counted: headcount(reader, pack, level, counted) for counted in get_args(Counted)}
    table = pd.DataFrame({"area_km2": units["area_km2"]} | {name: one.heads for name, one in people.items()}, codes)
    years = {name: one.year for name, one in people.items()}
    return shares, catchment_table(shares, table), years, (west, south, east, north), lost


def catchment_layer(found: Catchment, within: int, year: int) -> tuple[ShownLayer, UnitYearValues]:
    """Return the share of each unit within a distance or time, as a layer of a map of one year."""
    percent = np.minimum(100 * found.shares[within].to_numpy()[None, :], 100)
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
