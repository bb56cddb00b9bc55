"""OPHI's tables of the global Multidimensional Poverty Index: workbooks by address.

The tables have a title, a header of several rows with merged cells, a row for each country (and region) with its ISO
code, and footnotes: https://ophi.org.uk/global-mpi. The header begins in the row with "ISO country code" and ends
above the first code of three letters; the words of a column's header cells make its name.
"""

from __future__ import annotations

import re
import warnings
import zipfile

import openpyxl
import pandas as pd
from fuping.layers.connect.cache import Answer
from fuping.layers.connect.cells import checked_rows, missing_notes
from fuping.layers.connect.connector import Connector, Option, Question, Talk, TidyTable
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text
from fuping.layers.sources.tabular import parse_numbers

__all__ = ["OPHI"]

CODE = "iso country code"
TEXTS = {
    "iso country code": "iso3",
    "country": "country",
    "world region": "world_region",
    "subnational region": "region",
}
NOT_GIVEN = ("..", "...", "-", "–", "—", "NA", "n/a")


LARGEST = 2**28
"""Bytes that a workbook may unpack to."""


def _talk(question: Question) -> Talk:
    answer = yield Request(question["url"])
    cells = _cells(answer, question["sheet"])
    header, first = _header(cells, answer)
    body = cells.iloc[first:]
    is_row = body[header.index(CODE)].str.fullmatch("[A-Z]{3}")
    rows = body[is_row].set_axis(header, axis=1).loc[:, [name for name in header if name]]
    rows = rows.rename(columns={name: TEXTS.get(name, _slug(name)) for name in rows}).reset_index(drop=True)
    printed = next((name for name in rows if name.lower().endswith("year")), "year")
    doubled = rows.columns[rows.columns.duplicated()].tolist()
    if doubled or printed not in rows:
        wrong = f"two columns {doubled[0]!r}" if doubled else "no column of the survey's year"
        raise ConnectError(f"{answer.url} has {wrong}.", remedy="Name another sheet, or read the file by hand.")
    rows = rows.mask(rows.isin(NOT_GIVEN), "").rename(columns={printed: "survey_year"})
    rows.insert(1, "year", rows["survey_year"].str.extract(r"(\d{4})\D*$", expand=False).fillna(""))
    texts = {*TEXTS.values(), "year", "survey_year"}
    numbers = [name for name in rows if name not in texts and _counts(rows[name])]
    key = ["iso3", "year", *(["region"] if "region" in rows else [])]
    rows = checked_rows(rows, answer, numbers=numbers, year="year", key=key)
    other = body[~is_row]
    left = int(other.ne("").any(axis=1).sum())
    notes = [f"{left} rows without a country's code (headings, footnotes) left out." if left else "Every row was read."]
    notes.append("year is the last year of the survey, survey_year what is printed.")
    return TidyTable(rows, (*notes, *missing_notes(rows, numbers)))


def _cells(answer: Answer, sheet: str) -> pd.DataFrame:
    """Return the cells of a sheet as text; every cell of a merged area has what stands in its first."""
    try:
        with zipfile.ZipFile(answer.path) as parts:
            size = sum(one.file_size for one in parts.infolist())
        if size > LARGEST:
            raise ConnectError(f"{answer.url} unpacks to {size:,} bytes.", remedy="Check the address.")
        with warnings.catch_warnings(), answer.path.open("rb") as file:
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(file, data_only=True)
        if sheet and sheet not in book.sheetnames:
            raise ConnectError(f"{answer.url} has no sheet {sheet!r}.", remedy=f"Sheets: {', '.join(book.sheetnames)}.")
        page = book[sheet or book.sheetnames[0]]
        cells = pd.DataFrame(list(page.values), dtype=object)
        for area in page.merged_cells.ranges:
            first = cells.iat[area.min_row - 1, area.min_col - 1]
            cells.iloc[area.min_row - 1 : area.max_row, area.min_col - 1 : area.max_col] = first
    except ConnectError:
        raise
    except Exception as error:
        raise ConnectError(
            f"{answer.url} is no Excel workbook ({type(error).__name__}: {error}).", remedy="Check the address."
        ) from None
    return cells.map(lambda cell: "" if cell is None or cell != cell else " ".join(str(cell).split()))


def _header(cells: pd.DataFrame, answer: Answer) -> tuple[list[str], int]:
    """Return the name of every column and the row in which the data begin."""
    start = next((n for n in range(len(cells)) if CODE in cells.iloc[n].str.lower().tolist()), None)
    if start is None:
        raise ConnectError(
            f"{answer.url} has no header with {CODE!r}.",
            remedy="Name the sheet: --option sheet='1.1 National MPI Results'.",
        )
    place = cells.iloc[start].str.lower().tolist().index(CODE)
    codes = cells[place].iloc[start + 1 :].str.fullmatch("[A-Z]{3}")
    if not codes.any():
        raise ConnectError(f"{answer.url} has no row with a country's code.", remedy="Name another sheet.")
    first = int(codes.idxmax())
    names = [" ".join(dict.fromkeys(cell for cell in cells[one].iloc[start:first] if cell)) for one in cells]
    return [name.lower() if name.lower() in TEXTS else name for name in names], first


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _counts(cells: pd.Series) -> bool:
    """Tell whether a column is one of numbers: at least half of what stands in it is."""
    given = cells[cells.ne("")]
    _, faults = parse_numbers(given, file="")
    return bool(len(given)) and len(faults) * 2 <= len(given)


OPHI = Connector(
    id="ophi",
    title=Text(en="Global Multidimensional Poverty Index (OPHI)", zh="全球多维贫困指数（OPHI）"),
    publisher="Oxford Poverty and Human Development Initiative",
    licence="OPHI terms of use; ask for commercial use",
    citation="Oxford Poverty and Human Development Initiative, Global MPI data tables.",
    documentation="https://ophi.org.uk/global-mpi",
    base="https://ophi.org.uk",
    form="table",
    suffixes=(".csv",),
    options=(
        Option(
            "url", Text(en="address of the workbook on ophi.org.uk", zh="ophi.org.uk上工作簿的地址"), r"https?://\S+"
        ),
        Option("sheet", Text(en="sheet; the first where not given", zh="工作表，默认第一个"), ".*", ""),
    ),
    talk=_talk,
)
