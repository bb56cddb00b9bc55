"""How poor: lines, measures with survey standard errors, decompositions, deprivations, small areas."""

from fuping.spatial.poverty.benchmarking import benchmark
from fuping.spatial.poverty.counting import deprivation_scores, deprivations, nested_weights, normalised_gaps
from fuping.spatial.poverty.decompose import decompose_by_group, decompose_inequality
from fuping.spatial.poverty.deprivation import DeprivationIndex, deprivation_index, rank_ranges
from fuping.spatial.poverty.diagnostics import Diagnostics, diagnose
from fuping.spatial.poverty.errors import DesignError, LineError, ModelError, PovertyError
from fuping.spatial.poverty.estimate import Estimate, Inference, difference
from fuping.spatial.poverty.fgt import (
    foster_greer_thorbecke,
    headcount_ratio,
    poor_population,
    poverty_gap,
    sen_index,
    sen_shorrocks_thon_index,
    severity,
    watts_index,
)
from fuping.spatial.poverty.growth import GrowthRedistribution, growth_redistribution
from fuping.spatial.poverty.inequality import (
    atkinson,
    generalised_entropy,
    gini,
    lorenz_curve,
    quantile_ratio,
    share_ratio,
    theil_l,
    theil_t,
)
from fuping.spatial.poverty.lines import (
    INTERNATIONAL_LINES,
    DatedValue,
    InternationalLine,
    PovertyLine,
    RelativeLine,
    deflate,
    in_local_currency,
    international_line,
)
from fuping.spatial.poverty.microdata import fgt_by_unit
from fuping.spatial.poverty.multidimensional import (
    AlkireFoster,
    alkire_foster,
    alkire_foster_by_group,
    change_over_time,
)
from fuping.spatial.poverty.quantiles import quantile
from fuping.spatial.poverty.robustness import Robustness, Scenario, assess_robustness
from fuping.spatial.poverty.sectors import SectoralChange, sector_components, sectoral_change
from fuping.spatial.poverty.small_area import FayHerriot, direct_estimates, fay_herriot, synthetic_estimates
from fuping.spatial.poverty.spatial_area import SpatialFayHerriot, spatial_fay_herriot
from fuping.spatial.poverty.survey import by_group, population_mean, population_total

__all__ = [
    "INTERNATIONAL_LINES",
    "AlkireFoster",
    "DatedValue",
    "DeprivationIndex",
    "DesignError",
    "Diagnostics",
    "Estimate",
    "FayHerriot",
    "GrowthRedistribution",
    "Inference",
    "InternationalLine",
    "LineError",
    "ModelError",
    "PovertyError",
    "PovertyLine",
    "RelativeLine",
    "Robustness",
    "Scenario",
    "SectoralChange",
    "SpatialFayHerriot",
    "alkire_foster",
    "alkire_foster_by_group",
    "assess_robustness",
    "atkinson",
    "benchmark",
    "by_group",
    "change_over_time",
    "decompose_by_group",
    "decompose_inequality",
    "deflate",
    "deprivation_index",
    "deprivation_scores",
    "deprivations",
    "diagnose",
    "difference",
    "direct_estimates",
    "fay_herriot",
    "fgt_by_unit",
    "foster_greer_thorbecke",
    "generalised_entropy",
    "gini",
    "growth_redistribution",
    "headcount_ratio",
    "in_local_currency",
    "international_line",
    "lorenz_curve",
    "nested_weights",
    "normalised_gaps",
    "poor_population",
    "population_mean",
    "population_total",
    "poverty_gap",
    "quantile",
    "quantile_ratio",
    "rank_ranges",
    "sector_components",
    "sectoral_change",
    "sen_index",
    "sen_shorrocks_thon_index",
    "severity",
    "share_ratio",
    "spatial_fay_herriot",
    "synthetic_estimates",
    "theil_l",
    "theil_t",
    "watts_index",
]
