r"""Measures of income poverty: Foster–Greer–Thorbecke, Watts, Sen, and Sen–Shorrocks–Thon.

Throughout, y is income or consumption a person, z the line, poor means y < z, and the weight of a row counts people.
A gap is :math:`g=\max(0, 1-y/z)`; a negative y gives a gap above 1. Functions take ``weights``, ``strata`` and
``clusters`` as :func:`~fuping.spatial.poverty.sample.read_sample` does; ``line`` is one number, one for each row, or a
:class:`~fuping.spatial.poverty.lines.RelativeLine`; all return an :class:`~fuping.spatial.poverty.estimate.Estimate`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from fuping.spatial.poverty.errors import LineError, PovertyError
from fuping.spatial.poverty.estimate import LINEARISATION, Estimate, Inference
from fuping.spatial.poverty.linearised import Linearised, mean, ranked_mean, total
from fuping.spatial.poverty.lines import Line, RelativeLine
from fuping.spatial.poverty.quantiles import density
from fuping.spatial.poverty.sample import Sample, read_numbers, read_sample
from fuping.spatial.poverty.survey import estimate
from fuping.spatial.wording import worded
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "foster_greer_thorbecke",
    "headcount_ratio",
    "line_slope",
    "poor_population",
    "poverty_gap",
    "poverty_of_rows",
    "scale_by_line",
    "sen_index",
    "sen_shorrocks_thon_index",
    "severity",
    "watts_index",
    "with_line",
]

Floats = NDArray[np.float64]

Scaled = Callable[[Floats], tuple[Floats, Floats | None]]
"""From weights to y/z and, where z is estimated, the influence of ln z."""


def foster_greer_thorbecke(
    values: ArrayLike,
    *,
    line: Line,
    alpha: float = 0.0,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    r"""Estimate the Foster–Greer–Thorbecke measure :math:`P_\alpha = W^{-1} \sum_{y_i<z} w_i (1-y_i/z)^\alpha`.

    Parameters
    ----------
    values
        Income or consumption a person, shape (n,), in the units and prices of the line.
    line
        Poverty line.
    alpha
        0: headcount ratio, 1: poverty gap, 2: severity; not negative, and 0 or at least 1 with a relative line.
    weights, strata, clusters
        The design.
    inference
        How the standard error is computed.

    Raises
    ------
    LineError
        The line is not above zero or does not fit the values.
    PovertyError
        Alpha is out of range, or the sample is refused.

    Notes
    -----
    Foster, Greer and Thorbecke (1984), Econometrica 52(3), 761–766 (poor there y ≤ z).

    Examples
    --------
    >>> round(foster_greer_thorbecke([100, 110, 150, 160], line=125, alpha=1).value, 10)
    0.08
    """
    if not (np.isfinite(alpha) and alpha >= 0):
        raise PovertyError(f"alpha is {alpha}.", remedy="Give 0, 1, 2 or another number that is not negative.")
    if isinstance(line, RelativeLine) and 0 < alpha < 1:
        raise PovertyError(f"alpha is {alpha} with a relative line.", remedy="Give 0, or 1 or more.")

    def statistic(x: Floats, w: Floats, line_influence: Floats | None) -> Linearised:
        found = mean(poverty_of_rows(x, alpha), w)
        return found if line_influence is None else with_line(found, line_slope(x, w, alpha), line_influence)

    return _estimate(statistic, values, line, weights, strata, clusters, inference)


def headcount_ratio(
    values: ArrayLike,
    *,
    line: Line,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate the share of people below the line, :func:`foster_greer_thorbecke` with α = 0."""
    return foster_greer_thorbecke(
        values, line=line, alpha=0, weights=weights, strata=strata, clusters=clusters, inference=inference
    )


