"""What a two-way fixed effects coefficient is made of, and how much of it compares with units already treated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from diff_diff import BaconDecomposition
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.event_study import refuse_weights_and_covariates
from fuping.spatial.projects.panel import Panel

__all__ = ["Comparison", "Decomposition", "goodman_bacon"]

Comparison = Literal["treated_vs_never", "earlier_vs_later", "later_vs_earlier"]
"""Whom a cohort is compared with: units never treated, later ones before their turn, or earlier ones after theirs."""


@dataclass(frozen=True, eq=False)
class Decomposition:
    """A two-way fixed effects coefficient as a weighted mean of comparisons of two groups in two periods.

    Parameters
    ----------
    table
        One row a comparison: ``treated`` and ``control`` (cohorts; control NaN: never treated), ``kind``, ``estimate``,
        ``weight``; the weights sum to 1.
    coefficient
        Of the treatment, with fixed effects of units and periods.
    weights
        Sum of the weights of each kind.
    already_treated_weight
        Weight of ``later_vs_earlier``: comparisons whose controls are under treatment themselves, so that their own
        changing effect is subtracted. Above zero, the coefficient need not be a mean of effects.
    """

    table: pd.DataFrame
    coefficient: float
    weights: pd.Series
    already_treated_weight: float


def goodman_bacon(panel: Panel) -> Decomposition:
    """Decompose the two-way fixed effects coefficient.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`, without covariates and weights.

    Raises
    ------
    DesignError
        The panel has covariates or weights, nobody is treated, or all are treated at once.

    Notes
    -----
    Goodman-Bacon (2021), J. Econometrics 225, 254–277, theorem 1; computed by diff-diff with its exact weights. It is a
    warning about such regressions, not an estimator to use.
    """
    refuse_weights_and_covariates(panel, "The decomposition of Goodman-Bacon")
    if len(panel.cohorts) + int(panel.never_treated.any()) < 2:
        raise DesignError(
            "There is nothing to compare: "
            + ("no unit is treated." if len(panel.cohorts) == 0 else "all are at once."),
            remedy="Add units treated at another time, or never.",
        )
    found = BaconDecomposition(weights="exact").fit(
        panel.long(), outcome="outcome", unit="unit", time="period", first_treat="cohort"
    )
    table = pd.DataFrame(
        [
            {
                "treated": float(part.treated_group),
                "control": np.nan if part.control_group == "never_treated" else float(part.control_group),
                "kind": part.comparison_type,
                "estimate": float(part.estimate),
                "weight": float(part.weight),
            }
            for part in found.comparisons
        ]
    )
    kinds = ["treated_vs_never", "earlier_vs_later", "later_vs_earlier"]
    weights = table.groupby("kind")["weight"].sum().reindex(kinds, fill_value=0.0)
    return Decomposition(table, float(found.twfe_estimate), weights, float(weights["later_vs_earlier"]))
