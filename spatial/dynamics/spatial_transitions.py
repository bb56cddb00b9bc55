"""Whether moving depends on the neighbours: conditional transition matrices and moves between quadrants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.lag import spatial_lag
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.dynamics.transitions import (
    HomogeneityTest,
    TransitionMatrix,
    classes_by_breaks,
    compare_transitions,
    transition_matrix,
)
from libpysal.graph import Graph
from numpy.typing import NDArray

__all__ = ["QUADRANTS", "SpatialMarkov", "lisa_transitions", "quadrants", "spatial_markov"]

QUADRANTS = ("HH", "LH", "LL", "HL")
"""Own value above (H) or not above (L) the mean of the year, then that of the neighbours."""


@dataclass(frozen=True)
class SpatialMarkov:
    """Transitions, apart for each class that the neighbours were in at the start.

    Parameters
    ----------
    overall
        All transitions of units with a neighbour.
    conditional
        One matrix for each class of the neighbours, lowest first; None where no transition was seen.
    test
        Whether the conditional matrices may be one.
    n_without_neighbours
        Pairs of readings left out because the unit is an island or no neighbour was observed.
    """

    overall: TransitionMatrix
    conditional: tuple[TransitionMatrix | None, ...]
    test: HomogeneityTest
    n_without_neighbours: int


def spatial_markov(
    values: Panel,
    graph: Graph,
    *,
    breaks: Sequence[float] | NDArray[np.float64],
    lag_breaks: Sequence[float] | NDArray[np.float64],
    step: int | None = None,
    confidence: float = 0.95,
) -> SpatialMarkov:
    """Count transitions between classes, conditional on the class of the neighbours.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing; divide by the mean of each year first to look at relative positions.
    graph
        Neighbours of the same units; their mean over the observed ones is the condition.
    breaks, lag_breaks
        Ascending breaks of the values and of the neighbours' means
        (:func:`~fuping.spatial.dynamics.transitions.pooled_quantiles`).
    step, confidence
        As for :func:`~fuping.spatial.dynamics.transitions.transition_matrix`.

    Raises
    ------
    PanelError
        The graph is not over these units, breaks do not ascend, or fewer than two classes of neighbours occur.

    Notes
    -----
    Rey (2001, Geographical Analysis 33). ``giddy.markov.Spatial_Markov`` takes neither missing values nor islands
    (whose lag it sets to 0), so the counting is done here and the test is giddy's.
    """
    panel = read_panel(values)
    classes = classes_by_breaks(panel, breaks)
    lag = spatial_lag(panel, graph)
    around = classes_by_breaks(lag, lag_breaks).to_numpy()
    names = list(range(len(breaks) + 1))
    settings: dict[str, object] = {"labels": names, "step": step, "confidence": confidence}
    everyone = transition_matrix(classes, **settings)  # type: ignore[arg-type]
    overall = _conditional(classes, ~np.isnan(around), settings)
    if overall is None:
        raise PanelError(
            "No unit with an observed neighbour has two readings in a row.",
            remedy="Give another graph, or use another step.",
        )
    parts = tuple(_conditional(classes, around == level, settings) for level in range(len(lag_breaks) + 1))
    used = [part.counts.to_numpy() for part in parts if part is not None]
    if len(used) < 2:
        raise PanelError("All neighbours are in one class.", remedy="Choose other lag_breaks.")
    return SpatialMarkov(overall, parts, compare_transitions(used), everyone.n_pairs - overall.n_pairs)


def _conditional(
    classes: pd.DataFrame, allowed: NDArray[np.bool_], settings: dict[str, object]
) -> TransitionMatrix | None:
    """Transitions that start where it is allowed; a start elsewhere must not lose its end to the next pair."""
    years, step = classes.index.to_numpy(), settings["step"]
    gap = {at: at + 1 for at in range(len(years) - 1)}
    if step is not None:
        place = {year: at for at, year in enumerate(years.tolist())}
        gap = {at: place[year + step] for year, at in place.items() if year + step in place}  # type: ignore[operator]
    grid = classes.to_numpy()
    first = [np.where(allowed[at], grid[at], np.nan) for at in gap]
    pairs = np.concatenate([np.stack(first, axis=1), np.stack([grid[to] for to in gap.values()], axis=1)], axis=0)
    flat = pairs.reshape(2, -1)
    if np.isnan(flat).any(axis=0).all():
        return None
    matrix = transition_matrix(flat, labels=settings["labels"], confidence=settings["confidence"])  # type: ignore[arg-type]
    steps = tuple(sorted({int(years[to] - years[at]) for at, to in gap.items()}))
    return TransitionMatrix(**{**matrix.__dict__, "steps": steps})


def quadrants(values: Panel, graph: Graph) -> pd.DataFrame:
    """Give the quadrant of the Moran scatter plot of each unit in each year.

    Returns
    -------
    pandas.DataFrame
        Years × units, one of :data:`QUADRANTS`; missing where the unit or all its neighbours are. Deviations are
        from the mean of the units observed in the year.

    Raises
    ------
    PanelError
        The graph is not over these units.
    """
    panel = read_panel(values)
    deviation = panel.sub(panel.mean(axis=1), axis=0)
    around = spatial_lag(deviation, graph)
    own, near = deviation > 0, around > 0
    words = np.select([own & near, ~own & near, ~own & ~near], QUADRANTS[:3], QUADRANTS[3])
    table = pd.DataFrame(words, index=panel.index, columns=panel.columns, dtype=object)
    return table.where(deviation.notna() & around.notna())


def lisa_transitions(
    values: Panel, graph: Graph, *, step: int | None = None, confidence: float = 0.95
) -> TransitionMatrix:
    """Count moves between the quadrants of the Moran scatter plot.

    Parameters
    ----------
    values, graph
        As for :func:`spatial_markov`. Quadrants of all units count, significant or not.
    step, confidence
        As for :func:`~fuping.spatial.dynamics.transitions.transition_matrix`.

    Raises
    ------
    PanelError
        The graph is not over these units, or nobody has an observed neighbour twice.

    Notes
    -----
    Rey (2001), as ``giddy.markov.LISA_Markov``, with missing values and islands left out instead of set to 0.
    """
    return transition_matrix(quadrants(values, graph), labels=QUADRANTS, step=step, confidence=confidence)
