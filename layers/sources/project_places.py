"""Projects as a file has them: where each works and with what money, before any place is looked up on the map."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
from fuping.layers.errors import Fault, TableError
from fuping.layers.schema.vocabulary import ProjectStatus
from fuping.layers.sources.currencies import known_currency
from fuping.layers.sources.iati_results import no_outputs
from fuping.layers.sources.payments import no_payments, payments_beside
from fuping.layers.sources.project_details import absent_columns, no_documents, read_documents, read_outputs_table
from fuping.layers.sources.project_shapes import read_shapes
from fuping.layers.sources.tabular import parse_numbers, parse_years, read_text_table, row_place
from fuping.spatial.wording import worded

__all__ = ["COLUMNS", "COMPONENTS", "MONEY", "PLACES", "STANDING", "STATUSES", "ProjectPlaces", "read_project_table"]

PLACES = (
    "project",
    "programme",
    "programme_zh",
    "title",
    "title_zh",
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

TEXT = ("project", "programme", "programme_zh", "title", "title_zh", "financier", "component", "place_name", "currency")

MONEY = ("project", "kind", "amount", "currency", "year")

COMPONENTS = ("project", "component", "title")

STANDING = ("project", "status", "beneficiaries")

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
    "component_title": False,
    "title": False,
    "title_zh": False,
    "programme_zh": False,
    "financier": False,
    "place_name": False,
    "amount": False,
    "project_amount": False,
    "currency": False,
    "status": False,
    "beneficiaries": False,
}
"""Columns of a table of projects, and whether it must have them."""

STATUSES = get_args(ProjectStatus)


@dataclass(frozen=True, eq=False)
class ProjectPlaces:
    """Projects read from a file.

    Parameters
    ----------
    places
        Columns :data:`PLACES`; one row for each project in each place, one without codes and shape for a project that
        names no place. ``title_zh`` and ``programme_zh`` are empty where a file has one language; several financiers
        stand with semicolons between them. ``component`` is the part of the project that works there, empty where that
        is the whole of it.
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
        As :mod:`fuping.layers.sources.iati_results` has them.
    documents
        As :mod:`fuping.layers.sources.project_details` has them.
    standing
        Columns :data:`STANDING`, one row a project: a :data:`~fuping.layers.schema.vocabulary.ProjectStatus` (empty
        where not told) and how many people it is for (NaN where not told).
    """

    places: pd.DataFrame
    money: pd.DataFrame
    notes: tuple[str, ...] = ()
    payments: pd.DataFrame = field(default_factory=no_payments)
    components: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COMPONENTS)))
    outputs: pd.DataFrame = field(default_factory=no_outputs)
    documents: pd.DataFrame = field(default_factory=no_documents)
    standing: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(STANDING)))

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
        same in each of its rows, as ``status`` and ``beneficiaries`` are. Dated payments, outputs and documents are
        optional: sheets ``payments``, ``outputs`` and ``documents`` of the workbook, or beside ``roads.csv`` the files
        ``roads.payments.csv``, ``roads.outputs.csv`` and ``roads.documents.csv``.

    Raises
    ------
    TableError
        With every fault and its row: columns absent, an end before its start, money that is negative, no number or of
        an unknown currency, shapes that are none or not on the globe, a project whose rows contradict each other.
    """
    form = {".csv": "csv", ".xlsx": "xlsx"}.get(path.suffix.lower())
    if form is None:
        remedy = worded("Give IATI activities as .xml, or a table as .csv or .xlsx.")
        raise TableError(
            path.name,
            [
                Fault(
                    path.name, "", worded("a file {ending!r}", ending=path.suffix), worded("CSV, Excel or XML"), remedy
                )
            ],
        )
    cells = read_text_table(path, form)  # type: ignore[arg-type]
    absent = [name for name, needed in COLUMNS.items() if needed and name not in cells.columns]
    if absent:
        raise TableError(path.name, [absent_columns(path.name, cells.columns, absent)])
    text = {name: cells[name].str.strip() if name in cells else pd.Series("", cells.index) for name in COLUMNS}
    number = {}
    faults: list[Fault] = []
    for name in ("amount", "project_amount", "beneficiaries"):
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
    payments, outputs, documents = payments_beside(path), read_outputs_table(path), read_documents(path)
    _require_listed(path.name, places, {"payments": payments, "outputs": outputs, "documents": documents})
    paid = payments.assign(
        kind=payments["kind"].replace("expenditure", "disbursement"), year=payments["date"].str[:4].astype(float)
    )
    money = pd.concat([money, paid[list(MONEY)]] if len(paid) else [money], ignore_index=True)
    named = places.assign(title=text["component_title"].to_numpy()).query("component != ''")
    parts = named.sort_values("title", key=lambda one: one.eq(""), kind="stable").drop_duplicates(list(COMPONENTS[:2]))
    parts = parts.sort_index()[list(COMPONENTS)].reset_index(drop=True)
    parts["title"] = parts["title"].where(parts["title"].ne(""), parts["component"])
    told = pd.DataFrame({"project": text["project"], "status": text["status"].replace("", None)})
    told["beneficiaries"] = number["beneficiaries"]
    standing = told.groupby("project", sort=False, as_index=False).first().fillna({"status": ""})
    return ProjectPlaces(
        places[list(PLACES)], money, shapes.notes, payments, parts, outputs, documents, standing[list(STANDING)]
    )


