"""A table that a reader gives: read in memory for one answer, kept nowhere, refused with its row and column.

Text stays text until a column is asked for as numbers, so that codes keep their zeros and a cell that is no number can
be named. Rows are counted as a spreadsheet counts them: in a text file the first row is the one with the names.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

import numpy as np
import pandas as pd
from fuping.dashboard.queries.table_files import MEGABYTE, read_csv, read_parquet, read_stata
from fuping.dashboard.queries.upload_error import UploadError
from numpy.typing import NDArray

__all__ = ["FORMS", "MEGABYTE", "READING", "UploadError", "UploadedTable", "decode", "read_table"]

Floats = NDArray[np.float64]
Form = Literal["csv", "parquet", "dta"]

FORMS: dict[str, Form] = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".parquet": "parquet", ".dta": "dta"}
"""End of a file's name → how it is read."""

MOST_ROWS = 500_000
"""More is for the library, which reads rows out of core (``fgt_by_unit``)."""

READING = threading.BoundedSemaphore(2)
"""Held while a file is read and worked on, so that many readers together do not fill the memory."""

NOTHING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", ".", "<NA>")
"""How programs write a cell without a value."""


def decode(contents: str, name: str, *, limit: int) -> bytes:
    """Return the bytes of a file as the browser sends it.

    Parameters
    ----------
    contents
        ``data:…;base64,`` and the bytes in base 64.
    name
        Of the file.
    limit
        Bytes that are allowed.

    Raises
    ------
    UploadError
        The file is too large, empty, of another kind, or not whole.
    """
    if PurePath(name).suffix.lower() not in FORMS:
        raise UploadError("form", name=name, forms=", ".join(FORMS))
    _, _, encoded = contents.partition(",")
    size = len(encoded) * 3 // 4
    if size > limit:
        raise UploadError("too_large", size=f"{size / MEGABYTE:.1f}", limit=f"{limit / MEGABYTE:.0f}")
    try:
        body = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise UploadError("broken", name=name) from None
    if not body.strip():
        raise UploadError("empty", name=name)
    return body


@dataclass(frozen=True, eq=False)
class UploadedTable:
    """n rows of named columns.

    Parameters
    ----------
    name, form, encoding
        Of the file; no encoding where it is not text.
    columns
        Names, in the order of the file.
    first_row
        Number of the first row of values: 2 under a row of names, else 1.
    table
        A pyarrow table.
    """

    name: str
    form: Form
    encoding: str
    columns: tuple[str, ...]
    first_row: int
    table: Any

    @property
    def n_rows(self) -> int:
        """Rows of values."""
        return int(self.table.num_rows)

    def text(self, column: str, *, required: bool = False) -> pd.Series:
        """Return a column as text without blanks around it; missing where a cell says nothing.

        Raises
        ------
        UploadError
            ``missing``: a value is required and absent.
        """
        kind = self.table.column(column).to_pandas()
        if pd.api.types.is_float_dtype(kind) and (kind.dropna() % 1 == 0).all():
            # A whole number that a program keeps as a float is a label without its decimal point.
            kind = kind.astype("Int64")
        words = kind.astype("str").str.strip() if kind.dtype != "Int64" else kind.astype("string").astype("str")
        words = words.where(~words.isin(NOTHING) & kind.notna().to_numpy())
        if required:
            self._refuse(words.isna().to_numpy(), "missing", column)
        return words

    def numbers(
        self,
        column: str,
        *,
        required: bool = False,
        at_least: float | None = None,
        above: float | None = None,
        at_most: float | None = None,
        whole: bool = False,
    ) -> Floats:
        """Return a column as float64, NaN where a cell says nothing.

        Parameters
        ----------
        required
            Whether every row must have one.
        at_least, above, at_most
            Bounds that every number must keep.
        whole
            Whether numbers must be whole.

        Raises
        ------
        UploadError
            Naming the first row that is none of this.
        """
        found = self._fast_numbers(column)
        if found is None:
            words = self.text(column)
            found = pd.to_numeric(words, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
            self._refuse(np.isnan(found) & words.notna().to_numpy(), "not_number", column)
        self._refuse(np.isinf(found), "not_number", column)
        if required:
            self._refuse(np.isnan(found), "missing", column)
        if at_least is not None:
            self._refuse(found < at_least, "too_low", column, least=f"{at_least:g}")
        if above is not None:
            self._refuse(found <= above, "not_above", column, least=f"{above:g}")
        if at_most is not None:
            self._refuse(found > at_most, "too_high", column, most=f"{at_most:g}")
        if whole:
            self._refuse(np.isfinite(found) & (found % 1 != 0), "not_whole", column)
        return found

    def _fast_numbers(self, column: str) -> Floats | None:
        """Return a column as numbers where every cell is one; ``None`` where one has to be looked for."""
        import pyarrow as pa
        import pyarrow.compute as compute

        cells = self.table.column(column)
        try:
            if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
                cells = compute.utf8_trim_whitespace(cells)
                nothing = compute.is_in(cells, value_set=pa.array(NOTHING, cells.type))
                cells = compute.if_else(nothing, pa.scalar(None, cells.type), cells)
            return np.asarray(cells.cast(pa.float64()).to_numpy(), dtype=np.float64)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None

    def row(self, place: int) -> int:
        """Return the number of a row as the reader counts it."""
        return place + self.first_row

    def _refuse(self, wrong: NDArray[np.bool_], code: str, column: str, **values: object) -> None:
        if wrong.any():
            place = int(np.flatnonzero(wrong)[0])
            cell = self.table.column(column)[place].as_py()
            raise UploadError(
                code, row=self.row(place), column=column, value=str(cell)[:40], n=int(wrong.sum()), **values
            )


def read_table(body: bytes, name: str) -> UploadedTable:
    """Read a file as a table.

    Parameters
    ----------
    body
        Its bytes.
    name
        Its end says how it is read: see :data:`FORMS`.

    Raises
    ------
    UploadError
        Naming the fault and, in a text file, the row.
    """
    form = FORMS[PurePath(name).suffix.lower()]
    readers: dict[Form, Callable[[bytes, str], tuple[Any, str]]] = {
        "csv": read_csv,
        "parquet": read_parquet,
        "dta": read_stata,
    }
    table, encoding = readers[form](body, name)
    if table.num_rows == 0:
        raise UploadError("no_rows", name=name)
    if table.num_rows > MOST_ROWS:
        raise UploadError("too_many_rows", rows=table.num_rows, limit=MOST_ROWS)
    columns = tuple(map(str, table.column_names))
    return UploadedTable(name, form, encoding, columns, 2 if form == "csv" else 1, table)
