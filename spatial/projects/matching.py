"""Controls alike for each treated unit, and the effect among the pairs (Abadie and Imbens 2006)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.inference import Estimate, check_confidence
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.projects.balance import balance_table, propensity, read_groups
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.influence import estimate
from fuping.spatial.wording import worded
from numpy.typing import NDArray
from scipy.spatial import KDTree

__all__ = ["Matches", "Metric", "local_residuals", "match_nearest", "matched_effect"]

Floats = NDArray[np.float64]

Metric = Literal["propensity", "mahalanobis"]
"""What alike means: the same chance of treatment, or the same covariates, each by its spread and their correlation."""

TIE = 1e-5
"""Squared distances that differ by less are equal, as the R package Matching has it (Sekhon 2011)."""

WITHIN = 2
"""Units of the same group beside which the variance of an outcome is estimated."""


@dataclass(frozen=True, eq=False)
class Matches:
    """The controls nearest to each treated unit.

    Parameters
    ----------
    pairs
        A row for each pair: ``treated``, ``control``, ``distance`` and ``weight``; the weights of a treated unit sum
        to 1. A control may serve several.
    balance
        Of the matched, as :func:`~fuping.spatial.projects.balance.balance_table` gives it.
    report
        Treated units that found a control and those that did not.
    coordinates
        Of each unit, in the units of the distance, indexed as the covariates; shape (n, k).
    """

    pairs: pd.DataFrame
    balance: pd.DataFrame
    report: MatchReport
    coordinates: pd.DataFrame


def match_nearest(
    covariates: pd.DataFrame,
    treated: pd.Series,
    *,
    metric: Metric = "propensity",
    neighbours: int = 1,
    caliper: float | None = None,
) -> Matches:
    r"""Find for each treated unit the controls nearest to it, with replacement.

    Parameters
    ----------
    covariates, treated
        As :func:`~fuping.spatial.projects.balance.propensity_overlap` takes them.
    metric
        ``"propensity"``: standard deviations of the logit of the chance of treatment. ``"mahalanobis"``:
        :math:`\sqrt{(x_i-x_j)'\hat\Sigma^{-1}(x_i-x_j)}`, with :math:`\hat\Sigma` the covariance over all units.
    neighbours
        Controls for each treated unit; more where several are equally near.
    caliper
        Largest distance; treated units without a control so near are left out, and named. None: no limit. For the
        propensity 0.2 is usual: Austin (2011), Pharmaceutical Statistics 10, 150–161.

    Raises
    ------
    DesignError
        As :func:`~fuping.spatial.projects.balance.propensity_overlap`, so also where covariates tell the groups apart;
        the metric is unknown, the caliper is not positive or leaves nobody, or there are fewer controls than
        ``neighbours``.
    """
    if metric not in get_args(Metric):
        raise DesignError(f"The metric {metric!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Metric))}.")
    if caliper is not None and not caliper > 0:
        raise DesignError(f"The caliper is {caliper}.", remedy="Give a distance above zero, or None.")
    x, group = read_groups(covariates, treated)
    if not 1 <= neighbours <= (~group).sum():
        raise DesignError(
            worded(
                "{neighbours} controls are asked for each treated unit; there are {controls}.",
                neighbours=neighbours,
                controls=(~group).sum(),
            ),
            remedy=worded("Ask for one or more, and for no more than there are."),
        )
    place = _coordinates(x, group, metric)
    tree = KDTree(place[~group])
    limit = np.inf if caliper is None else caliper
    nearest = tree.query(place[group], k=[neighbours])[0][:, 0]
    first = nearest if neighbours == 1 else tree.query(place[group])[0]
    close = first <= limit
    units, controls = covariates.index[group], covariates.index[~group]
    if not close.any():
        raise DesignError(
            f"No treated unit has a control within {limit:.3g}; the nearest is {first.min():.3g} away.",
            remedy="Widen the caliper, or accept that the groups do not overlap.",
            code="no_support",
            n=len(units),
        )
    # The controls within the distance of the last neighbour, ties included, but none beyond the caliper.
    radius = np.minimum(np.sqrt(nearest[close] ** 2 + TIE), limit)
    found = tree.query_ball_point(place[group][close], radius)
    counts = np.array([len(one) for one in found])
    at = np.concatenate([np.asarray(one, dtype=np.intp) for one in found])
    rows = np.repeat(np.flatnonzero(close), counts)
    pairs = pd.DataFrame(
        {
            "treated": units[rows],
            "control": controls[at],
            "distance": np.linalg.norm(place[group][rows] - place[~group][at], axis=1),
            "weight": np.repeat(1 / counts, counts),
        }
    )
    used = pd.Series(0.0, index=covariates.index)
    used[units[close]] = 1.0
    served = pairs.groupby("control", sort=False)["weight"].sum()
    used[served.index] = served
    report = MatchReport(
        "Treated units with a control alike",
        n_left=len(units),
        n_right=len(controls),
        matched=int(close.sum()),
        unmatched_left=tuple(
            Unmatched(str(unit), "", "not_covered", f"nearest control {far:.3g} away, limit {limit:.3g}")
            for unit, far in zip(units[~close], first[~close], strict=True)
        ),
    )
    coordinates = pd.DataFrame(place, index=covariates.index)
    return Matches(pairs, balance_table(covariates, treated, weights=used), report, coordinates)


def matched_effect(
    matches: Matches,
    outcome: pd.Series,
    treated: pd.Series,
    *,
    equal_variance: bool = False,
    confidence: float = 0.95,
) -> Estimate:
    r"""Compare the outcome of treated units with that of the controls matched to them.

    Parameters
    ----------
    matches
        From :func:`match_nearest`.
    outcome, treated
        On the index of the covariates; the outcome may be a change, and the result is then matched difference in
        differences.
    equal_variance
        Whether the outcome varies alike everywhere; otherwise its variance is that beside the two nearest units of the
        same group.
    confidence
        Of the interval.

    Raises
    ------
    DesignError
        An outcome is missing, or the index differs from that of the covariates.

    Notes
    -----
    With :math:`w_{ij}` the weights of the pairs and :math:`N` matched treated units,
    :math:`\hat\tau = N^{-1}\sum_i (Y_i - \sum_j w_{ij} Y_j)`, and of the effect on all treated units of their kind
    :math:`\hat V = N^{-2}\{\sum_i (Y_i - \hat Y_i(0) - \hat\tau)^2 + \sum_j [(\sum_i w_{ij})^2 - \sum_i w_{ij}^2]
    \hat\sigma_j^2\}`: Abadie and Imbens (2006), Econometrica 74, 235–267. That the chance of treatment is estimated is
    not counted. With several covariates nearest neighbours leave a bias, which the balance after matching shows.
    """
    check_confidence(confidence)
    index = matches.coordinates.index
    if not (outcome.index.equals(index) and treated.index.equals(index)):
        raise DesignError(
            "The outcome and the covariates have different indexes.", remedy="Give both on one index of units."
        )
    y = outcome.to_numpy(dtype="float64")
    missing = index[~np.isfinite(y)].tolist()
    if missing:
        raise DesignError(
            worded("{n} units lack an outcome: {which}.", n=len(missing), which=", ".join(map(str, missing[:10]))),
            remedy=worded("Leave them out before matching, and say that you did."),
            units=missing,
        )
    i = index.get_indexer(matches.pairs["treated"])
    j = index.get_indexer(matches.pairs["control"])
    w = matches.pairs["weight"].to_numpy()
    n = len(np.unique(i))
    gap = np.bincount(i, w * (y[i] - y[j]), minlength=len(y))[np.unique(i)]
    effect = float(gap.mean())
    reuse = np.bincount(j, w, minlength=len(y)) ** 2 - np.bincount(j, w**2, minlength=len(y))
    if equal_variance:
        spread = np.full(len(y), float((w * (y[i] - y[j] - effect) ** 2).sum() / (2 * n)))
    else:
        spread = local_residuals(matches.coordinates.to_numpy(), y, ~treated.to_numpy(dtype=bool)) ** 2
    variance = (((gap - effect) ** 2).sum() + (reuse * spread).sum()) / n**2
    return estimate(effect, float(np.sqrt(variance)), n=n, confidence=confidence, method="Abadie–Imbens")


def _coordinates(x: pd.DataFrame, group: NDArray[np.bool_], metric: Metric) -> Floats:
    """Return positions, shape (n, k), between which the plain distance is that of the metric."""
    chance = propensity(x, group)
    if metric == "propensity":
        logit = np.log(chance / (1 - chance))
        return np.asarray((logit / logit.std(ddof=1))[:, None])
    values = x.to_numpy()[:, x.to_numpy().std(axis=0) > 0]
    root = np.linalg.cholesky(np.cov(values, rowvar=False).reshape(values.shape[1], -1))
    return np.linalg.solve(root, (values - values.mean(axis=0)).T).T


def local_residuals(place: Floats, y: Floats, controls: NDArray[np.bool_]) -> Floats:
    """Return the outcome less that of the nearest controls, whose square is the variance beside them; 0 if treated.

    Those equally near count all: which of them came first would be a matter of rounding.
    """
    k = min(WITHIN, int(controls.sum()) - 1)
    residual = np.zeros(len(y))
    if k < 1:
        return residual
    tree, own = KDTree(place[controls]), y[controls]
    # A unit is its own nearest.
    reach = tree.query(place[controls], k=[k + 1])[0][:, 0]
    near = tree.query_ball_point(place[controls], np.sqrt(reach**2 + TIE))
    counts = np.array([len(one) for one in near]) - 1
    rows = np.repeat(np.arange(len(near)), counts + 1)
    sums = np.bincount(rows, own[np.concatenate([np.asarray(one, dtype=np.intp) for one in near])]) - own
    residual[controls] = np.sqrt(counts / (counts + 1)) * (own - sums / counts)
    return residual
