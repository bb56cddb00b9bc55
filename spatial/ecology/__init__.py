"""How safe the land: soil loss, dryness, vegetation trends, land-cover change, and a graded index."""

from fuping.spatial.ecology.change import LandCoverChange, cell_trends, land_cover_change
from fuping.spatial.ecology.indicators import (
    ARIDITY_CLASSES,
    EcologyError,
    aridity_class,
    aridity_index,
    cover_factor,
    modified_fournier,
    rainfall_erosivity,
    slope_length_factor,
    slope_steepness_factor,
    soil_erodibility,
    soil_loss,
)
from fuping.spatial.ecology.safety import SafetyIndex, safety_index

__all__ = [
    "ARIDITY_CLASSES",
    "EcologyError",
    "LandCoverChange",
    "SafetyIndex",
    "aridity_class",
    "aridity_index",
    "cell_trends",
    "cover_factor",
    "land_cover_change",
    "modified_fournier",
    "rainfall_erosivity",
    "safety_index",
    "slope_length_factor",
    "slope_steepness_factor",
    "soil_erodibility",
    "soil_loss",
]
