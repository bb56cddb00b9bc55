"""The area that is looked at: the parts of a unit, an area drawn on the map, or what lies in both; and its figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from fuping.dashboard.drawn import Corners
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import members
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.state import ViewState
from fuping.spatial.boundaries import roll_up
from fuping.spatial.cube.missing import MissingReason
from numpy.typing import NDArray

__all__ = ["AreaSummary", "area_summary", "drawn_members", "looked_at"]


@dataclass(frozen=True)
class AreaSummary:
    """Figures of an indicator over the units of an area in a year.

    Parameters
    ----------
    n, observed
        Units, and those with a figure.
    quartiles
        Lowest, lower quartile, median, upper quartile, highest of the units with a figure, each counted once; NaN where
        there is none.
    deviation
        Their standard deviation, as of a whole population; NaN where there is none.
    whole
        The figure of the area as a whole: the sum of a total, or the mean of a ratio weighted by what it is a ratio of;
        NaN where the indicator has no such rule, or too little of the area is observed.
    summed
        Whether the whole is a sum.
    """

    n: int
    observed: int
    quartiles: tuple[float, ...]
    deviation: float
    whole: float
    summed: bool


def drawn_members(reader: Reader, pack: str, level: str, drawn: Corners) -> NDArray[np.bool_]:
    """Return which units of a level have their inner point in a drawn area; a unit without a boundary has none."""
    return _drawn_members(reader, pack, reader.version(pack), level, drawn)


@once(maxsize=64)
def _drawn_members(reader: Reader, pack: str, version: str, level: str, drawn: Corners) -> NDArray[np.bool_]:
    # A hand crosses its own line easily; what it went round is meant.
    area = shapely.make_valid(shapely.Polygon(drawn))
    points = _inner_points(reader, pack, version, level)
    shapely.prepare(area)
    x, y = shapely.get_x(points), shapely.get_y(points)
    # A map that is moved over the date line counts on.
    around = [shapely.contains_xy(area, x + turn, y) for turn in (-360, 0, 360)]
    return np.asarray(np.any(around, axis=0), dtype=bool)


@once(maxsize=16)
def _inner_points(reader: Reader, pack: str, version: str, level: str) -> NDArray[np.object_]:
    return np.asarray(shapely.point_on_surface(level_shapes(reader, pack, level)))


def looked_at(reader: Reader, view: ViewState) -> NDArray[np.bool_]:
    """Return which units of the view's level lie in its area; all where it names none."""
    inside = members(reader, view.pack, view.level, view.within)
    return inside & drawn_members(reader, view.pack, view.level, view.drawn) if view.drawn else inside


def area_summary(reader: Reader, view: ViewState) -> AreaSummary | None:
    """Return the view's indicator over its area in its year; ``None`` where it has categories or no figures."""
    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    if declared["categories"] or view.year not in values.years:
        return None
    inside = looked_at(reader, view)
    at = values.at(view.year)
    row = values.value[at, inside]
    there = row[~np.isnan(row)]
    quartiles = tuple(np.quantile(there, np.arange(5) / 4).tolist()) if len(there) else (np.nan,) * 5
    summed = declared["aggregation"] == "extensive"
    return AreaSummary(
        len(row),
        len(there),
        quartiles,
        float(np.std(there)) if len(there) else np.nan,
        _whole(reader, view, row, inside, values.reason[at, inside] != MissingReason.OUTSIDE),
        summed,
    )


def _whole(
    reader: Reader,
    view: ViewState,
    row: NDArray[np.float64],
    inside: NDArray[np.bool_],
    expected: NDArray[np.bool_],
) -> float:
    declared = reader.indicator(view.pack, view.indicator)
    weights = None
    if declared["aggregation"] == "intensive" and declared["denominator"]:
        below = reader.values(view.pack, declared["denominator"], view.level)
        if view.year not in below.years:
            return float("nan")
        weights = below.value[None, below.at(view.year), inside]
    elif declared["aggregation"] != "extensive":
        return float("nan")
    if not len(row):
        return float("nan")
    total = roll_up(
        row[None, :],
        np.full(len(row), "area", dtype=object),
        aggregation=declared["aggregation"],
        weights=weights,
        minimum_share=declared["roll_up_share"],
        expected=expected[None, :],
    )
    return float(total.value[0, 0])
