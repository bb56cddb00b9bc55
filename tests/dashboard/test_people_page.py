"""Administrators manage people in the browser: each what lies in their areas, nobody else anything, all of it noted."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard import managing
from fuping.dashboard.identity import COOKIE, ForbiddenError, identity
from fuping.dashboard.pages import people as page
from fuping.dashboard.rate_limit import RateLimit
from fuping.dashboard.state import ViewState
from fuping.layers.office import entries
from fuping.layers.office.credentials import find_by_password, find_by_token, make_token
from fuping.layers.office.people import add_person, people, set_disabled
from small_office import PASSWORD, client_of, small_app


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(managing, "changes", RateLimit(1000, 60))
    return small_app(tmp_path)


@pytest.fixture
def wang(app):
    return client_of(app, "wang", role="admin")


def asked(app, client, work, query=""):
    """Do something as the person of a client, with the page's URL."""
    cookie = client.get_cookie(COOKIE)
    head = {"Cookie": f"{COOKIE}={cookie.value}"} if cookie else {}
    view = ViewState.read(f"pack=at&lang=en&{query}", app.reader.packs(), app.reader.catalogue)
    with app.server.test_request_context("/people", headers=head, environ_base={"REMOTE_ADDR": "10.0.0.7"}):
        app.server.preprocess_request()
        return work(view)


def act(app, client, what, query="", **said):
    return asked(app, client, lambda view: page._act(app.reader, view, what, said), query)


def shown(app, client, query=""):
    return str(asked(app, client, lambda view: page._content(app.reader, view, None), query))


def one(app, name):
    return next(each for each in people(app.reader.office) if each.name == name)


def test_a_person_is_added_and_chooses_a_password_by_the_link(app, wang):
    done = act(app, wang, "add", name="Li", shown_name="李明", role="editor", areas="at:A1， at:A2")
    assert (done.key, done.refused) == ("people.done.add", False)
    li = one(app, "li")
    assert (li.shown_name, li.role, li.areas, li.has_password) == (
        "李明",
        "editor",
        {("at", "A1"), ("at", "A2")},
        False,
    )
    address = urlsplit(done.link)
    assert address.path == "/sign-in/link"
    browser, key = client_of(app, "", role=""), parse_qs(address.query)["key"][0]
    got = browser.get(f"{address.path}?{address.query}")
    assert (got.status_code, got.headers["Cache-Control"]) == (200, "no-store")
    assert 'value="li"' in got.text

    def choose(password, again=None):
        return browser.post("/sign-in/link", data={"key": key, "password": password, "again": again or password})

    for password, again, told in (
        ("short", None, "12 characters or more"),
        (PASSWORD, PASSWORD + "x", "not the same"),
        ("li-li-li-li-li-li", None, "little more than the name"),
        ("abababababab", None, "repeats"),
    ):
        answer = choose(password, again)
        assert (answer.status_code, told in answer.text, password in answer.text) == (400, True, False)
    entered = choose(PASSWORD)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/")
    assert browser.get_cookie(COOKIE)
    assert find_by_password(app.reader.office, "li", PASSWORD).name == "li"
    assert choose(PASSWORD).status_code == 404
    assert browser.get(f"{address.path}?{address.query}").status_code == 404
    log = [(each.who, each.action, each.address) for each in entries(app.reader.office, subject="person:li")]
    assert [each[:2] for each in log] == [
        *[("li", "sign_in"), ("li", "person.password"), ("wang", "person.invite"), ("wang", "person.add")]
    ]
    assert {each[2] for each in log[2:]} == {"10.0.0.7"}
    assert key not in repr(entries(app.reader.office))


def test_a_link_is_taken_from_no_other_site(app, wang):
    key = parse_qs(urlsplit(act(app, wang, "add", name="li").link).query)["key"][0]
    form = {"key": key, "password": PASSWORD, "again": PASSWORD}
    foreign = client_of(app, "", role="")
    foreign.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    assert foreign.post("/sign-in/link", data=form).status_code == 403
    assert not one(app, "li").has_password


def test_what_is_changed_holds_and_is_noted(app, wang):
    li = client_of(app, "li", role="viewer")
    token = make_token(app.reader.office, "li", lasts=timedelta(days=1))
    assert act(app, wang, "save", "person=li", role="editor", areas="at:A1").key == "people.done.save"
    assert (one(app, "li").role, one(app, "li").areas) == ("editor", {("at", "A1")})
    assert not asked(app, li, lambda view: identity().signed_in), "another role ends what is open"
    assert token[:12] not in shown(app, wang, "person=li")
    held = [word for word in shown(app, wang, "person=li").split("'") if len(word) == 16 and word.isalnum()]
    act(
        app, wang, "token", "person=li", token=next(word for word in held if all(c in "0123456789abcdef" for c in word))
    )
    assert find_by_token(app.reader.office, token) is None
    act(app, wang, "disable", "person=li")
    assert one(app, "li").disabled
    act(app, wang, "enable", "person=li")
    assert not one(app, "li").disabled
    assert [each.action for each in entries(app.reader.office, who="wang", subject="person:li")] == [
        *["person.enable", "person.disable", "person.token_end", "person.areas", "person.role"]
    ]


