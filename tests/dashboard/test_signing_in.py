"""Signing in and out, and what stands before every route: cookies, other sites, guessing, strangers."""

import logging
import re
import time
from datetime import timedelta

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from flask import Flask
from fuping.dashboard.app import create_app
from fuping.dashboard.guard import WRITES, add_guard
from fuping.dashboard.identity import COOKIE, add_identity, identity, may_write
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.signing_in import SIGN_OUT, add_signing_in, onward
from fuping.layers.office import entries, open_office
from fuping.layers.office.credentials import make_token
from fuping.layers.office.people import add_person, set_disabled
from fuping.layers.office.sessions import begin_session, find_session
from fuping.spatial.errors import FupingError

from fuping import dashboard

PASSWORD = "four words of chance"
SAME = {"Sec-Fetch-Site": "same-origin"}
CALLBACK = "/_dash-update-component"


@pytest.fixture
def office(tmp_path):
    office = open_office(tmp_path, url="")
    add_person(office, "li", shown_name="李明", role="editor", password=PASSWORD)
    return office


@pytest.fixture
def client(store, office):
    return create_app(store, office).server.test_client()


@pytest.fixture
def closed(store, office, monkeypatch):
    monkeypatch.setenv("FUPING_SIGN_IN", "required")
    return create_app(store, office).server.test_client()


def sign_in(client, name="li", password=PASSWORD, **given):
    form = {"name": name, "password": password, **given.pop("form", {})}
    return client.post("/sign-in", data=form, headers=SAME | given.pop("headers", {}), **given)


def cookie(answer):
    return next((one for one in answer.headers.getlist("Set-Cookie") if one.startswith(f"{COOKIE}=")), "")


def asked_again(client, headers):
    """Send what a page sends to be filled; what it answers is nothing to this test."""
    return client.post(CALLBACK, json={"output": "none", "inputs": []}, headers=headers)


@pytest.mark.parametrize(("language", "words"), [("en", "Sign in"), ("zh", "登录")])
def test_the_page_is_whole_without_a_script(client, language, words):
    page = client.get(f"/sign-in?lang={language}&next=/profile").get_data(as_text=True)
    assert f'<html lang="{language}">' in page
    assert words in page
    assert "<script" not in page
    assert 'value="/profile"' in page
    assert client.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text.count("密码")


def test_without_an_account_it_says_how_to_make_one(store, tmp_path):
    bare = create_app(store, open_office(tmp_path / "bare", url="")).server.test_client()
    assert "fuping user add" in bare.get("/sign-in").text


