"""The land of other countries around a pack's own, which its maps draw quietly beneath their units."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.shapes import level_shapes
from fuping.layers.build.topojson import encode_shapes
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.countries import Countries, installed_countries
from fuping.spatial.boundaries.land_around import LandAround, land_around
from numpy.typing import NDArray

__all__ = ["land_payload", "land_polygons", "land_source", "land_version"]

WHOLE_WORLD = 180.0
"""Degrees of longitude; a pack that is wider leaves no country beside it."""

SOUTH = -60.0
"""The ice of Antarctica is left out."""

REACH, OVERLAP = 0.3, 0.1
"""Degrees, as in :func:`~fuping.spatial.boundaries.land_around.land_around`."""

FINEST, ACROSS, FAR = 0.06, 350, 5
"""Tolerance: so many degrees, as the source is drawn for 1:50 million, or that part of the pack's own view where it is
more; far away so many times it. China's page is large enough without it."""

BESIDE, LEAST = 0.5, 8.0
"""How far beyond the pack's own view is near, in parts of it, and at least so many degrees."""

STEPS_PER_DEGREE = 50
"""About two kilometres, finer than the source."""


@cache
def _installed() -> Countries | None:
    return installed_countries()


def land_source(catalogue: Mapping[str, Any]) -> Source | None:
    """Return where the land around a pack comes from; None for a pack of the world, or where it is not installed."""
    west, _, east, _ = catalogue["pack"]["bounds"]
    countries = _installed() if east - west <= WHOLE_WORLD else None
    return countries.source if countries else None


def land_version(reader: Reader, pack: str) -> str:
    """Return what changes when the land around a pack is drawn otherwise; empty where none is drawn."""
    source = land_source(reader.catalogue(pack))
    return f"{reader.version(pack)}-{(source.sha256 or '')[:8]}" if source else ""


def land_payload(reader: Reader, pack: str) -> bytes:
    """Return TopoJSON of two objects: ``land`` around a pack, and ``borders`` between the countries on it."""
    around = _around(reader, pack, land_version(reader, pack))
    return encode_shapes({"land": around.land, "borders": around.borders}, steps_per_degree=STEPS_PER_DEGREE)


def land_polygons(reader: Reader, pack: str) -> NDArray[np.object_]:
    """Return the land around a pack as polygons in degrees; none where none is drawn."""
    version = land_version(reader, pack)
    return shapely.get_parts(_around(reader, pack, version).land) if version else np.empty(0, dtype=object)


@once(maxsize=8)
def _around(reader: Reader, pack: str, version: str) -> LandAround:
    countries = _installed()
    if countries is None:
        raise ValueError("land is drawn only where countries are installed")
    everywhere = countries.polygons()
    kept = everywhere[shapely.bounds(everywhere)[:, 3] > SOUTH]
    # The level with the fewest units is the country as a whole, or nearest to it.
    whole = min((one for one in reader.catalogue(pack)["levels"] if one["n_units"]), key=lambda one: one["n_units"])
    detail = int(reader.has_fine_geometry(pack, whole["id"]))
    territory = shapely.union_all(shapely.make_valid(level_shapes(reader, pack, whole["id"], detail=detail)))
    west, south, east, north = reader.catalogue(pack)["pack"]["bounds"]
    tolerance = max(FINEST, (east - west) / ACROSS)
    wide, high = (max(side * BESIDE, LEAST) for side in (east - west, north - south))
    return land_around(
        kept,
        territory,
        near=(west - wide, south - high, east + wide, north + high),
        tolerance=tolerance,
        far_tolerance=FAR * tolerance,
        reach=REACH,
        overlap=OVERLAP,
    )
