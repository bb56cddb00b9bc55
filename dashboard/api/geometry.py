"""The polygons of a level: simplified as the map has them, or whole as the source has them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow.dataset as ds
import pyogrio
import shapely
from fuping.dashboard.api.build import OneBuild
from fuping.dashboard.api.crs import CRS84, CrsUri, from_stored
from fuping.layers.stores import EmbeddedStore
from numpy.typing import NDArray

__all__ = ["AT_ONCE", "Shapes"]

DECIMALS = {"degrees": 6, "metres": 2}
"""Of simplified coordinates: about a decimetre, far below what simplification moved."""

AT_ONCE = 200
"""Geometries turned into text at a time."""


@dataclass(frozen=True)
class Shapes:
    """The geometries of a level's n units, in the order of its codes; read when they are needed.

    Parameters
    ----------
    kind
        ``none`` is tested as ``simplified``, and written as null.
    detail
        Of the simplified polygons; the finest there is where it is larger.
    """

    store: OneBuild
    pack: str
    level: str
    codes: Sequence[str]
    kind: Literal["simplified", "full", "none"]
    detail: int

    def meets(self, relation: str, other: shapely.Geometry) -> NDArray[np.bool_]:
        """Return for each of n units whether its geometry has a relation to another; never, where it has none.

        Only units whose bounding box meets that of ``other`` are read and tested.
        """
        if relation == "disjoint":
            return ~self.meets("intersects", other)
        west, south, east, north = shapely.bounds(other)
        box = self._bounds()
        near = (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
        found = np.zeros(len(self.codes), dtype=bool)
        places = np.flatnonzero(near)
        found[places] = getattr(shapely, relation)(self.at(places), other)
        return found

    def at(self, places: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the geometries at some positions; None where a unit has none."""
        if self.kind != "full":
            return self._simplified()[places]
        return _sound(shapely.from_wkb(self._whole(places)))

    def texts(self, places: NDArray[np.int64], crs: CrsUri) -> Iterator[str]:
        """Return the geometries at some positions as GeoJSON, ``null`` where there is none."""
        if self.kind == "none":
            yield from ["null"] * len(places)
            return
        whole = self._whole(places) if self.kind == "full" else None
        decimals = DECIMALS["metres" if "3857" in crs else "degrees"]
        for start in range(0, len(places), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            shapes = self._simplified()[places[part]] if whole is None else _sound(shapely.from_wkb(whole[part]))
            if crs != CRS84:
                shapes = from_stored(shapes, crs)
                if whole is None:
                    shapes = shapely.transform(shapes, lambda points: np.round(points, decimals))
            yield from (text or "null" for text in shapely.to_geojson(shapes))

    def located(self) -> NDArray[np.bool_]:
        """Return for each of n units whether it has a geometry."""
        return np.isfinite(self._bounds()[:, 0])

    def _simplified(self) -> NDArray[np.object_]:
        finest = self.store.map_details(self.pack, self.level) - 1
        detail = max(0, min(self.detail, finest))
        build = (self.store.root, self.pack, self.store.version(self.pack))
        return _map_shapes(build, self.level, detail, tuple(self.codes))

    def _whole(self, places: NDArray[np.int64]) -> NDArray[np.object_]:
        return _stored(self.store.boundaries(self.pack, self.level), [self.codes[place] for place in places])

    def _bounds(self) -> NDArray[np.float64]:
        if self.kind == "full":
            return _full_bounds(self.store.boundaries(self.pack, self.level), tuple(self.codes))
        return shapely.bounds(self._simplified())


def _sound(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return geometries that are valid, have outer rings counter-clockwise (RFC 7946), and are None where empty."""
    shapes = np.where(shapely.is_empty(shapes), None, shapes)
    wrong = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes[wrong] = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
    return shapely.orient_polygons(shapes)


@lru_cache(maxsize=16)
def _map_shapes(
    build: tuple[Path, str, str], level: str, detail: int, codes: tuple[str, ...]
) -> NDArray[np.object_]:
    root, pack, version = build
    packed = OneBuild(EmbeddedStore(root), {pack: version}).map_geometry(pack, level, detail)
    frame = pyogrio.read_dataframe(io.BytesIO(gzip.decompress(packed)), columns=["code"])
    found = dict(zip(frame["code"], frame.geometry, strict=True))
    shapes = np.array([found.get(code) for code in codes], dtype=object)
    return _sound(shapely.transform(shapes, lambda points: np.round(points, DECIMALS["degrees"])))


def _stored(boundaries: Path, codes: Sequence[str]) -> NDArray[np.object_]:
    rows = ds.dataset(boundaries).to_table(columns=["code", "geometry"], filter=ds.field("code").isin(list(codes)))
    found = dict(zip(rows["code"].to_pylist(), rows["geometry"].to_pylist(), strict=True))
    return np.array([found.get(code) for code in codes], dtype=object)


@lru_cache(maxsize=32)
def _full_bounds(boundaries: Path, codes: tuple[str, ...]) -> NDArray[np.float64]:
    box = {}
    for batch in ds.dataset(boundaries).to_batches(columns=["code", "geometry"], batch_size=AT_ONCE):
        corners = shapely.bounds(shapely.from_wkb(batch["geometry"].to_numpy(zero_copy_only=False)))
        box.update(zip(batch["code"].to_pylist(), corners, strict=True))
    return np.array([box[code] for code in codes])
