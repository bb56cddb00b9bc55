"""Read a table as text, losing nothing: every cell stays as written until it is checked.

Numbers are parsed here too, in one place, so that a thousands separator or a word among the numbers is a fault with
its row instead of a missing value.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Collection, Hashable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from fuping.layers.errors import Fault, TableError
from fuping.layers.schema.vocabulary import TableFormat
from fuping.layers.sources.unpacking import check_sheets, check_zip, unpack_gzip
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import Worded, worded

__all__ = ["YEARS", "parse_numbers", "parse_years", "read_text_table", "row_place", "rows_refused"]

YEARS = range(1900, 2101)
"""Years that a figure or a payment may be of; another is a slip of the pen."""

LARGEST = 2.0**53
"""Above it a float no longer holds every integer, so a count would change on reading."""


def _decode(path: Path, encoding: str | None) -> str:
    raw = unpack_gzip(path) if path.suffix == ".gz" else path.read_bytes()
    if not raw.strip():
        raise TableError(
            path.name, [Fault(path.name, "", worded("an empty file"), worded("a table with a header row"))]
        )
    wanted = encoding or "utf-8-sig"
    try:
        return raw.decode(wanted)
    except UnicodeDecodeError as error:
        try:
            codecs.decode(raw, "gb18030")
            remedy = worded('It reads as GB18030: save it as UTF-8 or declare encoding = "gb18030".')
        except UnicodeDecodeError:
            remedy = worded("Save it as UTF-8.")
        place = worded("byte {n}", n=error.start)
        fault = Fault(
            path.name,
            place,
            worded("0x{byte:02x}", byte=raw[error.start]),
            worded("text in {encoding}", encoding=wanted.removesuffix("-sig")),
            remedy,
        )
        raise TableError(path.name, [fault]) from error


def read_text_table(
    path: Path,
    form: TableFormat,
    *,
    encoding: str | None = None,
    sheet: str | int | None = None,
    header_row: int = 0,
    columns: Collection[str] | None = None,
) -> pd.DataFrame:
    """Read a table; cells are text, empty cells are ``""``.

    Parameters
    ----------
    path
        The file; ``.csv.gz`` is read as CSV.
    form
        ``"csv"``, ``"xlsx"`` or ``"parquet"``.
    encoding
        Of a CSV; UTF-8 (with or without byte-order mark) where not given.
    sheet, header_row
        Sheet of a workbook (the first where not given) and the row, from 0, that holds the column names.
    columns
        Of a Parquet file, those to read; a name that is not there is left to the caller to find missing.

    Returns
    -------
    pandas.DataFrame
        One text column per column; the index counts data rows from 0.

    Raises
    ------
    TableError
        The file is not there, empty, truncated, of another format, or in another encoding; its rows have more cells
        than its header.
    SourceError
        It unpacks to far more than a table.
    """
    if not path.is_file():
        raise TableError(path.name, [Fault(path.name, "", worded("no such file"), worded("a table"))])
    try:
        if form == "csv":
            text = _decode(path, encoding)
            frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, header=header_row)
        elif form == "xlsx":
            check_zip(path)
            check_sheets(path)
            frame = pd.read_excel(path, sheet_name=sheet or 0, dtype=str, header=header_row, keep_default_na=False)
        else:
            there = pq.read_schema(path).names
            whole = pd.read_parquet(path, columns=[n for n in there if columns is None or n in columns])
            frame = pd.DataFrame({name: _as_text(whole[name]) for name in whole.columns})
    except FupingError:
        raise
    except Exception as error:
        raise TableError(
            path.name,
            [
                Fault(
                    path.name,
                    "",
                    worded("bytes that do not read as {form} ({error})", form=form, error=error),
                    worded("a complete {form} file", form=form),
                )
            ],
        ) from error
    if not isinstance(frame.index, pd.RangeIndex):
        # Cells before the first name would be taken for labels, and every column for its neighbour's.
        more = worded(
            "{cells} cells in a row and {names} names in the header",
            cells=frame.shape[1] + frame.index.nlevels,
            names=frame.shape[1],
        )
        raise TableError(
            path.name, [Fault(path.name, worded("row {n}", n=header_row + 2), more, worded("a name for each column"))]
        )
    frame.columns = [str(name).strip() for name in frame.columns]
    if frame.empty:
        raise TableError(path.name, [Fault(path.name, "", worded("a header and no rows"), worded("at least one row"))])
    return frame.fillna("")


def _as_text(column: pd.Series) -> pd.Series:
    """Write a typed column as text; whole floats lose the ``.0`` that parquet gave them."""
    if pd.api.types.is_float_dtype(column):
        whole = column.dropna()
        if (whole == whole.round()).all():
            return column.astype("Int64").astype("string").fillna("")
    return column.astype("string").fillna("")


def parse_numbers(
    cells: pd.Series, *, file: str, na_values: tuple[str, ...] = (), first_row: int = 2
) -> tuple[pd.Series, list[Fault]]:
    """Parse text cells as numbers; what is not a number is a fault with its row.

    Parameters
    ----------
    cells
        Text, any length; ``""`` and ``na_values`` are missing. The index counts data rows from 0.
    first_row
        Row of the file in which index 0 stands.

    Returns
    -------
    (pandas.Series of float64, list of Fault)

    Examples
    --------
    >>> import pandas as pd
    >>> values, faults = parse_numbers(pd.Series(["12", "", "1,234"]), file="t.csv")
    >>> values.tolist()[:1], len(faults), faults[0].place
    ([12.0], 1, 'row 4')
    """
    stripped = cells.astype("string").str.strip()
    absent = stripped.eq("") | stripped.isin(list(na_values))
    values = pd.to_numeric(stripped.mask(absent), errors="coerce").astype("float64")
    unread = ~absent & ~values.between(-LARGEST, LARGEST)
    faults = []
    for row, cell in stripped[unread].items():
        remedy: str = ""
        if pd.notna(pd.to_numeric(cell, errors="coerce")):
            expected = worded("a number below {largest:.0f}", largest=LARGEST)
        else:
            expected = worded("a number")
            bare = cell.replace(",", "").replace("，", "").replace(" ", "")
            if pd.notna(pd.to_numeric(bare, errors="coerce")):
                remedy = worded("Write {bare} without thousands separators.", bare=bare)
        faults.append(Fault(file, worded("row {n}", n=int(row) + first_row), repr(str(cell)), expected, remedy))
    return values.mask(unread), faults


def row_place(row: Hashable) -> Worded:
    """Return where a row of :func:`read_text_table` stands in its file, whose header is row 1."""
    return worded("row {n}", n=int(str(row)) + 2)


def rows_refused(file: str, cells: pd.Series, good: pd.Series, expected: str) -> list[Fault]:
    """Return a fault for each cell of a column, named as the series is, that is not good."""
    return [
        Fault(file, row_place(row), worded("the {what} {written!r}", what=cells.name, written=cells[row]), expected)
        for row in cells.index[~good.astype(bool)]
    ]


def parse_years(cells: pd.Series, *, file: str, first_row: int = 2) -> tuple[pd.Series, list[Fault]]:
    """Parse text cells as calendar years between 1900 and 2100.

    Returns
    -------
    (pandas.Series of float64, list of Fault)
        Faulty years are missing in the series and named in the list.
    """
    values, faults = parse_numbers(cells, file=file, first_row=first_row)
    wrong = ~(values.between(YEARS[0], YEARS[-1]) & values.eq(values.round()))
    told = {fault.place for fault in faults}
    for row in values.index[wrong]:
        place = worded("row {n}", n=int(row) + first_row)
        if place not in told:
            faults.append(
                Fault(file, place, worded("year {cell!r}", cell=cells[row]), worded("a whole year from 1900 to 2100"))
            )
    return values.mask(wrong), faults
