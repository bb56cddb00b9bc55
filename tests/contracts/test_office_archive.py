"""A backup holds the office whichever database it lies in, and is brought back into either whole or not at all."""

import hashlib
import io
import json
import tarfile
import threading
from datetime import date, timedelta

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.cli import app
from fuping.layers.errors import SourceError, StoreError
from fuping.layers.office import entries, open_office
from fuping.layers.office.alert_register import alert_of
from fuping.layers.office.alert_steps import take_step
from fuping.layers.office.alerts import NewAlert, raise_alerts
from fuping.layers.office.archive import OfficeCount
from fuping.layers.office.credentials import find_by_password, find_by_token, make_token
from fuping.layers.office.database import upgrade
from fuping.layers.office.invitations import make_invitation
from fuping.layers.office.people import add_person, people, set_disabled, set_role
from fuping.layers.office.sessions import begin_session, find_session, token_hash
from fuping.layers.office.tables import audit, invitation, metadata, session
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.archive import back_up, restore
from sqlalchemy import event, select
from typer.testing import CliRunner

PASSWORD = "four words of chance"

KINDS = ["sqlite", "postgresql"]


@pytest.fixture
def new_office(request, tmp_path):
    made = []

    def make(kind):
        address = request.getfixturevalue("new_database")() if kind == "postgresql" else ""
        if address:
            upgrade(address)
        made.append(open_office(tmp_path / f"office-{len(made)}", url=address))
        return made[-1]

    yield make
    for one in made:
        one.engine.dispose()


@pytest.fixture(params=KINDS)
def office(request, new_office):
    """An office in which something was done; its people and figures are invented."""
    made = new_office(request.param)
    add_person(made, "li", role="editor", areas=[("cn", "130600"), ("kr", "11")], password=PASSWORD)
    add_person(made, "zhao", shown_name="赵", issuer="https://id.example", subject="7")
    add_person(made, "gone", password=PASSWORD)
    set_disabled(made, "gone", True)
    told = {"low": 28.0, "high": None, "build": "abc", "beyond": "above"}
    raise_alerts(
        made,
        "li",
        [NewAlert("us", "county", code, "poverty_rate", 2019, "income", "red", 31.5, told) for code in "123"],
    )
    take_step(made, "li", 1, seen=alert_of(made, 1).last.id, state="checked", today=date(2026, 3, 1), note="看过")
    return made


def alert_about(code, evidence):
    return NewAlert("us", "county", code, "poverty_rate", 2019, "income", "red", 31.5, evidence)


@pytest.fixture
def store(tmp_path):
    return EmbeddedStore(tmp_path / "store")


def rows(office, *, without=()):
    """Return everything in the tables."""
    with office.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table not in without
        }


def rewritten(path, out, change):
    """Write an archive again with its files and its manifest changed; the hashes are right."""
    with tarfile.open(path) as archive:
        files = {one.name: archive.extractfile(one).read() for one in archive}
    manifest = json.loads(files.pop("manifest.json"))
    change(files, manifest)
    manifest["files"] = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    with tarfile.open(out, "w") as archive:
        for name, body in {"manifest.json": json.dumps(manifest).encode(), **files}.items():
            about = tarfile.TarInfo(name)
            about.size = len(body)
            archive.addfile(about, io.BytesIO(body))
    return out


@pytest.mark.parametrize("other", KINDS)
def test_an_office_is_brought_back_into_either_database(office, other, new_office, store, tmp_path):
    token = make_token(office, "li", lasts=timedelta(days=1))
    opened = begin_session(office, "li")
    wanted = rows(office, without=(session,))
    held = back_up(store, tmp_path / "all.tar", office)
    assert held.office == OfficeCount(3, 3, len(wanted["office_audit"]))
    second = new_office(other)
    assert restore(store, tmp_path / "all.tar", second) == held
    found = rows(second, without=(session,))
    noted = found["office_audit"].pop()
    assert found == wanted
    assert noted[2:5] == ("command", "office.restore", "office:backup")
    assert find_session(second, opened.token) is None
    assert find_by_token(second, token).name == "li"
    assert find_by_password(second, "li", PASSWORD).areas == {("cn", "130600"), ("kr", "11")}
    # Numbers go on after those that were brought back.
    assert add_person(second, "new", password=PASSWORD).id == 4
    raised = raise_alerts(second, "li", [alert_about("4", {})])
    assert (raised.new, alert_of(second, 4).code) == (1, "4")


