"""The simplified polygons of a level, for maps that the server draws."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from numpy.typing import NDArray

__all__ = ["level_shapes"]


def level_shapes(reader: Reader, pack: str, level: str, *, detail: int = 0) -> NDArray[np.object_]:
    """Return n polygons in degrees, in the order of the level's units; empty where a unit has none.

    Parameters
    ----------
    detail
        0 is the coarsest; what is shared between requests is not to be changed.
    """
    return _shapes(reader, pack, reader.version(pack), level, detail)


@once(maxsize=16)
def _shapes(reader: Reader, pack: str, version: str, level: str, detail: int) -> NDArray[np.object_]:
    topology = json.loads(gzip.decompress(reader.store.map_geometry(pack, level, detail)))
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"]]
    drawn = topology["objects"]["units"]["geometries"]
    shapes = np.empty(len(drawn), dtype=object)
    for place, one in enumerate(drawn):
        rings = [[_joined(arcs, ring) for ring in polygon] for polygon in one["arcs"]]
        shapes[place] = shapely.MultiPolygon([(outer, holes) for outer, *holes in rings])
    return shapes


def _joined(arcs: Sequence[NDArray[np.float64]], ring: Sequence[int]) -> NDArray[np.float64]:
    """Return a ring of the arcs that it names; ``~i`` is arc i backwards, and each begins where the last one ended."""
    drawn = [arcs[at] if at >= 0 else arcs[~at][::-1] for at in ring]
    return np.concatenate([drawn[0], *(arc[1:] for arc in drawn[1:])])
