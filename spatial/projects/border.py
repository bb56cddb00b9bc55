"""How far units lie from the border of a treated area, for a discontinuity whose score is the distance."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.spatial.boundaries.geometry import require_crs
from fuping.spatial.projects.errors import DesignError
from numpy.typing import NDArray
from pyproj import Geod
from scipy.spatial import KDTree

__all__ = ["BorderDistances", "border_distances"]

Floats = NDArray[np.float64]

GLOBE = Geod(ellps="WGS84")

STEP_KM = 1.0
"""Length of the straight pieces that a border is cut into; between their ends a degree is as good as a plane."""

ON_IT = 1e-9
"""Km from the border of an untreated point that lies on it, so that its sign still tells it from the treated."""

NEAR_ENOUGH = 0.01
"""Km by which a chord may mislead about a geodesic as far as units lie from a border."""


@dataclass(frozen=True, eq=False)
class BorderDistances:
    """Where units lie beside the border between treated and untreated units.

    Parameters
    ----------
    table
        Indexed as the units: ``distance`` (km along the globe, below zero where untreated; NaN without a position or a
        known treatment), ``segment`` (number of the nearest segment of the border, -1 where there is no distance),
        ``longitude`` and ``latitude`` of the nearest point of the border, and ``touching`` (bool; the border is part
        of the unit's own, so that its figure is one of many distances).
    border
        Lines in degrees, indexed by segment, with ``km``.
    """

    table: pd.DataFrame
    border: gpd.GeoDataFrame


def border_distances(
    units: gpd.GeoSeries, treated: pd.Series, *, points: gpd.GeoSeries | None = None, segment_km: float | None = None
) -> BorderDistances:
    r"""Measure the signed distance of each unit to the border between treated and untreated units.

    Parameters
    ----------
    units
        Polygons, indexed by code; neighbours share their border without gap or overlap. Null and empty ones have no
        place.
    treated
        On the same index: true, false, or missing where not known. Of a unit that is not known no border is drawn.
    points
        One point a unit, on the same index (its centre by population, say); ``None``: a point within it.
    segment_km
        Length of the segments that the border is cut into, so that units are compared with those across the same
        stretch; ``None``: each stretch that hangs together is one segment.

    Raises
    ------
    CRSError
        Shapes or points have no CRS.
    DesignError
        Indexes differ, the length is not above zero, or the treated area has no border with untreated units.

    Notes
    -----
    The border is where treated and untreated units touch along a line: coasts and the edge of the data are none of it.
    Distances are geodesics of WGS 84 to the nearest point of the border, whose pieces are at most 1 km long.
    Keele and Titiunik (2015), Political Analysis 23, 127–155; Dell (2010), Econometrica 78, 1863–1903, compares within
    segments of a border.

    Examples
    --------
    >>> squares = gpd.GeoSeries(shapely.box([0, 1], 0, [1, 2], 1), ["west", "east"], crs=4326)
    >>> border_distances(squares, pd.Series([True, False], squares.index)).table["distance"].round(1).to_dict()
    {'west': 55.7, 'east': -55.7}
    """
    if segment_km is not None and not segment_km > 0:
        raise DesignError(f"Segments of {segment_km} km are asked for.", remedy="Give a length above zero, or None.")
    for name, part in (("treatment", treated), ("points", points)):
        if part is not None and not part.index.equals(units.index):
            raise DesignError(f"The {name} and the units have different indexes.", remedy="Give both on one index.")
    shapes = _in_degrees(units)
    given = shapely.point_on_surface(shapes) if points is None else _in_degrees(points)
    known = treated.notna().to_numpy()
    inside = treated.where(known, False).to_numpy(dtype=bool)
    placed = known & ~shapely.is_missing(given) & ~shapely.is_empty(given)
    lines, touching = _shared_border(shapes, inside & known, ~inside & known)
    if not len(lines):
        raise DesignError(
            "The treated area has no border with untreated units.",
            remedy="Choose a treatment with untreated units beside it, or another design.",
            code="no_border",
            n=int((inside & known).sum()),
        )
    pieces, segment = _cut(lines, segment_km)
    place = shapely.get_coordinates(given[placed])
    km, foot, at = _nearest(place, pieces)
    table = pd.DataFrame(
        {"distance": np.nan, "segment": -1, "longitude": np.nan, "latitude": np.nan, "touching": touching},
        index=units.index,
    )
    rows = np.flatnonzero(placed)
    columns = [np.where(inside[placed], km, -np.maximum(km, ON_IT)), segment[at], foot[:, 0], foot[:, 1]]
    for name, values in zip(table.columns, columns, strict=False):
        table.iloc[rows, table.columns.get_loc(name)] = values  # type: ignore[index]
    return BorderDistances(table, _drawn(pieces, segment))


def _in_degrees(shapes: gpd.GeoSeries) -> NDArray[np.object_]:
    require_crs(shapes)
    return np.asarray(shapes.to_crs(4326).to_numpy(), dtype=object)


def _shared_border(
    shapes: NDArray[np.object_], treated: NDArray[np.bool_], untreated: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the lines along which a treated unit and an untreated one touch, and which units those are."""
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    one, other = (np.flatnonzero(there & group) for group in (treated, untreated))
    touching = np.zeros(len(shapes), dtype=bool)
    left, right = shapely.STRtree(shapes[other]).query(shapes[one], predicate="intersects")
    left, right = one[left], other[right]
    edges = np.empty(len(shapes), dtype=object)
    near = np.unique([left, right])
    edges[near] = shapely.boundary(shapes[near])
    shared = shapely.intersection(edges[left], edges[right])
    along = shapely.length(shared) > 0
    touching[left[along]] = touching[right[along]] = True
    # Single lines: where the border is also touched in a point, a collection holds both.
    parts = shapely.get_parts(shapely.get_parts(shared[along]))
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts[shapely.length(parts) > 0])))
    # From north to south and west to east, so that segments keep their numbers in whatever order units are given.
    west, _, _, north = shapely.bounds(lines).T if len(lines) else np.zeros((4, 0))
    return lines[np.lexsort((west, -north))], touching


