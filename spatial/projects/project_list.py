"""A list of projects: which programme was in which unit, from when to when, and with how much money."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.spatial.projects.errors import AllocationError, ProjectError
from numpy.typing import NDArray

__all__ = ["check_projects", "named_rows", "require_columns"]

TEXT = ["project", "unit", "programme"]
PART = "component"
YEARS = ["first_year", "last_year"]
SHOWN = 10
"""How many offenders a message names; the exception keeps them all."""


def named_rows(rows: pd.DataFrame, columns: list[str]) -> str:
    """Name rows by their index and the values of some columns, for an error.

    Parameters
    ----------
    rows
        The offending rows.
    columns
        Whose values are shown; those that are absent are left out.

    Examples
    --------
    >>> named_rows(pd.DataFrame({"project": ["P1"], "amount": [-5.0]}, index=[3]), ["project", "amount"])
    'row 3 (project P1, amount -5)'
    """
    here = [column for column in columns if column in rows.columns]
    lines = [
        f"row {index} ({', '.join(f'{name} {_plain(value)}' for name, value in zip(here, values, strict=True))})"
        for index, values in zip(rows.index, rows[here].itertuples(index=False, name=None), strict=True)
    ]
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return ", ".join(lines[:SHOWN]) + more


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def require_columns(table: pd.DataFrame, columns: list[str], words: str) -> None:
    """Refuse a table that lacks columns.

    Parameters
    ----------
    words
        What the table holds, for the message.

    Raises
    ------
    AllocationError
        Naming the columns that are absent.
    """
    absent = [name for name in columns if name not in table.columns]
    if absent:
        raise AllocationError(
            f"The table of {words} has no column {', '.join(absent)}.",
            remedy=f"Give the columns {', '.join(columns)}.",
            absent=absent,
        )


def check_projects(projects: pd.DataFrame) -> pd.DataFrame:
    """Check a project list and give it the types that the rest of the package reads.

    Parameters
    ----------
    projects
        n rows, one for each project in each unit: ``project``, ``programme`` (text), ``unit`` (text; missing where the
        project lies in none), ``first_year`` (whole number), ``last_year`` (whole number; missing where the project
        still runs) and, where known, ``amount`` (money of the project in that unit; missing is not zero) and
        ``component`` (text, empty for the whole project; parts of a project have rows of their own). Other columns are
        kept.

    Returns
    -------
    pandas.DataFrame
        On the same index; ``first_year`` and ``last_year`` float64 whole numbers (NaN: still running), ``amount``
        float64 (all NaN where the list has none).

    Raises
    ------
    ProjectError
        Naming every offending row: columns absent, text that is blank or a number, years that are missing or no whole
        numbers, end before start, money that is negative or no number, the same project, component, programme and unit
        twice with years that overlap.

    Examples
    --------
    >>> rows = pd.DataFrame({"project": ["P1"], "unit": ["11"], "programme": ["roads"], "first_year": [2015],
    ...                      "last_year": [None]})
    >>> check_projects(rows)[["first_year", "amount"]].values.tolist()
    [[2015.0, nan]]
    """
    absent = [name for name in (*TEXT, *YEARS) if name not in projects.columns]
    if absent:
        raise ProjectError(
            f"The project list has no column {', '.join(absent)}; it has {', '.join(map(str, projects.columns))}.",
            remedy=f"Give the columns {', '.join((*TEXT, *YEARS))} and, where known, amount.",
            absent=absent,
        )
    amount_cells = projects["amount"] if "amount" in projects.columns else pd.Series(np.nan, index=projects.index)
    amount = pd.to_numeric(amount_cells, errors="coerce").astype("float64")
    years = {name: pd.to_numeric(projects[name], errors="coerce").astype("float64") for name in YEARS}
    first, last = years["first_year"], years["last_year"]
    codes = {name: pd.factorize(projects[name]) for name in TEXT}
    parts = {PART: pd.factorize(projects[PART].fillna(""))} if PART in projects.columns else {}
    blank = np.zeros(len(projects), dtype=bool)
    for name, (code, values) in codes.items():
        # A list of ten thousand rows names few units: each distinct value is looked at once.
        bad = np.array([not (isinstance(value, str) and value.strip()) for value in values], dtype=bool)
        blank |= np.where(code >= 0, np.append(bad, False)[code], name != "unit")
    checks: list[tuple[str, pd.Series]] = [
        ("text that is blank or a number", pd.Series(blank, index=projects.index)),
        ("a first year that is missing or no whole number", ~(first % 1 == 0)),
        ("a last year that is no whole number", projects["last_year"].notna() & ~(last % 1 == 0)),
        ("an end before its start", last < first),
        ("money that is no number", amount_cells.notna() & ~np.isfinite(amount)),
        ("negative money", amount < 0),
        ("the same project, programme and unit twice in overlapping years", _overlaps(codes | parts, first, last)),
    ]
    shown = [*TEXT, PART, *YEARS, "amount"]
    faults = [f"{words}: {named_rows(projects[wrong], shown)}" for words, wrong in checks if wrong.any()]
    if faults:
        raise ProjectError(
            "The project list has " + "; ".join(faults) + ".",
            remedy="Mend these rows; nothing was read.",
            faults=faults,
            rows=projects.index[np.logical_or.reduce([wrong for _, wrong in checks])].tolist(),
        )
    return projects.assign(**years, amount=amount)


def _overlaps(codes: dict[str, tuple[NDArray[np.intp], pd.Index]], first: pd.Series, last: pd.Series) -> pd.Series:
    """Tell which rows begin before earlier rows of the same project, part, programme and unit have all ended."""
    key = np.zeros(len(first), dtype=np.int64)
    for code, values in codes.values():
        key = key * (len(values) + 1) + code + 1
    start, end = first.to_numpy(), last.fillna(np.inf).to_numpy()
    order = np.lexsort((start, key))
    same = (np.diff(key[order]) == 0) & (codes["unit"][0][order][1:] >= 0)
    overlapping = np.zeros(len(first), dtype=bool)
    latest = pd.Series(end[order]).groupby(key[order]).cummax().to_numpy()
    overlapping[order[1:]] = same & (start[order][1:] <= latest[:-1])
    return pd.Series(overlapping, index=first.index)
