"""Make the tables of layers in a database, or bring them up to this program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from fuping.layers.errors import StoreError
from fuping.layers.stores.postgis.database import connect, explained, place
from fuping.layers.stores.postgis.tables import SCHEMA
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateSchema

__all__ = ["configuration", "upgrade"]

EXTENSION = "postgis"


def configuration() -> Config:
    """Return what Alembic needs to find the migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade(address: str) -> str:
    """Bring a database up to this program, all at once or not at all; one that is there already stays as it is.

    Parameters
    ----------
    address
        ``postgresql://USER:PASSWORD@HOST/DATABASE``.

    Returns
    -------
    str
        Where it is, and the migration that it is at.

    Raises
    ------
    StoreError
        The database cannot be reached, has no PostGIS and may not get it, or belongs to a newer program.
    """
    engine = connect(address)
    config = configuration()
    writing = engine.execution_options(isolation_level="READ COMMITTED")
    try:
        with explained(engine), writing.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(SCHEMA, 0))))
            _require_postgis(connection)
            connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"The database {place(engine)} belongs to another version of Fuping: {error}.",
            remedy="Install the newer Fuping.",
        ) from error
    finally:
        engine.dispose()
    return f"{place(engine)}: {ScriptDirectory.from_config(config).get_current_head()}"


def _require_postgis(connection: Connection) -> None:
    where = place(connection.engine)
    known = "SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = :name"
    made = connection.scalar(text(known), {"name": EXTENSION})
    if made is None:
        raise StoreError(
            f"The server of the database {where} has no PostGIS.",
            remedy="Install it there: the package postgresql-postgis on Debian.",
        )
    if made:
        return
    try:
        with connection.begin_nested():
            connection.execute(text(f"CREATE EXTENSION {EXTENSION}"))
    except ProgrammingError as error:
        raise StoreError(
            f"The database {where} has no PostGIS, and this user may not create it.",
            remedy=f"Let an administrator run in that database: CREATE EXTENSION {EXTENSION}",
        ) from error
