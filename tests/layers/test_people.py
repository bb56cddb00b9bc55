"""People: how they are added, changed and kept out, how they show who they are, and that each of it is noted."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.layers.office import entries, open_office, passwords
from fuping.layers.office.audit import later, now
from fuping.layers.office.credentials import end_token, find_by_password, find_by_token, make_token, tokens_of
from fuping.layers.office.invitations import accept_invitation, find_invitation, make_invitation
from fuping.layers.office.passwords import PasswordError
from fuping.layers.office.people import (
    PersonError,
    add_person,
    find_subject,
    people,
    read_person,
    set_areas,
    set_disabled,
    set_duties,
    set_password,
    set_role,
)
from fuping.layers.office.sessions import LASTS, begin_session, end_session, find_session
from fuping.layers.office.tables import invitation, person, session, token
from sqlalchemy import select, update

PASSWORD = "four words of chance"


@pytest.fixture
def office(tmp_path):
    return open_office(tmp_path, url="")


@pytest.fixture
def li(office):
    return add_person(office, "Li", role="editor", areas=[("cn", "130600")], password=PASSWORD)


def columns(office, column):
    with office.reading() as connection:
        return connection.execute(select(column)).scalars().all()


def test_a_person_is_added_with_what_they_may_do_where(office, li):
    assert (li.name, li.shown_name, li.role, li.areas) == ("li", "Li", "editor", {("cn", "130600")})
    assert people(office) == [li]
    noted = entries(office)[0]
    assert (noted.who, noted.action, noted.subject) == ("command", "person.add", "person:li")
    assert noted.after["areas"] == ["cn:130600"]


def test_neither_table_nor_record_holds_a_password(office, li):
    set_password(office, "li", "another four of them", by="wang")
    kept = columns(office, person.c.password_hash)[0]
    assert kept.startswith("$argon2id$")
    told = repr(entries(office)) + repr(people(office)) + kept
    assert PASSWORD not in told
    assert "another four of them" not in told
    assert "argon2" not in repr(entries(office))


@pytest.mark.parametrize("name", ["", "a", "anyone", "COMMAND", "two words", "x:y", "li\nx", "../x", "<b>", "n" * 81])
def test_what_cannot_be_a_name_is_refused(office, name):
    with pytest.raises(PersonError, match="cannot be the name"):
        add_person(office, name, password=PASSWORD)
    assert people(office) == []


def test_a_name_is_one_person_however_it_is_typed(office, li):
    with pytest.raises(PersonError, match="already has an account"):
        add_person(office, "ＬＩ", password=PASSWORD)
    assert add_person(office, "李明", password=PASSWORD).name == "李明"
    assert [one.subject for one in entries(office)] == ["person:李明", "person:li"]


@pytest.mark.parametrize(
    "password",
    ["short", "eleven char", "li-li-li-li-li-li", "LiLiLiLiLiLi1234", "aaaaaaaaaaaaaaaa", "abababababab", "x" * 1001],
)
def test_weak_passwords_are_refused(office, li, password):
    with pytest.raises(PasswordError) as refused:
        set_password(office, "li", password)
    assert password not in str(refused.value)
    assert find_by_password(office, "li", PASSWORD)


def test_only_the_right_password_of_who_is_not_disabled_is_one(office, li):
    assert find_by_password(office, " LI ", PASSWORD) == li
    assert find_by_password(office, "li", "four words of chancE") is None
    assert find_by_password(office, "li", "") is None
    assert find_by_password(office, "li", "x" * 100_000) is None
    assert find_by_password(office, "nobody", PASSWORD) is None
    set_disabled(office, "li", True)
    assert find_by_password(office, "li", PASSWORD) is None
    set_disabled(office, "li", False)
    assert find_by_password(office, "li", PASSWORD) == li


def test_the_same_characters_in_another_width_are_the_same_password(office):
    add_person(office, "wang", password="ｆｏｕｒ 个词 of chance")
    assert find_by_password(office, "wang", "four 个词 of chance")


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(office, li, monkeypatch, cheap_hasher):  # noqa: F811
    asked = []

    class Counting:
        def verify(self, kept, password):
            asked.append(kept)
            return cheap_hasher.verify(kept, password)

        def hash(self, password):
            return cheap_hasher.hash(password)

        def check_needs_rehash(self, kept):
            return False

    monkeypatch.setattr(passwords, "HASHER", Counting())
    for name in ("li", "nobody"):
        find_by_password(office, name, "a wrong password")
    assert len(asked) == 2
    assert all(one.startswith("$argon2id$") for one in asked)


def test_a_wrong_password_is_noted_for_a_known_name_only(office, li):
    find_by_password(office, "li", "wrong", address="10.0.0.7")
    find_by_password(office, "a password in the wrong field", "wrong")
    refused = [one for one in entries(office) if one.action == "sign_in.refused"]
    assert [(one.subject, one.who, one.address) for one in refused] == [("person:li", "anyone", "10.0.0.7")]
    assert "wrong field" not in repr(entries(office))


def test_a_hash_of_other_parameters_is_made_again(office, li, monkeypatch):
    before = columns(office, person.c.password_hash)
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert find_by_password(office, "li", PASSWORD)
    after = columns(office, person.c.password_hash)
    assert "m=8,t=1" in before[0]
    assert "m=16,t=2" in after[0]
    assert find_by_password(office, "li", PASSWORD)
    assert columns(office, person.c.password_hash) == after


def test_a_session_lasts_while_it_is_used_and_its_token_is_not_kept(office, li):
    made = begin_session(office, "li")
    assert columns(office, session.c.token_hash) != [made.token]
    assert find_session(office, made.token) == made
    with office.writing() as connection:
        connection.execute(update(session).values(ends_at=later(timedelta(minutes=5))))
    assert find_session(office, made.token)
    assert columns(office, session.c.ends_at)[0] >= later(LASTS - timedelta(seconds=5))
    with office.writing() as connection:
        connection.execute(update(session).values(ends_at=now()))
    assert find_session(office, made.token) is None
    begin_session(office, "li")
    assert len(columns(office, session.c.token_hash)) == 1


def test_signing_out_ends_one_session(office, li):
    one, other = begin_session(office, "li"), begin_session(office, "li")
    assert one.csrf != other.csrf
    end_session(office, one)
    assert find_session(office, one.token) is None
    assert find_session(office, other.token)
    assert [one.action for one in entries(office)][:3] == ["sign_out", "sign_in", "sign_in"]


@pytest.mark.parametrize(
    ("change", "token_ends"),
    [
        (lambda office: set_password(office, "li", "another four of them"), True),
        (lambda office: set_role(office, "li", "viewer"), False),
        (lambda office: set_disabled(office, "li", True), True),
    ],
)
def test_what_is_open_ends_with_what_it_was_opened_by(office, li, change, token_ends):
    add_person(office, "wang", password=PASSWORD)
    others = begin_session(office, "wang")
    open_ones = [begin_session(office, "li") for _ in range(3)]
    given = make_token(office, "li", lasts=timedelta(days=1))
    change(office)
    assert [find_session(office, one.token) for one in open_ones] == [None] * 3
    assert (find_by_token(office, given) is None) == token_ends
    assert find_session(office, others.token)


def test_every_change_is_noted_with_what_stood_there(office, li):
    set_role(office, "li", "admin", by="wang")
    set_areas(office, "li", [("kr", "11"), ("cn", "100000")], by="wang")
    set_areas(office, "li", [], by="wang")
    found = [(one.action, one.before, one.after) for one in entries(office, who="wang")]
    assert found == [
        ("person.areas", {"areas": ["cn:100000", "kr:11"]}, {"areas": []}),
        ("person.areas", {"areas": ["cn:130600"]}, {"areas": ["cn:100000", "kr:11"]}),
        ("person.role", {"role": "editor"}, {"role": "admin"}),
    ]


def test_a_change_of_nobody_is_refused_and_not_noted(office):
    for change in (
        lambda: set_role(office, "nobody", "admin"),
        lambda: set_areas(office, "nobody", []),
        lambda: set_disabled(office, "nobody", True),
        lambda: set_password(office, "nobody", PASSWORD),
        lambda: make_token(office, "nobody", lasts=timedelta(days=1)),
        lambda: begin_session(office, "nobody"),
    ):
        with pytest.raises(PersonError, match="no account"):
            change()
    assert entries(office) == []


def test_who_is_disabled_gets_neither_session_nor_token(office, li):
    set_disabled(office, "li", True)
    for begin in (begin_session, lambda *given: make_token(*given, lasts=timedelta(days=1))):
        with pytest.raises(PersonError, match="disabled"):
            begin(office, "li")


def test_a_token_reads_until_it_ends(office, li):
    given = make_token(office, "li", lasts=timedelta(days=1))
    assert given.startswith("fuping_")
    assert find_by_token(office, given) == li
    assert find_by_token(office, given + "x") is None
    assert find_by_token(office, "") is None
    assert given not in repr(entries(office)) + repr(columns(office, token.c.token_hash))
    with office.writing() as connection:
        connection.execute(update(token).values(ends_at=now()))
    assert find_by_token(office, given) is None


def test_somebody_elses_word_stands_for_a_password(office):
    made = add_person(office, "zhao", issuer="https://id.example", subject="7")
    assert find_subject(office, "https://id.example", "7") == made
    assert find_subject(office, "https://other.example", "7") is None
    assert find_by_password(office, "zhao", "") is None
    with pytest.raises(PersonError, match="has no password here"):
        set_password(office, "zhao", PASSWORD)
    with pytest.raises(PersonError, match="already has an account"):
        add_person(office, "another", issuer="https://id.example", subject="7")
    set_disabled(office, "zhao", True)
    assert find_subject(office, "https://id.example", "7").disabled


@pytest.mark.parametrize(
    "given", [{}, {"issuer": "https://id.example"}, {"password": PASSWORD, "issuer": "i", "subject": "s"}]
)
def test_it_must_be_told_how_a_person_signs_in(office, given):
    with pytest.raises(PersonError, match="not told how"):
        add_person(office, "zhao", **given)


def test_a_person_read_inside_of_a_transaction_is_as_it_stands_there(office, li):
    with office.reading() as connection:
        assert read_person(connection, "LI") == li


def test_a_link_gives_a_password_once_and_nobody_else_knows_it(office):
    zhao = add_person(office, "zhao", invited=True, by="wang")
    assert not zhao.has_password
    assert find_by_password(office, "zhao", "") is None
    lost, link = (
        make_invitation(office, "zhao", by="wang"),
        make_invitation(office, "zhao", by="wang", address="10.0.0.7"),
    )
    assert find_invitation(office, lost) is None, "a link that was made anew ends the one before"
    assert find_invitation(office, link) == zhao
    assert link not in repr(columns(office, invitation.c.token_hash)) + repr(entries(office))
    with pytest.raises(PasswordError):
        accept_invitation(office, link, "zhao-zhao-zhao")
    open_one = begin_session(office, "zhao")
    assert accept_invitation(office, link, PASSWORD).has_password
    assert find_by_password(office, "zhao", PASSWORD).name == "zhao"
    assert find_session(office, open_one.token) is None
    assert accept_invitation(office, link, "another four of them") is None
    noted = [(one.who, one.action, one.address) for one in entries(office, subject="person:zhao")]
    assert noted == [
        ("zhao", "person.password", None),
        ("zhao", "sign_in", None),
        ("wang", "person.invite", "10.0.0.7"),
        ("wang", "person.invite", None),
        ("anyone", "sign_in.refused", None),
        ("wang", "person.add", None),
    ]


def test_a_link_ends_with_time_and_with_the_account(office, li):
    link = make_invitation(office, "li", by="wang")
    with office.writing() as connection:
        connection.execute(update(invitation).values(ends_at=now()))
    assert find_invitation(office, link) is None
    assert accept_invitation(office, link, PASSWORD) is None
    link = make_invitation(office, "li", by="wang")
    set_disabled(office, "li", True)
    set_disabled(office, "li", False)
    assert find_invitation(office, link) is None
    add_person(office, "qian", issuer="https://id.example", subject="7")
    with pytest.raises(PersonError, match="has no password here"):
        make_invitation(office, "qian", by="wang")


def test_tokens_are_listed_and_ended_one_by_one(office, li):
    given = [make_token(office, "li", lasts=timedelta(days=1)) for _ in range(2)]
    add_person(office, "wang", password=PASSWORD)
    others = make_token(office, "wang", lasts=timedelta(days=1))
    listed = tokens_of(office, "li")
    assert len({one.id for one in listed}) == 2
    assert not end_token(office, "li", tokens_of(office, "wang")[0].id, by="zhao")
    assert end_token(office, "li", listed[0].id, by="zhao")
    assert [one.id for one in tokens_of(office, "li")] == [listed[1].id]
    assert sorted(find_by_token(office, one) is None for one in given) == [False, True]
    assert find_by_token(office, others)
    assert (entries(office)[0].who, entries(office)[0].action) == ("zhao", "person.token_end")


def test_the_last_administrator_stays_unless_the_command_says_otherwise(office):
    for name in ("wang", "zhao"):
        add_person(office, name, role="admin", password=PASSWORD)
    set_disabled(office, "zhao", True, by="wang")
    for change in (
        lambda: set_disabled(office, "wang", True, by="wang"),
        lambda: set_duties(office, "wang", "editor", [], by="wang"),
        lambda: set_duties(office, "wang", "admin", [("cn", "130600")], by="wang"),
    ):
        before = entries(office)
        with pytest.raises(PersonError, match="last administrator"):
            change()
        assert entries(office) == before
        assert not read_one(office, "wang").areas
    set_disabled(office, "zhao", False, by="wang")
    set_duties(office, "wang", "editor", [("cn", "130600")], by="wang", address="10.0.0.7")
    assert (read_one(office, "wang").role, read_one(office, "wang").areas) == ("editor", {("cn", "130600")})
    assert [(one.action, one.address) for one in entries(office)[:2]] == [
        ("person.areas", "10.0.0.7"),
        ("person.role", "10.0.0.7"),
    ]
    set_disabled(office, "zhao", True)
    assert all(one.role != "admin" or one.disabled for one in people(office))


def read_one(office, name):
    return next(one for one in people(office) if one.name == name)
