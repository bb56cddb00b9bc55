"""How figures are shown, without any plotting library: class breaks, colours, legends."""

from fuping.spatial.cartography.bivariate import PairClasses, classify_pair
from fuping.spatial.cartography.certainty import unsure_classes
from fuping.spatial.cartography.change import ChangeClasses, classify_change
from fuping.spatial.cartography.classify import OUTSIDE, SCHEMES, Classification, Scheme, classify
from fuping.spatial.cartography.colour import (
    DIRECTIONS,
    STATUS_COLOURS,
    Ramp,
    bivariate,
    diverging,
    qualitative,
    sequential,
)
from fuping.spatial.cartography.legend import LegendEntry, legend_entries, printable_decimals
from fuping.spatial.cartography.symbols import largest_radius, round_sizes

__all__ = [
    "DIRECTIONS",
    "OUTSIDE",
    "SCHEMES",
    "STATUS_COLOURS",
    "ChangeClasses",
    "Classification",
    "LegendEntry",
    "PairClasses",
    "Ramp",
    "Scheme",
    "bivariate",
    "classify",
    "classify_change",
    "classify_pair",
    "diverging",
    "largest_radius",
    "legend_entries",
    "printable_decimals",
    "qualitative",
    "round_sizes",
    "sequential",
    "unsure_classes",
]
