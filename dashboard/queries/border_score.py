"""The distance to the border of the treated area as the score of a discontinuity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.effects import Choice, Refusal, why_not
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.shapes import level_shapes
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fuping.spatial.projects import BorderDistances

__all__ = ["BORDER", "Border", "border_score"]

BORDER = "border"
"""In the place of an indicator: the score is the distance to the border."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Border:
    """The border beside which units of a panel lie.

    Parameters
    ----------
    distance
        float64, one a unit of the panel; km, below zero where untreated, NaN where there is no distance.
    segment
        intp; number of the nearest segment, -1 where there is no distance.
    touching
        bool; whether the border is part of the unit's own.
    segment_km
        Length of each segment, by number.
    given_points
        Whether points were given for the units; else a point within each is measured.
    """

    distance: Floats
    segment: NDArray[np.intp]
    touching: NDArray[np.bool_]
    segment_km: Floats
    given_points: bool = False

    @property
    def km(self) -> float:
        """Length of the border."""
        return float(self.segment_km.sum())


def border_score(
    reader: Reader,
    pack: str,
    level: str,
    treated: NDArray[np.bool_],
    known: NDArray[np.bool_],
    at: NDArray[np.intp],
    choice: Choice,
    points: Floats | None = None,
) -> Border | Refusal:
    """Measure how far units lie from the border, on the finest shapes that the map draws.

    Parameters
    ----------
    treated, known
        Of each unit of the level, and whether that is known.
    at
        Place in its level of each unit of the panel; -1 where it is none of the level's.
    points
        Degrees of one point a unit of the level, shape (n, 2), NaN where not given; ``None``: a point within each.
    """
    from fuping.spatial.projects import DesignError

    place = None if points is None else np.ascontiguousarray(points).tobytes()
    version = reader.version(pack)
    try:
        found = _distances(reader, pack, version, level, known.tobytes(), treated.tobytes(), choice.segment_km, place)
    except DesignError as error:
        return why_not(error)
    there, table = at >= 0, found.table
    return Border(
        distance=np.where(there, table["distance"].to_numpy()[at], np.nan),
        segment=np.where(there, table["segment"].to_numpy()[at], -1).astype(np.intp),
        touching=there & table["touching"].to_numpy()[at],
        segment_km=found.border["km"].to_numpy(dtype=np.float64),
        given_points=points is not None,
    )


@once(maxsize=8)
def _distances(
    reader: Reader,
    pack: str,
    version: str,
    level: str,
    known: bytes,
    inside: bytes,
    segment_km: float,
    points: bytes | None,
) -> BorderDistances:
    import geopandas as gpd
    from fuping.spatial.projects import border_distances

    # China's counties: the finer shapes are within 0.3 km of those of the source for 95 of 100, the coarser within 1.1.
    detail = int(reader.has_fine_geometry(pack, level))
    shapes = gpd.GeoSeries(level_shapes(reader, pack, level, detail=detail), crs=4326)
    treated = pd.Series(np.frombuffer(inside, dtype=bool), shapes.index).where(np.frombuffer(known, dtype=bool), None)
    place = None
    if points is not None:
        degrees = np.frombuffer(points, dtype=np.float64).reshape(-1, 2)
        place = gpd.GeoSeries(gpd.points_from_xy(*degrees.T), shapes.index, crs=4326)
        place[~np.isfinite(degrees).all(axis=1)] = None
    return border_distances(shapes, treated, points=place, segment_km=segment_km or None)
