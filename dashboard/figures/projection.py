"""A projection for one map: equal-area, centred on what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

__all__ = ["LocalProjection", "extent", "unwrapped"]

HALF_TURN = 180.0
"""Degrees."""


@dataclass(frozen=True)
class LocalProjection:
    """Lambert's azimuthal equal-area projection (Snyder 1987, "Map Projections: A Working Manual", pp. 182–190).

    More than half of the globe is drawn in Equal Earth instead (Šavrič, Patterson & Jenny 2019, Int. J. Geogr. Inf.
    Sci. 33:454–465): what lies opposite to the centre would be torn into a ring.

    Parameters
    ----------
    longitude, latitude
        Centre, where scale and north are true, in degrees.
    whole
        Whether more than half of the globe is drawn, its edge at the 180th meridian.
    """

    longitude: float
    latitude: float
    whole: bool = False

    @classmethod
    def around(cls, bounds: Sequence[float]) -> LocalProjection:
        """Return the projection centred on west, south, east, north."""
        if bounds[2] - bounds[0] > HALF_TURN:
            return cls(0.0, 0.0, whole=True)
        return cls((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)

    @cached_property
    def _transformer(self) -> Transformer:
        # Making one takes longer than carrying a country's borders through it, and a map does so for each of its parts.
        shape = "+proj=eqearth" if self.whole else f"+proj=laea +lat_0={self.latitude}"
        plane = f"{shape} +lon_0={self.longitude} +datum=WGS84 +units=m"
        return Transformer.from_crs("EPSG:4326", plane, always_xy=True)

    def project(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapes in metres."""
        move = self._transformer

        def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(move.transform(points[:, 0], points[:, 1]))

        return np.asarray(shapely.transform(shapes, moved), dtype=object)

    def north(self, x: float, y: float) -> float:
        """Return by how many degrees north turns clockwise from upwards at a place in metres."""
        move = self._transformer
        longitude, latitude = move.transform(x, y, direction="INVERSE")
        to_x, to_y = move.transform(longitude, latitude + 0.01)
        return float(np.degrees(np.arctan2(to_x - x, to_y - y)))


def unwrapped(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes whose longitudes run on across 180° where they lie on both its sides, Alaska's for example.

    Where some run over Greenwich too, as those of the whole world, they would be torn there and stay as they are.
    """
    bounds = shapely.bounds(shapely.get_parts(shapes))
    if not len(bounds) or not np.nanmax(bounds[:, 2]) - np.nanmin(bounds[:, 0]) > HALF_TURN:
        return shapes
    if ((bounds[:, 0] < 0) & (bounds[:, 2] >= 0)).any():
        return shapes

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([np.where(points[:, 0] < 0, points[:, 0] + 360, points[:, 0]), points[:, 1]])

    return np.asarray(shapely.transform(shapes, moved), dtype=object)


def extent(shapes: NDArray[np.object_]) -> Any:
    """Return west, south, east, north of all shapes; empty ones do not count."""
    bounds = shapely.bounds(shapes)
    return np.concatenate([np.nanmin(bounds[:, :2], axis=0), np.nanmax(bounds[:, 2:], axis=0)])
