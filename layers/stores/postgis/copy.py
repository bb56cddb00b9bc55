"""Move many rows between a database and Arrow tables by PostgreSQL's COPY, as CSV, which both sides read fast."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import psycopg
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import BigInteger, Boolean, Connection, Double, Integer, Select, SmallInteger, Table, Text

__all__ = ["copy_in", "copy_out", "plain_cursor"]

TYPES: dict[type, pa.DataType] = {
    BigInteger: pa.int64(),
    Boolean: pa.bool_(),
    Double: pa.float64(),
    Integer: pa.int32(),
    SmallInteger: pa.uint8(),
    Text: pa.large_string(),
}
"""How a column comes out; the one small number that is kept is a reason of absence, which is one byte."""


def plain_cursor(connection: Connection, *, binary: bool = False) -> psycopg.Cursor[Any]:
    """Return a cursor of psycopg in the transaction of a connection."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"the connection is one of {type(driver)}, not of psycopg")
    return driver.cursor(binary=binary)


def copy_in(connection: Connection, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
    """Write rows into a table; their columns are found by their names."""
    for batch in batches:
        names = ", ".join(batch.schema.names)
        with plain_cursor(connection) as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
            body = io.BytesIO()
            # Text is quoted and what is missing is not, by which the two are told apart where both are empty.
            csv.write_csv(batch, body, csv.WriteOptions(include_header=False))
            copy.write(body.getbuffer())


def copy_out(connection: Connection, query: Select[Any]) -> pa.Table:
    """Return the rows of a query."""
    asked = query.compile(dialect=connection.dialect)
    schema = pa.schema([(column.name, TYPES[type(column.type)]) for column in query.selected_columns])
    body = io.BytesIO()
    with (
        plain_cursor(connection) as cursor,
        cursor.copy(f"COPY ({asked}) TO STDOUT (FORMAT csv)", asked.params) as copy,
    ):
        for part in copy:
            body.write(part)
    if not body.tell():
        return schema.empty_table()
    body.seek(0)
    return csv.read_csv(
        body,
        read_options=csv.ReadOptions(column_names=schema.names),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
