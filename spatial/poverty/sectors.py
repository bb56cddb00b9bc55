"""What changes within sectors and moves between them did to poverty between two independent samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.poverty.decompose import group_masks
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.fgt import poverty_of_rows, scale_by_line
from fuping.spatial.poverty.linearised import Linearised, mean
from fuping.spatial.poverty.periods import inside_period, two_samples
from fuping.spatial.poverty.sample import refuse_misaligned
from fuping.spatial.poverty.survey import estimate
from numpy.typing import ArrayLike, NDArray

__all__ = ["SectoralChange", "sector_components", "sectoral_change"]

Floats = NDArray[np.float64]


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
    y, later, sample = two_samples(before, after, weights, strata, clusters)
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
        return inside_period(mean(inside, np.where(period, w, 0.0)), period)

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
