"""A table whose columns are called otherwise than its source declares, or that is of another format, is rewritten.

Guesses are proposals: a person confirms them, and only then is the file read by them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

import pandas as pd
from fuping.layers.build.observations import table_columns
from fuping.layers.errors import SourceError
from fuping.layers.ingest.guess import LEAST_MATCHED, is_year, table_format
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Source, Table
from fuping.layers.sources.tabular import read_text_table
from fuping.spatial.boundaries.codes import normalise_codes
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["guess_columns", "is_as_declared", "matched_table", "needed_in_order", "read_given", "write_matched"]

ENCODINGS = (None, "utf-8", "utf-8-sig", "gb18030")
"""Those that can write every character."""

ALIKE = 0.6
"""How alike two names must be, of 1, for one to be proposed for the other."""


def matched_table(pack: Pack, source: Source) -> Table | None:
    """Return the one table that is read from a source, where its file may be rewritten: plain, of no fixed bytes."""
    read = [table for table in pack.tables if table.source == source.id]
    drawn = {layer.source for boundary in pack.boundaries for layer in boundary.layers}
    other = drawn | {one.source for one in pack.rasters} | {one.source for one in pack.seismicity}
    other |= {one.source for one in pack.project_lists}
    if len(read) != 1 or source.id in other or source.sha256 is not None or source.pinned:
        return None
    plain = read[0].header_row == 0 and not isinstance(read[0].sheet, int) and read[0].encoding in ENCODINGS
    return read[0] if plain else None


def read_given(path: Path, table: Table) -> pd.DataFrame | None:
    """Return a file as text, by its ending; ``None`` where it is no table that can be read."""
    try:
        form = table_format(path)
        return read_text_table(path, form, encoding=table.encoding if form == "csv" else None)
    except FupingError:
        return None


def is_as_declared(path: Path, table: Table) -> bool:
    """Return whether a file's ending is of the declared format, or of none that is known."""
    try:
        return table_format(path) == table.format
    except SourceError:
        return True


def needed_in_order(table: Table) -> list[str]:
    """Return the columns that a table must have: code, name and year first, then the others by name."""
    first = [str(one) for one in (table.code_column, table.name_column, table.year_column) if one is not None]
    return [*dict.fromkeys(first), *sorted(table_columns(table) - set(first))]


def guess_columns(rows: pd.DataFrame, pack: Pack, table: Table, codes: Collection[str]) -> dict[str, str]:
    """Propose for each needed column the one of a file that it may be; ``""`` where none is alike.

    A column of the same name comes first, whatever its case and signs; then, for codes, the one that holds most of the
    units' codes, and for years one that holds nothing else; then the name that is most alike.

    Parameters
    ----------
    codes
        Of the units of the table's level.
    """
    needed, there = needed_in_order(table), [str(one) for one in rows.columns]
    found = {name: next((one for one in there if _plain(one) == _plain(name)), "") for name in needed}

    def propose(name: str, column: str) -> None:
        if name and not found[name] and column not in found.values():
            found[name] = column

    code, year = (str(one) if one is not None else "" for one in (table.code_column, table.year_column))
    if code and not found[code]:
        read = {one: normalise_codes(rows[one], **pack.level(table.level).reading).codes for one in there}
        share = {one: float(given.isin(set(codes)).mean()) for one, given in read.items()}
        best = max(there, key=lambda one: share[one])
        propose(code, best if share[best] >= LEAST_MATCHED else "")
    propose(year, next((one for one in there if one not in found.values() and is_year(rows[one])), ""))
    for name in needed:
        rest = {_plain(one): one for one in there if one not in found.values()}
        near = get_close_matches(_plain(name), list(rest), n=1, cutoff=ALIKE)
        propose(name, rest[near[0]] if near else "")
    return found


def write_matched(path: Path, table: Table, columns: Mapping[str, str], folder: Path) -> Path:
    """Write a file anew as its source declares it: each row in its place, under the declared names.

    Parameters
    ----------
    columns
        Needed column to that of the file; the file's others stay, unless they have the name of a needed one.
    folder
        Where to write; the name stays that of the file, for faults to be told by.

    Raises
    ------
    SourceError
        A needed column is not matched to one that the file has.
    """
    rows = read_given(path, table)
    wrong = [name for name in needed_in_order(table) if rows is None or columns.get(name) not in rows.columns]
    if rows is None or wrong:
        raise SourceError(
            worded("No column of {file} is chosen for {names}.", file=path.name, names=", ".join(wrong)),
            remedy=worded("Choose a column for each."),
        )
    chosen = {name: rows[columns[name]] for name in needed_in_order(table)}
    others = {one: rows[one] for one in rows.columns if one not in chosen and one not in columns.values()}
    frame = pd.DataFrame(chosen | others)
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{path.name.split('.')[0] or 'file'}.{table.format}"
    if table.format == "csv":
        frame.to_csv(written, index=False, encoding=table.encoding or "utf-8")
    elif table.format == "xlsx":
        frame.to_excel(written, index=False, sheet_name=table.sheet or "Sheet1")
    else:
        frame.to_parquet(written, index=False)
    return written


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
