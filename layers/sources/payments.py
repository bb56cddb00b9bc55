"""Dated payments of projects: what was committed, disbursed and spent on which day, in which currency."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
from fuping.layers.errors import Fault, TableError
from fuping.layers.schema.vocabulary import TableFormat
from fuping.layers.sources.currencies import known_currency
from fuping.layers.sources.project_details import absent_columns, beside
from fuping.layers.sources.tabular import YEARS, parse_numbers, read_text_table, rows_refused
from fuping.spatial.wording import Worded, worded

__all__ = [
    "KINDS",
    "PAYMENTS",
    "SHEET",
    "expected_day",
    "no_payments",
    "payments_beside",
    "read_day",
    "read_payment_table",
]

KINDS = ("commitment", "disbursement", "expenditure")
"""As IATI tells them apart: promised, handed on to others, spent on goods and services."""

PAYMENTS = ("project", "date", "kind", "amount", "currency")

SHEET = "payments"
"""Sheet of a workbook; beside ``roads.csv`` it is the file ``roads.payments.csv``."""


def no_payments() -> pd.DataFrame:
    """Return payments, none of them."""
    return pd.DataFrame({name: pd.Series(dtype="float64" if name == "amount" else "object") for name in PAYMENTS})


def expected_day() -> Worded:
    """Return what is expected of a day, for an error."""
    return worded("year-month-day, of {first} to {last}", first=YEARS[0], last=YEARS[-1])


def read_day(text: str) -> date | None:
    """Return a day, ``None`` where a text is none, or of a year that no figure is of.

    >>> read_day("2015-02-01Z"), read_day("2015"), read_day("2999-01-01")
    (datetime.date(2015, 2, 1), None, None)
    """
    try:
        found = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return found if found.year in YEARS else None


def payments_beside(path: Path) -> pd.DataFrame:
    """Return the payments that a table of projects brings with it: a sheet of its workbook or a file beside it.

    Raises
    ------
    TableError
        As :func:`read_payment_table` raises it.
    """
    found = beside(path, SHEET)
    return no_payments() if found is None else read_payment_table(found.path, found.form, sheet=found.sheet)


def read_payment_table(
    path: Path, form: TableFormat, *, sheet: str | None = None, project: str | None = None
) -> pd.DataFrame:
    """Read payments from a table.

    Parameters
    ----------
    path, form, sheet
        As :func:`~fuping.layers.sources.tabular.read_text_table` takes them. Columns ``date`` (year-month-day),
        ``kind`` (one of :data:`KINDS`), ``amount`` (below zero where an earlier one is corrected), ``currency``, and
        ``project`` where not given.
    project
        Whose payments they all are.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`PAYMENTS`; ``date`` as text, year-month-day.

    Raises
    ------
    TableError
        With every fault and its row: a column absent, no project, a day, kind, amount or currency that is none, and
        corrections that take away more than there was.
    """
    cells = read_text_table(path, form, sheet=sheet)
    needed = [name for name in PAYMENTS if name != "project" or project is None]
    absent = [name for name in needed if name not in cells.columns]
    if absent:
        raise TableError(path.name, [absent_columns(path.name, cells.columns, absent)])
    text = {name: cells[name].str.strip() for name in needed}
    if project is not None:
        text["project"] = pd.Series(project, cells.index)
    amount, faults = parse_numbers(text["amount"], file=path.name)
    checks = (
        ("project", text["project"].ne(""), worded("a project")),
        ("date", text["date"].map(lambda one: len(one) == 10 and read_day(one) is not None), expected_day()),
        ("kind", text["kind"].isin(KINDS), ", ".join(KINDS)),
        ("currency", text["currency"].map(known_currency), worded("an ISO 4217 code: CNY, USD")),
        ("amount", text["amount"].ne(""), worded("a number")),
    )
    for name, good, expected in checks:
        faults += rows_refused(path.name, text[name].rename(name), good, expected)
    if faults:
        raise TableError(path.name, sorted(faults, key=lambda one: (len(one.place), one.place)))
    found = pd.DataFrame(text | {"amount": amount})[list(PAYMENTS)]
    sums = found.groupby(["project", "kind", "currency"])["amount"].sum()
    for (of, kind, currency), total in sums[sums < -0.005].items():
        what = {"kind": kind, "project": of, "total": total, "currency": currency}
        told = worded("negative money: {kind}s of {project} that add up to {total:g} {currency}", **what)
        faults.append(Fault(path.name, "", told, worded("zero or more")))
    if faults:
        raise TableError(path.name, faults)
    return found
