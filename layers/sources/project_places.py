"""Projects as a file has them: where each works and with what money, before any place is looked up on the map."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from fuping.layers.errors import Fault, TableError
from fuping.layers.sources.currencies import known_currency
from fuping.layers.sources.iati_results import no_outputs
from fuping.layers.sources.payments import no_payments, payments_beside
from fuping.layers.sources.project_shapes import read_shapes
from fuping.layers.sources.tabular import parse_numbers, parse_years, read_text_table

__all__ = ["COLUMNS", "MONEY", "PLACES", "ProjectPlaces", "read_project_table"]

PLACES = (
    "project",
    "programme",
    "title",
    "financier",
    "first_year",
    "last_year",
    "component",
    "codes",
    "geometry",
    "place_name",
    "amount",
    "currency",
)

TEXT = ("project", "programme", "title", "financier", "component", "place_name", "currency")

MONEY = ("project", "kind", "amount", "currency", "year")

COMPONENTS = ("project", "component", "title")

COLUMNS = {
    "project": True,
    "programme": True,
    "first_year": True,
    "last_year": True,
    "unit_code": False,
    "longitude": False,
    "latitude": False,
    "wkt": False,
    "location": False,
    "component": False,
    "title": False,
    "financier": False,
    "place_name": False,
    "amount": False,
    "project_amount": False,
    "currency": False,
}
"""Columns of a table of projects, and whether it must have them."""


@dataclass(frozen=True, eq=False)
class ProjectPlaces:
    """Projects read from a file.

    Parameters
    ----------
    places
        Columns :data:`PLACES`; one row for each project in each place, one without codes and shape for a project that
        names no place. ``component`` is the part of the project that works there, empty where that is the whole of it.
        ``codes`` (tuple of text) are tried in turn; ``geometry`` is a point, line or polygon of shapely in WGS 84, or
        ``None``; ``last_year`` NaN where the project still runs; ``amount`` is money in that place, NaN where not
        known. The index names rows for a reader: their row in a table, or their number.
    money
        Columns :data:`MONEY`; what a file says of a project's money: ``commitment``, ``disbursement``, ``budget``,
        ``total`` or that of one ``place``, each in its own currency; ``year`` NaN where it names none. Never added
        across currencies.
    notes
        What a reader must know.
    payments
        As :mod:`fuping.layers.sources.payments` has them, one row each; those of ``money`` are added up from them.
    components
        Columns :data:`COMPONENTS`; those that a file names, also where they have no place of their own.
    outputs
        As :mod:`fuping.layers.sources.iati_results` has them; a table of projects has none.
    """

    places: pd.DataFrame
    money: pd.DataFrame
    notes: tuple[str, ...] = ()
    payments: pd.DataFrame = field(default_factory=no_payments)
    components: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COMPONENTS)))
    outputs: pd.DataFrame = field(default_factory=no_outputs)

    def totals(self) -> pd.DataFrame:
        """Add up money by project, kind and currency.

        Returns
        -------
        pandas.DataFrame
            ``project``, ``kind``, ``currency``, ``amount``.
        """
        keys = ["project", "kind", "currency"]
        return self.money.groupby(keys, as_index=False, sort=False)["amount"].sum()


def read_project_table(path: Path) -> ProjectPlaces:
    """Read a table of projects from CSV or Excel.

    Parameters
    ----------
    path
        ``.csv`` (UTF-8) or ``.xlsx``; columns as in :data:`COLUMNS`, one row for each project in each place. A place is
        a ``unit_code``, or drawn as :func:`~fuping.layers.sources.project_shapes.read_shapes` reads it: ``longitude``
        and ``latitude``, ``wkt``, or the ``location`` of a feature beside the table. ``component`` is the part of the
        project that works there. ``amount`` is money in that place, ``project_amount`` that of the whole project, the
        same in each of its rows. Dated payments are optional: a sheet ``payments`` of the
        workbook, or beside ``roads.csv`` a file ``roads.payments.csv``.

    Raises
    ------
    TableError
        With every fault and its row: columns absent, an end before its start, money that is negative, no number or of
        an unknown currency, shapes that are none or not on the globe, a project whose rows contradict each other.
    """
    form = {".csv": "csv", ".xlsx": "xlsx"}.get(path.suffix.lower())
    if form is None:
        remedy = "Give IATI activities as .xml, or a table as .csv or .xlsx."
        raise TableError(path.name, [Fault(path.name, "", f"a file {path.suffix!r}", "CSV, Excel or XML", remedy)])
    cells = read_text_table(path, form)  # type: ignore[arg-type]
    absent = [name for name, needed in COLUMNS.items() if needed and name not in cells.columns]
    if absent:
        found = ", ".join(cells.columns)
        raise TableError(path.name, [Fault(path.name, "row 1", f"the columns {found}", f"also {', '.join(absent)}")])
    text = {name: cells[name].str.strip() if name in cells else pd.Series("", cells.index) for name in COLUMNS}
    number = {}
    faults: list[Fault] = []
    for name in ("amount", "project_amount"):
        number[name], wrong = parse_numbers(text[name], file=path.name)
        faults += wrong
    for name in ("first_year", "last_year"):
        given = text[name].ne("")
        years, wrong = parse_years(text[name][given], file=path.name)
        faults += wrong
        number[name] = years.reindex(cells.index)
    shapes = read_shapes(cells, path)
    faults += [*shapes.faults, *_faults(path.name, text, number)]
    if faults:
        raise TableError(path.name, sorted(faults, key=lambda one: (len(one.place), one.place)))
    places = pd.DataFrame(
        {name: text[name] for name in TEXT}
        | {name: number[name] for name in ("first_year", "last_year", "amount")}
        | {"codes": [(code,) if code else () for code in text["unit_code"]], "geometry": shapes.geometry}
    ).set_axis(cells.index + 2)
    whole = places.assign(amount=number["project_amount"].to_numpy()).dropna(subset="amount").drop_duplicates("project")
    kinds = {"total": whole, "place": places.dropna(subset="amount")}
    money = pd.concat([rows.assign(kind=kind, year=np.nan)[list(MONEY)] for kind, rows in kinds.items()])
    payments = payments_beside(path)
    strange = sorted(set(payments["project"]) - set(places["project"]))
    if strange:
        told = f"payments of projects that are not listed: {', '.join(strange[:10])}"
        raise TableError(path.name, [Fault(path.name, "payments", told, "projects of the list")])
    paid = payments.assign(
        kind=payments["kind"].replace("expenditure", "disbursement"), year=payments["date"].str[:4].astype(float)
    )
    money = pd.concat([money, paid[list(MONEY)]] if len(paid) else [money], ignore_index=True)
    parts = places.loc[places["component"].ne(""), ["project", "component"]].drop_duplicates(ignore_index=True)
    return ProjectPlaces(
        places[list(PLACES)], money, shapes.notes, payments, parts.assign(title=parts["component"])[list(COMPONENTS)]
    )


def _faults(file: str, text: dict[str, pd.Series], number: dict[str, pd.Series]) -> list[Fault]:
    """Return what is wrong with rows whose cells could be read, row by row."""
    faults = []

    def tell(rows: pd.Series, found: str, shown: dict[str, pd.Series], expected: str) -> None:
        for row in rows.index[rows.astype(bool)]:
            values = ", ".join(f"{name} {column[row]}" for name, column in shown.items())
            faults.append(Fault(file, f"row {_row(row)}", f"{found} ({values})", expected))

    project = {"project": text["project"]}
    for name in ("project", "programme", "first_year"):
        tell(text[name].eq(""), f"no {name}", project, f"a {name.replace('_', ' ')}")
    first, last = number["first_year"], number["last_year"]
    years = project | {"first_year": text["first_year"], "last_year": text["last_year"]}
    tell(last < first, "an end before its start", years, "a last year that is not before the first")
    for name in ("amount", "project_amount"):
        tell(number[name] < 0, "negative money", project | {name: text[name]}, "zero or more; empty where not known")
    unknown = ~text["currency"].map(known_currency)
    paid = number["amount"].notna() | number["project_amount"].notna()
    given = project | {"currency": text["currency"]}
    tell(unknown & text["currency"].ne(""), "an unknown currency", given, "an ISO 4217 code: CNY, USD")
    tell(paid & text["currency"].eq(""), "money without a currency", project, "an ISO 4217 code: CNY, USD")
    for name in ("project_amount", "currency", "programme"):
        # An empty cell says nothing, and so contradicts nothing.
        per_project = text[name].where(text[name].ne("")).groupby(text["project"]).transform("nunique") > 1
        told = project | {name: text[name]}
        tell(per_project & text["project"].ne(""), f"one project with several {name} values", told, "one for a project")
    return faults


def _row(index: Hashable) -> int:
    return int(str(index)) + 2
