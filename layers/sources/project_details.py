"""What a table of projects brings beside its places: outputs and documents, each in a sheet or file of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from fuping.layers.errors import Fault, TableError
from fuping.layers.schema.vocabulary import TableFormat
from fuping.layers.sources.iati_results import OUTPUTS, no_outputs
from fuping.layers.sources.tabular import parse_numbers, read_text_table, row_place, rows_refused
from fuping.spatial.wording import worded

__all__ = [
    "ADDRESS",
    "DOCUMENTS",
    "Beside",
    "absent_columns",
    "beside",
    "no_documents",
    "read_documents",
    "read_outputs_table",
]

DOCUMENTS = ("project", "component", "title", "url")

ADDRESS = ("http://", "https://")
"""What the address of a page begins with; another would run in the reader's browser, or open a file of theirs."""


class Beside(NamedTuple):
    """A table that belongs to another: a file beside a CSV, or a sheet of the same workbook."""

    path: Path
    form: TableFormat
    sheet: str | None


def beside(path: Path, name: str) -> Beside | None:
    """Return the table of a name that belongs to a table of projects; ``None`` where there is none.

    Parameters
    ----------
    path
        Beside ``roads.csv`` it is ``roads.NAME.csv``; of ``roads.xlsx`` it is the sheet ``NAME``.
    """
    if path.suffix.lower() == ".csv":
        other = path.with_name(f"{path.stem}.{name}.csv")
        return Beside(other, "csv", None) if other.is_file() else None
    with pd.ExcelFile(path) as book:
        return Beside(path, "xlsx", name) if name in book.sheet_names else None


def no_documents() -> pd.DataFrame:
    """Return documents, none of them."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in DOCUMENTS})


def read_documents(path: Path) -> pd.DataFrame:
    """Return the documents that belong to a table of projects: columns :data:`DOCUMENTS`, all text.

    Raises
    ------
    TableError
        With every fault and its row: a column absent, no project or title, an address that is none.
    """
    found = beside(path, "documents")
    if found is None:
        return no_documents()
    text = _cells(found, DOCUMENTS)
    faults = _blank(found, text, ("project", "title"))
    good, expected = text["url"].str.startswith(ADDRESS), worded("an address that begins with http")
    faults += rows_refused(found.path.name, text["url"], good, expected)
    if faults:
        raise TableError(found.path.name, faults)
    return text


def read_outputs_table(path: Path) -> pd.DataFrame:
    """Return the outputs that belong to a table of projects, as :mod:`fuping.layers.sources.iati_results` has them.

    Raises
    ------
    TableError
        With every fault and its row: a column absent, no project, output or unit, a value that is no number.
    """
    found = beside(path, "outputs")
    if found is None:
        return no_outputs()
    text = _cells(found, OUTPUTS)
    faults = _blank(found, text, ("project", "output", "unit"))
    numbers = {}
    for name in ("target", "achieved"):
        numbers[name], wrong = parse_numbers(text[name], file=found.path.name)
        faults += wrong
    if faults:
        raise TableError(found.path.name, faults)
    return text.assign(**numbers)[list(OUTPUTS)]


def absent_columns(file: str, there: Iterable[str], absent: Iterable[str]) -> Fault:
    """Return the fault of a table that lacks columns."""
    found = worded("the columns {names}", names=", ".join(there))
    return Fault(file, worded("row {n}", n=1), found, worded("also {names}", names=", ".join(absent)))


def _cells(found: Beside, columns: Collection[str]) -> pd.DataFrame:
    cells = read_text_table(found.path, found.form, sheet=found.sheet)
    absent = [name for name in columns if name not in cells.columns and name != "component"]
    if absent:
        raise TableError(found.path.name, [absent_columns(found.path.name, cells.columns, absent)])
    empty = pd.Series("", cells.index)
    return pd.DataFrame({name: cells[name].str.strip() if name in cells else empty for name in columns})


def _blank(found: Beside, text: pd.DataFrame, needed: Collection[str]) -> list[Fault]:
    return [
        Fault(found.path.name, row_place(row), worded("no {name}", name=name), worded("a {name}", name=name))
        for name in needed
        for row in text.index[text[name].eq("")]
    ]
