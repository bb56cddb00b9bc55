"""Read what services send, and check it cell by cell before it is a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from fuping.layers.connect.cache import Answer
from fuping.layers.connect.errors import ConnectError
from fuping.layers.errors import Fault, TableError
from fuping.layers.sources.tabular import parse_numbers, parse_years

__all__ = ["as_text", "checked_rows", "missing_notes", "read_json", "years_of"]


def read_json(answer: Answer, *, remedy: str = "Try again later; the service may be out of order.") -> Any:
    """Read JSON; numbers stay text, as the service wrote them.

    Raises
    ------
    ConnectError
        It is not JSON; the message quotes how it begins.
    """
    raw = answer.path.read_bytes()
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=_refuse)
    except ValueError as error:
        begins = " ".join(raw[:200].decode("utf-8", "replace").split())[:80]
        raise ConnectError(
            f"{answer.url} answers with what is not JSON ({error}); it begins {begins!r}.", remedy=remedy
        ) from None


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def as_text(cell: object) -> str:
    """Write a cell of JSON as text, none as ``""``."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell) if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)


def years_of(text: str) -> list[int]:
    """Return the years of ``2019`` or ``2015-2019``.

    Examples
    --------
    >>> years_of("2018-2020"), years_of("2019")
    ([2018, 2019, 2020], [2019])

    Raises
    ------
    ConnectError
        The last comes before the first.
    """
    first, _, last = text.partition("-")
    found = list(range(int(first), int(last or first) + 1))
    if not found:
        raise ConnectError(f"The years {text} end before they begin.", remedy="Write 2015-2019.")
    return found


def checked_rows(
    rows: pd.DataFrame, answer: Answer, *, numbers: Sequence[str], year: str | None, key: Sequence[str]
) -> pd.DataFrame:
    """Check the cells of a table and return it unchanged.

    Parameters
    ----------
    rows
        Text; ``""`` is missing.
    answer
        Named in the faults; rows are counted from 1 as the service sent them.
    numbers
        Columns that hold numbers or nothing.
    year
        Column that holds a year in every row.
    key
        Columns that no two rows may share.

    Raises
    ------
    TableError
        With every fault.
    ConnectError
        There is no row.
    """
    if rows.empty:
        raise ConnectError(f"{answer.url} has no row.", remedy="Check the options: years, units, variables.")
    file = answer.url
    faults: list[Fault] = []
    for name in numbers:
        _, wrong = parse_numbers(rows[name], file=file, first_row=1)
        faults += [Fault(one.file, f"{one.place}, {name}", one.found, one.expected, one.remedy) for one in wrong]
    if year is not None:
        faults += parse_years(rows[year], file=file, first_row=1)[1]
    for place in rows.index[rows.duplicated(list(key))]:
        cells = ", ".join(str(rows.at[place, name]) for name in key)
        faults.append(Fault(file, f"row {place + 1}", f"{cells} a second time", "every unit and year once"))
    if faults:
        raise TableError(file, faults)
    return rows


def missing_notes(rows: pd.DataFrame, columns: Mapping[str, str] | Sequence[str]) -> tuple[str, ...]:
    """Tell of every column in how many rows the service gives nothing."""
    return tuple(
        f"{name}: no value in {n} of {len(rows)} rows" for name in columns if (n := int(rows[name].eq("").sum()))
    )
