"""Whether alike units lie together, over all and place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.lag import matrix_for
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from fuping.spatial.inference import false_discoveries
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["GlobalAutocorrelation", "LocalClusters", "global_autocorrelation", "local_getis_ord", "local_moran"]

Measure = Literal["moran", "geary"]
LEAST_UNITS = 4


@dataclass(frozen=True)
class GlobalAutocorrelation:
    """Moran's I or Geary's C, year by year.

    Parameters
    ----------
    by_year
        Index year; ``value``, ``expected``, ``se`` and ``z`` (of the permutations), ``p_value`` (two-sided,
        permutations), ``p_analytic`` (two-sided, under randomisation), ``n``, ``n_missing``, ``n_islands``.
    left_out
        ``year``, ``unit``, ``reason``: ``missing``, ``island`` (no neighbour) or ``neighbours missing``.
    measure
        Which statistic.
    permutations, seed
        Of the reference distribution; the least p-value is 2/(permutations + 1).
    """

    by_year: pd.DataFrame
    left_out: pd.DataFrame
    measure: Measure
    permutations: int
    seed: int


@dataclass(frozen=True)
class LocalClusters:
    """A local statistic of each unit.

    Parameters
    ----------
    table
        Index unit; ``value`` (the statistic), ``z`` (analytic, conditional randomisation), ``p_value`` (two-sided,
        conditional permutations), ``p_adjusted``, ``cluster``. Units left out have NaN and their reason as cluster.
    n, n_missing
        Units tested, and without a value.
    islands
        Units without a neighbour, or whose neighbours all lack a value.
    n_found
        Units called a cluster or outlier after the control of false discoveries.
    false_discovery
        Share of false discoveries allowed among them.
    least_p
        Smallest p-value these permutations can give. Where it is above ``false_discovery / n``, a lone cluster cannot
        be found: ask for more permutations.
    seed
        Of the permutations.
    """

    table: pd.DataFrame
    n: int
    n_missing: int
    islands: tuple[object, ...]
    n_found: int
    false_discovery: float
    least_p: float
    seed: int


@dataclass(frozen=True)
class _Tested:
    """The units of one year that have a value and a neighbour with one."""

    at: NDArray[np.intp]
    values: NDArray[np.float64]
    matrix: sparse.csr_array
    reasons: NDArray[np.object_]


def _tested(values: NDArray[np.float64], matrix: sparse.csr_array, year: object) -> _Tested:
    seen = ~np.isnan(values)
    reasons = np.where(seen, "", "missing").astype(object)
    reasons[seen & (matrix.sum(axis=1) == 0)] = "island"
    kept = reasons == ""
    # In a one-way graph a unit left out may have been the last neighbour of another.
    while True:
        alone = kept & (matrix @ kept.astype(float) == 0)
        if not alone.any():
            break
        reasons[alone] = "neighbours missing"
        kept &= ~alone
    at = np.flatnonzero(kept)
    if len(at) < LEAST_UNITS:
        raise PanelError(
            f"{len(at)} units have a value and an observed neighbour in {year}; {LEAST_UNITS} are needed.",
            remedy="Give another year or graph.",
            year=year,
        )
    tested = values[at]
    if np.ptp(tested) == 0:
        raise PanelError(f"All {len(at)} units have the value {tested[0]:g} in {year}.", remedy="Nothing can cluster.")
    return _Tested(at, tested, matrix[at][:, at], reasons)


def _standardised(matrix: sparse.csr_array) -> sparse.csr_array:
    return sparse.diags_array(1 / matrix.sum(axis=1)) @ matrix


def global_autocorrelation(
    values: Panel, graph: Graph, *, measure: Measure, seed: int, permutations: int = 999
) -> GlobalAutocorrelation:
    r"""Test in each year whether neighbours are more alike than chance would have it.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing. Years without a value are NaN in the answer.
    graph
        Neighbours of the same units; weights are row-standardised over the units tested.
    measure
        ``"moran"`` or ``"geary"``.
    seed, permutations
        Of the reference distribution.

    Raises
    ------
    PanelError
        The measure is unknown, the graph is not over these units, or a year has fewer than four units to test or
        one value throughout.

    Notes
    -----
    :math:`I = \frac{n}{S_0}\frac{\sum_{ij} w_{ij} z_i z_j}{\sum_i z_i^2}`,
    :math:`C = \frac{n-1}{2S_0}\frac{\sum_{ij} w_{ij}(x_i - x_j)^2}{\sum_i z_i^2}` (Cliff & Ord 1981), values and
    analytic p from esda. The permutations are drawn here, since esda's use numpy's global state and cannot be seeded.
    """
    from esda import Geary, Moran

    if measure not in get_args(Measure):
        raise PanelError(f"Measure {measure!r} is unknown.", remedy=f"Choose {' or '.join(get_args(Measure))}.")
    panel = read_panel(values)
    matrix = matrix_for(graph, panel.columns)
    rows, left_out = [], []
    for year, row in zip(panel.index, panel.to_numpy(), strict=True):
        n_missing = int(np.isnan(row).sum())
        if n_missing == len(row):
            rows.append((*[np.nan] * 6, 0, n_missing, 0))
            continue
        tested = _tested(row, matrix, year)
        left_out += [(year, panel.columns[at], tested.reasons[at]) for at in np.flatnonzero(tested.reasons != "")]
        weights = _standardised(tested.matrix)
        y, n = tested.values, len(tested.at)
        neighbours = Graph.from_sparse(weights)
        if measure == "moran":
            answer = Moran(y, neighbours, permutations=0)
            value, expected, p_analytic = answer.I, answer.EI, answer.p_rand
        else:
            answer = Geary(y, neighbours, permutations=0)
            value, expected, p_analytic = answer.C, 1.0, 2 * answer.p_rand
        drawn = _permuted(y - y.mean(), weights, measure, permutations, seed)
        extreme = min((drawn >= value - 1e-12).sum(), (drawn <= value + 1e-12).sum())
        p = min(1.0, 2 * (extreme + 1) / (permutations + 1))
        z = (value - drawn.mean()) / drawn.std(ddof=1)
        n_islands = int((tested.reasons != "").sum()) - n_missing
        rows.append((value, expected, drawn.std(ddof=1), z, p, p_analytic, n, n_missing, n_islands))
    names = ["value", "expected", "se", "z", "p_value", "p_analytic", "n", "n_missing", "n_islands"]
    return GlobalAutocorrelation(
        by_year=pd.DataFrame(rows, index=panel.index, columns=names),
        left_out=pd.DataFrame(left_out, columns=["year", "unit", "reason"]),
        measure=measure,
        permutations=permutations,
        seed=seed,
    )


def _permuted(
    z: NDArray[np.float64], weights: sparse.csr_array, measure: Measure, permutations: int, seed: int
) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    n, s0 = len(z), weights.sum()
    out = weights.sum(axis=1) + weights.sum(axis=0)
    spread = (z**2).sum()
    drawn = np.empty(permutations)
    for start in range(0, permutations, 256):
        count = min(256, permutations - start)
        shuffled = rng.permuted(np.broadcast_to(z, (count, n)), axis=1).T
        cross = (shuffled * (weights @ shuffled)).sum(axis=0)
        if measure == "moran":
            drawn[start : start + count] = n / s0 * cross / spread
        else:
            drawn[start : start + count] = (n - 1) / (2 * s0) * (out @ shuffled**2 - 2 * cross) / spread
    return drawn


def local_moran(
    values: pd.Series,
    graph: Graph,
    *,
    seed: int,
    permutations: int = 9999,
    false_discovery: float = 0.05,
) -> LocalClusters:
    """Find where high or low values lie together, and where one stands out from its neighbours.

    Parameters
    ----------
    values
        One year: a value for each unit, NaN missing.
    graph
        Neighbours of the same units.
    seed, permutations
        Of the conditional permutations.
    false_discovery
        Share of false discoveries allowed among the units that are called (Benjamini–Hochberg).

    Returns
    -------
    LocalClusters
        ``cluster``: HH, LL (clusters), HL, LH (outliers; own value first), not significant, or the reason for leaving
        the unit out: missing, island, neighbours missing.

    Raises
    ------
    PanelError
        The graph is not over these units, fewer than four can be tested, or all have one value.

    Notes
    -----
    Anselin (1995), the statistic and its moments from esda's ``Moran_Local`` with row-standardised weights. The
    conditional permutations are drawn here: esda compiles its own for some 20 seconds in each process, and the
    meaning of its p-values (one-sided today) is announced to change.
    """
    from esda import Moran_Local

    tested, units = _one_year(values, graph)
    weights = _standardised(tested.matrix)
    answer = Moran_Local(tested.values, Graph.from_sparse(weights), permutations=0)
    p = _conditional_p(tested.values, weights, permutations, seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (answer.Is - answer.EIc) / np.sqrt(answer.VIc)
    words = np.array(["HH", "LH", "LL", "HL"])[answer.q - 1]
    return _clusters(tested, units, answer.Is, z, p, words, permutations, false_discovery, seed)


def local_getis_ord(
    values: pd.Series,
    graph: Graph,
    *,
    seed: int,
    permutations: int = 9999,
    false_discovery: float = 0.05,
) -> LocalClusters:
    r"""Find hot and cold spots: where a unit and its neighbours together lie above or below the mean.

    Parameters
    ----------
    values, graph, seed, permutations, false_discovery
        As for :func:`local_moran`.

    Returns
    -------
    LocalClusters
        ``value`` and ``z`` are both the standardised :math:`G_i^*`; ``cluster``: hot, cold, not significant, or the
        reason for leaving the unit out.

    Raises
    ------
    PanelError
        As for :func:`local_moran`.

    Notes
    -----
    Ord & Getis (1995, eq. 14) with binary weights, the unit counting among its neighbours; z from esda's ``G_Local``.
    The values are shifted to begin at 0, which does not change z and spares G its trouble with a mean of 0. The
    permutations keep the unit's own value and ask about its neighbours.
    """
    from esda import G_Local

    tested, units = _one_year(values, graph)
    binary = tested.matrix.copy()
    binary.data[:] = 1.0
    shifted = tested.values - tested.values.min()
    # A unit that neighbours all others has no z: its sum cannot vary.
    with np.errstate(divide="ignore", invalid="ignore"):
        answer = G_Local(shifted, Graph.from_sparse(binary), transform="B", star=True, permutations=0)
    p = _conditional_p(tested.values, binary, permutations, seed)
    words = np.where(answer.Zs > 0, "hot", "cold")
    return _clusters(tested, units, answer.Zs, answer.Zs, p, words, permutations, false_discovery, seed)


def _one_year(values: pd.Series, graph: Graph) -> tuple[_Tested, pd.Index]:
    if not isinstance(values, pd.Series):
        raise PanelError(
            f"A local statistic looks at one year, found {type(values).__name__}.", remedy="Give a Series."
        )
    panel = read_panel(values.to_frame().T.set_axis([0]))
    year = values.name if values.name is not None else "this year"
    return _tested(panel.to_numpy()[0], matrix_for(graph, panel.columns), year), panel.columns


def _conditional_p(
    values: NDArray[np.float64], weights: sparse.csr_array, permutations: int, seed: int
) -> NDArray[np.float64]:
    """Two-sided p of the sum over the neighbours, with the unit's own value held and all others shuffled."""
    rng = np.random.default_rng(seed)
    n = len(values)
    spread = values - values.mean()
    sizes = np.diff(weights.indptr)
    widest = int(sizes.max())
    draws = np.empty((permutations, widest), dtype=np.int32)
    others = np.arange(n - 1, dtype=np.int32)
    for start in range(0, permutations, 512):
        block = draws[start : start + 512]
        block[:] = rng.permuted(np.broadcast_to(others, (len(block), n - 1)), axis=1)[:, :widest]
    observed = weights @ spread
    close = 1e-9 * np.abs(spread).max()
    p = np.empty(n)
    for unit in range(n):
        drawn = draws[:, : sizes[unit]]
        row = slice(weights.indptr[unit], weights.indptr[unit + 1])
        sums = spread[drawn + (drawn >= unit)] @ weights.data[row]
        above, below = (sums >= observed[unit] - close).sum(), (sums <= observed[unit] + close).sum()
        p[unit] = min(1.0, 2 * (min(above, below) + 1) / (permutations + 1))
    return p


def _clusters(
    tested: _Tested,
    units: pd.Index,
    value: NDArray[np.float64],
    z: NDArray[np.float64],
    p: NDArray[np.float64],
    words: NDArray[np.str_],
    permutations: int,
    false_discovery: float,
    seed: int,
) -> LocalClusters:
    found = false_discoveries(p, level=false_discovery)
    table = pd.DataFrame(index=units, columns=["value", "z", "p_value", "p_adjusted"], dtype="float64")
    table.iloc[tested.at] = np.column_stack([value, z, p, found.p_adjusted])
    cluster = tested.reasons.copy()
    cluster[tested.at] = np.where(found.found, words, "not significant")
    table["cluster"] = cluster.astype(str)
    alone = np.isin(tested.reasons, ["island", "neighbours missing"])
    return LocalClusters(
        table=table,
        n=len(tested.at),
        n_missing=int((tested.reasons == "missing").sum()),
        islands=tuple(units[alone]),
        n_found=int(found.found.sum()),
        false_discovery=false_discovery,
        least_p=2 / (permutations + 1),
        seed=seed,
    )
