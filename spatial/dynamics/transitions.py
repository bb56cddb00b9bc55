"""How often units move from class to class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.inference import proportion_interval
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "HomogeneityTest",
    "TransitionMatrix",
    "classes_by_breaks",
    "compare_transitions",
    "pooled_quantiles",
    "quantile_classes",
    "transition_matrix",
    "unit_transitions",
]


@dataclass(frozen=True)
class TransitionMatrix:
    """Transitions between k classes, pooled over units and pairs of readings.

    Parameters
    ----------
    counts
        int64, from (rows) × to (columns).
    probability, low, high
        float64, same shape: share of each row, with its Wilson interval; a class nobody left from is a row of NaN.
    n_pairs
        Transitions counted.
    n_missing
        Pairs of readings with a class missing on one side or both.
    n_skipped
        Pairs of rows that are not ``step`` years apart, times units.
    steps
        Years between the readings that were used, ascending.
    confidence
        Coverage of each interval. It takes transitions as independent; several from one unit make it too narrow, so
        use the bootstrap over units (:func:`~fuping.spatial.dynamics.mobility.mobility`) for what is concluded.
    """

    counts: pd.DataFrame
    probability: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    n_pairs: int
    n_missing: int
    n_skipped: int
    steps: tuple[int, ...]
    confidence: float


@dataclass(frozen=True)
class HomogeneityTest:
    """Whether several transition matrices may be one.

    Parameters
    ----------
    likelihood_ratio, likelihood_ratio_p
        Likelihood-ratio statistic and its chi-square p-value.
    pearson, pearson_p
        Pearson's statistic Q and its p-value.
    dof
        Degrees of freedom, corrected for empty rows and cells.
    n
        Transitions in all matrices.
    """

    likelihood_ratio: float
    likelihood_ratio_p: float
    pearson: float
    pearson_p: float
    dof: int
    n: int


def pooled_quantiles(values: Panel, k: int) -> NDArray[np.float64]:
    """Give the k - 1 breaks that split all values of all years into k classes of equal size.

    Raises
    ------
    PanelError
        k is below 2, or ties leave fewer than k classes.
    """
    if k < 2:
        raise PanelError(f"{k} classes need no break.", remedy="Ask for 2 or more.")
    grid = read_panel(values).to_numpy()
    breaks = np.quantile(grid[~np.isnan(grid)], np.arange(1, k) / k)
    if len(np.unique(breaks)) < k - 1:
        raise PanelError(
            f"Ties leave fewer than {k} classes: breaks {breaks.tolist()}.", remedy="Ask for fewer classes."
        )
    return breaks


def classes_by_breaks(values: Panel, breaks: Sequence[float] | NDArray[np.float64]) -> pd.DataFrame:
    """Put each value into a class: 0 up to and including the first break, and so on; missing stays missing.

    Raises
    ------
    PanelError
        The breaks do not ascend.
    """
    edges = np.asarray(breaks, dtype=float)
    if edges.ndim != 1 or not len(edges) or not (np.diff(edges) > 0).all():
        raise PanelError(f"Breaks {edges.tolist()} do not ascend.", remedy="Give ascending numbers.")
    panel = read_panel(values)
    grid = panel.to_numpy()
    classes = np.where(np.isnan(grid), np.nan, np.searchsorted(edges, grid, side="left"))
    return pd.DataFrame(classes, index=panel.index, columns=panel.columns)


def quantile_classes(values: Panel, k: int) -> pd.DataFrame:
    """Put the observed units of each year into k classes of equal size, so that classes are ranks.

    Raises
    ------
    PanelError
        k is below 2, a year has fewer than k values, or ties leave fewer classes.
    """
    panel = read_panel(values)
    held = panel.notna().sum(axis=1)
    short = held[(held > 0) & (held < k)]
    if len(short):
        raise PanelError(
            f"{short.index[0]} has {short.iloc[0]} values for {k} classes.", remedy="Ask for fewer classes."
        )
    years = (row.to_frame().T for _, row in panel.iterrows())
    rows = [
        classes_by_breaks(year, pooled_quantiles(year, k)) if year.notna().any(axis=None) else year for year in years
    ]
    return pd.concat(rows).rename_axis(index="year", columns="unit")


def _codes(classes: pd.DataFrame | NDArray, labels: Sequence[object] | None) -> tuple[pd.DataFrame, list[object]]:
    frame = classes if isinstance(classes, pd.DataFrame) else pd.DataFrame(np.asarray(classes))
    found = [value for value in pd.unique(frame.to_numpy(dtype=object).ravel()) if not pd.isna(value)]
    if labels is None:
        numbers = all(isinstance(value, int | float | np.number) and float(value) % 1 == 0 for value in found)
        if not numbers:
            raise PanelError(
                f"Classes such as {found[0]!r} have no order of their own.",
                remedy="Give labels=, in order.",
                classes=found,
            )
        names: list[object] = list(range(int(min(found, default=0)), int(max(found, default=-1)) + 1))
    else:
        names = list(labels)
        strange = [value for value in found if value not in names]
        if strange or len(set(names)) < len(names):
            raise PanelError(
                f"Class {strange[0]!r} is not among the labels {names}." if strange else f"Labels {names} repeat.",
                remedy="Give every class once; set to missing what should not count.",
            )
    place = {name: at for at, name in enumerate(names)}
    # Each class is looked up once, not once a cell: there are thousands of units.
    where, seen = pd.factorize(frame.to_numpy(dtype=object).ravel())
    codes = np.array([place[value] for value in seen] + [np.nan])[where].reshape(frame.shape)
    return read_panel(pd.DataFrame(codes, index=frame.index, columns=frame.columns), name="classes"), names


def unit_transitions(
    classes: pd.DataFrame | NDArray, *, labels: Sequence[object] | None = None, step: int | None = None
) -> tuple[NDArray[np.int64], list[object]]:
    """Count the transitions of each unit.

    Returns
    -------
    (counts, labels)
        int64, shape (n units, k, k), and the k classes in order.

    Raises
    ------
    PanelError
        As for :func:`transition_matrix`.
    """
    coded, names = _codes(classes, labels)
    before, after, _ = _pairs(coded, step)
    return _counts(before, after, len(names)), names


def _counts(before: NDArray[np.float64], after: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Count by unit; both of shape (pairs, n units)."""
    n = before.shape[1]
    known = ~np.isnan(before) & ~np.isnan(after)
    unit = np.broadcast_to(np.arange(n), before.shape)[known]
    cells = (unit * k + before[known].astype(int)) * k + after[known].astype(int)
    return np.bincount(cells, minlength=n * k * k).reshape(n, k, k).astype(np.int64)


