"""Geometry that can be used: a known CRS, valid polygons, borders that meet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.spatial.errors import CRSError

__all__ = [
    "CoverageReport",
    "GeometryFault",
    "GeometryReport",
    "check_coverage",
    "check_geometry",
    "repair_geometry",
    "require_crs",
]


@dataclass(frozen=True)
class GeometryFault:
    """One unit's geometry, and what is wrong with it."""

    code: str
    kind: Literal["null", "empty", "invalid", "not_polygon", "duplicated_code"]
    detail: str = ""


@dataclass(frozen=True)
class GeometryReport:
    """What was found in n geometries."""

    n: int
    null: tuple[GeometryFault, ...] = ()
    empty: tuple[GeometryFault, ...] = ()
    invalid: tuple[GeometryFault, ...] = ()
    not_polygon: tuple[GeometryFault, ...] = ()
    duplicated: tuple[GeometryFault, ...] = ()

    @property
    def faults(self) -> tuple[GeometryFault, ...]:
        """Every fault, by kind."""
        return self.null + self.empty + self.invalid + self.not_polygon + self.duplicated

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain lists, dicts, numbers and text."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"{len(self.faults)} faults in {self.n} geometries"]
        return "\n".join(lines + [f"  {one.code}: {one.kind} {one.detail}".rstrip() for one in self.faults])


@dataclass(frozen=True)
class CoverageReport:
    """Where polygons that should tile an area do not meet.

    Parameters
    ----------
    n
        Polygons.
    unmatched_edges
        Index labels of the polygons with an edge that its neighbour does not share.
    overlaps
        (label, label, area in squared units of the CRS) of polygons that overlap.
    gaps
        Areas of the holes that no polygon fills, up to the size asked for.
    """

    n: int
    unmatched_edges: tuple[object, ...]
    overlaps: tuple[tuple[object, object, float], ...]
    gaps: tuple[float, ...]

    @property
    def ok(self) -> bool:
        """Whether the polygons meet without overlap or gap."""
        return not (self.unmatched_edges or self.overlaps or self.gaps)


