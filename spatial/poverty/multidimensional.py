r"""Multidimensional poverty by the counting method of Alkire and Foster.

A person is deprived in indicator j (:math:`g_{ij}=1`) or not, has the score :math:`c_i=\sum_j w_j g_{ij}`, and is
poor where :math:`c_i \ge k`. H is the share of people who are poor, A the mean score of the poor, and
:math:`M_0=HA` the mean of all scores, those of the non-poor being censored to 0 (Alkire and Foster 2011, Journal
of Public Economics 95, 476–487; Alkire et al. 2015, Multidimensional Poverty Measurement and Analysis, chapter 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.poverty.decompose import group_masks
from fuping.spatial.poverty.errors import LineError, PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference, difference
from fuping.spatial.poverty.linearised import Linearised, mean
from fuping.spatial.poverty.sample import Sample, read_numbers, read_sample
from fuping.spatial.poverty.survey import estimate
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "AlkireFoster",
    "alkire_foster",
    "alkire_foster_by_group",
    "change_over_time",
    "deprivation_scores",
    "deprivations",
    "is_poor",
    "nested_weights",
    "normalised_gaps",
    "read_deprivations",
]

Floats = NDArray[np.float64]

CLOSE = 1e-9
"""By how much a sum of weights may miss the cutoff, or 1, as far as thirds and sixths are not exact in binary."""


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


def nested_weights(
    structure: Mapping[str, Sequence[str] | Mapping[str, float]],
    *,
    dimension_weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Weight dimensions, and indicators within dimensions.

    Parameters
    ----------
    structure
        Dimension to its indicators, which weigh the same, or to indicators with their weights within the dimension.
    dimension_weights
        Weight of each dimension; the same for all without it.

    Returns
    -------
    pandas.DataFrame
        Indexed by indicator, with ``dimension`` and ``weight``; weights sum to 1.

    Raises
    ------
    PovertyError
        An indicator stands twice, a weight is not above zero, or a dimension is empty or has no weight.

    Examples
    --------
    >>> nested_weights({"health": ["nutrition", "mortality"], "income": ["income"]})["weight"].tolist()
    [0.25, 0.25, 0.5]
    """
    outer = dict.fromkeys(structure, 1.0) if dimension_weights is None else dict(dimension_weights)
    if set(outer) != set(structure):
        odd = sorted(set(outer) ^ set(structure))
        raise PovertyError(f"Dimensions and their weights differ in {', '.join(odd)}.", remedy="Name the same in both.")
    rows = []
    for dimension, inner in structure.items():
        within = dict(inner) if isinstance(inner, Mapping) else dict.fromkeys(inner, 1.0)
        if not within:
            raise PovertyError(f"Dimension {dimension!r} has no indicators.", remedy="Leave it out or fill it.")
        if not isinstance(inner, Mapping) and len(within) != len(inner):
            raise PovertyError(f"Dimension {dimension!r} names an indicator twice.", remedy="Name each once.")
        parts = np.array([float(value) for value in within.values()])
        share = float(outer[dimension]) / sum(float(value) for value in outer.values())
        bad = ~(np.isfinite(parts) & (parts > 0))
        if bad.any() or not share > 0:
            named = [name for name, wrong in zip(within, bad, strict=True) if wrong] or [dimension]
            raise PovertyError(f"The weight of {', '.join(named)} is not above zero.", remedy="Give positive weights.")
        rows += [(name, dimension, share * part / parts.sum()) for name, part in zip(within, parts, strict=True)]
    table = pd.DataFrame(rows, columns=["indicator", "dimension", "weight"]).set_index("indicator")
    twice = table.index[table.index.duplicated()].unique().tolist()
    if twice:
        raise PovertyError(f"Indicators stand in two dimensions: {', '.join(twice)}.", remedy="Name each once.")
    return table


def deprivations(achievements: pd.DataFrame, *, cutoffs: Mapping[str, float]) -> pd.DataFrame:
    """Mark who falls short of each deprivation cutoff.

    Parameters
    ----------
    achievements
        One row a person or household, one column an indicator; more is better; NaN is missing.
    cutoffs
        For each column, what is just enough.

    Returns
    -------
    pandas.DataFrame of float64
        1 where below the cutoff, 0 where not, NaN where missing, on the same index.

    Raises
    ------
    PovertyError
        Columns and cutoffs do not have the same names.
    """
    z = _cutoffs(achievements, cutoffs)
    return (achievements < z).astype(float).where(achievements.notna())


