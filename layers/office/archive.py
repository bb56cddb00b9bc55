"""Keep what an office wrote in files that either database reads, and bring it back: people, tokens, alerts, the log.

Sessions, and links by which a password is chosen, are left out: they end with what is brought back. Of passwords and
tokens the hashes are kept, without which nobody could sign in afterwards.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from fuping.layers.errors import SourceError, StoreError
from fuping.layers.office.audit import note_action
from fuping.layers.office.database import VERSION_TABLE, Office, newest_revision, scratch_office, upgrade_tables
from fuping.layers.office.people import COMMAND
from fuping.layers.office.tables import alert, audit, invitation, metadata, person, session
from sqlalchemy import Connection, Engine, MetaData, Table, delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

__all__ = ["FOLDER", "OfficeCount", "bring_back", "read_office", "write_office"]

FOLDER = "office"
"""What the folder is called in an archive."""

LEFT_OUT = (session, invitation)

KEPT = tuple(table for table in metadata.sorted_tables if table not in LEFT_OUT)

AT_ONCE = 1000
"""Rows of a statement."""

RESTORED = "office.restore"
"""What the log says of an office that was brought back."""


@dataclass(frozen=True)
class OfficeCount:
    """How much of an office is kept.

    Parameters
    ----------
    people, alerts, entries
        Accounts, alerts, and entries of the log.
    """

    people: int
    alerts: int
    entries: int


def _of_the_store(entry: Mapping[str, Any]) -> bool:
    """Return whether a command did it to builds and files alone: no account and no alert is lost with it."""
    return entry["action"] == RESTORED or (entry["who"] == COMMAND and entry["action"].startswith(("data.", "pack.")))


def write_office(office: Office, folder: Path) -> tuple[str, OfficeCount]:
    """Write an office as it stands at one moment, whoever writes meanwhile: a file of JSON lines for each table.

    Returns
    -------
    tuple
        Revision of its tables, and what is kept.
    """
    folder.mkdir()
    with office.frozen() as connection:
        for table in KEPT:
            with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(connection, table))
        return newest_revision(), _count(connection)


def read_office(folder: Path, revision: str, scratch: Path) -> Engine:
    """Read what :func:`write_office` wrote into a scratch database, which holds it to the rules of the tables.

    The tables are made as they were when it was written, filled, and brought up to this program.

    Raises
    ------
    StoreError
        It was written by a newer program.
    SourceError
        It is not what an office holds.
    """
    engine = scratch_office(scratch, revision)
    tables = MetaData()
    tables.reflect(engine)
    others = {VERSION_TABLE, *(table.name for table in LEFT_OUT)}
    names = [table.name for table in tables.sorted_tables if table.name not in others]
    if sorted(path.name for path in folder.glob("*")) != sorted(f"{name}.jsonl" for name in names):
        raise SourceError("The office in the backup is not one.", remedy=f"It needs a file for each of {names}.")
    try:
        with engine.begin() as connection:
            for name in names:
                with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
                    _put(connection, tables.tables[name], _read(file, tables.tables[name]))
    except (SQLAlchemyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        told = str(error).splitlines()[0]
        raise SourceError(
            f"The office in the backup does not keep to the rules of its tables: {told}", remedy="Give another backup."
        ) from None
    upgrade_tables(engine)
    return engine


def bring_back(office: Office, kept: Engine, *, replace: bool) -> OfficeCount:
    """Put what was kept in the place of an office, all of it or nothing; the log of both is kept, and sessions end.

    Parameters
    ----------
    kept
        What :func:`read_office` gives.
    replace
        Whether this may be done to an office whose people did something that was not kept.

    Raises
    ------
    StoreError
        They did, and it may not; or the database refuses a row. Nothing is changed.
    """
    try:
        with office.writing() as connection, kept.connect() as archive:
            _hold_writers_off(connection)
            own = _only_here(connection, archive)
            done = [one for one in own if not _of_the_store(one)]
            if done and not replace:
                raise StoreError(_refusal(done), remedy="To have the backup's or this one: --office replace or keep.")
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            for table in KEPT:
                _put(connection, table, _rows(archive, table))
            _count_on(connection)
            _put(connection, audit, ({name: one[name] for name in one if name != "id"} for one in own))
            found = _count(archive)
            after = {"people": found.people, "alerts": found.alerts, "entries": found.entries, "kept": len(own)}
            note_action(connection, COMMAND, RESTORED, "office:backup", after=after)
    except SQLAlchemyError as error:
        told = str(error).splitlines()[0]
        raise StoreError(f"The office cannot be brought back: {told}", remedy="Nothing was changed.") from None
    return found


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that were brought back with their numbers; SQLite does so itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in KEPT:
        column = table.autoincrement_column
        if column is not None:
            after = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            counter = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(counter, after, False)))


def _hold_writers_off(connection: Connection) -> None:
    # A writer of SQLite is alone anyway; readers of either go on.
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    return (dict(row) for row in connection.execute(query).mappings())


def _read(lines: Iterable[str], table: Table) -> Iterator[dict[str, Any]]:
    wanted = set(table.columns.keys())
    for line in lines:
        row = json.loads(line)
        if set(row) != wanted:
            raise ValueError(f"{table.name} has the columns {', '.join(sorted(wanted))}")
        yield row


def _put(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        connection.execute(insert(table), some)


def _only_here(connection: Connection, archive: Connection) -> list[dict[str, Any]]:
    """Return the entries of the log that were not kept; every change of an office has one."""
    known = Counter(map(_told, _rows(archive, audit)))
    own = []
    for row in _rows(connection, audit):
        if known[_told(row)]:
            known[_told(row)] -= 1
        else:
            own.append(row)
    return own


def _told(entry: Mapping[str, Any]) -> str:
    return json.dumps({name: value for name, value in entry.items() if name != "id"}, sort_keys=True)


def _refusal(done: list[dict[str, Any]]) -> str:
    last = done[-1]
    return (
        f"The log of the office here has {len(done)} entries that the backup lacks, the last of {last['at']}: "
        f"{last['who']}, {last['action']}, {last['subject']}. Nothing was changed."
    )


def _count(connection: Connection) -> OfficeCount:
    people, alerts, entries = (
        int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in (person, alert, audit)
    )
    return OfficeCount(people, alerts, entries)
