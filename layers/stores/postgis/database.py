"""Reach the database that ``FUPING_DATABASE_URL`` names; what is told about it never holds its password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fuping.layers.database_address import database_address
from fuping.layers.errors import StoreError
from fuping.layers.stores.postgis.tables import REVISION, SCHEMA, VERSION_TABLE
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

__all__ = ["connect", "explained", "place", "require_ready"]

UPGRADE = "Run: fuping database upgrade"

WAIT_SECONDS = "10"
"""How long a server may take to answer a new connection."""


def connect(address: str) -> Engine:
    """Return an engine for the address of a database; nothing is sent yet.

    Raises
    ------
    StoreError
        It is no address of a PostgreSQL database. What was given is not told, since it may hold a password.
    """
    url = database_address(address)
    asked = {"connect_timeout": WAIT_SECONDS, "application_name": "fuping"} | dict(url.query)
    return create_engine(
        url.set(query=asked),
        # A reader sees one state of the database for as long as it reads; who writes asks for READ COMMITTED.
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,
    )


def place(engine: Engine) -> str:
    """Return where a database is, as a message may tell it."""
    url = engine.url
    host = url.host or url.query.get("host") or "this machine"
    port = f":{url.port}" if url.port else ""
    return f"{url.database or url.username} at {host}{port}"


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Tell what a database refuses in a sentence.

    Raises
    ------
    StoreError
        The database cannot be reached, or refused what was asked.
    """
    try:
        yield
    except DBAPIError as error:
        told = str(error.orig).strip().splitlines()[0]
        raise StoreError(
            f"The database {place(engine)} refused: {told}",
            remedy="Check that the server runs, and FUPING_DATABASE_URL.",
        ) from error


def require_ready(engine: Engine) -> None:
    """Refuse a database whose tables are not those of this program.

    Raises
    ------
    StoreError
        It has no tables, older or newer ones, or no PostGIS.
    """
    where = place(engine)
    with explained(engine), engine.connect() as connection:
        made = connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{SCHEMA}.{VERSION_TABLE}"})
        if made is None:
            raise StoreError(f"The database {where} is not set up for layers.", remedy=UPGRADE)
        if not connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")):
            raise StoreError(f"The database {where} has no PostGIS any more.", remedy="Bring back a backup of it.")
        found = connection.scalar(text(f"SELECT version_num FROM {SCHEMA}.{VERSION_TABLE}"))
    if found != REVISION:
        raise StoreError(f"The tables of the database {where} are at {found}, not at {REVISION}.", remedy=UPGRADE)