@pytest.mark.parametrize("role", ["", "viewer", "editor"])
def test_nobody_but_an_administrator_sees_or_changes_anything(app, wang, role):
    add_person(app.reader.office, "zhao", password=PASSWORD)
    other = client_of(app, "qian" if role else "", role=role)
    told = shown(app, other, "person=zhao")
    assert "Only an administrator manages people" in told
    assert "zhao" not in told
    before = people(app.reader.office), entries(app.reader.office)
    for what, said in (
        ("add", {"name": "new"}),
        ("save", {"role": "admin"}),
        *((what, {}) for what in ("link", "disable", "enable")),
        ("token", {"token": "0" * 16}),
    ):
        with pytest.raises(ForbiddenError) as refused:
            act(app, other, what, "person=zhao", **said)
        assert refused.value.key == "people.closed"
    assert (people(app.reader.office), entries(app.reader.office)) == before


def test_an_administrator_of_an_area_manages_who_works_there_only(app, wang):
    add_person(app.reader.office, "inside", role="editor", areas=[("at", "A1")], password=PASSWORD)
    add_person(app.reader.office, "outside", role="editor", areas=[("at", "A1"), ("at", "A2")], password=PASSWORD)
    qian = client_of(app, "qian", role="admin", areas=[("at", "A1")])
    told = shown(app, qian)
    assert ("inside" in told, "outside" in told, "wang" in told) == (True, False, False)
    for query, what, said in (
        ("person=outside", "disable", {}),
        ("person=wang", "link", {}),
        ("person=inside", "save", {"role": "editor", "areas": "at:A2"}),
        ("person=inside", "save", {"role": "admin", "areas": ""}),
        ("", "add", {"name": "new", "role": "admin", "areas": ""}),
    ):
        with pytest.raises(ForbiddenError) as refused:
            act(app, qian, what, query, **said)
        assert refused.value.key == "people.outside"
    assert act(app, qian, "save", "person=inside", role="viewer", areas="at:A1").key == "people.done.save"
    assert act(app, qian, "add", name="new", areas="at:A1").key == "people.done.add"


def test_the_last_administrator_cannot_step_back(app, wang):
    set_disabled(app.reader.office, add_person(app.reader.office, "old", role="admin", password=PASSWORD).name, True)
    for what, said in (("disable", {}), ("save", {"role": "editor"}), ("save", {"role": "admin", "areas": "at:A1"})):
        done = act(app, wang, what, "person=wang", **said)
        assert (done.key, done.refused) == ("people.refused.last", True)
    assert (one(app, "wang").role, one(app, "wang").disabled, one(app, "wang").areas) == ("admin", False, frozenset())
    add_person(app.reader.office, "new", role="admin", password=PASSWORD)
    assert act(app, wang, "disable", "person=wang").key == "people.done.disable"


@pytest.mark.parametrize(
    ("what", "query", "said", "told"),
    [
        ("add", "", {"name": "x"}, "name"),
        ("add", "", {"name": "anyone"}, "name"),
        ("add", "", {"name": "WANG"}, "taken"),
        ("add", "", {"name": "new", "areas": "at:A9, cn:1"}, "areas"),
        ("save", "person=wang", {"role": "admin", "areas": "A1"}, "areas"),
        ("link", "person=nobody", {}, "nobody"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(app, wang, what, query, said, told):
    before = people(app.reader.office), entries(app.reader.office)
    done = act(app, wang, what, query, **said)
    assert (done.key, done.refused) == (f"people.refused.{told}", True)
    assert (people(app.reader.office), entries(app.reader.office)) == before


def test_so_many_changes_within_a_minute_are_no_persons(app, wang, monkeypatch):
    monkeypatch.setattr(managing, "changes", RateLimit(2, 60))
    act(app, wang, "add", name="one")
    act(app, wang, "add", name="two")
    with pytest.raises(ForbiddenError, match="Too many"):
        act(app, wang, "add", name="three")


def test_who_signs_in_through_a_provider_gets_no_link(app, wang, monkeypatch):
    monkeypatch.setenv("FUPING_OIDC_ISSUER", "https://id.example")
    done = act(app, wang, "add", name="zhao", subject="7")
    assert (done.key, done.link, one(app, "zhao").subject) == ("people.done.vouched", "", "7")
    assert act(app, wang, "link", "person=zhao").key == "people.refused.vouched"
    assert "id.example" in shown(app, wang, "person=zhao")
