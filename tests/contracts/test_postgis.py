"""The store in a database: killed midway, not set up, not there, without PostGIS; no error tells a password."""

import re

import postgres_server
import psycopg
import pytest
import shapely
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from fuping.dashboard.cli import app
from fuping.layers.errors import StoreError
from fuping.layers.stores import open_store
from fuping.layers.stores.postgis import PostgisStore, upgrade
from fuping.layers.stores.postgis.database import connect
from fuping.layers.stores.postgis.migrate import configuration
from fuping.layers.stores.postgis.tables import REVISION, SCHEMA, VERSION_TABLE, metadata
from small_pack import small_store
from store_work import opened, pair, write, write_killed_at
from typer.testing import CliRunner

PASSWORD = "s3cr+et"


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    return small_store(tmp_path_factory.mktemp("small")).folder("at")


def ask(address, query):
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def test_a_writer_killed_between_its_statements_leaves_the_build_before_or_the_next(new_database, build, tmp_path):
    address, root = new_database(), tmp_path / "data"
    store = opened(address, root)
    write(store, build, 1)
    whole = write_killed_at(address, root, build, 2, step=0)
    assert whole > 10
    assert pair(store) == [2, 4]
    counted = "SELECT count(*), count(DISTINCT build) FROM fuping_layers.{}"
    tables = "observations", "units", "files"
    after = 0
    # Every third, and all about the end of the transaction.
    for step in sorted({*range(1, whole, 3), *range(whole - 3, whole + 1)}):
        version, rows = store.version("at"), [ask(address, counted.format(table)) for table in tables]
        assert write_killed_at(address, root, build, step + 10, step) is None
        fresh = opened(address, root)
        assert pair(fresh) in ([step + 10, 2 * (step + 10)], pair(store))
        if fresh.version("at") == version:
            assert [ask(address, counted.format(table)) for table in tables] == rows, step
        else:
            after += 1
    assert after <= 1, "only the count that follows the transaction comes after it"
    write(store, build, 3)
    assert pair(store) == [3, 6]
    assert not list(root.rglob(".draft-*"))


def test_what_a_killed_writer_locked_is_free(new_database, build, tmp_path):
    address = new_database()
    write_killed_at(address, tmp_path, build, 1, step=8)
    held = ask(address, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
    write(opened(address, tmp_path), build, 2)
    assert held in ([(0,)], [(1,)])


def test_a_database_that_is_not_set_up_names_the_command(new_database, monkeypatch, tmp_path):
    address = new_database("template1")
    with pytest.raises(StoreError, match=r"is not set up for layers\. Run: fuping database upgrade"):
        PostgisStore(address, tmp_path)
    monkeypatch.setenv("FUPING_DATA", str(tmp_path))
    run = CliRunner()
    missing = run.invoke(app, ["database", "upgrade"])
    assert "FUPING_DATABASE_URL is not set" in str(missing.exception)
    monkeypatch.setenv("FUPING_DATABASE_URL", address)
    for _ in range(2):
        told = run.invoke(app, ["database", "upgrade"], catch_exceptions=False)
        assert told.exit_code == 0
        assert f": {REVISION}" in told.output
    assert isinstance(open_store(), PostgisStore)
    assert open_store().packs() == []
    assert not isinstance(open_store(tmp_path), PostgisStore), "a folder that is named is meant"


def test_tables_of_another_version_are_refused(new_database, tmp_path):
    address = new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"UPDATE {SCHEMA}.{VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"are at 9999, not at .*fuping database upgrade"):
        PostgisStore(address, tmp_path)
    with pytest.raises(StoreError, match="belongs to another version of Fuping"):
        upgrade(address)


def test_a_server_without_postgis_is_told(new_database, monkeypatch, tmp_path):
    address = new_database("template1")
    monkeypatch.setattr("fuping.layers.stores.postgis.migrate.EXTENSION", "postgis_that_is_not_here")
    with pytest.raises(StoreError, match=r"has no PostGIS\. Install it there: the package postgresql-postgis"):
        upgrade(address)
    assert ask(address, "SELECT to_regnamespace('fuping_layers')") == [(None,)], "nothing was made"
    gone = new_database()
    with psycopg.connect(gone, autocommit=True) as connection:
        connection.execute("DROP EXTENSION postgis CASCADE")
    with pytest.raises(StoreError, match="has no PostGIS any more"):
        PostgisStore(gone, tmp_path)


def test_a_user_who_may_not_create_postgis_is_told_whom_to_ask(new_database, postgres):
    address = new_database("template1")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS clerk")
        connection.execute("CREATE ROLE clerk LOGIN")
    name = address.split("@/")[1].split("?")[0]
    with pytest.raises(StoreError, match="Let an administrator run in that database: CREATE EXTENSION postgis"):
        upgrade(postgres_server.address(postgres, name, user="clerk"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
        connection.execute(f"GRANT CREATE ON DATABASE {name} TO clerk")
    upgrade(postgres_server.address(postgres, name, user="clerk"))


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://clerk:{PASSWORD}@127.0.0.1:1/layers",
        f"postgresql://clerk@127.0.0.1:1/layers?password={PASSWORD}",
        f"postgresql://clerk:{PASSWORD}@@127.0.0.1:1/layers",
        f"postgresql://clerk:{PASSWORD}@127.0.0.1:port/layers",
        f"mysql://clerk:{PASSWORD}@127.0.0.1/layers",
        f"clerk:{PASSWORD}",
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_the_password(address, monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("FUPING_DATA", str(tmp_path))
    monkeypatch.setenv("FUPING_DATABASE_URL", address)
    caplog.set_level("DEBUG")
    for run in (open_store, lambda: upgrade(address)):
        with pytest.raises(StoreError) as told:
            run()
        texts, error = [], told.value
        while error is not None:
            texts += [str(error), repr(error)]
            error = error.__cause__
        assert not [text for text in texts if PASSWORD in text]
        assert re.search(r"FUPING_DATABASE_URL", str(told.value))
    assert PASSWORD not in caplog.text
    assert PASSWORD not in str(CliRunner().invoke(app, ["packs"]).exception)


def test_the_migrations_lead_to_the_tables_that_the_program_uses(new_database):
    assert ScriptDirectory.from_config(configuration()).get_current_head() == REVISION

    def ours(name, kind, parents):
        return name == SCHEMA if kind == "schema" else name != VERSION_TABLE

    options = {"include_schemas": True, "include_name": ours, "compare_type": False}
    with connect(new_database()).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_other_programs_read_what_is_current(new_database, build, tmp_path):
    address = new_database()
    store = opened(address, tmp_path)
    write(store, build, 1)
    write(store, build, 2)
    units = ask(
        address,
        "SELECT code, ST_AsText(ST_Envelope(geometry)), ST_SRID(geometry) FROM fuping_layers.current_units "
        "WHERE pack = 'at' AND level = 'unit' AND geometry && ST_MakeEnvelope(1.5, 0, 3, 1, 4326)",
    )
    assert [(code, srid) for code, _, srid in units] == [("A2", 4326)]
    assert shapely.from_wkt(units[0][1]).bounds == (1, 0, 2, 1)
    figures = ask(
        address, "SELECT code, value FROM fuping_layers.current_observations WHERE level = 'unit' ORDER BY code"
    )
    assert figures == [("A1", 2), ("A2", 4)]