def _require_listed(file: str, places: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> None:
    """Refuse what belongs to a project, or to a part of one, that the list does not name."""
    listed = set(places["project"]) | set(zip(places["project"], places["component"], strict=True))
    faults = []
    for name, table in tables.items():
        strange = sorted(set(table["project"]) - listed)
        if strange:
            told = worded("{what} of projects that are not listed: {names}", what=name, names=", ".join(strange[:10]))
            faults.append(Fault(file, name, told, worded("projects of the list")))
        parts = table[table["component"].ne("")] if "component" in table else table[:0]
        lost = [
            f"{one.component} of {one.project}"
            for one in parts.itertuples()
            if (one.project, one.component) not in listed
        ]
        if lost:
            named = ", ".join(dict.fromkeys(lost[:10]))
            told = worded("{what} of components that are not listed: {names}", what=name, names=named)
            faults.append(Fault(file, name, told, worded("components of the list")))
    if faults:
        raise TableError(file, faults)


def _faults(file: str, text: dict[str, pd.Series], number: dict[str, pd.Series]) -> list[Fault]:
    """Return what is wrong with rows whose cells could be read, row by row."""
    faults = []

    def tell(rows: pd.Series, found: str, shown: dict[str, pd.Series], expected: str) -> None:
        for row in rows.index[rows.astype(bool)]:
            values = ", ".join(f"{name} {column[row]}" for name, column in shown.items())
            told = worded("{found} ({values})", found=found, values=values)
            faults.append(Fault(file, row_place(row), told, expected))

    project = {"project": text["project"]}
    for name in ("project", "programme", "first_year"):
        tell(
            text[name].eq(""), worded("no {name}", name=name), project, worded("a {name}", name=name.replace("_", " "))
        )
    first, last = number["first_year"], number["last_year"]
    years = project | {"first_year": text["first_year"], "last_year": text["last_year"]}
    tell(last < first, worded("an end before its start"), years, worded("a last year that is not before the first"))
    for name in ("amount", "project_amount"):
        given = project | {name: text[name]}
        tell(number[name] < 0, worded("negative money"), given, worded("zero or more; empty where not known"))
    people = number["beneficiaries"]
    heads = project | {"beneficiaries": text["beneficiaries"]}
    tell((people < 0) | (people % 1 > 0), worded("no count of people"), heads, worded("a whole number, zero or more"))
    strange = text["status"].ne("") & ~text["status"].isin(STATUSES)
    tell(strange, worded("an unknown status"), project | {"status": text["status"]}, ", ".join(STATUSES))
    unknown = ~text["currency"].map(known_currency)
    paid = number["amount"].notna() | number["project_amount"].notna()
    given = project | {"currency": text["currency"]}
    code = worded("an ISO 4217 code: CNY, USD")
    tell(unknown & text["currency"].ne(""), worded("an unknown currency"), given, code)
    tell(paid & text["currency"].eq(""), worded("money without a currency"), project, code)
    for name in ("project_amount", "currency", "programme", "status", "beneficiaries"):
        # An empty cell says nothing, and so contradicts nothing.
        per_project = text[name].where(text[name].ne("")).groupby(text["project"]).transform("nunique") > 1
        told = project | {name: text[name]}
        several = worded("one project with several {name} values", name=name)
        tell(per_project & text["project"].ne(""), several, told, worded("one for a project"))
    return faults
