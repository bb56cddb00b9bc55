r"""What changed poverty between two independent samples: growth, redistribution, sectors.

Both samples are read as one design with the period as the outer stratum, so that every component has a standard error,
by linearisation or bootstrap, that takes account of both. A stratum of ``psu_population`` is labelled
``("before", label)`` or ``("after", label)``; without strata its label is ``"all"``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.poverty.decompose import group_masks
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.fgt import line_slope, poverty_of_rows, scale_by_line, with_line
from fuping.spatial.poverty.linearised import Linearised, mean
from fuping.spatial.poverty.sample import Sample, read_numbers, read_sample, refuse_misaligned
from fuping.spatial.poverty.survey import estimate
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "GrowthMethod",
    "GrowthRedistribution",
    "SectoralChange",
    "growth_redistribution",
    "sector_components",
    "sectoral_change",
]

Floats = NDArray[np.float64]

GrowthMethod = Literal["shapley", "datt_ravallion_before", "datt_ravallion_after"]
"""Which of the two distributions and means are held when the other changes: both, averaged; those before; after."""


@dataclass(frozen=True)
class GrowthRedistribution:
    """A change and its components; ``growth + redistribution + residual = change``.

    Parameters
    ----------
    before, after, change
        The measure in the two periods and its change.
    growth
        Part due to the change of the mean, shares of income being held.
    redistribution
        Part due to the change of the shares, the mean being held.
    residual
        What the method leaves over; exactly 0 by Shapley.
    method
        The method.
    """

    before: Estimate
    after: Estimate
    change: Estimate
    growth: Estimate
    redistribution: Estimate
    residual: Estimate
    method: GrowthMethod


@dataclass(frozen=True, eq=False)
class SectoralChange:
    """A change and its components; ``intrasectoral + population_shift + interaction = change``.

    Parameters
    ----------
    before, after, change
        The measure in the two periods and its change.
    intrasectoral
        Change of poverty within sectors, their shares of people being those before.
    population_shift
        Change of the shares of people, poverty within sectors being that before.
    interaction
        Both at once.
    table
        :func:`sector_components` of each sector.
    """

    before: Estimate
    after: Estimate
    change: Estimate
    intrasectoral: Estimate
    population_shift: Estimate
    interaction: Estimate
    table: pd.DataFrame


def growth_redistribution(
    before: ArrayLike,
    after: ArrayLike,
    *,
    line: float,
    alpha: float = 0.0,
    method: GrowthMethod = "shapley",
    weights: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    strata: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    clusters: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    inference: Inference = LINEARISATION,
) -> GrowthRedistribution:
    r"""Split a change of poverty into growth of the mean and redistribution around it.

    Parameters
    ----------
    before, after
        Income or consumption a person in the two periods, in the same prices.
    line
        Poverty line in those prices.
    alpha
        0, or 1 or more: which Foster–Greer–Thorbecke measure.
    method
        ``"shapley"`` (Shorrocks 2013, Journal of Economic Inequality 11, 99–126), or Datt and Ravallion's (1992,
        Journal of Development Economics 38, 275–295) with the period before or after as reference.
    weights, strata, clusters
        The design of each period, before and after.
    inference
        How standard errors are computed.

    Raises
    ------
    PovertyError
        The method is unknown, alpha is out of range, a mean is not above zero, or a sample is refused.

    Notes
    -----
    With P(μ, L) the measure at a mean and a Lorenz curve, growth is :math:`P(\mu_1,L_r)-P(\mu_0,L_r)` and
    redistribution :math:`P(\mu_r,L_1)-P(\mu_r,L_0)`; Shapley averages over r = 0, 1. :math:`P(\mu_1,L_0)` is the
    measure of the incomes before, each times :math:`\mu_1/\mu_0`.
    """
    if method not in get_args(GrowthMethod):
        raise PovertyError(f"Method {method!r} is unknown.", remedy=f"Choose {', '.join(get_args(GrowthMethod))}.")
    if not (alpha == 0 or alpha >= 1):
        raise PovertyError(f"alpha is {alpha}.", remedy="Give 0, or 1 or more.")
    y, later, sample = _two_samples(before, after, weights, strata, clusters)
    x = scale_by_line(y, line, sample, y)
    for name, mask in (("before", ~later), ("after", later)):
        if not sample.weights[mask] @ y[mask] > 0:
            raise PovertyError(f"The mean {name} is not above zero.", remedy="Growth needs positive means.")

    def at_mean(distribution: NDArray[np.bool_], mean_of: NDArray[np.bool_]) -> Callable[[Floats], Linearised]:
        def statistic(w: Floats) -> Linearised:
            inner = np.where(distribution, w, 0.0)
            if distribution is mean_of:
                return _inside(mean(poverty_of_rows(x, alpha), inner), distribution)
            own, other = (_inside(mean(y, np.where(mask, w, 0.0)), mask) for mask in (distribution, mean_of))
            moved = x * (other.value / own.value)
            found = _inside(mean(poverty_of_rows(moved, alpha), inner), distribution)
            line_influence = own.influence / own.value - other.influence / other.value
            return with_line(found, line_slope(moved, inner, alpha), line_influence)

        return statistic

    earlier = ~later
    p00, p11 = at_mean(earlier, earlier), at_mean(later, later)
    p10, p01 = at_mean(earlier, later), at_mean(later, earlier)
    steps = {
        "datt_ravallion_before": (lambda w: p10(w) - p00(w), lambda w: p01(w) - p00(w)),
        "datt_ravallion_after": (lambda w: p11(w) - p01(w), lambda w: p11(w) - p10(w)),
        "shapley": (
            lambda w: (p10(w) - p00(w) + p11(w) - p01(w)) / 2,
            lambda w: (p01(w) - p00(w) + p11(w) - p10(w)) / 2,
        ),
    }
    growth, redistribution = steps[method]

    def residual(w: Floats) -> Linearised:
        if method == "shapley":
            return Linearised(0.0, np.zeros_like(w))
        return p11(w) - p00(w) - growth(w) - redistribution(w)

    return GrowthRedistribution(
        before=estimate(p00, sample, inference),
        after=estimate(p11, sample, inference),
        change=estimate(lambda w: p11(w) - p00(w), sample, inference),
        growth=estimate(growth, sample, inference),
        redistribution=estimate(redistribution, sample, inference),
        residual=estimate(residual, sample, inference),
        method=method,
    )


def sectoral_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    line: float,
    groups: tuple[ArrayLike, ArrayLike],
    alpha: float = 0.0,
    weights: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    strata: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    clusters: tuple[ArrayLike | None, ArrayLike | None] = (None, None),
    inference: Inference = LINEARISATION,
) -> SectoralChange:
    r"""Split a change of poverty into changes within sectors and moves between them.

    Parameters
    ----------
    before, after
        Income or consumption a person in the two periods, in the same prices.
    line
        Poverty line in those prices.
    groups
        Sector of each row, before and after, none missing and every sector in both.
    alpha
        Which Foster–Greer–Thorbecke measure; not negative.
    weights, strata, clusters
        The design of each period, before and after.
    inference
        How standard errors are computed.

    Raises
    ------
    PovertyError
        A sector is missing or is in one period only, alpha is negative, or a sample is refused.

    Notes
    -----
    Ravallion and Huppi (1991), World Bank Economic Review 5(1), 57–82; the formula is that of
    :func:`sector_components`.
    """
    if not alpha >= 0:
        raise PovertyError(f"alpha is {alpha}.", remedy="Give a number that is not negative.")
    y, later, sample = _two_samples(before, after, weights, strata, clusters)
    poverty = poverty_of_rows(scale_by_line(y, line, sample, y), alpha)
    labels = []
    for name, part, data in zip(("before", "after"), groups, (before, after), strict=True):
        refuse_misaligned(part, f"groups {name}", len(part), data)  # type: ignore[arg-type]
        labels.extend(pd.Series(part).tolist())
    everyone = np.empty(len(sample.present))
    masks = group_masks(labels, sample, everyone)
    periods = (~later, later)
    for name, period in zip(("before", "after"), periods, strict=True):
        absent = [str(label) for label, inside in masks.items() if not (sample.weights * inside)[period].any()]
        if absent:
            raise PovertyError(
                f"The sectors {', '.join(absent)} have nobody {name}, so that their poverty is not known.",
                remedy="Merge them with others.",
            )

    def share(inside: Floats, period: NDArray[np.bool_], w: Floats) -> Linearised:
        return _inside(mean(inside, np.where(period, w, 0.0)), period)

    def parts(inside: Floats, w: Floats) -> tuple[Linearised, Linearised, Linearised, Linearised]:
        s0, s1 = (share(inside, period, w) for period in periods)
        c0, c1 = (share(inside * poverty, period, w) for period in periods)
        return s0, c0 / s0, s1, c1 / s1

    def summed(component: int) -> Callable[[Floats], Linearised]:
        def statistic(w: Floats) -> Linearised:
            whole = Linearised(0.0, np.zeros_like(w))
            for inside in masks.values():
                s0, v0, s1, v1 = parts(inside, w)
                whole = whole + (s0 * (v1 - v0), (s1 - s0) * v0, (s1 - s0) * (v1 - v0))[component]
            return whole

        return statistic

    def level(period: NDArray[np.bool_]) -> Callable[[Floats], Linearised]:
        return lambda w: share(poverty, period, w)

    cells = {label: [one.value for one in parts(inside, sample.weights)] for label, inside in masks.items()}
    table = pd.DataFrame.from_dict(cells, orient="index", columns=["s0", "v0", "s1", "v1"]).rename_axis("sector")
    return SectoralChange(
        before=estimate(level(~later), sample, inference),
        after=estimate(level(later), sample, inference),
        change=estimate(lambda w: level(later)(w) - level(~later)(w), sample, inference),
        intrasectoral=estimate(summed(0), sample, inference),
        population_shift=estimate(summed(1), sample, inference),
        interaction=estimate(summed(2), sample, inference),
        table=sector_components(table["s0"], table["v0"], table["s1"], table["v1"]),
    )


def sector_components(
    share_before: pd.Series, value_before: pd.Series, share_after: pd.Series, value_after: pd.Series
) -> pd.DataFrame:
    r"""Split a change by sector from a published table of shares and poverty.

    Parameters
    ----------
    share_before, share_after
        Share of people in each sector, each summing to 1, on the same index.
    value_before, value_after
        Poverty of each sector, a measure that decomposes by group.

    Returns
    -------
    pandas.DataFrame
        The four inputs and ``intrasectoral`` :math:`s_0(P_1-P_0)`, ``population_shift`` :math:`(s_1-s_0)P_0`,
        ``interaction`` :math:`(s_1-s_0)(P_1-P_0)`; their sum over the table is the change of the whole.

    Raises
    ------
    PovertyError
        Indices differ, a number is missing, or shares do not sum to 1.
    """
    columns = {
        "share_before": share_before,
        "value_before": value_before,
        "share_after": share_after,
        "value_after": value_after,
    }
    for name, column in columns.items():
        if not column.index.equals(share_before.index):
            raise PovertyError(f"{name} has other sectors than share_before.", remedy="Align the columns.")
        if not np.isfinite(column.to_numpy(dtype=float)).all():
            raise PovertyError(f"{name} has missing numbers.", remedy="Give each sector a share and a value.")
    for name in ("share_before", "share_after"):
        # Published shares are rounded; one in a thousand is still a sum of 1.
        if abs(float(columns[name].sum()) - 1) > 1e-3:
            raise PovertyError(f"{name} sums to {columns[name].sum():g}.", remedy="Shares of people must sum to 1.")
    moved, changed = share_after - share_before, value_after - value_before
    return pd.DataFrame(columns).assign(
        intrasectoral=share_before * changed, population_shift=moved * value_before, interaction=moved * changed
    )


def _inside(found: Linearised, rows: NDArray[np.bool_]) -> Linearised:
    """Keep the influence of the rows of one period: the weights of the other do not enter."""
    return Linearised(found.value, np.where(rows, found.influence, 0.0))


def _two_samples(
    before: ArrayLike,
    after: ArrayLike,
    weights: tuple[ArrayLike | None, ArrayLike | None],
    strata: tuple[ArrayLike | None, ArrayLike | None],
    clusters: tuple[ArrayLike | None, ArrayLike | None],
) -> tuple[Floats, NDArray[np.bool_], Sample]:
    """Read two samples as one; give the values, which are of the later, and the design."""
    numbers, everyone = [], []
    labels: list[Any] = []
    units: list[Any] = []
    for name, data, w, stratum, cluster in zip(
        ("before", "after"), (before, after), weights, strata, clusters, strict=True
    ):
        # Read alone first, so that a fault is one of its own period and all its values cannot be missing.
        read_sample(data, weights=w, strata=stratum, clusters=cluster)
        values = read_numbers(data, name)
        numbers.append(values)
        everyone.append(np.ones(len(values)) if w is None else read_numbers(w, "weights"))
        inner: list[Any] = ["all"] * len(values) if stratum is None else pd.Series(stratum).tolist()
        labels.extend((name, one) for one in inner)
        units.extend(range(len(values)) if cluster is None else pd.Series(cluster).tolist())
    later = np.repeat([False, True], [len(part) for part in numbers])
    # A Series of tuples, which an array would take for two columns.
    strata_of_both = pd.Series(labels, dtype="object")
    y, sample = read_sample(
        np.concatenate(numbers), weights=np.concatenate(everyone), strata=strata_of_both, clusters=units
    )
    return y, later[sample.present], sample