def _cut(lines: NDArray[np.object_], segment_km: float | None) -> tuple[Floats, NDArray[np.intp]]:
    """Return pieces of at most :data:`STEP_KM`, shape (p, 2, 2), and the segment of each."""
    pieces, numbers, fresh = [], [], 0
    for line in lines:
        corners = shapely.get_coordinates(line)
        km = GLOBE.inv(*corners[:-1].T, *corners[1:].T)[2] / 1000
        n = np.maximum(1, np.ceil(km / STEP_KM)).astype(int)
        edge = np.repeat(np.arange(len(n)), n)
        step = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        start, way = corners[:-1][edge], np.diff(corners, axis=0)[edge]
        ends = [start + way * ((step + more) / n[edge])[:, None] for more in (0, 1)]
        pieces.append(np.stack(ends, axis=1))
        along = np.cumsum(km[edge] / n[edge]) - km[edge] / n[edge] / 2
        # Of equal length, and as near to the one asked for as the stretch allows.
        parts = 1 if segment_km is None else max(1, round(km.sum() / segment_km))
        numbers.append(fresh + np.minimum((along / km.sum() * parts).astype(np.intp), parts - 1))
        fresh += parts
    return np.concatenate(pieces), np.concatenate(numbers)


def _in_space(place: Floats) -> Floats:
    """Return points of the globe in km from its centre: a chord grows with the geodesic, on a sphere it would not."""
    lon, lat = np.radians(place).T
    flat = 1 - GLOBE.es * np.sin(lat) ** 2
    normal = GLOBE.a / 1000 / np.sqrt(flat)
    return np.column_stack(
        [
            normal * np.cos(lat) * np.cos(lon),
            normal * np.cos(lat) * np.sin(lon),
            normal * (1 - GLOBE.es) * np.sin(lat),
        ]
    )


def _nearest(place: Floats, pieces: Floats) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Return for each of n points the km to the nearest point of the border, that point, and its piece."""
    tree = KDTree(_in_space(pieces.reshape(-1, 2)))
    where = _in_space(place)
    # The nearest point lies on a piece of which an end is no farther off than the nearest end and half a piece.
    found = tree.query_ball_point(where, tree.query(where)[0] + STEP_KM / 2 + NEAR_ENOUGH)
    near = [np.unique(np.asarray(ends, dtype=np.intp) // 2) for ends in found]
    counts = np.array([len(one) for one in near])
    piece, row = np.concatenate(near), np.repeat(np.arange(len(place)), counts)
    start, end = pieces[piece, 0], pieces[piece, 1]
    # In a plane around each piece, degrees of longitude shrunk as there: over 1 km the globe is flat enough.
    shrink = np.column_stack([np.cos(np.radians(start[:, 1])), np.ones(len(start))])
    way, off = (end - start) * shrink, (place[row] - start) * shrink
    length = (way**2).sum(axis=1)
    along = np.clip((way * off).sum(axis=1) / np.where(length > 0, length, 1.0), 0, 1)
    foot = start + (end - start) * along[:, None]
    km = GLOBE.inv(*place[row].T, *foot.T)[2] / 1000
    order = np.lexsort((km, row))
    best = order[np.cumsum(counts) - counts]
    return km[best], foot[best], piece[best]


def _drawn(pieces: Floats, segment: NDArray[np.intp]) -> gpd.GeoDataFrame:
    lines, km = [], []
    for number in range(int(segment.max()) + 1):
        here = pieces[segment == number]
        lines.append(shapely.linestrings(np.vstack([here[:, 0], here[-1:, 1]])))
        km.append(float(GLOBE.inv(*here[:, 0].T, *here[:, 1].T)[2].sum() / 1000))
    return gpd.GeoDataFrame({"km": km}, geometry=lines, crs=4326).rename_axis("segment")
