"""Matched difference in differences of several cohorts, each beside units that are not treated yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.match_report import MatchReport
from fuping.spatial.projects.balance import Overlap, balance_table, propensity_overlap
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.matching import Matches, Metric, local_residuals, match_nearest
from fuping.spatial.projects.panel import Panel
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["Cell", "CohortMatches", "cell_effect", "match_cohorts"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cell:
    """One cohort in one period.

    Parameters
    ----------
    event_time
        Since the first treatment.
    gap
        Of each of n units: change less that of its matches; NaN for all but the matched of the cohort.
    noise
        Weight of each control (column) for each treated unit (row) times the control's residual beside controls alike.
    """

    event_time: int
    gap: Floats
    noise: sparse.csr_array


@dataclass(frozen=True, eq=False)
class CohortMatches:
    """Cells, and how alike the matched are: all cohorts together, each as of its last period before."""

    cells: tuple[Cell, ...]
    matches: Matches
    before: pd.DataFrame
    overlap: Overlap
    left_out: dict[float, int]


def match_cohorts(panel: Panel, *, metric: Metric, neighbours: int, caliper: float | None) -> CohortMatches:
    """Match each cohort, period by period, with units that are not treated by then; see :func:`matched_did`."""
    periods = panel.periods.to_numpy(dtype=float)
    cells: list[Cell] = []
    first: list[tuple[Matches, pd.DataFrame, pd.Series]] = []
    left_out: dict[float, int] = {}
    error: DesignError | None = None
    for start in panel.cohorts:
        base = int(np.searchsorted(periods, start)) - 1
        made: dict[int, tuple[Matches, NDArray[np.intp]]] = {}
        mine: list[Cell] = []
        try:
            for at in [base + 1, *(t for t in range(len(periods)) if t not in (base, base + 1))]:
                later = panel.cohort > max(start, periods[at])
                if not later.any():
                    continue  # Nobody is untreated by then: the period shows nothing of this cohort.
                here = np.flatnonzero(later | (panel.cohort == start))
                if len(here) not in made:
                    x, treated = _side(panel, here, base, start)
                    made[len(here)] = (
                        match_nearest(x, treated, metric=metric, neighbours=neighbours, caliper=caliper),
                        here,
                    )
                    if at == base + 1:
                        opening = (made[len(here)][0], x, treated)
                found, units = made[len(here)]
                mine.append(_cell(panel, found, units, start, base, at))
        except DesignError as caught:
            left_out[float(start)], error = int((panel.cohort == start).sum()), caught
            continue
        if mine:
            cells += mine
            first.append(opening)
        else:
            left_out[float(start)] = int((panel.cohort == start).sum())
    if not cells:
        raise error or DesignError(
            "No unit is untreated when others are treated.", code="no_untreated", last=int(periods[-1])
        )
    return CohortMatches(tuple(cells), *_alike(first), left_out)


def _side(panel: Panel, here: NDArray[np.intp], base: int, start: float) -> tuple[pd.DataFrame, pd.Series]:
    names = list(panel.covariate_names)
    x = pd.DataFrame(panel.covariates[here, base], index=panel.units[here], columns=names)
    return x, pd.Series(panel.cohort[here] == start, index=x.index)


def _cell(panel: Panel, found: Matches, here: NDArray[np.intp], start: float, base: int, at: int) -> Cell:
    change = panel.outcome[:, at] - panel.outcome[:, base]
    i, j = (panel.units.get_indexer(found.pairs[side]) for side in ("treated", "control"))
    w = found.pairs["weight"].to_numpy()
    n = len(panel.units)
    gap = np.full(n, np.nan)
    gap[np.unique(i)] = np.bincount(i, w * (change[i] - change[j]), minlength=n)[np.unique(i)]
    residual = np.zeros(n)
    controls = panel.cohort[here] != start
    residual[here] = local_residuals(found.coordinates.to_numpy(), change[here], controls)
    noise = sparse.csr_array((w * residual[j], (i, j)), shape=(n, n))
    return Cell(int(panel.periods[at] - start), gap, noise)


def cell_effect(cells: Iterable[Cell]) -> tuple[float, float, int]:
    r"""Return the mean over treated units and periods of some cells, its standard error, and how many there are.

    Notes
    -----
    :func:`~fuping.spatial.projects.matching.matched_effect` with a unit's cells added up before they are squared, and a
    control's residuals likewise: a unit that stands in several cells is one unit. That a unit may be a control before
    it is treated itself is not counted.
    """
    cells = list(cells)
    gaps = np.array([one.gap for one in cells])
    seen = ~np.isnan(gaps)
    m = int(seen.sum())
    effect = float(gaps[seen].mean())
    own = np.where(seen, gaps - effect, 0.0).sum(axis=0) / m
    noise = sum((one.noise for one in cells[1:]), cells[0].noise) / m
    shared = noise.sum(axis=0) ** 2 - noise.multiply(noise).sum(axis=0)
    return effect, float(np.sqrt((own**2).sum() + shared.sum())), m


def _alike(first: list[tuple[Matches, pd.DataFrame, pd.Series]]) -> tuple[Matches, pd.DataFrame, Overlap]:
    """Return the matches at the first treatment of all cohorts as one, how alike all were before, and their overlap."""
    tables, treated, used, pairs, overlaps = [], [], [], [], []
    for number, (found, x, group) in enumerate(first):
        labels = pd.MultiIndex.from_product([[number], x.index])
        weight = found.pairs.groupby("control")["weight"].sum().reindex(x.index, fill_value=0.0)
        weight[found.pairs["treated"].unique()] = 1.0
        tables.append(x.set_axis(labels))
        treated.append(group.set_axis(labels))
        used.append(weight.set_axis(labels))
        pairs.append(found.pairs)
        overlaps.append(propensity_overlap(x, group))
    whole, group = pd.concat(tables), pd.concat(treated)
    reports = [one.report for one, _, _ in first]
    n = np.array([one.n_left for one in reports])
    report = MatchReport(
        reports[0].name,
        n_left=int(n.sum()),
        n_right=max(one.n_right for one in reports),
        matched=sum(one.matched for one in reports),
        unmatched_left=tuple(lost for one in reports for lost in one.unmatched_left),
    )
    overlap = Overlap(
        propensity=pd.concat([one.propensity for one in overlaps]),
        treated_outside=float(np.average([one.treated_outside for one in overlaps], weights=n)),
        effective_controls=min(one.effective_controls for one in overlaps),
        largest_weight=max(one.largest_weight for one in overlaps),
    )
    balance = balance_table(whole, group, weights=pd.concat(used))
    coordinates = pd.concat([one.coordinates for one, _, _ in first])
    return Matches(pd.concat(pairs), balance, report, coordinates), balance_table(whole, group), overlap
