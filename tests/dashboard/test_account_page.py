"""Whoever has signed in makes and ends tokens for their programs, and nobody else's; each is shown once and noted."""

from datetime import UTC, datetime, timedelta

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard import identity as identities
from fuping.dashboard.identity import COOKIE, ForbiddenError
from fuping.dashboard.pages import account
from fuping.dashboard.rate_limit import RateLimit
from fuping.dashboard.state import ViewState
from fuping.layers.office import entries
from fuping.layers.office.credentials import MOST_TOKENS, find_by_token, tokens_of
from small_office import client_of, small_app


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(account, "changes", RateLimit(1000, 60))
    return small_app(tmp_path)


def asked(app, client, work, **headers):
    cookie = client.get_cookie(COOKIE)
    headers |= {"Cookie": f"{COOKIE}={cookie.value}"} if cookie else {}
    with app.server.test_request_context("/account", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.7"}):
        app.server.preprocess_request()
        return work()


def shown(app, client, language="en"):
    view = ViewState.read(f"lang={language}", app.reader.packs(), app.reader.catalogue)
    return str(asked(app, client, lambda: account._content(app.reader, view, None)))


def test_a_token_is_made_shown_once_and_ended_and_both_are_noted(app):
    li = client_of(app, "li", role="editor", areas=[("at", "A1")])
    done = asked(app, li, lambda: account._made(app.reader, "30"))
    assert done["token"] in str(account._outcome(done, "zh"))
    [held] = tokens_of(app.reader.office, "li")
    assert datetime.fromisoformat(held.ends_at) - datetime.now(UTC) < timedelta(days=30, minutes=1)
    page = shown(app, li)
    assert held.id[:8] in page
    assert done["token"] not in page, "it was shown once"
    assert find_by_token(app.reader.office, done["token"]).name == "li"
    asked(app, li, lambda: account._ended(app.reader, held.id))
    assert find_by_token(app.reader.office, done["token"]) is None
    ended, made = entries(app.reader.office)[:2]
    assert (made.who, made.action, made.address) == ("li", "person.token", "10.0.0.7")
    assert (made.before, made.after) == (None, {"id": held.id, "ends_at": held.ends_at})
    assert (ended.action, ended.before, ended.after) == ("person.token_end", made.after, None)
    assert done["token"] not in str(entries(app.reader.office))


def test_what_a_token_may_is_never_more_than_to_read(app):
    wang = client_of(app, "wang", role="admin")
    made = asked(app, wang, lambda: account._made(app.reader, "7"))["token"]
    program = app.server.test_client()
    with program:
        assert program.get("/api/collections", headers={"Authorization": f"Bearer {made}"}).status_code == 200
        assert (identities.identity().name, identities.identity().role) == ("wang", "viewer")
    head = {"Authorization": f"Bearer {made}"}
    with app.server.test_request_context("/account", headers=head):
        app.server.preprocess_request()
        with pytest.raises(ForbiddenError):
            account._made(app.reader, "7")


def test_nobody_ends_the_token_of_another_and_a_stranger_has_none(app):
    li, sun = client_of(app, "li", role="editor"), client_of(app, "sun", role="viewer")
    asked(app, li, lambda: account._made(app.reader, "7"))
    [held] = tokens_of(app.reader.office, "li")
    asked(app, sun, lambda: account._ended(app.reader, held.id))
    assert tokens_of(app.reader.office, "li") == [held]
    stranger = client_of(app, "", role="")
    assert "sign-in" in shown(app, stranger)
    with pytest.raises(ForbiddenError):
        asked(app, stranger, lambda: account._made(app.reader, "7"))


def test_a_length_that_is_not_offered_is_the_usual_one_and_there_is_an_end_to_their_number(app):
    li = client_of(app, "li", role="viewer")
    asked(app, li, lambda: account._made(app.reader, "99999"))
    [held] = tokens_of(app.reader.office, "li")
    usual = timedelta(days=int(account.USUAL))
    made, ends = map(datetime.fromisoformat, (held.made_at, held.ends_at))
    assert abs(ends - made - usual) < timedelta(seconds=2)
    for _ in range(MOST_TOKENS - 1):
        asked(app, li, lambda: account._made(app.reader, "7"))
    refused = asked(app, li, lambda: account._made(app.reader, "7"))
    assert "token" not in refused
    assert f"已有{MOST_TOKENS}个令牌" in str(account._outcome(refused, "zh"))
    assert len(tokens_of(app.reader.office, "li")) == MOST_TOKENS