def normalised_gaps(achievements: pd.DataFrame, *, cutoffs: Mapping[str, float]) -> pd.DataFrame:
    """Compute (z - x)/z where an achievement x is below its cutoff z, else 0, for cardinal indicators.

    Raises
    ------
    LineError
        A cutoff is not above zero.
    PovertyError
        Columns and cutoffs do not have the same names.
    """
    z = _cutoffs(achievements, cutoffs)
    low = z.index[~(z > 0)].tolist()
    if low:
        raise LineError(f"The cutoff of {', '.join(low)} is not above zero.", remedy="A gap is a share of its cutoff.")
    return (1 - achievements / z).clip(lower=0).astype(float)


def _cutoffs(achievements: pd.DataFrame, cutoffs: Mapping[str, float]) -> pd.Series:
    odd = sorted(str(name) for name in set(cutoffs) ^ set(achievements.columns))
    if odd:
        raise PovertyError(f"Achievements and cutoffs differ in {', '.join(odd)}.", remedy="Name the same in both.")
    return pd.Series(cutoffs, dtype="float64").reindex(achievements.columns)


def deprivation_scores(deprivations: pd.DataFrame, *, indicators: pd.DataFrame) -> pd.Series:
    """Sum the weights of each row's deprivations; NaN where one of its indicators is missing."""
    g, w = _matrix(deprivations, indicators)
    return pd.Series(g @ w, index=deprivations.index, name="deprivation_score")


def is_poor(scores: Floats, k: float) -> NDArray[np.bool_]:
    """Tell whose score reaches the cutoff.

    Raises
    ------
    PovertyError
        The cutoff is not above 0 and at most 1.
    """
    if not 0 < k <= 1:
        raise PovertyError(
            f"The cutoff k is {k}.", remedy="Give a share of the weights above 0 and at most 1, say 1/3."
        )
    return np.asarray(scores >= k - CLOSE)


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
        ``dimension`` and ``weight`` of each column, from :func:`nested_weights`.
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
    h, m0 = (estimate(_mean(column), sample, inference) for column in (poor, poor * score))
    a = estimate(lambda u: mean(poor * score, u) / mean(poor, u), sample, inference)
    m1, m2 = (None, None) if gaps is None else _cardinal(gaps, deprivations, indicators, poor, sample, inference)
    raw = [estimate(_mean(column), sample, inference) for column in cells.T]
    censored = [estimate(_mean(column * poor), sample, inference) for column in cells.T]
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
        with ``_se``, ``_lower``, ``_upper``; ``contribution`` = share × M0, which sums to the M0 of all; ``n``.

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
            found = estimate(_ratio(above, below), sample, inference)
            row |= {
                name: found.value,
                f"{name}_se": found.se,
                f"{name}_lower": found.lower,
                f"{name}_upper": found.upper,
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
        (compound, a share), NaN where before was 0; ``lower`` and ``upper`` for the first three.

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
            "lower": change.lower,
            "upper": change.upper,
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


def read_deprivations(
    deprivations: pd.DataFrame,
    indicators: pd.DataFrame,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
) -> tuple[Floats, Floats, Sample]:
    """Check deprivations and weights; give the cells of complete rows, the weights of columns, and the design."""
    g, w = _matrix(deprivations, indicators)
    frame = pd.DataFrame(g, index=deprivations.index)
    cells, sample = read_sample(frame, weights=weights, strata=strata, clusters=clusters)
    return cells, w, sample


def _matrix(deprivations: pd.DataFrame, indicators: pd.DataFrame) -> tuple[Floats, Floats]:
    names = list(indicators.index)
    odd = sorted(str(name) for name in set(names) ^ set(deprivations.columns))
    if odd:
        raise PovertyError(f"Deprivations and weights differ in {', '.join(odd)}.", remedy="Name the same in both.")
    w = indicators["weight"].to_numpy(dtype=float)
    if not (w > 0).all() or abs(w.sum() - 1) > CLOSE:
        raise PovertyError(f"The weights of indicators sum to {w.sum():g}.", remedy="Make them with nested_weights.")
    g = read_numbers(deprivations[names], "deprivations")
    wrong = ~(np.isnan(g) | (g == 0) | (g == 1))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise PovertyError(
            f"{int(wrong.sum())} deprivations are neither 0 nor 1, the first {g[row, column]:g} in column "
            f"{names[column]}, row {row}.",
            remedy="Make them with deprivations().",
        )
    return g, w


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
    one, two = (estimate(_mean(poor * (depth**power @ w)), sample, inference) for power in (1, 2))
    return one, two


def _mean(values: Floats) -> Any:
    return lambda u: mean(values, u)


def _ratio(above: Floats, below: Floats) -> Any:
    def statistic(u: Floats) -> Linearised:
        return mean(above, u) / mean(below, u)

    return statistic
