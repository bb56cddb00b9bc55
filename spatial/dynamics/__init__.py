"""Who moves: status, spells, transitions, trends, clusters and warnings over unit × year panels."""

from fuping.spatial.dynamics.clusters import (
    GlobalAutocorrelation,
    LocalClusters,
    global_autocorrelation,
    local_getis_ord,
    local_moran,
)
from fuping.spatial.dynamics.convergence import BetaConvergence, SigmaConvergence, beta_convergence, sigma_convergence
from fuping.spatial.dynamics.emerging import EmergingSpots, emerging_category, emerging_spots
from fuping.spatial.dynamics.forecast import BackTest, alarm_rates, back_test, forecast
from fuping.spatial.dynamics.lag import spatial_lag
from fuping.spatial.dynamics.mobility import RankChange, long_run, mobility, rank_change
from fuping.spatial.dynamics.panel import PanelError, read_panel
from fuping.spatial.dynamics.persistence import ChronicPoverty, chronic_poverty, persistent_poverty
from fuping.spatial.dynamics.polarisation import esteban_ray, polarisation_by_year, wolfson
from fuping.spatial.dynamics.spatial_transitions import SpatialMarkov, lisa_transitions, quadrants, spatial_markov
from fuping.spatial.dynamics.spells import ExitComparison, ExitCurve, compare_exits, exit_curve, spells
from fuping.spatial.dynamics.status import CHINA_EXIT_2016, StatusHistory, StatusRule, status_history
from fuping.spatial.dynamics.targets import pace_to_target
from fuping.spatial.dynamics.transitions import (
    HomogeneityTest,
    TransitionMatrix,
    classes_by_breaks,
    compare_transitions,
    pooled_quantiles,
    quantile_classes,
    transition_matrix,
)
from fuping.spatial.dynamics.trend import critical_value, mann_kendall, trend_break
from fuping.spatial.dynamics.warning import AlertLine, Alerts, alerts, exceedance
from fuping.spatial.dynamics.watch import WatchList, watch_list

__all__ = [
    "CHINA_EXIT_2016",
    "AlertLine",
    "Alerts",
    "BackTest",
    "BetaConvergence",
    "ChronicPoverty",
    "EmergingSpots",
    "ExitComparison",
    "ExitCurve",
    "GlobalAutocorrelation",
    "HomogeneityTest",
    "LocalClusters",
    "PanelError",
    "RankChange",
    "SigmaConvergence",
    "SpatialMarkov",
    "StatusHistory",
    "StatusRule",
    "TransitionMatrix",
    "WatchList",
    "alarm_rates",
    "alerts",
    "back_test",
    "beta_convergence",
    "chronic_poverty",
    "classes_by_breaks",
    "compare_exits",
    "compare_transitions",
    "critical_value",
    "emerging_category",
    "emerging_spots",
    "esteban_ray",
    "exceedance",
    "exit_curve",
    "forecast",
    "global_autocorrelation",
    "lisa_transitions",
    "local_getis_ord",
    "local_moran",
    "long_run",
    "mann_kendall",
    "mobility",
    "pace_to_target",
    "persistent_poverty",
    "polarisation_by_year",
    "pooled_quantiles",
    "quadrants",
    "quantile_classes",
    "rank_change",
    "read_panel",
    "sigma_convergence",
    "spatial_lag",
    "spatial_markov",
    "spells",
    "status_history",
    "transition_matrix",
    "trend_break",
    "watch_list",
    "wolfson",
]
