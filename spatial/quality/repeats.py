"""Figures that cannot be, and figures that repeat more than chance lets them: copied forward, copied over, rounded."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from scipy.stats import chisquare

__all__ = ["copied_series", "last_digits", "long_runs", "outside_limits"]

CHANCE = 0.01
"""Runs that may be expected in a whole panel by chance; longer ones are rarer."""

FEWEST_DIGITS = 100
"""Steps that a figure must hold for its last digit to say nothing about its size: three digits."""

LAST_PLACE = 1e-9

FEWEST_FIGURES = 200
"""Of fewer figures the spread over ten digits says little."""


def outside_limits(values: Panel, *, minimum: float | None = None, maximum: float | None = None) -> pd.DataFrame:
    """Return the figures below or above what can be: ``year``, ``unit``, ``value`` and ``expected``, the limit.

    Raises
    ------
    PanelError
        No panel, or limits that leave nothing between them.
    """
    low, high = (-np.inf if minimum is None else minimum), (np.inf if maximum is None else maximum)
    if not low <= high:
        raise PanelError(f"Nothing lies from {low} to {high}.", remedy="Give the lower limit first.")
    panel = read_panel(values)
    grid = panel.to_numpy()
    # Parts that make 100 % may exceed it by the last place of a computed number.
    row, column = np.nonzero((grid < low - LAST_PLACE) | (grid > high + LAST_PLACE))
    value = grid[row, column]
    return pd.DataFrame(
        {
            "year": panel.index.to_numpy()[row],
            "unit": panel.columns.to_numpy()[column],
            "value": value,
            "expected": np.where(value < low, low, high),
        }
    )


def long_runs(values: Panel, *, step: float, shortest: int = 3) -> pd.DataFrame:
    r"""Return runs of the very same figure over following years that are too long to be chance.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing, which ends a run.
    step
        What figures are rounded to; those of fewer than 100 steps are left out, as small counts repeat by themselves.
    shortest
        Figures that a run must have.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``first``, ``last`` (years), ``n`` figures, ``value`` and ``by_chance``: how many runs as long are
        expected in the panel, at most 0.01.

    Raises
    ------
    PanelError
        No panel, or a step or length out of range.

    Notes
    -----
    With a share p of N pairs of following figures equal, :math:`N p^{r-1}` runs of r figures are expected were pairs
    equal independently of each other. The runs themselves raise p, so fewer are named than could be.
    """
    if not step > 0 or shortest < 2:
        raise PanelError(f"Found a step of {step} and runs of {shortest}.", remedy="Give a step above 0 and 2 or more.")
    panel = read_panel(values)
    grid = np.where(np.abs(panel.to_numpy()) >= FEWEST_DIGITS * step, panel.to_numpy(), np.nan)
    same = np.abs(np.diff(grid, axis=0)) < step * 1e-6
    pairs = int((~np.isnan(np.diff(grid, axis=0))).sum())
    equal = same.sum() / pairs if pairs else 0.0
    rows = []
    for unit in np.flatnonzero(same.any(axis=0)):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same[:, unit], [False]]).astype(int)))
        for start, end in edges.reshape(-1, 2):
            n = int(end - start) + 1
            by_chance = pairs * equal ** (n - 1)
            if n >= shortest and by_chance <= CHANCE:
                years = panel.index[start], panel.index[end]
                rows.append((panel.columns[unit], *map(int, years), n, float(grid[start, unit]), by_chance))
    return pd.DataFrame(rows, columns=["unit", "first", "last", "n", "value", "by_chance"])


def copied_series(values: Panel, *, step: float, fewest_years: int = 3) -> pd.DataFrame:
    """Return units whose figures are the very same in every year as those of another unit.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    step
        What figures are rounded to; series with a figure of fewer than 100 steps are left out.
    fewest_years
        Years with a figure, and different figures, that a series must have.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``same_as`` (the first of those alike) and ``n_years``.

    Raises
    ------
    PanelError
        No panel, or a step or number of years out of range.
    """
    if not step > 0 or fewest_years < 2:
        raise PanelError(
            f"Found a step of {step} and {fewest_years} years.", remedy="Give a step above 0 and 2 or more."
        )
    panel = read_panel(values)
    grid = panel.to_numpy()
    steps = np.rint(np.nan_to_num(grid, nan=-1e-300) / (step * 1e-3))
    alike: dict[bytes, list[int]] = {}
    for unit in range(grid.shape[1]):
        there = grid[~np.isnan(grid[:, unit]), unit]
        large = bool((np.abs(there) >= FEWEST_DIGITS * step).all())
        if len(np.unique(there)) >= fewest_years and large:
            key = steps[:, unit].tobytes() + np.isnan(grid[:, unit]).tobytes()
            alike.setdefault(key, []).append(unit)
    rows = [
        (panel.columns[one], panel.columns[group[0]], int((~np.isnan(grid[:, one])).sum()))
        for group in alike.values()
        for one in group[1:]
    ]
    return pd.DataFrame(rows, columns=["unit", "same_as", "n_years"])


def last_digits(values: Panel, *, step: float) -> pd.DataFrame:
    """Test by year whether the last digits of figures are spread evenly, as those of counts are.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    step
        Place of the last digit: 1 for a count. Figures that are no multiple of it, or hold fewer than 100 steps, are
        left out.

    Returns
    -------
    pandas.DataFrame
        Index ``year``; ``n`` figures, ``round`` (share that ends in 0 or 5; 0.2 is expected), ``p`` (chi-square, nine
        degrees of freedom; NaN of fewer than 200 figures) and ``heaped``: p below 0.001 and more than 0.25 round.

    Raises
    ------
    PanelError
        No panel, or a step that is not above 0.

    Notes
    -----
    Beber and Scacco (2012), *What the numbers say*, Political Analysis 20, 211–234: last digits of numbers of three
    digits and more from nearly any smooth distribution are uniform. Heaping on 0 and 5 tells of rounding or guessing.
    """
    if not step > 0:
        raise PanelError(f"The step is {step}.", remedy="Give a step above 0.")
    panel = read_panel(values)
    rows = []
    for _, figures in panel.iterrows():
        steps = figures.dropna().to_numpy() / step
        whole = np.rint(steps)
        digit = whole[(np.abs(steps - whole) < 1e-6) & (np.abs(whole) >= FEWEST_DIGITS)] % 10
        counts = np.bincount(digit.astype(int), minlength=10)
        n = int(counts.sum())
        p = float(chisquare(counts).pvalue) if n >= FEWEST_FIGURES else np.nan
        rounded = float(counts[[0, 5]].sum() / n) if n else np.nan
        rows.append((n, rounded, p, bool(p < 0.001 and rounded > 0.25)))
    return pd.DataFrame(rows, columns=["n", "round", "p", "heaped"], index=panel.index)