def test_what_is_in_an_archive_and_what_is_not(office, store, tmp_path):
    token, opened = make_token(office, "li", lasts=timedelta(days=1)), begin_session(office, "li")
    link = make_invitation(office, "li", by="wang")
    (tmp_path / "all.tar").write_text("before")
    (tmp_path / "all.tar").chmod(0o644)
    back_up(store, tmp_path / "all.tar", office)
    assert (tmp_path / "all.tar").stat().st_mode & 0o777 == 0o600
    whole = (tmp_path / "all.tar").read_bytes()
    for secret in (PASSWORD, token, opened.token, opened.csrf, link, token_hash(link)):
        assert secret.encode() not in whole
    with tarfile.open(tmp_path / "all.tar") as archive:
        names = set(archive.getnames())
        manifest = json.load(archive.extractfile("manifest.json"))
    kept = {f"office/{table.name}.jsonl" for table in metadata.sorted_tables if table not in (session, invitation)}
    assert names == {"manifest.json", *kept} == {"manifest.json", *manifest["files"]}
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_an_archive_without_the_office_leaves_it_as_it_is(office, store, tmp_path):
    back_up(store, tmp_path / "none.tar")
    before = rows(office)
    assert restore(store, tmp_path / "none.tar", office).office is None
    assert rows(office) == before


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        (lambda files, manifest: manifest.update(office="0999"), StoreError, "version 0999.*does not know"),
        (lambda files, manifest: manifest.update(office="head"), StoreError, "does not know"),
        (lambda files, manifest: manifest.update(office="../x"), SourceError, "no backup"),
        (lambda files, manifest: manifest.update(office=2), SourceError, "no backup"),
        (lambda files, manifest: files.pop("office/office_area.jsonl"), SourceError, "is not one"),
        (lambda files, manifest: files.update({"office/other.jsonl": b""}), SourceError, "is not one"),
        (lambda files, manifest: files.update({"office/office_area.jsonl": b"{"}), SourceError, "rules of its tables"),
        (lambda files, manifest: files.update({"office/office_area.jsonl": b"[]\n"}), SourceError, "rules of its"),
        (lambda files, manifest: files.update({"office/office_person.jsonl": b""}), SourceError, "rules of its tables"),
        (lambda files, manifest: files.update({"office/office_area.jsonl": b'{"x": 1}'}), SourceError, "rules of its"),
    ],
)
def test_what_is_no_office_changes_nothing(office, store, tmp_path, change, error, told):
    back_up(store, tmp_path / "all.tar", office)
    before = rows(office)
    with pytest.raises(error, match=told):
        restore(store, rewritten(tmp_path / "all.tar", tmp_path / "bad.tar", change), office)
    assert rows(office) == before


def test_a_damaged_office_is_found_by_its_hash(office, store, tmp_path):
    back_up(store, tmp_path / "all.tar", office)
    whole = (tmp_path / "all.tar").read_bytes()
    (tmp_path / "flipped.tar").write_bytes(whole.replace(b'"role": "editor"', b'"role": "viewer"'))
    before = rows(office)
    with pytest.raises(SourceError, match=r"are not what was backed up: .*office/office_person\.jsonl"):
        restore(store, tmp_path / "flipped.tar", office)
    assert rows(office) == before


