"""How figures are shown, without any plotting library: class breaks, colours, legends."""

from fuping.spatial.cartography.classify import SCHEMES, Classification, Scheme, classify
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

__all__ = [
    "DIRECTIONS",
    "SCHEMES",
    "STATUS_COLOURS",
    "Classification",
    "LegendEntry",
    "Ramp",
    "Scheme",
    "bivariate",
    "classify",
    "diverging",
    "legend_entries",
    "printable_decimals",
    "qualitative",
    "sequential",
]
