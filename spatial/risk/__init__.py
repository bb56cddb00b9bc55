"""What threatens: hazards, what is exposed to them, how it is hurt, and what that means for the poor.

The function ``impact`` is imported from its own module, which it would hide; so are those of ``drought``, which load
a library of their own, and those of ``flood``, ``landslides`` and ``seismicity``.
"""

from fuping.spatial.risk.earthquakes import BAKUN_WENTWORTH_1997, Attenuation, GutenbergRichter, gutenberg_richter
from fuping.spatial.risk.errors import HazardError, ImpactError, RiskError
from fuping.spatial.risk.exposure import exposed_people, exposure_bias, exposure_by_group
from fuping.spatial.risk.hazard import (
    Hazard,
    at_return_periods,
    exceedance_curve,
    plotting_positions,
    probability_within,
)
from fuping.spatial.risk.impact import Impact
from fuping.spatial.risk.inform import InformRisk, high_driven_mean, inform_risk
from fuping.spatial.risk.resilience import Resilience, consumption_multiplier, socioeconomic_resilience
from fuping.spatial.risk.storms import holland_b_1980, holland_b_2008, holland_wind, track_wind
from fuping.spatial.risk.vulnerability import VulnerabilityFunction, emanuel_2011, vulnerability_functions

__all__ = [
    "BAKUN_WENTWORTH_1997",
    "Attenuation",
    "GutenbergRichter",
    "Hazard",
    "HazardError",
    "Impact",
    "ImpactError",
    "InformRisk",
    "Resilience",
    "RiskError",
    "VulnerabilityFunction",
    "at_return_periods",
    "consumption_multiplier",
    "emanuel_2011",
    "exceedance_curve",
    "exposed_people",
    "exposure_bias",
    "exposure_by_group",
    "gutenberg_richter",
    "high_driven_mean",
    "holland_b_1980",
    "holland_b_2008",
    "holland_wind",
    "inform_risk",
    "plotting_positions",
    "probability_within",
    "socioeconomic_resilience",
    "track_wind",
    "vulnerability_functions",
]
