"""People, sessions, tokens and the audit log in PostgreSQL as in SQLite."""

import threading
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.layers.office import count_entries, entries, open_office
from fuping.layers.office.credentials import find_by_password, find_by_token, make_token
from fuping.layers.office.database import VERSION_TABLE, upgrade
from fuping.layers.office.people import PersonError, add_person, find_subject, people, set_areas, set_disabled, set_role
from fuping.layers.office.sessions import begin_session, end_session, find_session
from fuping.layers.office.tables import metadata

PASSWORD = "four words of chance"


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request, tmp_path):
    address = request.getfixturevalue("new_database")() if request.param == "postgresql" else ""
    if address:
        upgrade(address)
    made = open_office(tmp_path, url=address)
    yield made
    made.engine.dispose()


def test_people_are_kept_alike(office):
    li = add_person(office, "li", role="editor", areas=[("cn", "130600")], password=PASSWORD)
    zhao = add_person(office, "zhao", issuer="https://id.example", subject="7")
    for taken in ({"password": PASSWORD}, {"issuer": "https://other.example", "subject": "8"}):
        with pytest.raises(PersonError, match="already has an account"):
            add_person(office, "LI", **taken)
    with pytest.raises(PersonError, match="already has an account"):
        add_person(office, "another", issuer="https://id.example", subject="7")
    assert people(office) == [li, zhao]
    assert find_subject(office, "https://id.example", "7") == zhao
    assert find_by_password(office, "li", PASSWORD) == li
    assert find_by_password(office, "li", "another four of them") is None
    assert find_by_password(office, "no\0body", PASSWORD) is None
    assert entries(office, who="no\0body", subject="\0") == []
    one, other = begin_session(office, "li"), begin_session(office, "li")
    token = make_token(office, "li", lasts=timedelta(days=1))
    end_session(office, one)
    assert [find_session(office, each.token) for each in (one, other)] == [None, other]
    set_areas(office, "li", [])
    set_role(office, "li", "admin")
    assert find_session(office, other.token) is None
    assert find_by_token(office, token).role == "admin"
    set_disabled(office, "li", True)
    assert find_by_token(office, token) is None
    done = [one.action for one in entries(office, subject="person:li")]
    assert done == [
        *("person.disable", "person.role", "person.areas", "sign_out", "person.token"),
        *("sign_in", "sign_in", "sign_in.refused", "person.add"),
    ]
    assert count_entries(office, who="command") == 6
    assert entries(office, limit=1, skip=1)[0].action == "person.role"


def test_the_steps_make_the_tables_that_the_program_uses(office):
    with office.reading() as connection:
        ours = {"version_table": VERSION_TABLE, "include_name": lambda name, kind, _: kind != "table" or name in known}
        known = metadata.tables
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), metadata) == []


def test_of_many_who_add_the_same_name_one_does(office):
    refused = []

    def add():
        try:
            add_person(office, "li", password=PASSWORD)
        except PersonError as error:
            refused.append(error)

    threads = [threading.Thread(target=add) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(people(office)), len(refused), count_entries(office)) == (1, 5, 1)
