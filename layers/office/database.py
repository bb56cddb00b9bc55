"""Open the office's database: SQLite in the data folder, or PostgreSQL where ``FUPING_DATABASE_URL`` names one.

SQLite is brought up to date when opened, since nobody else looks after it. PostgreSQL is brought up to date by
``fuping database upgrade``, since an office's database has someone who decides when its tables change.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from filelock import FileLock
from fuping.layers.database_address import database_address
from fuping.layers.errors import StoreError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

__all__ = [
    "VERSION_TABLE",
    "Office",
    "newest_revision",
    "open_office",
    "scratch_office",
    "upgrade",
    "upgrade_tables",
]

VERSION_TABLE = "fuping_office_version"

FILE = "office.sqlite"

WRITES = "fuping_writes"
"""Execution option of a connection that will write."""

BUSY_SECONDS = 30
"""How long a writer of SQLite waits for another one."""


@dataclass(frozen=True)
class Office:
    """The database of an office."""

    engine: Engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together when the block ends without an error, or not at all."""
        with self.engine.execution_options(**{WRITES: True}).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read by."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def frozen(self) -> Iterator[Connection]:
        """Give a connection to read by that sees one state for as long as it reads, as any reader of SQLite does."""
        level = {"isolation_level": "REPEATABLE READ"} if self.engine.dialect.name == "postgresql" else {}
        with self.engine.execution_options(**level).connect() as connection:
            yield connection


def open_office(root: Path, url: str | None = None) -> Office:
    """Open the database of an office.

    Parameters
    ----------
    root
        The data folder; SQLite's file lies in it.
    url
        Address of a PostgreSQL database; ``FUPING_DATABASE_URL`` where not given.

    Raises
    ------
    StoreError
        The address cannot be read, nobody answers there, or the tables are not those of this version.
    """
    given = url if url is not None else os.environ.get("FUPING_DATABASE_URL", "")
    return _opened(str(root), given)


@lru_cache(maxsize=16)
def _opened(root: str, url: str) -> Office:
    if url:
        office = Office(create_engine(database_address(url), pool_pre_ping=True))
        _check(office)
        return office
    folder = Path(root)
    folder.mkdir(parents=True, exist_ok=True)
    office = Office(_sqlite(folder / FILE))
    with FileLock(folder / f".{FILE}.lock"):
        upgrade_tables(office.engine)
    # What is in it concerns nobody else who has an account on this machine.
    (folder / FILE).chmod(0o600)
    return office


def upgrade(url: str) -> None:
    """Bring the tables of an office in PostgreSQL up to this version.

    Raises
    ------
    StoreError
        The address cannot be read, or nobody answers there.
    """
    engine = create_engine(database_address(url))
    try:
        upgrade_tables(engine)
    except OperationalError as error:
        raise _unreachable(engine.url, error) from None
    finally:
        engine.dispose()


def _unreachable(url: URL, error: OperationalError) -> StoreError:
    told = str(error.orig).strip().splitlines()[0]
    return StoreError(
        f"The database {url.render_as_string(hide_password=True)} cannot be used: {told}",
        remedy="Check FUPING_DATABASE_URL and that the server runs.",
    )


def _check(office: Office) -> None:
    wanted = newest_revision()
    try:
        with office.reading() as connection:
            found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    except OperationalError as error:
        raise _unreachable(office.engine.url, error) from None
    if found != wanted:
        raise StoreError(
            f"The office's tables are of version {found or 'none'}; this program needs {wanted}.",
            remedy="Run: fuping database upgrade",
        )


def newest_revision() -> str:
    """Return the revision of the tables that this program uses."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def scratch_office(path: Path, revision: str) -> Engine:
    """Make the tables of an office as they were at a revision, in a file of SQLite that is thrown away.

    Raises
    ------
    StoreError
        This program does not know the revision.
    """
    try:
        known = ScriptDirectory.from_config(_config()).get_revision(revision).revision == revision
    except CommandError:
        known = False
    if not known:
        raise StoreError(
            f"The office's tables were of version {revision}, which this program does not know.",
            remedy=f"It knows those up to {newest_revision()}; install a newer Fuping. Nothing was changed.",
        )
    engine = _sqlite(path)
    upgrade_tables(engine, revision)
    return engine


def _sqlite(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def upgrade_tables(engine: Engine, revision: str = "head") -> None:
    """Bring tables up to a revision, all at once or not at all.

    Raises
    ------
    StoreError
        They belong to a newer program.
    """
    config = _config()
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except CommandError as error:
        raise StoreError(
            f"The office's tables belong to another version of Fuping: {error}.",
            remedy=f"This one knows those up to {newest_revision()}; install the newer Fuping.",
        ) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    # Immediate: of two that read and then write, one would otherwise be refused. Readers wait for nobody.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")