def poverty_gap(
    values: ArrayLike,
    *,
    line: Line,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate the poverty gap index, the mean gap over the line, :func:`foster_greer_thorbecke` with α = 1."""
    return foster_greer_thorbecke(
        values, line=line, alpha=1, weights=weights, strata=strata, clusters=clusters, inference=inference
    )


def severity(
    values: ArrayLike,
    *,
    line: Line,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate the squared poverty gap index, :func:`foster_greer_thorbecke` with α = 2."""
    return foster_greer_thorbecke(
        values, line=line, alpha=2, weights=weights, strata=strata, clusters=clusters, inference=inference
    )


def poor_population(
    values: ArrayLike,
    *,
    line: Line,
    weights: ArrayLike,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    """Estimate the number of people below the line, the sum of their weights.

    Rows without a value add nothing, so that the number is too low by the poor among them; see
    :attr:`Estimate.n_missing`.
    """

    def statistic(x: Floats, w: Floats, line_influence: Floats | None) -> Linearised:
        found = total((x < 1).astype(float), w)
        if line_influence is None:
            return found
        return with_line(found, density(x, w, 1.0) * w.sum(), line_influence)

    return _estimate(statistic, values, line, weights, strata, clusters, inference)


def watts_index(
    values: ArrayLike,
    *,
    line: Line,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    r"""Estimate the Watts index :math:`W^{-1} \sum_{y_i<z} w_i \ln(z/y_i)`.

    Raises
    ------
    PovertyError
        A value is zero or negative: its logarithm is not defined.

    Notes
    -----
    Watts (1968); Haughton and Khandker (2009), Handbook on Poverty and Inequality, equation 4.12.
    """

    def statistic(x: Floats, w: Floats, line_influence: Floats | None) -> Linearised:
        low = int(((x <= 0) & (w > 0)).sum())
        if low:
            raise PovertyError(
                worded("{low} values are zero or negative, for which the Watts index is not defined.", low=low),
                remedy=worded("Leave them out knowingly, or use the poverty gap."),
            )
        poor = x < 1
        found = mean(np.where(poor, -np.log(np.where(poor & (x > 0), x, 1.0)), 0.0), w)
        return found if line_influence is None else with_line(found, _average(poor.astype(float), w), line_influence)

    return _estimate(statistic, values, line, weights, strata, clusters, inference)


def sen_index(
    values: ArrayLike,
    *,
    line: Line,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    r"""Estimate Sen's index :math:`S = P_0 [1 - (1-G^P)\,\mu^P/z]`.

    :math:`\mu^P` and :math:`G^P` are mean and Gini coefficient among the poor; 0 where nobody is poor.

    Notes
    -----
    The form that does not change when a population is replicated (Sen 1976, Econometrica 44(2), 219–231, for many
    poor; Haughton and Khandker 2009, chapter 4). Computed as :math:`2(P_1 - B/P_0)`, with B the mean of gap times
    rank. With few poor, Sen's own :math:`q/(q+1)` makes his figure a little lower.
    """

    def statistic(x: Floats, w: Floats, line_influence: Floats | None) -> Linearised:
        poor, gaps = x < 1, np.maximum(1 - x, 0)
        h, p1, b = mean(poor.astype(float), w), mean(gaps, w), ranked_mean(gaps, w, by=x)
        if h.value == 0:
            return Linearised(0.0, np.zeros_like(w))
        if line_influence is not None:
            below = np.where(poor, x, 0.0)
            h = with_line(h, density(x, w, 1.0), line_influence)
            p1 = with_line(p1, _average(below, w), line_influence)
            b = with_line(b, _by_rank(below, w, x), line_influence)
        return 2 * (p1 - b / h)

    return _estimate(statistic, values, line, weights, strata, clusters, inference)


def sen_shorrocks_thon_index(
    values: ArrayLike,
    *,
    line: Line,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    inference: Inference = LINEARISATION,
) -> Estimate:
    r"""Estimate the index of Sen, Shorrocks and Thon, :math:`P_1 (1+G^g)`.

    :math:`G^g` is the Gini coefficient of the gaps of all people, the non-poor having none.

    Notes
    -----
    Shorrocks (1995), Econometrica 63(5), 1225–1230: :math:`n^{-2}\sum_i (2n-2i+1) g_i`, incomes ascending. Computed as
    :math:`2(P_1 - B)`, with B the mean of gap times rank.
    """

    def statistic(x: Floats, w: Floats, line_influence: Floats | None) -> Linearised:
        gaps = np.maximum(1 - x, 0)
        found = 2 * (mean(gaps, w) - ranked_mean(gaps, w, by=x))
        if line_influence is None:
            return found
        below = np.where(x < 1, x, 0.0)
        return with_line(found, 2 * (_average(below, w) - _by_rank(below, w, x)), line_influence)

    return _estimate(statistic, values, line, weights, strata, clusters, inference)


def _average(values: Floats, weights: Floats) -> float:
    return float(weights @ values) / float(weights.sum())


def _by_rank(values: Floats, weights: Floats, by: Floats) -> float:
    return ranked_mean(values, weights, by=by).value


def poverty_of_rows(x: Floats, alpha: float) -> Floats:
    """Compute (1 - x)^α where x = y/z is below 1, else 0; with α = 0 whether it is."""
    return np.where(x < 1, np.maximum(1 - x, 0.0) ** alpha, 0.0)


def line_slope(x: Floats, weights: Floats, alpha: float) -> float:
    """Compute the derivative of the measure by ln z: the density at the line for α = 0, else a mean over the poor."""
    if alpha == 0:
        return density(x, weights, 1.0)
    return _average(np.where(x < 1, alpha * np.maximum(1 - x, 0.0) ** (alpha - 1) * x, 0.0), weights)


def with_line(found: Linearised, slope: float, line_influence: Floats) -> Linearised:
    """Add what the statistic gains from the line: its slope in ln z times the influence of ln z.

    Where all values lie at the line its slope is infinite, and the influence is NaN: the statistic jumps there.
    """
    if not np.isfinite(slope):
        return Linearised(found.value, np.full_like(found.influence, np.nan))
    return Linearised(found.value, found.influence + slope * line_influence)


def scale_by_line(y: Floats, line: Line, sample: Sample, values: ArrayLike) -> Floats:
    """Divide the values that are there by a line that is given, one for all or one for each row."""
    whole = np.ndim(line) == 0  # type: ignore[arg-type]
    z = read_numbers(line, "line") if whole else read_numbers(line, "line", like=values)[sample.present]  # type: ignore[arg-type]
    low = ~(z > 0)
    if low.any():
        raise LineError(
            f"The line is {float(np.atleast_1d(z)[np.atleast_1d(low)][0])}"
            + ("." if whole else f" in {int(low.sum())} rows."),
            remedy="A poverty line must be a number above zero.",
        )
    return y / z


def _estimate(
    statistic: Callable[[Floats, Floats, Floats | None], Linearised],
    values: ArrayLike,
    line: Line,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
    clusters: ArrayLike | None,
    inference: Inference,
) -> Estimate:
    y, sample = read_sample(values, weights=weights, strata=strata, clusters=clusters)
    scaled = _scaled(y, sample, line, values)

    def at(w: Floats) -> Linearised:
        x, line_influence = scaled(w)
        return statistic(x, w, line_influence)

    return estimate(at, sample, inference)


def _scaled(y: Floats, sample: Sample, line: Line, values: ArrayLike) -> Scaled:
    if isinstance(line, RelativeLine):

        def relative(w: Floats) -> tuple[Floats, Floats | None]:
            z = line.linearised(y, w)
            return y / z.value, z.influence / z.value

        return relative
    x = scale_by_line(y, line, sample, values)
    return lambda w: (x, None)
