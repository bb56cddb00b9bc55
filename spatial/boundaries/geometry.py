"""Geometry that can be used: a known CRS, valid polygons, borders that meet."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from fuping.spatial.errors import CodeError, CRSError, GeometryError
from fuping.spatial.wording import worded
from numpy.typing import NDArray

__all__ = [
    "CoverageReport",
    "GeometryFault",
    "GeometryReport",
    "check_coverage",
    "check_geometry",
    "has_no_shape",
    "repair_geometry",
    "require_crs",
    "require_equal_area",
    "require_polygons",
]


@dataclass(frozen=True)
class GeometryFault:
    """One unit's geometry, and what is wrong with it."""

    code: str
    kind: Literal["null", "empty", "invalid", "not_polygon", "duplicated_code", "no_code"]
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
    no_code: tuple[GeometryFault, ...] = ()

    @property
    def faults(self) -> tuple[GeometryFault, ...]:
        """Every fault, by kind."""
        return self.null + self.empty + self.invalid + self.not_polygon + self.duplicated + self.no_code

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
        Polygons, those null or empty included.
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
        No CRS; degrees beyond ±180 (or 0–360) or ±90 (metres labelled as degrees); or a projected CRS whose
        coordinates all look like degrees.
    """
    if frame.crs is None:
        raise CRSError(
            worded("The geometry has no CRS, so its coordinates have no meaning."),
            remedy=worded(
                "Declare it (GeoDataFrame.set_crs, or the layer's crs) after reading the file's documentation."
            ),
        )
    west, south, east, north = frame.total_bounds
    if not np.isfinite([west, south, east, north]).all():
        return
    signed = west >= -180.001 and east <= 180.001 and south >= -90.001 and north <= 90.001
    eastward = west >= -0.001 and east <= 360.001 and south >= -90.001 and north <= 90.001
    found = worded(
        "x from {west:.6g} to {east:.6g}, y from {south:.6g} to {north:.6g}",
        west=west,
        east=east,
        south=south,
        north=north,
    )
    if frame.crs.is_geographic and not (signed or eastward):
        raise CRSError(
            worded("The CRS is {crs} in degrees, but {found}.", crs=frame.crs.name, found=found),
            remedy=worded("These are projected coordinates: declare the projection they are in."),
            bounds=(west, south, east, north),
        )
    if frame.crs.is_projected and signed:
        raise CRSError(
            worded(
                "The CRS is {crs} in {unit}s, but {found}.",
                crs=frame.crs.name,
                unit=frame.crs.axis_info[0].unit_name,
                found=found,
            ),
            remedy=worded("These look like degrees: declare EPSG:4326 (or the geographic CRS of the source)."),
            bounds=(west, south, east, north),
        )


def _codes(frame: gpd.GeoDataFrame, code: str) -> NDArray[np.object_]:
    if code not in frame.columns:
        columns = ", ".join(str(name) for name in frame.columns if name != frame.geometry.name)
        raise CodeError(f"There is no column {code!r} of codes.", remedy=f"Name it; the columns are {columns}.")
    return frame[code].astype("string").fillna("").to_numpy(dtype=object)


def require_polygons(frame: gpd.GeoDataFrame, *, code: str) -> None:
    """Refuse units that cannot be overlaid: invalid, no polygons, or without a code of their own; null is allowed.

    Raises
    ------
    CRSError
        See :func:`require_crs`.
    GeometryError
        Geometry that is invalid, or no polygon.
    CodeError
        A code stands twice or is missing, or there is no such column.
    """
    require_crs(frame)
    report = check_geometry(frame, code=code)
    named = "; ".join(f"{one.code}: {one.detail}" for one in (report.not_polygon or report.invalid)[:10])
    if report.not_polygon:
        raise GeometryError(
            worded(
                "{n_faults} of {n} geometries are not polygons: {named}.",
                n_faults=len(report.not_polygon),
                n=len(frame),
                named=named,
            ),
            remedy=worded("Give polygons."),
        )
    if report.invalid:
        raise GeometryError(
            worded(
                "{n_faults} of {n} geometries are invalid: {named}.",
                n_faults=len(report.invalid),
                n=len(frame),
                named=named,
            ),
            remedy=worded("Mend them with repair_geometry first."),
        )
    if report.no_code:
        named = ", ".join(one.detail for one in report.no_code[:10])
        raise CodeError(
            worded("{n} units have no code: {named}.", n=len(report.no_code), named=named),
            remedy=worded("Give each unit its code."),
        )
    if report.duplicated:
        named = ", ".join(f"{one.code} ({one.detail})" for one in report.duplicated[:10])
        raise CodeError(
            worded("{n} codes stand twice: {named}.", n=len(report.duplicated), named=named),
            remedy=worded("Dissolve them by code first."),
        )


def require_equal_area(crs: str) -> None:
    """Refuse to measure areas in a projection that does not keep them.

    Raises
    ------
    CRSError
        The projection's method is not an equal-area one.
    """
    operation = pyproj.CRS(crs).coordinate_operation
    method = "no projection" if operation is None else operation.method_name
    if "Equal Area" not in method:
        raise CRSError(
            f"Areas cannot be measured in {crs}, which is {method}.",
            remedy="Choose an equal-area projection: EPSG:6933, or a regional Albers or Lambert one.",
        )


def check_geometry(frame: gpd.GeoDataFrame, *, code: str = "code") -> GeometryReport:
    """Find null, empty, invalid and non-polygonal geometry, and codes that are missing or stand twice.

    Parameters
    ----------
    code
        Column that names the units.

    Raises
    ------
    CodeError
        There is no such column.
    """
    shapes = frame.geometry.to_numpy()
    codes = _codes(frame, code)
    null = shapely.is_missing(shapes)
    empty = ~null & shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    other = ~null & ~empty & ~np.isin(kinds, [3, 6])
    invalid = ~null & ~empty & ~shapely.is_valid(shapes)
    why = shapely.is_valid_reason(shapes[invalid])
    counts = pd.Series(codes[codes != ""]).value_counts()

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
        no_code=tuple(GeometryFault("", "no_code", f"row {label}") for label in frame.index[codes == ""]),
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
    told = tuple(
        GeometryFault(fault.code, "invalid", f"{fault.detail}; {_change(before, after)}")
        for fault, before, after in zip(report.invalid, shapely.area(shapes[bad]), shapely.area(mended), strict=True)
    )
    shapes[bad] = mended
    result = frame.copy()
    result[frame.geometry.name] = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
    return result, replace(report, invalid=told)


def _polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _change(before: float, after: float) -> str:
    if after == 0:
        return "nothing is left of it that has an area"
    # The signed area of a bow-tie is the difference of its wings, and may be zero.
    return f"made valid, area changed by {(after - before) / before:.2%}" if before > 0 else "made valid"


def has_no_shape(geometry: gpd.GeoSeries) -> NDArray[np.bool_]:
    """Tell which of n geometries are null or empty."""
    shapes = geometry.to_numpy()
    return shapely.is_missing(shapes) | shapely.is_empty(shapes)


def check_coverage(geometry: gpd.GeoSeries, *, largest_gap: float = 0.0) -> CoverageReport:
    """Find where polygons that should tile an area overlap, leave gaps, or do not share their border's vertices.

    Parameters
    ----------
    largest_gap
        Holes of the union up to this area (squared units of the CRS) are gaps; larger ones are lakes or enclaves.
        0: gaps are not looked for.

    Returns
    -------
    CoverageReport
        Null and empty geometry neither overlaps nor leaves a gap; see :func:`check_geometry` for it.

    Raises
    ------
    GeometryError
        Invalid geometry, whose overlaps cannot be measured.
    """
    there = geometry[~has_no_shape(geometry)]
    shapes = there.to_numpy()
    invalid = there.index[~shapely.is_valid(shapes)]
    if len(invalid):
        raise GeometryError(
            f"{len(invalid)} geometries are invalid: {', '.join(str(label) for label in invalid[:10])}.",
            remedy="Mend them with repair_geometry first.",
        )
    edges = shapely.coverage_invalid_edges(shapes, gap_width=0.0)
    faulty = np.flatnonzero(~shapely.is_empty(edges))
    one, other = shapely.STRtree(shapes).query(shapes[faulty], predicate="intersects")
    pairs = sorted({(min(a, b), max(a, b)) for a, b in zip(faulty[one], other, strict=True) if a != b})
    overlaps = []
    for a, b in pairs:
        area = float(shapely.area(shapely.intersection(shapes[a], shapes[b])))
        if area > 0:
            overlaps.append((there.index[a], there.index[b], area))
    gaps: list[float] = []
    if largest_gap > 0:
        holes = [ring for part in shapely.get_parts(shapely.union_all(shapes)) for ring in part.interiors]
        gaps = sorted(area for hole in holes if 0 < (area := shapely.Polygon(hole).area) <= largest_gap)
    return CoverageReport(len(geometry), tuple(there.index[faulty]), tuple(overlaps), tuple(gaps))
