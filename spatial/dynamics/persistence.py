"""Poverty that lasts: poor in every reading, and the chronic part of what is measured over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, companion, read_panel
from fuping.spatial.inference import Estimate, bootstrap_units
from numpy.typing import ArrayLike, NDArray
from scipy import stats

__all__ = ["ChronicPoverty", "chronic_poverty", "persistent_poverty"]


def persistent_poverty(
    values: Panel,
    *,
    threshold: float,
    readings: list[int] | None = None,
    se: Panel | None = None,
) -> pd.DataFrame:
    r"""Find units whose value reached the threshold in every reading.

    Parameters
    ----------
    values
        Shape (m years, n units), a poverty rate in percent; higher is poorer. NaN is missing.
    threshold
        The rule of the US Economic Research Service is 20 percent or more, in each of four readings over some thirty
        years.
    readings
        Years that count; by default all. The caller declares which, since any number is allowed.
    se
        Standard errors on the same years and units.

    Returns
    -------
    pandas.DataFrame
        Index unit; ``n_readings`` observed, ``n_missing``, ``n_reached``, ``persistent`` (nullable boolean: missing
        where readings are missing and none of the others fell short), ``probability`` that the true values reached
        the threshold in every reading (NaN without ``se``, or with one missing), ``firm``: the probability is at
        least 0.95 or at most 0.05.

    Raises
    ------
    PanelError
        A reading is not a year of the panel, or a standard error is negative.

    Notes
    -----
    :math:`P = \prod_t \Phi((x_t - c)/se_t)`: errors independent over the readings and normal.

    Examples
    --------
    >>> table = persistent_poverty(np.array([[25.0, 25.0, 19.9], [20.0, np.nan, np.nan]]), threshold=20)
    >>> table["persistent"].tolist()
    [True, <NA>, False]
    """
    panel = read_panel(values)
    errors = companion(se, panel, name="standard errors")
    years = list(panel.index) if readings is None else list(readings)
    lost = [year for year in years if year not in panel.index]
    if lost or not years:
        raise PanelError(
            f"Readings {lost or years} are not in the panel.",
            remedy=f"Choose among {list(panel.index)}.",
            readings=lost,
        )
    grid = panel.loc[years].to_numpy()
    seen = ~np.isnan(grid)
    reached = seen & (grid >= threshold)
    short = (seen & ~reached).any(axis=0)
    answer = np.where(short, 0.0, np.where(seen.all(axis=0), 1.0, np.nan))
    probability = np.full(grid.shape[1], np.nan)
    if errors is not None:
        spread = errors.loc[years].to_numpy()
        if (spread < 0).any():
            raise PanelError(f"A standard error is negative ({spread[spread < 0][0]:g}).", remedy="Give 0 or more.")
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(spread == 0, np.where(grid >= threshold, np.inf, -np.inf), (grid - threshold) / spread)
        probability = stats.norm.cdf(np.where(seen, z, np.nan)).prod(axis=0)
    sure = np.where(np.isnan(probability), np.nan, (probability >= 0.95) | (probability <= 0.05))
    return pd.DataFrame(
        {
            "n_readings": seen.sum(axis=0),
            "n_missing": (~seen).sum(axis=0),
            "n_reached": reached.sum(axis=0),
            "persistent": pd.array(answer, dtype="Float64").astype("boolean"),
            "probability": probability,
            "firm": pd.array(sure, dtype="Float64").astype("boolean"),
        },
        index=panel.columns,
    ).astype({"n_readings": "int64", "n_missing": "int64", "n_reached": "int64"})


@dataclass(frozen=True)
class ChronicPoverty:
    """Total poverty over time, split into its chronic and transient parts.

    Parameters
    ----------
    by_unit
        Index unit; ``n_years``, ``total``, ``chronic``, ``transient``, ``kind``: never poor, transiently poor (mean
        above the line), persistently poor (below the line in every year), chronically poor (mean below the line, but
        not always), missing.
    total, chronic, transient
        Weighted means over the units.
    chronic_share
        Chronic over total; NaN where nobody is poor.
    n_left_out
        Units with a missing year (or weight); a mean over fewer years would look less chronic.
    line, power
        Poverty line and exponent of the gap.
    """

    by_unit: pd.DataFrame
    total: Estimate
    chronic: Estimate
    transient: Estimate
    chronic_share: Estimate
    n_left_out: int
    line: float
    power: float


def chronic_poverty(
    values: Panel,
    *,
    line: float,
    power: float = 2.0,
    seed: int,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    n_resamples: int = 999,
    confidence: float = 0.95,
) -> ChronicPoverty:
    r"""Split poverty over time into what lasts and what comes and goes.

    Parameters
    ----------
    values
        Shape (m years, n units): welfare, higher is better (income a head at constant prices), 0 or more.
    line
        Poverty line in the same unit.
    power
        Exponent of the relative gap: 2, the squared gap, in the sources. At least 1, or transient poverty could be
        negative.
    seed, clusters, n_resamples, confidence
        Of the bootstrap over units.
    weights
        People of each unit, shape (n,); equal by default.

    Raises
    ------
    PanelError
        The line is not positive, the power below 1, a value or weight negative, or fewer than two units complete.

    Notes
    -----
    With :math:`p(y) = \max(1 - y/z, 0)^\alpha`: total :math:`T_i = \frac1m\sum_t p(y_{it})`, chronic
    :math:`C_i = p(\bar y_i)`, transient :math:`T_i - C_i` (Ravallion 1988, Rev. Economics and Statistics 70; Jalan &
    Ravallion 1998, J. Comparative Economics 26, eq. 1–3; the kinds: Jalan & Ravallion 2000, J. Development Studies
    36). Units are places here: what goes on between the people of a place is not seen.

    Examples
    --------
    >>> split = chronic_poverty(np.array([[50.0, 80.0], [150.0, 80.0]]), line=100, seed=1, n_resamples=9)
    >>> split.by_unit[["total", "chronic", "transient"]].round(3).values.tolist()
    [[0.125, 0.0, 0.125], [0.04, 0.04, 0.0]]
    """
    panel = read_panel(values)
    if not line > 0:
        raise PanelError(f"A poverty line of {line!r} is not positive.", remedy="Give it in the unit of the values.")
    if not power >= 1:
        raise PanelError(f"A power of {power!r} is below 1.", remedy="Use 2 (squared gap) or 1 (gap).")
    grid = panel.to_numpy()
    if (grid < 0).any():
        raise PanelError(f"A value is negative ({grid[grid < 0][0]:g}).", remedy="Give welfare of 0 or more.")
    m, n = grid.shape
    people = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    if people.shape != (n,) or (people < 0).any():
        raise PanelError(f"Weights of shape {people.shape} are negative or not one a unit.", remedy=f"Give {n}.")
    mean, total = grid.mean(axis=0), _gap(grid, line, power).mean(axis=0)
    chronic = _gap(mean, line, power)
    # The mean of equal years can miss them by a rounding error, never by more.
    transient = np.where(np.abs(total - chronic) < 1e-14, 0.0, total - chronic)
    below = (grid < line).sum(axis=0)
    kind = np.select(
        [np.isnan(mean), below == 0, below == m, mean < line],
        ["missing", "never poor", "persistently poor", "chronically poor"],
        "transiently poor",
    )
    by_unit = pd.DataFrame(
        {
            "n_years": (~np.isnan(grid)).sum(axis=0),
            "total": total,
            "chronic": chronic,
            "transient": transient,
            "kind": kind,
        },
        index=panel.columns,
    )
    whole = np.flatnonzero(~np.isnan(mean) & ~np.isnan(people))
    labels = None if clusters is None else np.asarray(clusters)[whole]

    def over(part: NDArray[np.float64], base: NDArray[np.float64] | None = None) -> Estimate:
        def statistic(at: NDArray[np.intp]) -> float:
            drawn = whole[at]
            below_it = people[drawn].sum() if base is None else (people[drawn] * base[drawn]).sum()
            return float((people[drawn] * part[drawn]).sum() / below_it) if below_it > 0 else float("nan")

        return bootstrap_units(
            statistic, len(whole), seed=seed, clusters=labels, n_resamples=n_resamples, confidence=confidence
        )

    return ChronicPoverty(
        by_unit=by_unit,
        total=over(total),
        chronic=over(chronic),
        transient=over(transient),
        chronic_share=over(chronic, total),
        n_left_out=n - len(whole),
        line=float(line),
        power=float(power),
    )


def _gap(values: NDArray[np.float64], line: float, power: float) -> NDArray[np.float64]:
    return np.maximum(1 - values / line, 0.0) ** power
