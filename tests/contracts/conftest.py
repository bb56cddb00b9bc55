"""Stores to hold to their contract: one in files, one in a database of a server that is started once."""

import itertools
from pathlib import Path

import postgres_server
import psycopg
import pytest
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.postgis import PostgisStore, upgrade
from fuping.layers.stores.postgis.tables import metadata

NUMBERS = itertools.count()


def administer(socket, database, *statements):
    with psycopg.connect(host=socket, user="fuping", dbname=database, autocommit=True) as administrator:
        for statement in statements:
            administrator.execute(statement)


@pytest.fixture(scope="session")
def postgres():
    """Return the folder of a server's socket."""
    with postgres_server.server() as socket:
        administer(socket, "postgres", "CREATE DATABASE ready")
        upgrade(postgres_server.address(socket, "ready"))
        yield socket


@pytest.fixture(scope="session")
def new_database(postgres):
    """Return a function that makes a database and returns its address; one that is set up, from its template."""

    def make(template="ready"):
        name = f"of_test_{next(NUMBERS)}"
        administer(postgres, "postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return postgres_server.address(postgres, name)

    return make


@pytest.fixture(scope="session")
def free():
    """Addresses of databases that are set up and empty: to make one takes longer than to empty it."""
    return []


@pytest.fixture(params=["embedded", "postgis"])
def kind(request):
    return request.param


@pytest.fixture
def new_store(new_database, free):
    """Return a function that gives an empty store of a kind with a data folder."""
    used = []

    def make(kind, root: Path):
        if kind == "embedded":
            return EmbeddedStore(root)
        used.append(free.pop() if free else new_database())
        return PostgisStore(used[-1], root)

    yield make
    for address in used:
        with psycopg.connect(address, autocommit=True) as administrator:
            administrator.execute(f"TRUNCATE {', '.join(map(str, metadata.sorted_tables))}")
    free += used
