"""Whether an order of groups by multidimensional poverty survives other cutoffs and weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.poverty.counting import is_poor, read_deprivations
from fuping.spatial.poverty.decompose import group_masks
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Inference
from fuping.spatial.poverty.linearised import mean
from fuping.spatial.poverty.survey import covariance
from numpy.typing import ArrayLike
from scipy import stats

__all__ = ["Robustness", "Scenario", "assess_robustness"]


@dataclass(frozen=True, eq=False)
class Scenario:
    """A choice of weights (from :func:`~fuping.spatial.poverty.counting.nested_weights`) and cutoff."""

    indicators: pd.DataFrame
    k: float


@dataclass(frozen=True, eq=False)
class Robustness:
    """An order of groups under several scenarios.

    Parameters
    ----------
    values
        M0, one row a group, one column a scenario; the first is the baseline.
    correlations
        One row a scenario other than the baseline: Spearman's and Kendall's (tau-b) rank correlation with it.
    pairs
        One row a pair of groups: ``difference`` of M0 in the baseline and whether it is ``significant``; whether the
        order is ``robust``, the same in every scenario, and ``robust_significant``, significant too in every scenario.
    """

    values: pd.DataFrame
    correlations: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def robust_share(self) -> float:
        """Share of the pairs that differ significantly in the baseline and keep their order in every scenario."""
        apart = self.pairs[self.pairs["significant"]]
        return float(apart["robust"].mean()) if len(apart) else float("nan")


def assess_robustness(
    deprivations: pd.DataFrame,
    *,
    scenarios: Mapping[str, Scenario],
    groups: ArrayLike,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Robustness:
    """Order groups by M0 under several cutoffs and weights.

    Parameters
    ----------
    deprivations
        As in :func:`~fuping.spatial.poverty.multidimensional.alkire_foster`; all scenarios weight the same columns.
    scenarios
        Name to weights and cutoff; the first is the baseline.
    groups
        shape (n,); the group of each row, none missing, at least two.
    weights, strata, clusters, inference
        The design; differences are tested with the linearised covariance of the groups at the confidence of the
        inference, pair by pair.

    Raises
    ------
    PovertyError
        Fewer than two groups or scenarios, or as in ``alkire_foster``.

    Notes
    -----
    Alkire et al. (2015), chapter 8: rank correlations and the proportion of robust pairwise comparisons.
    """
    if len(scenarios) < 2:
        raise PovertyError(f"There are {len(scenarios)} scenarios.", remedy="Give a baseline and at least one other.")
    values: dict[str, list[float]] = {}
    tests: dict[str, tuple[Any, Any]] = {}
    labels: list[Any] = []
    for name, scenario in scenarios.items():
        cells, w, sample = read_deprivations(deprivations, scenario.indicators, weights, strata, clusters)
        score = cells @ w
        censored = score * is_poor(score, scenario.k)
        masks = group_masks(groups, sample, deprivations)
        labels = list(masks)
        if len(labels) < 2:
            raise PovertyError(f"There is {len(labels)} group, so there is no order.", remedy="Give at least two.")
        found = [mean(censored * inside, sample.weights) / mean(inside, sample.weights) for inside in masks.values()]
        values[name] = [one.value for one in found]
        spread = covariance(np.stack([one.influence for one in found], axis=1), sample, inference)
        sizes = sample.stratum_sizes
        critical = stats.t.ppf((1 + inference.confidence) / 2, sizes.sum() - len(sizes))
        tests[name] = (spread, critical)
    table = pd.DataFrame(values, index=pd.Index(labels, name="group"))
    return Robustness(table, _correlations(table), _pairs(table, tests))


def _correlations(table: pd.DataFrame) -> pd.DataFrame:
    baseline, *others = table.columns
    rows = {}
    for name in others:
        # Groups that all tie have no order to agree with.
        flat = table[name].nunique() == 1 or table[baseline].nunique() == 1
        rows[name] = {
            "spearman": np.nan if flat else float(stats.spearmanr(table[baseline], table[name]).statistic),
            "kendall": np.nan if flat else float(stats.kendalltau(table[baseline], table[name]).statistic),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")


def _pairs(table: pd.DataFrame, tests: Mapping[str, tuple[Any, Any]]) -> pd.DataFrame:
    cells = table.to_numpy(dtype=float)
    rows = []
    for one, two in combinations(range(len(table)), 2):
        gaps = cells[one] - cells[two]
        apart = []
        for gap, (spread, critical) in zip(gaps, tests.values(), strict=True):
            variance = spread[one, one] + spread[two, two] - 2 * spread[one, two]
            apart.append(bool(abs(gap) > critical * np.sqrt(max(variance, 0.0))))
        robust = bool((np.sign(gaps) == np.sign(gaps[0])).all() and gaps[0] != 0)
        rows.append(
            {
                "first": table.index[one],
                "second": table.index[two],
                "difference": gaps[0],
                "significant": apart[0],
                "robust": robust,
                "robust_significant": robust and all(apart),
            }
        )
    return pd.DataFrame(rows)
