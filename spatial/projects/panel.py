"""A panel of units and periods with the period each was first treated in, ready for evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.match_report import MatchReport, Reason, Unmatched
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.wording import worded
from numpy.typing import NDArray

__all__ = ["Panel", "first_treated_from_status", "read_panel"]

Floats = NDArray[np.float64]

LARGEST = 1e9
"""What no period reaches; a number so large stands in the wrong column."""


@dataclass(frozen=True, eq=False)
class Panel:
    """n units seen in all of t periods.

    Parameters
    ----------
    units, periods
        Labels, ascending.
    outcome
        float64, shape (n, t).
    cohort
        float64, shape (n,); period of the first treatment, infinite where a unit was not treated by the last period.
    covariates
        float64, shape (n, t, k).
    covariate_names
        k names.
    weights
        float64, shape (n,); mean 1.
    clusters
        intp, shape (n,), or None; units of one cluster are not independent.
    report
        Units that are used and those that are left out, with the reason.
    outcome_name
        Column the outcome came from.
    """

    units: pd.Index
    periods: pd.Index
    outcome: Floats
    cohort: Floats
    covariates: Floats
    covariate_names: tuple[str, ...]
    weights: Floats
    clusters: NDArray[np.intp] | None
    report: MatchReport
    outcome_name: str

    @property
    def cohorts(self) -> Floats:
        """Periods in which units were first treated, ascending."""
        return np.unique(self.cohort[np.isfinite(self.cohort)])

    @property
    def never_treated(self) -> NDArray[np.bool_]:
        """Units without treatment by the last period, shape (n,)."""
        return np.isinf(self.cohort)

    def long(self) -> pd.DataFrame:
        """Return one row for each unit and period, ``cohort`` 0 where never treated, as other packages read it.

        Raises
        ------
        DesignError
            A unit is first treated in period 0 or before, which those packages would take for never.
        """
        if (self.cohort <= 0).any():
            raise DesignError(
                f"Units are first treated in period {self.cohort.min():.0f}, which here would mean never.",
                remedy="Number the periods from 1 on.",
            )
        n, t = self.outcome.shape
        table = pd.DataFrame(
            {
                "unit": np.repeat(np.arange(n), t),
                "period": np.tile(self.periods.to_numpy(), n),
                "outcome": self.outcome.reshape(-1),
                "cohort": np.repeat(np.where(self.never_treated, 0, self.cohort), t).astype(np.int64),
            }
        )
        if self.clusters is not None:
            table["cluster"] = np.repeat(self.clusters, t)
        for k in range(len(self.covariate_names)):
            table[f"x{k}"] = self.covariates[:, :, k].reshape(-1)
        return table


def first_treated_from_status(rows: pd.DataFrame, *, unit: str, time: str, treated: str) -> pd.Series:
    """Find when each unit was first treated from whether it was treated in each period.

    Parameters
    ----------
    rows
        One row for each unit and period.
    unit, time, treated
        Names of the columns; ``treated`` holds truth values or 0 and 1.

    Returns
    -------
    pandas.Series of float64
        On the index of ``rows``: the unit's first treated period, NaN where it was never treated.

    Raises
    ------
    DesignError
        Naming the units: a treatment switches off, so that later effects cannot be told from lasting ones; or a status
        is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": ["a", "a"], "year": [1, 2], "treated": [0, 1]})
    >>> first_treated_from_status(rows, unit="unit", time="year", treated="treated").tolist()
    [2.0, 2.0]
    """
    _need(rows, [unit, time, treated])
    status = pd.to_numeric(rows[treated], errors="coerce").astype("float64")
    unclear = rows.loc[~status.isin([0, 1]), unit].unique()
    if len(unclear):
        raise DesignError(
            worded("The treatment {treated!r} is neither 0 nor 1 in {which}.", treated=treated, which=_named(unclear)),
            remedy=worded("Give 1 where the unit was treated in the period, else 0."),
            units=list(unclear),
        )
    ordered = rows.assign(_status=status).sort_values([unit, time])
    off = ordered.groupby(unit)["_status"].diff() < 0
    switching = ordered.loc[off, unit].unique()
    if len(switching):
        raise DesignError(
            f"The treatment switches off in {_named(switching)}.",
            remedy="The treatment must stay; study the time until it ends, or leave these units out.",
            units=list(switching),
        )
    first = rows.loc[status == 1].groupby(unit)[time].min()
    return rows[unit].map(first).astype("float64").rename("first_treated")


def read_panel(
    rows: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first_treated: str,
    covariates: Sequence[str] = (),
    weights: str | None = None,
    cluster: str | None = None,
) -> Panel:
    """Lay out a long table as a panel, leaving out what cannot be used and saying so.

    Parameters
    ----------
    rows
        One row for each unit and period.
    unit, time, outcome, first_treated
        Names of the columns; ``time`` and ``first_treated`` are whole numbers on one scale, ``first_treated`` missing
        where a unit was never treated.
    covariates
        Columns that parallel trends are conditional on.
    weights
        Column with the weight of a unit (people, say), its value in the first period.
    cluster
        Column with the group within which units are not independent (a province, say).

    Returns
    -------
    Panel
        Only units with an outcome and all covariates in every period, and not treated from the first period on: the
        report names the others and why they are left out.

    Raises
    ------
    DesignError
        Naming what is wrong: columns absent, no rows, times that are no whole numbers, a unit and period twice, numbers
        that are none, a first treatment, weight or cluster that differs within a unit, a weight that is negative or
        missing, or no unit left.
    """
    names = [
        unit,
        time,
        outcome,
        first_treated,
        *covariates,
        *([weights] if weights else []),
        *([cluster] if cluster else []),
    ]
    _need(rows, names)
    nameless = rows.index[rows[unit].isna()].tolist()
    if nameless:
        raise DesignError(worded("{unit} is missing in row {which}.", unit=unit, which=_named(nameless)), rows=nameless)
    if rows.empty:
        raise DesignError(worded("The panel has no rows."), remedy=worded("Give one row for each unit and period."))
    numbers = {name: _numbers(rows, name, unit) for name in dict.fromkeys([time, outcome, first_treated, *covariates])}
    when, first = numbers[time], numbers[first_treated]
    for name, values, allowed in ((time, when, False), (first_treated, first, True)):
        wrong = rows.index[~((values % 1 == 0) & (values.abs() < LARGEST) | (values.isna() & allowed))].tolist()
        if wrong:
            raise DesignError(
                worded("{name} is no whole number in row {which}.", name=name, which=_named(wrong)), rows=wrong
            )
    if (first == 0).any() and (when > 0).all():
        raise DesignError(
            worded("{first_treated} is 0 in {n} rows.", first_treated=first_treated, n=int((first == 0).sum())),
            remedy=worded("Leave it empty where a unit was never treated."),
        )
    twice = rows.loc[rows.duplicated([unit, time]), unit].unique()
    if len(twice):
        raise DesignError(worded("A unit stands twice in one period: {which}.", which=_named(twice)), units=list(twice))
    constant = [first_treated, *([weights] if weights else []), *([cluster] if cluster else [])]
    for name in constant:
        spread = rows.groupby(unit)[name].nunique(dropna=False)
        changing = spread.index[spread > 1]
        if len(changing):
            raise DesignError(
                worded("{name} differs between the periods of {which}.", name=name, which=_named(changing)),
                remedy=worded("Give one value a unit; a treatment that comes and goes cannot be evaluated here."),
                units=list(changing),
            )
    units = pd.Index(rows[unit].unique()).sort_values()
    periods = pd.Index(np.unique(when.to_numpy()).astype(np.int64), name=time)
    place, slot = units.get_indexer(rows[unit]), periods.get_indexer(when)

    def grid(values: pd.Series) -> Floats:
        cells = np.full((len(units), len(periods)), np.nan)
        cells[place, slot] = values.to_numpy()
        return cells

    y = grid(numbers[outcome])
    x = np.stack([grid(numbers[name]) for name in covariates], axis=2) if covariates else np.zeros((*y.shape, 0))
    entry = rows.drop_duplicates(unit).set_index(unit).reindex(units)
    cohort = pd.to_numeric(entry[first_treated]).fillna(np.inf).to_numpy(dtype=float)
    cohort = np.where(cohort > periods[-1], np.inf, cohort)
    rowed = np.zeros(y.shape, dtype=bool)
    rowed[place, slot] = True
    keep, lost = _usable(units, periods, rowed, y, x, cohort, outcome)
    report = MatchReport(
        "Units of the panel",
        n_left=len(units),
        n_right=int(keep.sum()),
        matched=int(keep.sum()),
        unmatched_left=tuple(lost),
        notes=tuple(
            [worded("Units first treated after {last}, counted as not treated: {n}", n=late, last=periods[-1])]
            if (late := int((np.isinf(cohort) & entry[first_treated].notna().to_numpy()).sum()))
            else []
        ),
    )
    if not keep.any():
        raise DesignError(
            worded("No unit can be used: {reasons}.", reasons=report.reasons()),
            remedy=worded("See the report."),
            report=report,
        )
    w = np.ones(len(units)) if weights is None else pd.to_numeric(entry[weights], errors="coerce").to_numpy(dtype=float)
    unweighted = units[keep & ~(w > 0)]
    if len(unweighted):
        raise DesignError(
            worded("{weights} is missing, zero or negative in {which}.", weights=weights, which=_named(unweighted)),
            units=list(unweighted),
        )
    group = None if cluster is None else pd.factorize(entry.loc[keep, cluster])[0].astype(np.intp)
    if group is not None and (group < 0).any():
        raise DesignError(
            worded("{cluster} is missing in {which}.", cluster=cluster, which=_named(units[keep][group < 0])),
            remedy=worded("Give every unit its cluster."),
        )
    return Panel(
        units=units[keep],
        periods=periods,
        outcome=y[keep],
        cohort=cohort[keep],
        covariates=x[keep],
        covariate_names=tuple(covariates),
        weights=w[keep] / w[keep].mean(),
        clusters=group,
        report=report,
        outcome_name=outcome,
    )


def _usable(
    units: pd.Index,
    periods: pd.Index,
    rowed: NDArray[np.bool_],
    y: Floats,
    x: Floats,
    cohort: Floats,
    outcome: str,
) -> tuple[NDArray[np.bool_], list[Unmatched]]:
    """Tell which units can be used, and why the others cannot."""
    n_rows = rowed.sum(axis=1)
    no_outcome, no_covariate = rowed & np.isnan(y), rowed & np.isnan(x).any(axis=2)
    always = cohort <= periods[0]
    keep = ~always & (n_rows == len(periods)) & ~no_outcome.any(axis=1) & ~no_covariate.any(axis=1)
    lost = []
    for i in np.flatnonzero(~keep):
        reason: Reason = "no_data"
        if always[i]:
            reason = "left_out"
            detail = worded("treated from the first period on ({first}): no period before", first=periods[0])
        elif n_rows[i] == 1 and len(periods) > 1:
            detail = worded("seen in one period only ({period})", period=periods[rowed[i]][0])
        elif n_rows[i] < len(periods):
            detail = worded("no row in {which}", which=_named(periods[~rowed[i]]))
        elif no_outcome[i].any():
            detail = worded("no {outcome} in {which}", outcome=outcome, which=_named(periods[no_outcome[i]]))
        else:
            detail = worded("no covariate in {which}", which=_named(periods[no_covariate[i]]))
        lost.append(Unmatched(str(units[i]), "", reason, detail))
    return keep, lost


def _need(rows: pd.DataFrame, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in rows.columns]
    if absent:
        raise DesignError(
            f"The panel has no column {', '.join(absent)}; it has {', '.join(map(str, rows.columns))}.", absent=absent
        )


def _numbers(rows: pd.DataFrame, name: str, unit: str) -> pd.Series:
    values = pd.to_numeric(rows[name], errors="coerce").astype("float64")
    wrong = rows.loc[(values.isna() & rows[name].notna()) | np.isinf(values), unit].unique()
    if len(wrong):
        raise DesignError(
            worded("{name} is no number in {which}.", name=name, which=_named(wrong)),
            remedy=worded("Leave it empty where it is not known."),
            units=list(wrong),
        )
    return values


def _named(items: Sequence[object] | pd.Index | NDArray[np.generic]) -> str:
    shown = ", ".join(str(item) for item in list(items)[:10])
    return worded("{shown} and {n} more", shown=shown, n=len(items) - 10) if len(items) > 10 else shown
