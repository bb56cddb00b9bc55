"""One treated unit against a weighted mean of untreated ones that ran like it before (Abadie et al. 2010)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from diff_diff import SyntheticControl as DonorWeights
from fuping.spatial.projects.design import refuse_constant_outcome
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.event_study import refuse_weights_and_covariates
from fuping.spatial.projects.panel import Panel
from fuping.spatial.wording import worded

__all__ = ["SyntheticControl", "synthetic_control"]

LEAST_BEFORE = 3
"""Periods before the treatment below which any unit can be imitated by chance."""


@dataclass(frozen=True, eq=False)
class SyntheticControl:
    """A treated unit and its synthetic twin.

    Parameters
    ----------
    unit
        The treated unit.
    weights
        Of the donors with a share, indexed by unit; they sum to 1.
    path
        Indexed by period: ``observed``, ``synthetic``, ``gap``, ``before``.
    effect
        Mean gap from the treatment on.
    rmspe_before
        Root mean squared gap before it, in units of the outcome: how well the twin fits.
    rmspe_ratio
        The same from the treatment on, divided by it.
    p_value
        Rank of that ratio among those of all units, each in turn as if it were the treated one; NaN where it was
        not asked for. With k donors it cannot fall below 1/(k + 1).
    placebos
        ``unit`` and ``rmspe_ratio`` of each donor so treated; empty where not asked for.
    """

    unit: object
    weights: pd.Series
    path: pd.DataFrame
    effect: float
    rmspe_before: float
    rmspe_ratio: float
    p_value: float
    placebos: pd.DataFrame


def synthetic_control(panel: Panel, *, placebos: bool = True) -> SyntheticControl:
    r"""Imitate the treated unit by a weighted mean of the others.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`, with exactly one treated unit, without covariates and
        weights.
    placebos
        Whether to treat every donor in turn, for the p-value.

    Raises
    ------
    DesignError
        None or several units are treated, fewer than three periods lie before the treatment, fewer than two donors
        remain, the outcome does not vary, or the panel has covariates or weights.

    Notes
    -----
    Weights :math:`w_j \ge 0, \sum_j w_j = 1` minimise :math:`\sum_{t<g} (Y_{1t} - \sum_j w_j Y_{jt})^2`; all periods
    before the treatment count alike. Abadie, Diamond and Hainmueller (2010), JASA 105, 493–505, solved by diff-diff.
    Several treated units are better served by group_time_effects.
    """
    refuse_weights_and_covariates(panel, "The synthetic control")
    treated = np.flatnonzero(~panel.never_treated)
    if len(treated) != 1:
        raise DesignError(
            worded("{n} units are treated where one is needed.", n=len(treated)),
            remedy=worded("Keep one treated unit and the untreated ones, or use group_time_effects."),
        )
    donors = np.flatnonzero(panel.never_treated)
    if len(donors) < 2:
        raise DesignError(
            worded("There are {n} untreated units.", n=len(donors)), remedy=worded("Give at least two to choose from.")
        )
    before = panel.periods.to_numpy() < panel.cohort[treated[0]]
    if before.sum() < LEAST_BEFORE:
        raise DesignError(
            worded(
                "{n} periods lie before the treatment in {period:.0f}.",
                n=int(before.sum()),
                period=panel.cohort[treated[0]],
            ),
            remedy=worded("Give at least {least}; with fewer a good fit means nothing.", least=LEAST_BEFORE),
        )
    refuse_constant_outcome(panel)
    long = panel.long()
    long["treated"] = ((long["cohort"] > 0) & (long["period"] >= long["cohort"])).astype(int)
    engine = DonorWeights(v_method="custom", custom_v=np.ones(int(before.sum())), standardize="none")
    with warnings.catch_warnings():
        # What it warns of (a poor fit) is in the result as a number.
        warnings.simplefilter("ignore", UserWarning)
        found = engine.fit(long, outcome="outcome", treatment="treated", unit="unit", time="period")
        ranked = found.in_space_placebo() if placebos else None
    weights = pd.Series({panel.units[int(i)]: w for i, w in found.donor_weights.items()}, name="weight", dtype=float)
    observed = panel.outcome[treated[0]]
    gap = np.array([found.gap_path[period] for period in panel.periods])
    path = pd.DataFrame(
        {"observed": observed, "synthetic": observed - gap, "gap": gap, "before": before}, index=panel.periods
    )
    if ranked is None:
        others = pd.DataFrame(columns=["unit", "rmspe_ratio"])
    else:
        others = ranked.loc[~ranked["is_treated"], ["unit", "rmspe_ratio"]].reset_index(drop=True)
        others["unit"] = [panel.units[int(i)] for i in others["unit"]]
    return SyntheticControl(
        unit=panel.units[treated[0]],
        weights=weights.sort_values(ascending=False),
        path=path,
        effect=float(gap[~before].mean()),
        rmspe_before=float(np.sqrt((gap[before] ** 2).mean())),
        rmspe_ratio=float(found.rmspe_ratio),
        p_value=float(found.placebo_p_value) if placebos else float("nan"),
        placebos=others,
    )