def _pairs(coded: pd.DataFrame, step: int | None) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    years = coded.index.to_numpy()
    grid = coded.to_numpy()
    if len(years) < 2:
        raise PanelError(f"There is one year ({years[0]}), so nobody moved.", remedy="Give two or more.")
    if step is None:
        first, second = np.arange(len(years) - 1), np.arange(1, len(years))
    else:
        place = {year: at for at, year in enumerate(years.tolist())}
        second = np.array([place[year + step] for year in years.tolist() if year + step in place], dtype=int)
        first = np.array([at for at, year in enumerate(years.tolist()) if year + step in place], dtype=int)
        if not len(first):
            raise PanelError(
                f"No two of the years {years.tolist()} are {step} apart.", remedy="Choose another step, or None."
            )
    return grid[first], grid[second], np.unique(years[second] - years[first])


def transition_matrix(
    classes: pd.DataFrame | NDArray,
    *,
    labels: Sequence[object] | None = None,
    step: int | None = None,
    confidence: float = 0.95,
) -> TransitionMatrix:
    """Count transitions and turn them into probabilities.

    Parameters
    ----------
    classes
        Years × units: class of each unit (numbers, or words such as statuses); missing where unknown.
    labels
        The classes in order; needed for words. Whole numbers from least to greatest by default.
    step
        Years between the two readings; None takes each reading and the next row, however far apart (see ``steps`` of
        the result). A missing reading is not bridged.
    confidence
        Coverage of the intervals.

    Raises
    ------
    PanelError
        There are fewer than two years, none ``step`` apart, a class not among the labels, or no observed transition.

    Examples
    --------
    >>> matrix = transition_matrix(np.array([[0, 0, 1], [0, 1, 1]]))
    >>> matrix.probability.values.tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    coded, names = _codes(classes, labels)
    before, after, steps = _pairs(coded, step)
    counts = _counts(before, after, len(names)).sum(axis=0)
    total = int(counts.sum())
    if not total:
        raise PanelError("No unit has a class in two readings in a row.", remedy="Choose another step.")
    start = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, start, out=np.full(counts.shape, np.nan), where=start > 0)
    low, high = proportion_interval(counts, np.broadcast_to(start, counts.shape), confidence=confidence)
    possible = (len(coded) - 1) * coded.shape[1]

    def table(cells: NDArray) -> pd.DataFrame:
        return pd.DataFrame(cells, index=pd.Index(names, name="from"), columns=pd.Index(names, name="to"))

    return TransitionMatrix(
        counts=table(counts),
        probability=table(share),
        low=table(low),
        high=table(high),
        n_pairs=total,
        n_missing=before.size - total,
        n_skipped=max(possible - before.size, 0),
        steps=tuple(int(gap) for gap in steps),
        confidence=confidence,
    )


def compare_transitions(counts: Sequence[ArrayLike]) -> HomogeneityTest:
    """Test whether groups of units or periods share one transition matrix.

    Parameters
    ----------
    counts
        Two or more count matrices of one shape (k, k).

    Raises
    ------
    PanelError
        Fewer than two matrices, shapes that differ, or nothing counted.

    Notes
    -----
    Bickenbach & Bode (2003, International Regional Science Review 26), as in ``giddy.markov.homogeneity``.
    """
    # giddy brings numba, whose import takes seconds; only those who test pay for it.
    from giddy.markov import homogeneity

    matrices = [np.asarray(part, dtype=float) for part in counts]
    if len(matrices) < 2 or len({part.shape for part in matrices}) != 1:
        raise PanelError(
            f"There are {len(matrices)} matrices of shapes {sorted({part.shape for part in matrices})}.",
            remedy="Give two or more of one shape.",
        )
    if not sum(part.sum() for part in matrices):
        raise PanelError("The matrices count no transition.", remedy="Give counts, not shares.")
    test = homogeneity(matrices)
    return HomogeneityTest(
        likelihood_ratio=float(test.LR),
        likelihood_ratio_p=float(test.LR_p_value),
        pearson=float(test.Q),
        pearson_p=float(test.Q_p_value),
        dof=int(test.dof),
        n=int(test.t_total),
    )
