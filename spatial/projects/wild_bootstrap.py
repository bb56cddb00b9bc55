"""The difference in differences with few clusters, tested by a wild bootstrap (Cameron, Gelbach and Miller 2008)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from diff_diff import wild_bootstrap_se
from fuping.spatial.inference import Estimate, check_confidence
from fuping.spatial.projects.design import check_design
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.event_study import refuse_weights_and_covariates
from fuping.spatial.projects.panel import Panel

__all__ = ["FEWEST_CLUSTERS", "Signs", "WildBootstrap", "wild_cluster_bootstrap"]

Signs = Literal["rademacher", "webb"]
"""What residuals of a cluster are multiplied with: 1 or −1, or one of six numbers."""

FEWEST_CLUSTERS = 5
"""Clusters below which there are too few ways to draw signs for a p-value of 0.05: 2 to the power 4 is 16."""

FEW_SIGNS = 12
"""Clusters below which six weights are drawn instead of two (Webb 2023, Canadian J. Economics 56, 839–858)."""


@dataclass(frozen=True)
class WildBootstrap:
    """The coefficient of the treatment, and what may be said of it with few clusters.

    Parameters
    ----------
    overall
        The coefficient with the interval of effects that the bootstrap does not reject; ``se`` is the usual clustered
        one, beside which the interval need not be symmetric.
    p_value
        Of no effect.
    clusters, treated_clusters
        How many there are, and how many have a treated unit.
    """

    overall: Estimate
    p_value: float
    clusters: int
    treated_clusters: int


def wild_cluster_bootstrap(
    panel: Panel, *, signs: Signs | None = None, draws: int = 999, seed: int = 0, confidence: float = 0.95
) -> WildBootstrap:
    r"""Estimate the two-way fixed effects coefficient of the treatment, and bootstrap it by cluster.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`, with clusters, without covariates and weights.
    signs
        What residuals are multiplied with; ``None``: ``"webb"`` below twelve clusters, else ``"rademacher"``.
    draws, seed
        Of the bootstrap; where there are no more than so many combinations of two signs, all are gone through.
    confidence
        Of the interval.

    Raises
    ------
    DesignError
        The design identifies nothing, the panel has no clusters or fewer than five, all or none of the clusters have a
        treated unit, or the panel has covariates or weights.

    Notes
    -----
    :math:`Y_{it} = \alpha_i + \lambda_t + \tau D_{it} + e_{it}`. Residuals of the model without :math:`D` are turned by
    a random weight for each cluster, and :math:`\tau` is tested anew: the restricted wild cluster bootstrap of Cameron,
    Gelbach and Miller (2008), Review of Economics and Statistics 90, 414–427, by diff-diff. With few treated clusters
    it rejects too seldom (MacKinnon and Webb 2018). With several first periods of treatment the coefficient is a
    mixture; see :func:`~fuping.spatial.projects.goodman_bacon.goodman_bacon`.
    """
    check_confidence(confidence)
    refuse_weights_and_covariates(panel, "The wild bootstrap")
    check_design(panel, control="not_yet_treated")
    if panel.clusters is None:
        raise DesignError("The panel has no clusters.", remedy="Read it with cluster=.", code="no_clusters")
    n = int(panel.clusters.max()) + 1
    treated = len(np.unique(panel.clusters[~panel.never_treated]))
    if n < FEWEST_CLUSTERS:
        raise DesignError(
            f"There are {n} clusters.",
            remedy=f"Give at least {FEWEST_CLUSTERS}, or cluster by finer areas.",
            code="few_clusters",
            n=n,
            least=FEWEST_CLUSTERS,
        )
    inside = panel.periods.to_numpy()[None, :] >= panel.cohort[:, None]
    units, t = panel.outcome.shape
    # Units lie within clusters, so that taking their means out first changes nothing (Frisch and Waugh).
    y, d = (_around_means(values) for values in (panel.outcome, inside.astype(float)))
    periods = _around_means(np.broadcast_to(np.eye(t)[1:, None, :], (t - 1, units, t)))
    x = np.column_stack([d.reshape(-1), periods.reshape(t - 1, -1).T])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = wild_bootstrap_se(
            x,
            y.reshape(-1),
            np.zeros(units * t),
            np.repeat(panel.clusters, t),
            0,
            n_bootstrap=draws,
            weight_type=signs or ("webb" if n < FEW_SIGNS else "rademacher"),
            alpha=1 - confidence,
            seed=seed,
        )
    coefficient = float(np.linalg.lstsq(x, y.reshape(-1), rcond=None)[0][0])
    overall = Estimate(
        coefficient,
        float(found.ci_lower),
        float(found.ci_upper),
        float(found.se),
        units,
        confidence,
        "wild cluster bootstrap",
    )
    return WildBootstrap(overall, float(found.p_value), n, treated)


def _around_means(values: np.ndarray) -> np.ndarray:
    """Return values less the mean over the last axis, a unit's periods."""
    return np.asarray(values - values.mean(axis=-1, keepdims=True))
