"""Who asks, and what they may write, where."""

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from flask import Flask
from fuping.dashboard import identity as identity_module
from fuping.dashboard.identity import ANYONE, COOKIE, ForbiddenError, add_identity, identity, may_write, require_write
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.rate_limit import RateLimit
from fuping.layers.office import open_office
from fuping.layers.office.people import add_person, set_disabled
from fuping.layers.office.sessions import begin_session

PASSWORD = "four words of chance"

SEOUL, BUSAN, JONGNO = "11", "21", "11010"


@pytest.fixture
def reader(store, tmp_path):
    return Reader(store, open_office(tmp_path, url=""))


@pytest.fixture
def server(reader):
    server = Flask("tested")
    add_identity(server, reader)
    return server


def ask(server, token, question):
    """Answer a question inside of a request with a session."""
    headers = {"Cookie": f"{COOKIE}={token}"} if token else {}
    with server.test_request_context("/", headers=headers):
        server.preprocess_request()
        return question()


def signed_in(reader, name, **given):
    add_person(reader.office, name, password=PASSWORD, **given)
    return begin_session(reader.office, name).token


def test_without_a_session_it_is_anyone_who_may_read_only(server, reader):
    assert identity() == ANYONE
    for token in ("", "made up", "../../etc"):
        assert ask(server, token, identity) == ANYONE
        assert not ask(server, token, lambda: may_write(reader, "kr", SEOUL))
    with pytest.raises(ForbiddenError, match="Sign in") as refused:
        ask(server, "", lambda: require_write(reader, "kr", SEOUL))
    assert refused.value.key == "forbidden.sign_in"


def test_a_session_tells_who_asks(server, reader):
    token = signed_in(reader, "li", shown_name="李", role="editor", areas=[("kr", SEOUL)])
    found = ask(server, token, identity)
    assert (found.name, found.shown_name, found.role, found.areas) == ("li", "李", "editor", {("kr", SEOUL)})
    set_disabled(reader.office, "li", True)
    assert ask(server, token, identity) == ANYONE


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_an_area_reaches_down_and_not_up_nor_aside(server, reader, role):
    token = signed_in(reader, "li", role=role, areas=[("kr", SEOUL)])

    def may(pack, code):
        return ask(server, token, lambda: may_write(reader, pack, code))

    assert may("kr", SEOUL)
    assert may("kr", JONGNO)
    assert not may("kr", BUSAN)
    assert not may("kr", "KR")
    assert not may("cn", SEOUL)
    assert not may("kr", "no such code")
    assert not may("none", SEOUL)
    with pytest.raises(ForbiddenError) as refused:
        ask(server, token, lambda: require_write(reader, "kr", BUSAN))
    assert refused.value.key == "forbidden.area"


def test_nobody_changes_more_than_a_person_can(server, reader, monkeypatch):
    monkeypatch.setattr(identity_module, "changes", RateLimit(2, 60))
    tokens = [signed_in(reader, name, role="editor") for name in ("li", "wang")]
    for _ in range(2):
        ask(server, tokens[0], lambda: require_write(reader, "kr", SEOUL))
    with pytest.raises(ForbiddenError) as refused:
        ask(server, tokens[0], lambda: require_write(reader, "kr", SEOUL))
    assert refused.value.key == "forbidden.too_many"
    ask(server, tokens[1], lambda: require_write(reader, "kr", SEOUL))


def test_without_areas_an_editor_works_everywhere_and_a_viewer_nowhere(server, reader):
    editor, viewer = signed_in(reader, "li", role="editor"), signed_in(reader, "wang", areas=[("kr", SEOUL)])
    assert ask(server, editor, lambda: may_write(reader, "cn", "130624"))
    with pytest.raises(ForbiddenError) as refused:
        ask(server, viewer, lambda: require_write(reader, "kr", SEOUL))
    assert refused.value.key == "forbidden.role"
