"""The office's database: its tables, its transactions, and the record of what was done."""

import shutil
import sqlite3
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from fuping.layers.errors import StoreError
from fuping.layers.office import entries, note_action, open_office
from fuping.layers.office.database import FILE, VERSION_TABLE
from fuping.layers.office.tables import alert, metadata
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError


@pytest.fixture
def office(tmp_path):
    return open_office(tmp_path, url="")


def test_the_steps_make_the_tables_that_the_program_uses(office):
    with office.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_only_the_owner_reads_the_file(office, tmp_path):
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_what_was_done_is_told_latest_first_and_without_secrets(office):
    with office.writing() as connection:
        note_action(connection, "li", "person.add", "person:wang", after={"role": "editor", "password_hash": "$argon2"})
        note_action(connection, "wang", "alert.close", "alert:12", before={"state": "measure"}, address="127.0.0.1")
    assert [(one.who, one.action) for one in entries(office)] == [("wang", "alert.close"), ("li", "person.add")]
    assert entries(office, who="li")[0].after == {"role": "editor", "password_hash": "…"}
    assert [one.before for one in entries(office, subject="alert:")] == [{"state": "measure"}]
    assert entries(office, who="li")[0].before is None


def test_a_reader_does_not_hold_writers_up(office):
    with office.reading() as reading, office.writing() as connection:
        reading.execute(select(alert.c.id)).all()
        note_action(connection, "li", "x", "alert:1")
    assert len(entries(office)) == 1


def test_a_percent_sign_in_a_subject_is_no_wildcard(office):
    with office.writing() as connection:
        note_action(connection, "li", "x", "alert:1")
    assert entries(office, subject="%") == []


def test_what_fails_in_the_middle_leaves_nothing(office):
    def half():
        with office.writing() as connection:
            note_action(connection, "li", "alert.raise", "alert:1")
            connection.execute(insert(alert).values(pack="cn", level="county", code="130624", indicator="x", year=2020))

    with pytest.raises(IntegrityError):
        half()
    assert entries(office) == []


def test_a_state_that_is_none_is_refused_by_the_database(office):
    row = {"pack": "cn", "level": "county", "code": "130624", "indicator": "x", "year": 2020, "cause": "income"}
    row |= {"severity": "red", "evidence": {}}
    with pytest.raises(IntegrityError), office.writing() as connection:
        connection.execute(insert(alert).values(state="forgotten", **row))
    with office.writing() as connection:
        connection.execute(insert(alert).values(state="raised", **row))


def test_many_writers_lose_nothing(office):
    def write(name):
        for number in range(20):
            with office.writing() as connection:
                # Reads first, as one does that changes what it found.
                connection.execute(select(alert.c.id)).all()
                note_action(connection, name, "write", f"{name}:{number}")

    threads = [threading.Thread(target=write, args=(f"writer-{number}",)) for number in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(entries(office, limit=1000)) == 100


@pytest.mark.parametrize("url", ["sqlite:///x", "nonsense", "mysql://u:p@h/d", "postgresql://u:hid@den@h/d"])
def test_another_kind_of_address_is_refused(tmp_path, url):
    with pytest.raises(StoreError, match="no address of a PostgreSQL database"):
        open_office(tmp_path, url=url)


def test_the_password_of_a_database_is_not_told(tmp_path):
    with pytest.raises(StoreError) as told:
        open_office(tmp_path, url="postgresql://li:hidden-word@127.0.0.1:1/none")
    assert "hidden-word" not in str(told.value)
    assert "127.0.0.1" in str(told.value)


def test_tables_of_a_newer_program_are_refused_by_name(tmp_path):
    open_office(tmp_path / "newer", url="")
    with sqlite3.connect(tmp_path / "newer" / FILE) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '0999'")
    shutil.copytree(tmp_path / "newer", tmp_path / "older")
    with pytest.raises(StoreError, match=r"another version of Fuping.*install the newer Fuping"):
        open_office(tmp_path / "older", url="")
