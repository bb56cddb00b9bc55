"""The land around a territory: other countries, as a quiet ground beneath a map of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["LandAround", "land_around"]


@dataclass(frozen=True, eq=False)
class LandAround:
    """What lies around a territory.

    Parameters
    ----------
    land
        Of all other countries, as one shape.
    borders
        Between them, each once; neither coasts nor the territory's own border.
    """

    land: shapely.Geometry
    borders: shapely.Geometry


def land_around(
    countries: NDArray[np.object_],
    territory: shapely.Geometry,
    *,
    near: tuple[float, float, float, float] | None = None,
    tolerance: float = 0.0,
    far_tolerance: float = 0.0,
    reach: float = 0.0,
    overlap: float = 0.0,
) -> LandAround:
    """Return the land of other countries around a territory, which wins wherever both claim the same ground.

    Parameters
    ----------
    countries
        n polygons that share their borders, in degrees.
    territory
        As its own source draws it. A country, or a part of one, that lies in it for more than half is not another.
    near
        West, south, east, north of what is looked at closely; everything where not given.
    tolerance, far_tolerance
        To which the others are simplified there and elsewhere, their borders kept together (Visvalingam–Whyatt,
        degrees); elsewhere parts smaller than the square of it are left out.
    reach
        Two sources never draw one border alike. So far do the others reach into what ``countries`` has as the
        territory's own land, that no strip of sea is left between.
    overlap
        So far does that go on under the territory, which is drawn over it: drawn coarsely, it opens no gap.

    Examples
    --------
    A territory that claims half of its right neighbour, and the rest of it:

    >>> countries = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)])
    >>> around = land_around(countries, shapely.box(0, 0, 2, 1))
    >>> around.land.bounds, around.borders.is_empty
    ((2.0, 0.0, 3.0, 1.0), True)
    """
    shapely.prepare(territory)
    own = _mostly_in(countries, territory)
    parts, edges = _generalised(countries[~own], tolerance)
    if near is not None:
        frame = shapely.box(*near)
        distant, far_edges = _generalised(countries[~own], far_tolerance)
        distant = shapely.get_parts(shapely.difference(distant, frame))
        distant = distant[shapely.area(distant) >= far_tolerance**2]
        parts = np.concatenate([_polygons(shapely.intersection(parts, frame)), distant])
        edges = shapely.union(shapely.intersection(edges, frame), shapely.difference(far_edges, frame))
    parts = parts[~_mostly_in(parts, territory)]
    beside = shapely.intersects(parts, territory.envelope.buffer(reach))
    land = shapely.union_all(parts[beside])
    if reach and own.any():
        ground = shapely.intersection(shapely.union_all(countries[own]), shapely.buffer(land, reach))
        land = shapely.union(land, ground)
    # What lies under the territory is not seen: a few corners will do for its edge there.
    inner = shapely.simplify(shapely.buffer(territory, -overlap), overlap / 2) if overlap else territory
    land = shapely.difference(land, inner)
    return LandAround(shapely.union_all([land, *parts[~beside]]), shapely.difference(edges, territory))


def _generalised(countries: NDArray[np.object_], tolerance: float) -> tuple[NDArray[np.object_], shapely.Geometry]:
    """Return the parts of simplified countries, and the edges that two of them share."""
    simple = shapely.coverage_simplify(countries, tolerance) if tolerance else countries
    parts = _polygons(simple)
    return parts, _shared_edges(parts)


def _polygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return all polygons that shapes consist of."""
    valid = np.array(shapes, dtype=object)
    odd = ~shapely.is_valid(valid)
    valid[odd] = shapely.make_valid(valid[odd])
    parts = shapely.get_parts(shapely.get_parts(valid))
    return np.asarray(parts[shapely.get_dimensions(parts) == 2], dtype=object)


def _mostly_in(shapes: NDArray[np.object_], territory: shapely.Geometry) -> NDArray[np.bool_]:
    """Return which shapes lie in the territory for more than half."""
    found = shapely.intersects(territory, shapes)
    shared = shapely.area(shapely.intersection(shapely.make_valid(shapes[found]), territory))
    found[found] = shared > shapely.area(shapes[found]) / 2
    return np.asarray(found, dtype=bool)


def _shared_edges(polygons: NDArray[np.object_]) -> shapely.Geometry:
    """Return the edges that stand in two polygons, joined to lines."""
    edges = []
    for ring in shapely.get_rings(polygons):
        points = shapely.get_coordinates(ring)
        edges.append(np.hstack([points[:-1], points[1:]]))
    if not edges:
        return shapely.MultiLineString()
    every = np.vstack(edges)
    turned = (every[:, 0] > every[:, 2]) | ((every[:, 0] == every[:, 2]) & (every[:, 1] > every[:, 3]))
    every[turned] = every[turned][:, [2, 3, 0, 1]]
    each, times = np.unique(every, axis=0, return_counts=True)
    return shapely.line_merge(shapely.multilinestrings(each[times > 1].reshape(-1, 2, 2)))
