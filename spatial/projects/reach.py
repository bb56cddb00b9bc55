"""Which units, people, poor people and area projects reach, by year, programme and level, and which they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.projects.coverage import Coverage, Measure
from fuping.spatial.projects.errors import ProjectError
from numpy.typing import NDArray

__all__ = ["coverage_table", "gaps", "intensity", "programme_overlap"]

ALL = "all"
"""Label of every programme, or every unit, together."""


def coverage_table(
    coverage: Coverage,
    *,
    by_programme: bool = False,
    parents: pd.Series | None = None,
    minimum_share: float = 1.0,
) -> pd.DataFrame:
    """Count units, people, poor people and area that are covered.

    Parameters
    ----------
    coverage
        From :func:`cover`.
    by_programme
        One row for each programme; else all programmes together, a unit with several counted once.
    parents
        Code of the unit above, indexed by unit, for the counts of another level; without it the whole country.
    minimum_share
        Least share of the units concerned that must have a value for a sum to be stated: 1, the default, passes no
        partial sum off as a total.

    Returns
    -------
    pandas.DataFrame
        Indexed by (parent, programme, year), those that were asked for: ``units``, ``units_covered``,
        ``units_covered_share``, ``projects``; for each measure its sum over all units, ``_covered``,
        ``_covered_share`` and ``_missing`` (covered units without a value).

    Raises
    ------
    ProjectError
        A unit has no parent.
    """
    active = coverage.active if by_programme else coverage.active.sum(axis=0, keepdims=True)
    labels = coverage.programmes if by_programme else pd.Index([ALL], name="programme")
    if parents is None:
        group, above = np.zeros(len(coverage.units), dtype=np.intp), pd.Index([ALL], name="parent")
    else:
        aligned = parents.reindex(coverage.units)
        if aligned.isna().any():
            orphans = coverage.units[aligned.isna()].tolist()
            raise ProjectError(
                f"{len(orphans)} units have no parent: {', '.join(map(str, orphans[:10]))}.",
                remedy="Give every unit the code of the unit above it.",
                units=orphans,
            )
        group, above = pd.factorize(aligned, sort=True)
        above = pd.Index(above, name="parent")
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(above)))

    def total(cells: NDArray[np.generic]) -> NDArray[np.float64]:
        """Sum over the units of each parent; shape (parents, programmes, years)."""
        return np.add.reduceat(cells[:, order, :].astype(np.float64), starts, axis=1).transpose(1, 0, 2)

    covered = active > 0
    everywhere = np.ones_like(covered[:1])
    n_units, n_covered = total(everywhere), total(covered)
    shape = n_covered.shape
    columns: dict[str, NDArray[np.float64]] = {
        "units": np.broadcast_to(n_units, shape),
        "units_covered": n_covered,
        "units_covered_share": n_covered / n_units,
        "projects": total(active),
    }
    for measure, value in coverage.values.items():
        seen = ~np.isnan(value)[None]
        filled = np.where(seen, value[None], 0.0)
        whole = np.where(total(seen) >= minimum_share * n_units, total(filled), np.nan)
        n_seen = total(covered & seen)
        part = np.where(n_seen >= minimum_share * n_covered, total(covered * filled), np.nan)
        columns[measure] = np.broadcast_to(whole, shape)
        columns[f"{measure}_covered"] = part
        columns[f"{measure}_covered_share"] = np.divide(part, whole, out=np.full(shape, np.nan), where=whole > 0)
        columns[f"{measure}_missing"] = n_covered - n_seen
    index = pd.MultiIndex.from_product([above, labels, coverage.years])
    table = pd.DataFrame({name: cells.reshape(-1) for name, cells in columns.items()}, index=index)
    counts = ["units", "units_covered", "projects", *(f"{measure}_missing" for measure in coverage.values)]
    unasked = ["parent"] * (parents is None) + ["programme"] * (not by_programme)
    return table.astype(dict.fromkeys(counts, "int64")).droplevel(unasked)


def programme_overlap(coverage: Coverage, *, year: int | None = None, measure: Measure | None = None) -> pd.DataFrame:
    """Count what two programmes cover both.

    Parameters
    ----------
    coverage
        From :func:`cover`.
    year
        Year in which both are active; without it, any year of each, not necessarily the same.
    measure
        Sum of people, poor people or area instead of units; needs a year, as values change.

    Returns
    -------
    pandas.DataFrame
        Programmes × programmes; the diagonal is what a programme covers. NaN where a unit that both cover has no value.

    Raises
    ------
    ProjectError
        The year is not studied, or a measure is asked for without a year.
    """
    if year is None:
        if measure is not None:
            raise ProjectError(f"The overlap in {measure} needs a year.", remedy="Give year=.")
        here = (coverage.active > 0).any(axis=2).astype(np.float64)
        weight = np.ones(len(coverage.units))
    else:
        when = coverage.years.get_indexer([year])[0]
        if when < 0:
            raise ProjectError(
                f"The year {year} is not studied; the years are {coverage.years[0]} to {coverage.years[-1]}.", year=year
            )
        here = (coverage.active[:, :, when] > 0).astype(np.float64)
        weight = np.ones(len(coverage.units)) if measure is None else coverage.values[measure][:, when]
    missing = np.isnan(weight)
    both = (here * np.where(missing, 0.0, weight)) @ here.T
    both[(here * missing) @ here.T > 0] = np.nan
    table = pd.DataFrame(both, index=coverage.programmes, columns=coverage.programmes)
    return table.astype("int64") if measure is None else table


def gaps(coverage: Coverage, *, poor: pd.Series) -> tuple[pd.DataFrame, MatchReport]:
    """List the units that are poor and were never covered.

    Parameters
    ----------
    coverage
        From :func:`cover`.
    poor
        Whether a unit is poor, indexed by unit code; missing where that is not known.

    Returns
    -------
    (pandas.DataFrame, MatchReport)
        Indexed by unit, the most poor people first: each measure in the last year studied. The report names the units
        without coverage whose poverty is not known, since they may be gaps too, and on its right side the codes of
        ``poor`` that are no units of the coverage.
    """
    never = ~(coverage.active > 0).any(axis=(0, 2))
    known = poor.reindex(coverage.units)
    is_poor = known.fillna(False).astype(bool).to_numpy()
    table = pd.DataFrame(
        {measure: value[never & is_poor, -1] for measure, value in coverage.values.items()},
        index=coverage.units[never & is_poor],
    ).sort_values("poor_population", ascending=False, kind="stable")
    doubtful = coverage.units[never & known.isna().to_numpy()]
    report = MatchReport(
        "Poverty of the units that were never covered",
        n_left=int(never.sum()),
        n_right=len(poor),
        matched=int(never.sum()) - len(doubtful),
        unmatched_left=tuple(Unmatched(str(code), "", "no_data", "poverty not known") for code in doubtful),
        unmatched_right=tuple(
            Unmatched(str(code), "", "unknown_code") for code in poor.index[~poor.index.isin(coverage.units)]
        ),
    )
    return table, report


def intensity(coverage: Coverage) -> pd.DataFrame:
    """Divide the money of each unit and year by its poor people.

    Parameters
    ----------
    coverage
        From :func:`cover`.

    Returns
    -------
    pandas.DataFrame
        Indexed by (unit, year): ``projects``, ``unknown_amounts`` (projects whose money is not known),
        ``known_amount``, ``amount`` (missing where a project's money is not known: a partial sum is no total),
        ``poor_population`` and ``amount_per_poor`` (missing also where nobody is poor).
    """
    index = pd.MultiIndex.from_product([coverage.units, coverage.years])
    table = pd.DataFrame(
        {
            "projects": coverage.active.sum(axis=0).reshape(-1),
            "unknown_amounts": coverage.unknown_amounts.sum(axis=0).reshape(-1),
            "known_amount": coverage.known_amount.sum(axis=0).reshape(-1),
            "poor_population": coverage.values["poor_population"].reshape(-1),
        },
        index=index,
    )
    table["amount"] = table["known_amount"].where(table["unknown_amounts"] == 0)
    table["amount_per_poor"] = table["amount"] / table["poor_population"].where(table["poor_population"] > 0)
    return table[["projects", "unknown_amounts", "known_amount", "amount", "poor_population", "amount_per_poor"]]