def require_crs(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    """Refuse geometry whose CRS is missing, or cannot be the one it says.

    Raises
    ------
    CRSError
        No CRS; degrees beyond ±180 or ±90 (metres labelled as degrees); or a projected CRS whose coordinates all
        look like degrees.
    """
    if frame.crs is None:
        raise CRSError(
            "The geometry has no CRS, so its coordinates have no meaning.",
            remedy="Declare it (GeoDataFrame.set_crs, or the layer's crs) after reading the file's documentation.",
        )
    west, south, east, north = frame.total_bounds
    if not np.isfinite([west, south, east, north]).all():
        return
    degrees = west >= -180.001 and east <= 180.001 and south >= -90.001 and north <= 90.001
    found = f"x from {west:.6g} to {east:.6g}, y from {south:.6g} to {north:.6g}"
    if frame.crs.is_geographic and not degrees and not (west >= -0.001 and east <= 360.001 and north <= 90.001):
        raise CRSError(
            f"The CRS is {frame.crs.name} in degrees, but {found}.",
            remedy="These are projected coordinates: declare the projection they are in.",
            bounds=(west, south, east, north),
        )
    if frame.crs.is_projected and degrees:
        raise CRSError(
            f"The CRS is {frame.crs.name} in {frame.crs.axis_info[0].unit_name}s, but {found}.",
            remedy="These look like degrees: declare EPSG:4326 (or the geographic CRS of the source).",
            bounds=(west, south, east, north),
        )


def check_geometry(frame: gpd.GeoDataFrame, *, code: str = "code") -> GeometryReport:
    """Find null, empty, invalid and non-polygonal geometry, and codes that stand twice.

    Parameters
    ----------
    code
        Column that names the units.
    """
    shapes = frame.geometry.to_numpy()
    codes = frame[code].astype(str).to_numpy()
    null = shapely.is_missing(shapes)
    empty = ~null & shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    other = ~null & ~empty & ~np.isin(kinds, [3, 6])
    invalid = ~null & ~empty & ~shapely.is_valid(shapes)
    why = shapely.is_valid_reason(shapes[invalid])
    counts = pd.Series(codes).value_counts()

    def named(mask: np.ndarray, kind: Any) -> tuple[GeometryFault, ...]:
        return tuple(GeometryFault(one, kind) for one in codes[mask])

    return GeometryReport(
        n=len(frame),
        null=named(null, "null"),
        empty=named(empty, "empty"),
        invalid=tuple(GeometryFault(one, "invalid", str(told)) for one, told in zip(codes[invalid], why, strict=True)),
        not_polygon=tuple(
            GeometryFault(one, "not_polygon", str(shape.geom_type))
            for one, shape in zip(codes[other], shapes[other], strict=True)
        ),
        duplicated=tuple(
            GeometryFault(str(one), "duplicated_code", f"{n} times")
            for one, n in counts[counts > 1].sort_index().items()
        ),
    )


def repair_geometry(frame: gpd.GeoDataFrame, *, code: str = "code") -> tuple[gpd.GeoDataFrame, GeometryReport]:
    """Make invalid polygons valid, keeping their polygonal parts; no row is lost.

    Null and empty geometry stays as it is, and the report names it.

    Returns
    -------
    (geopandas.GeoDataFrame, GeometryReport)
        The report's ``invalid`` tells the reason and the relative change of area.
    """
    report = check_geometry(frame, code=code)
    shapes = frame.geometry.to_numpy().copy()
    bad = ~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)
    if not bad.any():
        return frame.copy(), report
    mended = np.array([_polygonal(shape) for shape in shapely.make_valid(shapes[bad])], dtype=object)
    before, after = shapely.area(shapes[bad]), shapely.area(mended)
    change = np.divide(after - before, before, out=np.zeros_like(before), where=before > 0)
    shapes[bad] = mended
    told = tuple(
        GeometryFault(fault.code, "invalid", f"{fault.detail}; made valid, area changed by {part:.2%}")
        for fault, part in zip(report.invalid, change, strict=True)
    )
    result = frame.copy()
    result[frame.geometry.name] = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
    kept = {name: getattr(report, name) for name in ("n", "null", "empty", "not_polygon", "duplicated")}
    return result, GeometryReport(**kept, invalid=told)


def _polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shape if shape.geom_type in ("Polygon", "MultiPolygon") else shapely.union_all(parts)


def check_coverage(geometry: gpd.GeoSeries, *, largest_gap: float = 0.0) -> CoverageReport:
    """Find where polygons that should tile an area overlap, leave gaps, or do not share their border's vertices.

    Parameters
    ----------
    largest_gap
        Holes of the union up to this area (squared units of the CRS) are gaps; larger ones are lakes or enclaves.
        0: gaps are not looked for.
    """
    shapes = geometry.to_numpy()
    edges = shapely.coverage_invalid_edges(shapes, gap_width=0.0)
    faulty = np.flatnonzero(~shapely.is_missing(edges) & ~shapely.is_empty(edges))
    overlaps: list[tuple[object, object, float]] = []
    if len(faulty):
        left, right = shapely.STRtree(shapes).query(shapes[faulty], predicate="intersects")
        pairs = {tuple(sorted((int(faulty[a]), int(b)))) for a, b in zip(left, right, strict=True) if faulty[a] != b}
        for a, b in sorted(pairs):
            area = float(shapely.area(shapely.intersection(shapes[a], shapes[b])))
            if area > 0:
                overlaps.append((geometry.index[a], geometry.index[b], area))
    gaps: list[float] = []
    if largest_gap > 0:
        union = shapely.union_all(shapes) if len(faulty) else shapely.coverage_union_all(shapes)
        holes = shapely.get_rings(shapely.get_parts(union))
        inner = (
            [ring for part in shapely.get_parts(union) for ring in shapely.get_rings(part)[1:]] if len(holes) else []
        )
        areas = shapely.area(shapely.polygons(inner)) if inner else np.array([])
        gaps = sorted(float(area) for area in areas if 0 < area <= largest_gap)
    return CoverageReport(len(shapes), tuple(geometry.index[faulty]), tuple(overlaps), tuple(gaps))
