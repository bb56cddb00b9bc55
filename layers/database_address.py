"""The address of the database that ``FUPING_DATABASE_URL`` names."""

from __future__ import annotations

from fuping.layers.errors import StoreError
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

__all__ = ["database_address"]


def database_address(address: str) -> URL:
    """Read the address of a PostgreSQL database, for psycopg to reach it.

    Raises
    ------
    StoreError
        It is none. What was given is not told, since it may hold a password.
    """
    url = _read(address)
    if url is None:
        raise StoreError(
            "FUPING_DATABASE_URL is no address of a PostgreSQL database.",
            remedy="Write postgresql://USER:PASSWORD@HOST/DATABASE; in the password @ is %40 and / is %2F.",
        )
    return url.set(drivername="postgresql+psycopg")


def _read(address: str) -> URL | None:
    # With a second @ in it, a part of the password would be taken for the host, and told.
    if address.count("@") > 1:
        return None
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return None
    return url if url.get_backend_name() in ("postgresql", "postgres") else None