def test_an_office_of_an_older_program_is_brought_up_to_this_one(office, new_office, store, tmp_path):
    back_up(store, tmp_path / "all.tar", office)

    def older(files, manifest):
        del files["office/office_token.jsonl"]
        manifest["office"] = "0001"

    second = new_office("sqlite")
    restore(store, rewritten(tmp_path / "all.tar", tmp_path / "old.tar", older), second)
    assert people(second) == people(office)
    assert make_token(second, "li", lasts=timedelta(days=1))


def test_what_people_did_since_is_not_lost_unasked(office, store, tmp_path):
    back_up(store, tmp_path / "all.tar", office)
    restore(store, tmp_path / "all.tar", office)
    restore(store, tmp_path / "all.tar", office)
    set_role(office, "li", "viewer", by="wang")
    before = rows(office)
    with pytest.raises(StoreError, match=r"1 entries that the backup lacks.*wang, person\.role, person:li"):
        restore(store, tmp_path / "all.tar", office)
    assert rows(office) == before
    restore(store, tmp_path / "all.tar", office, replace_office=True)
    assert find_by_password(office, "li", PASSWORD).role == "editor"
    assert [one.action for one in entries(office, who="wang")] == ["person.role"], "the log forgets nothing"
    assert len(entries(office, subject="office:")) == 3


def test_whatever_statement_fails_all_stays_as_it_was(office, store, tmp_path):
    back_up(store, tmp_path / "all.tar", office)
    set_role(office, "li", "viewer")
    begin_session(office, "li")
    before, seen = rows(office), [0]

    def stop_at(last):
        def count(*_):
            seen[0] += 1
            if seen[0] == last:
                raise ZeroDivisionError

        return count

    for last in range(1, 200):
        seen[0] = 0
        listener = stop_at(last)
        event.listen(office.engine, "before_cursor_execute", listener)
        try:
            restore(store, tmp_path / "all.tar", office, replace_office=True)
            break
        except ZeroDivisionError:
            event.remove(office.engine, "before_cursor_execute", listener)
            assert rows(office) == before
    event.remove(office.engine, "before_cursor_execute", listener)
    assert last > 2 * len(metadata.tables), "a statement to empty and one to fill each table at least"
    assert rows(office) != before


def test_an_office_is_kept_as_of_one_moment_while_people_write(office, new_office, store, tmp_path):
    stop = threading.Event()

    def work():
        number = 0
        while not stop.is_set():
            number += 1
            add_person(office, f"worker-{number}", issuer="https://id.example", subject=f"w{number}")

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(5):
            back_up(store, tmp_path / f"{number}.tar", office)
    finally:
        stop.set()
        thread.join()
    for number in range(5):
        second = new_office("sqlite")
        restore(store, tmp_path / f"{number}.tar", second)
        with second.reading() as connection:
            added = connection.execute(select(audit.c.subject).where(audit.c.action == "person.add")).scalars().all()
        assert sorted(added) == sorted(f"person:{one.name}" for one in people(second))


def test_the_command_keeps_the_office_and_asks_before_it_is_replaced(monkeypatch, tmp_path):
    monkeypatch.setenv("FUPING_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FUPING_DATABASE_URL", raising=False)
    (tmp_path / "word").write_text(PASSWORD)

    def run(*words):
        return CliRunner().invoke(app, words)

    assert run("user", "add", "li", "--password-file", str(tmp_path / "word")).exit_code == 0
    told = run("backup", "--out", str(tmp_path / "all.tar")).output
    assert "no pack; 1 accounts, 0 alerts, 1 entries of the log" in told
    assert run("user", "role", "li", "admin").exit_code == 0
    refused = run("restore", str(tmp_path / "all.tar"))
    assert refused.exit_code == 1
    assert "--office replace or keep" in str(refused.exception)
    assert "no accounts, alerts and log" in run("restore", str(tmp_path / "all.tar"), "--office", "keep").output
    assert "li  admin" in run("user", "list").output
    assert "1 accounts" in run("restore", str(tmp_path / "all.tar"), "--office", "replace").output
    assert "li  viewer" in run("user", "list").output
    assert "cannot be" in str(run("restore", str(tmp_path / "all.tar"), "--office", "x").exception)
