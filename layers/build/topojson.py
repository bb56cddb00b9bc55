"""Encode polygons as quantised TopoJSON, which a browser reads and gzip shrinks well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

__all__ = ["encode", "encode_shapes"]


def encode(geometry: gpd.GeoSeries, properties: list[dict[str, Any]], *, steps_per_degree: int = 1000) -> bytes:
    """Return a TopoJSON topology with one object, ``units``.

    Rings are delta-encoded arcs on a grid, so that both sides of a shared border fall on the same points. Arcs are not
    shared between neighbours: the gain after gzip is small, and the encoder stays readable.

    Parameters
    ----------
    geometry
        n polygons or multipolygons in degrees.
    properties
        n dicts.
    steps_per_degree
        Fineness of the grid; 1000 is about 100 m.

    Returns
    -------
    bytes
        JSON in UTF-8.
    """
    bounds = geometry.total_bounds
    arcs: list[list[list[int]]] = []
    shapes = []
    for shape, facts in zip(geometry, properties, strict=True):
        polygons = []
        for part in shapely.get_parts(shape):
            rings = [_arc(ring, bounds[0], bounds[1], steps_per_degree) for ring in shapely.get_rings(part)]
            if rings and len(rings[0]) >= 4:
                kept = [ring for ring in rings if len(ring) >= 4]
                polygons.append([[len(arcs) + number] for number in range(len(kept))])
                arcs.extend(kept)
        shapes.append({"type": "MultiPolygon", "arcs": polygons, "properties": facts})
    step = 1 / steps_per_degree
    topology = {
        "type": "Topology",
        "transform": {"scale": [step, step], "translate": [float(bounds[0]), float(bounds[1])]},
        "objects": {"units": {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": arcs,
    }
    return json.dumps(topology, ensure_ascii=False, separators=(",", ":")).encode()


def encode_shapes(shapes: Mapping[str, shapely.Geometry], *, steps_per_degree: int) -> bytes:
    """Return a TopoJSON topology with one object for each shape, a multipolygon or multilinestring, on such a grid."""
    arcs: list[list[list[int]]] = []

    def kept(line: shapely.Geometry, least: int) -> list[list[int]]:
        arc = _arc(line, 0.0, 0.0, steps_per_degree)
        if len(arc) < least:
            return []
        arcs.append(arc)
        return [[len(arcs) - 1]]

    objects: dict[str, dict[str, Any]] = {}
    for name, shape in shapes.items():
        parts = shapely.get_parts(shape)
        if shapely.get_dimensions(shape) == 2:
            polygons = [[at for ring in shapely.get_rings(part) for at in kept(ring, 4)] for part in parts]
            objects[name] = {"type": "MultiPolygon", "arcs": [one for one in polygons if one]}
        else:
            objects[name] = {"type": "MultiLineString", "arcs": [at for part in parts for at in kept(part, 2)]}
    step = 1 / steps_per_degree
    transform = {"scale": [step, step], "translate": [0, 0]}
    topology = {"type": "Topology", "transform": transform, "objects": objects, "arcs": arcs}
    return json.dumps(topology, separators=(",", ":")).encode()


def _arc(ring: shapely.Geometry, west: float, south: float, steps: int) -> list[list[int]]:
    points = np.rint((shapely.get_coordinates(ring) - (west, south)) * steps).astype(np.int64)
    moved = np.any(np.diff(points, axis=0) != 0, axis=1)
    points = points[np.concatenate([[True], moved])]
    return np.vstack([points[:1], np.diff(points, axis=0)]).tolist()