def test_a_session_is_a_cookie_that_no_script_and_no_other_site_has(client, office):
    answer = sign_in(client, form={"next": "/profile?unit=11"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile?unit=11")
    flags = cookie(answer)
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Path=/" in flags
    assert "Secure" not in flags
    assert "Domain" not in flags
    token = re.match(rf"{COOKIE}=([^;]+)", flags)[1]
    assert find_session(office, token).person.name == "li"
    assert client.get("/sign-in?next=/years").headers["Location"] == "/years"


def test_over_https_the_cookie_is_for_https_only(client):
    assert "Secure" in cookie(sign_in(client, base_url="https://localhost"))


def test_a_proxy_is_believed_only_where_one_is_told_of(store, office, monkeypatch):
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    plain = create_app(store, office).server.test_client()
    assert "Secure" not in cookie(sign_in(plain, headers=told))
    assert entries(office)[0].address == "127.0.0.1"
    monkeypatch.setenv("FUPING_BEHIND_PROXY", "1")
    behind = create_app(store, office).server.test_client()
    assert "Secure" in cookie(sign_in(behind, headers=told))
    assert entries(office)[0].address == "203.0.113.9"
    monkeypatch.setenv("FUPING_BEHIND_PROXY", "yes")
    with pytest.raises(FupingError, match="expected 1 or 0"):
        create_app(store, office)


def test_a_session_given_before_is_not_the_one_after(client, office):
    planted = begin_session(office, "li").token
    client.set_cookie(COOKIE, planted)
    made = re.match(rf"{COOKIE}=([^;]+)", cookie(sign_in(client)))[1]
    assert made != planted
    assert find_session(office, planted) is None
    client.set_cookie(COOKIE, "chosen-by-somebody-else")
    assert "chosen" not in cookie(sign_in(client))


@pytest.mark.parametrize("forged", ["", "x", "li", "../../", "' OR 1=1 --", "a" * 5000, "%00"])
def test_a_forged_cookie_opens_nothing(closed, forged):
    closed.set_cookie(COOKIE, forged)
    assert closed.get("/api").status_code == 401


@pytest.mark.parametrize(
    "away", ["https://foreign.example", "//foreign.example", "/\\foreign.example", "javascript:1", "/a\r\nX: y", "x"]
)
def test_nobody_is_led_to_another_site(client, away):
    assert onward(away) == "/"
    assert sign_in(client, form={"next": away}).headers["Location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("li", "wrong"), ("nobody", PASSWORD), ("", ""), ("li", "")])
def test_who_is_wrong_is_told_no_more_than_that(client, name, password):
    refused = sign_in(client, name, password)
    assert refused.status_code == 401
    assert "The name or the password is not right." in refused.text
    assert cookie(refused) == ""
    assert PASSWORD not in refused.text


def test_what_was_typed_is_no_markup(client):
    page = sign_in(client, '"><script>alert(1)</script>').text
    assert "<script" not in page


def test_a_form_of_many_bytes_is_not_read(client):
    assert sign_in(client, "x" * 50_000).status_code == 413


def test_a_name_is_not_guessed_for_long(store, office):
    server = Flask("tested", root_path=dashboard.__path__[0])
    reader = Reader(store, office)
    add_identity(server, reader)
    add_signing_in(server, reader, by_name=(3, 1), by_address=(100, 60))
    client = server.test_client()
    for number in range(3):
        assert sign_in(client, " LI", "guess", environ_base={"REMOTE_ADDR": f"10.0.0.{number}"}).status_code == 401
    refused = sign_in(client)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert sign_in(client, "another", "guess").status_code == 401
    time.sleep(1.1)
    assert sign_in(client).status_code == 303
    assert [one.action for one in entries(office, subject="person:li")].count("sign_in.refused") == 3


def test_an_address_does_not_try_names_for_long(client):
    found = [sign_in(client, f"name{number}", "guess").status_code for number in range(31)]
    assert found == [401] * 30 + [429]
    assert sign_in(client, environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 303


def test_a_household_of_ipv6_is_one_address(client):
    for number in range(30):
        sign_in(client, f"name{number}", "guess", environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"})
    assert sign_in(client, environ_base={"REMOTE_ADDR": "2001:db8::ffff"}).status_code == 429
    assert sign_in(client, environ_base={"REMOTE_ADDR": "2001:db8:1::1"}).status_code == 303


def test_signing_out_needs_the_token_of_the_session_and_ends_it(client, office):
    sign_in(client)
    token = client.get_cookie(COOKIE).value
    for form in ({}, {"csrf": "made up"}):
        assert client.post(SIGN_OUT, data=form, headers=SAME).status_code == 403
    csrf = find_session(office, token).csrf
    assert client.post(SIGN_OUT, data={"csrf": csrf}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    answer = client.post(SIGN_OUT, data={"csrf": csrf}, headers=SAME)
    assert answer.status_code == 303
    assert "Max-Age=0" in cookie(answer)
    assert find_session(office, token) is None
    assert client.get(SIGN_OUT).status_code != 303


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://foreign.example"},
    {"Origin": "http://localhost.foreign.example"},
    {"Origin": "http://localhost:8051"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", [CALLBACK, "/sign-in", SIGN_OUT])
def test_another_site_asks_for_no_change(client, headers, path):
    sign_in(client)
    answer = client.post(path, json={}, headers=headers)
    assert answer.status_code == 403
    assert "另" in answer.text or "其他网站" in answer.text


def test_what_tells_no_origin_is_believed_only_without_a_session(client):
    assert asked_again(client, {}).status_code != 403
    for headers in (SAME, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "none"}):
        assert asked_again(client, headers).status_code != 403
    sign_in(client)
    assert asked_again(client, {}).status_code == 403
    assert asked_again(client, SAME).status_code != 403


def test_changes_are_not_asked_for_without_end():
    server = Flask("tested")
    add_guard(server, required=False)
    for path in ("/write", CALLBACK):
        server.post(path, endpoint=path)(lambda: "done")
    client = server.test_client()
    assert [client.post("/write").status_code for _ in range(WRITES + 1)] == [200] * WRITES + [429]
    assert client.post("/write").headers["Retry-After"]
    assert client.post(CALLBACK).status_code == 200
    assert client.post("/write", environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 200


CLOSED = (
    *("/", "/_dash-layout", "/map/fuping_map.js", "/search/kr.json?q=a", "/api/openapi.json"),
    *("/units/kr/province.json", "/values/kr/province/population.json"),
    *("/sign-insecure", "/healthy", "//assets/app.css", "/sign-in/../units/kr/province.json"),
)


def test_where_it_is_required_strangers_see_the_way_in_only(closed, store):
    page = closed.get("/profile?unit=11&lang=zh", headers={"Accept": "text/html"})
    assert page.status_code == 303
    assert page.headers["Location"] == "/sign-in?next=%2Fprofile%3Funit%3D11%26lang%3Dzh&lang=zh"
    for path in CLOSED:
        assert closed.get(path).status_code == 401, path
    assert closed.get("/assets/../units/kr/province.json").status_code == 404
    assert asked_again(closed, SAME).status_code == 401
    for path in ("/sign-in", "/health", "/assets/app.css"):
        assert closed.get(path).status_code == 200, path
    sign_in(closed)
    answer = closed.get("/units/kr/province.json?v=1")
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]


def test_the_api_says_so_in_its_own_shape(closed):
    answer = closed.get("/api/collections?lang=zh")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.json["title"] == "请先登录"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert closed.get("/api?lang=%0D%0Ax").status_code == 401


def test_a_token_reads_the_api_and_nothing_else(closed, office):
    given = make_token(office, "li", lasts=timedelta(days=1))

    def ask(path, token=given, kind="Bearer"):
        return closed.get(path, headers={"Authorization": f"{kind} {token}"}).status_code

    assert ask("/api/collections") == 200
    assert ask("/units/kr/province.json") == 401
    assert ask("/api/collections", kind="Basic") == 401
    for forged in ("", "fuping_", f"{given}x", "fuping_é", "a b"):
        assert ask("/api/collections", forged) == 401
    set_disabled(office, "li", True)
    assert ask("/api/collections") == 401


def test_a_token_lets_nobody_write(office, store):
    server, reader = Flask("tested"), Reader(store, office)
    add_identity(server, reader)
    head = {"Authorization": f"Bearer {make_token(office, 'li', lasts=timedelta(days=1))}"}
    with server.test_request_context("/api", headers=head):
        server.preprocess_request()
        assert (identity().name, identity().role) == ("li", "viewer")
        assert not may_write(reader, "kr", "11")


def test_who_is_disabled_is_out_at_once(closed, office):
    sign_in(closed)
    assert closed.get("/api").status_code == 200
    set_disabled(office, "li", True)
    assert closed.get("/api").status_code == 401


def test_the_header_tells_who_has_signed_in(client):
    def header():
        body = {
            "output": "..profile-header.children...profile-page.children..",
            "outputs": [
                {"id": "profile-header", "property": "children"},
                {"id": "profile-page", "property": "children"},
            ],
            "inputs": [{"id": "profile-address", "property": "search", "value": "?pack=kr&lang=zh"}],
            "changedPropIds": ["profile-address.search"],
        }
        answer = client.post(CALLBACK, json=body, headers=SAME)
        assert answer.status_code == 200, answer.text
        return str(answer.json["response"]["profile-header"])

    assert "登录" in header()
    assert "sign-out" not in header()
    sign_in(client)
    assert "李明" in header()
    assert "编辑" in header()
    assert "sign-out" in header()


def test_no_secret_is_logged(client, office, caplog):
    with caplog.at_level(logging.DEBUG):
        sign_in(client, "li", "a wrong password")
        sign_in(client)
        token = client.get_cookie(COOKIE).value
        client.get("/api")
        client.post(SIGN_OUT, data={"csrf": find_session(office, token).csrf}, headers=SAME)
    for secret in (PASSWORD, "a wrong password", token):
        assert secret not in caplog.text
        assert secret not in repr(entries(office))


@pytest.mark.parametrize("path", ["/", "/sign-in", "/health", "/api", "/nothing-here"])
def test_every_answer_carries_the_headers_of_safety(client, path):
    headers = client.get(path).headers
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "form-action 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
