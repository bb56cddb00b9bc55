"""Where: units and their codes, geometry, levels and vintages, and what is joined or carried between them.

The functions ``crosswalk`` and ``transfer`` and the module ``neighbours`` are imported from their own modules: the
first two would hide theirs, and neighbours load a library that joins do without.
"""

from fuping.spatial.boundaries.codes import NormalisedCodes, normalise_codes
from fuping.spatial.boundaries.coverage import area_km2, simplify_coverage
from fuping.spatial.boundaries.crosswalk import Aggregation, Crosswalk, Kind, compose, link_kinds, reverse
from fuping.spatial.boundaries.datum import gcj02_to_wgs84, wgs84_to_gcj02_degrees
from fuping.spatial.boundaries.geometry import (
    CoverageReport,
    GeometryFault,
    GeometryReport,
    check_coverage,
    check_geometry,
    has_no_shape,
    repair_geometry,
    require_crs,
    require_polygons,
)
from fuping.spatial.boundaries.hierarchy import RollUp, check_hierarchy, roll_up
from fuping.spatial.boundaries.interpolate import Partial, areal_crosswalk
from fuping.spatial.boundaries.join import areas_in_units, key_join, points_in_units
from fuping.spatial.boundaries.lines import length_km, lines_in_units
from fuping.spatial.boundaries.overlay import equal_area_units, overlap_table, unit_at, without_overlaps

__all__ = [
    "Aggregation",
    "CoverageReport",
    "Crosswalk",
    "GeometryFault",
    "GeometryReport",
    "Kind",
    "NormalisedCodes",
    "Partial",
    "RollUp",
    "area_km2",
    "areal_crosswalk",
    "areas_in_units",
    "check_coverage",
    "check_geometry",
    "check_hierarchy",
    "compose",
    "equal_area_units",
    "gcj02_to_wgs84",
    "has_no_shape",
    "key_join",
    "length_km",
    "lines_in_units",
    "link_kinds",
    "normalise_codes",
    "overlap_table",
    "points_in_units",
    "repair_geometry",
    "require_crs",
    "require_polygons",
    "reverse",
    "roll_up",
    "simplify_coverage",
    "unit_at",
    "wgs84_to_gcj02_degrees",
    "without_overlaps",
]
