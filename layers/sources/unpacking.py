"""Refuse a small file that unpacks to a very large one, before it has filled the memory."""

from __future__ import annotations

import gzip
import re
import zipfile
from pathlib import Path

from fuping.layers.errors import SourceError
from fuping.spatial.wording import worded

__all__ = ["check_sheets", "check_zip", "unpack_gzip"]

MODEST = 64 * 2**20
"""Bytes that anything may unpack to."""

RATIO = 200
"""Beyond that, unpacked bytes for each packed one; tables and polygons have 3 to 50, a bomb about 1,000."""

MOST_CELLS = 50_000_000
"""Cells of the rectangle that a sheet spans, as it is laid out whole in memory."""

CELL = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')


def _refuse(path: Path, size: int) -> SourceError:
    return SourceError(
        worded(
            "{file} has {size:,} bytes and unpacks to more than {most:,}.",
            file=path.name,
            size=path.stat().st_size,
            most=size,
        ),
        remedy=worded("That is no table or map; if it is, unpack it and give what is inside."),
    )


def unpack_gzip(path: Path) -> bytes:
    """Return what a gzip file holds.

    Raises
    ------
    SourceError
        It unpacks to far more than such files do.
    """
    most = max(MODEST, RATIO * path.stat().st_size)
    with gzip.open(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _refuse(path, most)
    return content


def check_zip(path: Path) -> None:
    """Refuse a zip, or a workbook, that unpacks to far more than such files do.

    Raises
    ------
    SourceError
        Of the sizes that the zip declares; no more than those is ever read.
    zipfile.BadZipFile
        It is none.
    """
    with zipfile.ZipFile(path) as archive:
        if sum(one.file_size for one in archive.infolist()) > (most := max(MODEST, RATIO * path.stat().st_size)):
            raise _refuse(path, most)


def check_sheets(path: Path) -> None:
    """Refuse a workbook with a cell so far out that the sheet laid out whole would fill the memory.

    Raises
    ------
    SourceError
        Naming the rows and columns.
    """
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            row, column, rest = 0, 0, b""
            with archive.open(name) as file:
                while block := file.read(2**20):
                    for letters, digits in CELL.findall(rest + block):
                        row, column = max(row, int(digits)), max(column, _number(letters))
                    rest = block[-100:]
            if row * column > MOST_CELLS:
                raise SourceError(
                    worded(
                        "{file} has a sheet of {row:,} rows and {column:,} columns ({name}).",
                        file=path.name,
                        row=row,
                        column=column,
                        name=name,
                    ),
                    remedy=worded("Remove the cells that stand far from the table, or save it as CSV."),
                )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
