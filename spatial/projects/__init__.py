"""What was done where, whom it reached, and what it changed."""

from fuping.spatial.projects.aggregation import Aggregation, Combined, aggregate
from fuping.spatial.projects.allocation import Rule, allocate
from fuping.spatial.projects.balance import Overlap, balance_table, propensity_overlap
from fuping.spatial.projects.border import BorderDistances, border_distances
from fuping.spatial.projects.catchment import (
    catchment_shares,
    catchment_table,
    circles_around,
    ground_on_foot,
    shares_within,
)
from fuping.spatial.projects.conley import Kernel, conley_covariance, conley_standard_errors
from fuping.spatial.projects.coverage import Coverage, Measure, cover
from fuping.spatial.projects.density import DensityTest, check_sides, density_test
from fuping.spatial.projects.design import Control, Notice, NoticeCode, check_design
from fuping.spatial.projects.did import BasePeriod, GroupTimeEffects, Method, group_time_effects, two_period_effect
from fuping.spatial.projects.discontinuity import Discontinuity, discontinuity, discontinuity_balance
from fuping.spatial.projects.errors import (
    AllocationError,
    DesignError,
    ProjectError,
    SpatialCovarianceError,
    TargetingError,
)
from fuping.spatial.projects.event_study import EventStudy, event_study, sun_abraham
from fuping.spatial.projects.goodman_bacon import Comparison, Decomposition, goodman_bacon
from fuping.spatial.projects.honest import HonestBounds, honest_bounds
from fuping.spatial.projects.influence import Influence, WaldTest, direction
from fuping.spatial.projects.locations import Located, LocationKind, locate
from fuping.spatial.projects.matched_did import MatchedDifference, matched_did
from fuping.spatial.projects.matching import Matches, Metric, match_nearest, matched_effect
from fuping.spatial.projects.money import convert, deflate
from fuping.spatial.projects.panel import Panel, first_treated_from_status, read_panel
from fuping.spatial.projects.project_list import check_projects
from fuping.spatial.projects.reach import coverage_table, gaps, intensity, programme_overlap
from fuping.spatial.projects.simulation import Simulation, TargetingRule, simulate_transfer
from fuping.spatial.projects.spillover import Spillover, exposure_rings, spillover_effects
from fuping.spatial.projects.synthetic_control import SyntheticControl, synthetic_control
from fuping.spatial.projects.synthetic_did import SyntheticDifference, Variance, check_weighting, synthetic_did
from fuping.spatial.projects.targeting import (
    RocCurve,
    Targeting,
    assess_targeting,
    coady_grosh_hoddinott,
    concentration_curve,
    concentration_index,
    roc_curve,
)
from fuping.spatial.projects.wild_bootstrap import WildBootstrap, wild_cluster_bootstrap

__all__ = [
    "Aggregation",
    "AllocationError",
    "BasePeriod",
    "BorderDistances",
    "Combined",
    "Comparison",
    "Control",
    "Coverage",
    "Decomposition",
    "DensityTest",
    "DesignError",
    "Discontinuity",
    "EventStudy",
    "GroupTimeEffects",
    "HonestBounds",
    "Influence",
    "Kernel",
    "Located",
    "LocationKind",
    "MatchedDifference",
    "Matches",
    "Measure",
    "Method",
    "Metric",
    "Notice",
    "NoticeCode",
    "Overlap",
    "Panel",
    "ProjectError",
    "RocCurve",
    "Rule",
    "Simulation",
    "SpatialCovarianceError",
    "Spillover",
    "SyntheticControl",
    "SyntheticDifference",
    "Targeting",
    "TargetingError",
    "TargetingRule",
    "Variance",
    "WaldTest",
    "WildBootstrap",
    "aggregate",
    "allocate",
    "assess_targeting",
    "balance_table",
    "border_distances",
    "catchment_shares",
    "catchment_table",
    "check_design",
    "check_projects",
    "check_sides",
    "check_weighting",
    "circles_around",
    "coady_grosh_hoddinott",
    "concentration_curve",
    "concentration_index",
    "conley_covariance",
    "conley_standard_errors",
    "convert",
    "cover",
    "coverage_table",
    "deflate",
    "density_test",
    "direction",
    "discontinuity",
    "discontinuity_balance",
    "event_study",
    "exposure_rings",
    "first_treated_from_status",
    "gaps",
    "goodman_bacon",
    "ground_on_foot",
    "group_time_effects",
    "honest_bounds",
    "intensity",
    "locate",
    "match_nearest",
    "matched_did",
    "matched_effect",
    "programme_overlap",
    "propensity_overlap",
    "read_panel",
    "roc_curve",
    "shares_within",
    "simulate_transfer",
    "spillover_effects",
    "sun_abraham",
    "synthetic_control",
    "synthetic_did",
    "two_period_effect",
    "wild_cluster_bootstrap",
]
