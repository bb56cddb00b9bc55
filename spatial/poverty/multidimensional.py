r"""Multidimensional poverty by the counting method of Alkire and Foster.

A person is deprived in indicator j (:math:`g_{ij}=1`) or not, has the score :math:`c_i=\sum_j w_j g_{ij}`, and is
poor where :math:`c_i \ge k`. H is the share of people who are poor, A the mean score of the poor, and
:math:`M_0=HA` the mean of all scores, those of the non-poor being censored to 0 (Alkire and Foster 2011, Journal
of Public Economics 95, 476–487; Alkire et al. 2015, Multidimensional Poverty Measurement and Analysis, chapter 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.poverty.counting import CLOSE, is_poor, read_deprivations
from fuping.spatial.poverty.decompose import group_masks
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference, difference
from fuping.spatial.poverty.sample import Sample, read_numbers
from fuping.spatial.poverty.survey import estimate, mean_of, ratio_of
from numpy.typing import ArrayLike, NDArray

__all__ = ["AlkireFoster", "alkire_foster", "alkire_foster_by_group", "change_over_time"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AlkireFoster:
    """Measures of one population at one cutoff.

    Parameters
    ----------
    k
        Poverty cutoff, a share of the weighted deprivations.
    headcount_ratio
        H.
    intensity
        A; NaN where nobody is poor.
    adjusted_headcount_ratio
        M0 = H × A.
    adjusted_gap, adjusted_severity
        M1 and M2 where gaps were given, else None.
    indicators
        One row an indicator: ``dimension``, ``weight``, ``raw_headcount`` (share of people deprived),
        ``censored_headcount`` (share poor and deprived), each with its ``_se``, ``contribution`` = weight × censored
        headcount, and ``relative_contribution``. Contributions sum to M0.
    """

    k: float
    headcount_ratio: Estimate
    intensity: Estimate
    adjusted_headcount_ratio: Estimate
    adjusted_gap: Estimate | None
    adjusted_severity: Estimate | None
    indicators: pd.DataFrame

    @property
    def dimensions(self) -> pd.DataFrame:
        """Weights and contributions summed by dimension."""
        columns = ["weight", "contribution", "relative_contribution"]
        return self.indicators.groupby("dimension", sort=False)[columns].sum(min_count=1)


def alkire_foster(
    deprivations: pd.DataFrame,
    *,
    indicators: pd.DataFrame,
    k: float,
    gaps: pd.DataFrame | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> AlkireFoster:
    r"""Estimate multidimensional poverty.

    Parameters
    ----------
    deprivations
        One row a person or household, one column an indicator: 1 deprived, 0 not, NaN missing. A row with a missing
        indicator is left out and counted in ``n_missing``.
    indicators
        ``dimension`` and ``weight`` of each column, from
        :func:`~fuping.spatial.poverty.counting.nested_weights`.
    k
        Poverty cutoff, above 0 (any deprivation: union) and at most 1 (all: intersection).
    gaps
        Normalised gaps of the same shape where all indicators are cardinal, for M1 and M2.
    weights
        shape (n,); people that a row stands for: sampling weight × household size for households.
    strata, clusters, inference
        The design and how standard errors are computed.

    Raises
    ------
    PovertyError
        A cell is neither 0 nor 1, columns have no weight or weights no column, the weights do not sum to 1, the cutoff
        is out of range, or the sample is refused.

    Notes
    -----
    :math:`M_\alpha = \overline{\sum_j w_j g^\alpha_{ij}(k)}`. Standard errors treat weights and cutoffs as fixed.
    """
    cells, w, sample = read_deprivations(deprivations, indicators, weights, strata, clusters)
    score = cells @ w
    poor = is_poor(score, k).astype(float)
    h, m0 = (estimate(mean_of(column), sample, inference) for column in (poor, poor * score))
    a = estimate(ratio_of(poor * score, poor), sample, inference)
    m1, m2 = (None, None) if gaps is None else _cardinal(gaps, deprivations, indicators, poor, sample, inference)
    raw = [estimate(mean_of(column), sample, inference) for column in cells.T]
    censored = [estimate(mean_of(column * poor), sample, inference) for column in cells.T]
    table = indicators[["dimension", "weight"]].assign(
        raw_headcount=[one.value for one in raw],
        raw_headcount_se=[one.se for one in raw],
        censored_headcount=[one.value for one in censored],
        censored_headcount_se=[one.se for one in censored],
    )
    table["contribution"] = table["weight"] * table["censored_headcount"]
    table["relative_contribution"] = table["contribution"] / m0.value if m0.value else np.nan
    return AlkireFoster(k, h, a, m0, m1, m2, table)


def alkire_foster_by_group(
    deprivations: pd.DataFrame,
    *,
    indicators: pd.DataFrame,
    k: float,
    groups: ArrayLike,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> pd.DataFrame:
    """Estimate H, A and M0 of each group, and what it contributes to the M0 of all.

    Parameters
    ----------
    deprivations, indicators, k, weights, strata, clusters, inference
        As in :func:`alkire_foster`.
    groups
        shape (n,); the group of each row, none missing.

    Returns
    -------
    pandas.DataFrame
        One row a group: ``share`` of people; ``headcount_ratio``, ``intensity``, ``adjusted_headcount_ratio``, each
        with ``_se``, ``_low``, ``_high``; ``contribution`` = share × M0, which sums to the M0 of all;
        ``relative_contribution``, the part of it; ``n``.

    Raises
    ------
    PovertyError
        A row without missing indicators has no group, or as in :func:`alkire_foster`.
    """
    cells, w, sample = read_deprivations(deprivations, indicators, weights, strata, clusters)
    score = cells @ w
    poor = is_poor(score, k).astype(float)
    whole = float(sample.weights @ (poor * score) / sample.weights.sum())
    rows: dict[Any, dict[str, float]] = {}
    for label, inside in group_masks(groups, sample, deprivations).items():
        share = float(sample.weights @ inside / sample.weights.sum())
        row: dict[str, float] = {"share": share}
        for name, above, below in (
            ("headcount_ratio", poor * inside, inside),
            ("intensity", poor * score * inside, poor * inside),
            ("adjusted_headcount_ratio", poor * score * inside, inside),
        ):
            found = estimate(ratio_of(above, below), sample, inference)
            row |= {
                name: found.value,
                f"{name}_se": found.se,
                f"{name}_low": found.low,
                f"{name}_high": found.high,
            }
        row["contribution"] = share * row["adjusted_headcount_ratio"]
        row["relative_contribution"] = row["contribution"] / whole if whole else np.nan
        rows[label] = row | {"n": int((inside * sample.weights > 0).sum())}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")


def change_over_time(before: AlkireFoster, after: AlkireFoster, *, years: float) -> pd.DataFrame:
    """Compare two independent samples, measured with the same indicators, weights and cutoff.

    Parameters
    ----------
    before, after
        The measures of the two periods.
    years
        Years between them, above zero.

    Returns
    -------
    pandas.DataFrame
        Rows ``headcount_ratio``, ``intensity``, ``adjusted_headcount_ratio`` and each indicator's censored headcount:
        ``before``, ``after``, ``absolute`` change with ``se``, ``annual`` (absolute a year) and ``annual_relative``
        (compound, a share), NaN where before was 0; ``low`` and ``high`` for the first three.

    Raises
    ------
    PovertyError
        Cutoffs, indicators or weights differ, or the years are not above zero.

    Notes
    -----
    Alkire et al. (2015), chapter 9.
    """
    same = before.indicators["weight"].index.equals(after.indicators.index) and np.allclose(
        before.indicators["weight"], after.indicators["weight"]
    )
    if not same or abs(before.k - after.k) > CLOSE:
        raise PovertyError(
            f"The two periods are not measured alike (cutoffs {before.k:g} and {after.k:g}).",
            remedy="Use the same indicators, weights and cutoff.",
        )
    if not years > 0:
        raise PovertyError(f"There are {years} years between the periods.", remedy="Give a number above zero.")
    rows: dict[str, dict[str, float]] = {}
    for name in ("headcount_ratio", "intensity", "adjusted_headcount_ratio"):
        first, second = getattr(before, name), getattr(after, name)
        change = difference(first, second)
        rows[name] = {
            "before": first.value,
            "after": second.value,
            "absolute": change.value,
            "se": change.se,
            "low": change.low,
            "high": change.high,
        }
    for name, one in before.indicators.iterrows():
        two = after.indicators.loc[name]
        rows[str(name)] = {
            "before": one["censored_headcount"],
            "after": two["censored_headcount"],
            "absolute": two["censored_headcount"] - one["censored_headcount"],
            "se": float(np.hypot(one["censored_headcount_se"], two["censored_headcount_se"])),
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    positive = table["before"].where(table["before"] > 0)
    return table.assign(
        annual=table["absolute"] / years, annual_relative=(table["after"] / positive) ** (1 / years) - 1
    )


def _cardinal(
    gaps: pd.DataFrame,
    deprivations: pd.DataFrame,
    indicators: pd.DataFrame,
    poor: Floats,
    sample: Sample,
    inference: Inference,
) -> tuple[Estimate, Estimate]:
    if not gaps.index.equals(deprivations.index) or set(gaps.columns) != set(deprivations.columns):
        raise PovertyError("gaps have other rows or columns than deprivations.", remedy="Make both from one table.")
    depth = read_numbers(gaps[list(indicators.index)], "gaps")[sample.present]
    if not (depth >= 0).all():
        raise PovertyError("gaps are negative or missing where deprivations are not.", remedy="See normalised_gaps().")
    w = indicators["weight"].to_numpy(dtype=float)
    one, two = (estimate(mean_of(poor * (depth**power @ w)), sample, inference) for power in (1, 2))
    return one, two
