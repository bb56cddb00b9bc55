"""Bytes of a text, Parquet or Stata file as a table; what cannot be read names its row."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd
from fuping.dashboard.queries.upload_error import UploadError

__all__ = ["MEGABYTE", "read_csv", "read_parquet", "read_stata"]

MEGABYTE = 1_000_000

LARGEST = 512 * MEGABYTE
"""Bytes of a Parquet file once unpacked."""

ENCODINGS = (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"))


def _decoded(body: bytes, name: str) -> tuple[str, str]:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", errors="replace"), "UTF-16"
    for codec, told in ENCODINGS:
        try:
            text = body.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, told
    raise UploadError("not_text", name=name)


def read_csv(body: bytes, name: str) -> tuple[Any, str]:
    """Read delimited text: a pyarrow table of texts, and its encoding."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    text, encoding = _decoded(body, name)
    text = text.rstrip()
    first = text.split("\n", 1)[0].rstrip("\r")
    delimiter = max(",;\t|", key=first.count)
    try:
        names = [one.strip() for one in next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter), [])]
    except csv.Error as error:
        raise UploadError("unreadable", name=name, why=str(error)) from None
    if not names:
        raise UploadError("empty", name=name)
    _check_names(names)
    ragged: list[Any] = []

    def tell(row: Any) -> str:
        ragged.append(row)
        return "error"

    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text.encode()),
            arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
            arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=tell
            ),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        if ragged:
            one = ragged[0]
            raise UploadError(
                "ragged", row=one.number, expected=one.expected_columns, actual=one.actual_columns
            ) from None
        if text.count("\n") == 0:
            raise UploadError("no_rows", name=name) from None
        raise UploadError("unreadable", name=name, why=str(error)) from None
    return table, encoding


def _check_names(names: list[str]) -> None:
    for place, one in enumerate(names, start=1):
        if not one:
            raise UploadError("nameless", place=place)
        if names.index(one) < place - 1:
            raise UploadError("named_twice", name=one, first=names.index(one) + 1, second=place)


def read_parquet(body: bytes, name: str) -> tuple[Any, str]:
    """Read Parquet, unless it would unpack to more than the memory is meant for."""
    import pyarrow as pa
    import pyarrow.parquet as arrow_parquet

    try:
        file = arrow_parquet.ParquetFile(pa.BufferReader(body))
        size = sum(file.metadata.row_group(at).total_byte_size for at in range(file.metadata.num_row_groups))
        if size > LARGEST:
            raise UploadError("unpacks", size=f"{size / MEGABYTE:.0f}", limit=f"{LARGEST / MEGABYTE:.0f}")
        table = file.read()
        for place, one in enumerate(table.schema):
            if pa.types.is_binary(one.type) or pa.types.is_large_binary(one.type):
                table = table.set_column(place, one.name, table.column(place).cast(pa.large_string()))
    except (pa.ArrowInvalid, OSError) as error:
        raise UploadError("unreadable", name=name, why=str(error)) from None
    _check_names([str(one) for one in table.column_names])
    return table, ""


def read_stata(body: bytes, name: str) -> tuple[Any, str]:
    """Read a file of Stata; labelled numbers stay numbers."""
    import pyarrow as pa

    try:
        frame = pd.read_stata(io.BytesIO(body), convert_categoricals=False, convert_dates=False)
    except (ValueError, NotImplementedError, OSError, KeyError, EOFError) as error:
        raise UploadError("unreadable", name=name, why=str(error)) from None
    return pa.Table.from_pandas(frame, preserve_index=False), ""
