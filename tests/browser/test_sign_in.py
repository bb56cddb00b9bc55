"""A person signs in on a narrow screen, sees who they are, and signs out; every step under the policy of the pages."""

import threading

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.app import create_app
from fuping.dashboard.identity import COOKIE
from fuping.layers.office import open_office
from fuping.layers.office.people import add_person
from fuping.layers.office.sessions import begin_session, end_session
from small_pack import small_store
from werkzeug.serving import make_server

PASSWORD = "four words of chance"


@pytest.fixture
def served(tmp_path, monkeypatch):
    monkeypatch.setenv("FUPING_SIGN_IN", "required")
    app = create_app(small_store(tmp_path), open_office(tmp_path / "office", url=""))
    add_person(app.reader.office, "li", shown_name="李明", role="admin", password=PASSWORD)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_the_way_in_and_out(served, browser):
    _, served = served
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    errors = []
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    page.goto(f"{served}/profile?pack=at&lang=zh")
    assert page.url.startswith(f"{served}/sign-in?next=")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.wait_for_selector("#name:focus")
    page.keyboard.type("li")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("details.account")
    assert page.url == f"{served}/profile?pack=at&lang=zh"
    assert page.evaluate("document.cookie") == ""
    page.click("details.account summary")
    assert "李明" in page.inner_text(".account .menu")
    page.click(".account .menu a[href^='/audit']")
    page.wait_for_selector("[data-table=audit]")
    assert "登录" in page.inner_text("[data-table=audit]")
    page.click("details.account summary")
    page.click("#sign-out")
    page.wait_for_selector(".sign-in")
    assert errors == []
    context.close()


def test_a_session_that_ends_while_a_page_is_open_leads_to_the_way_in_and_back(served, browser):
    app, address = served
    context = browser.new_context()
    held = begin_session(app.reader.office, "li")
    context.add_cookies([{"name": COOKIE, "value": held.token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/?pack=at&lang=en")
    page.wait_for_selector("[data-ready=true]")
    end_session(app.reader.office, held)
    page.click(".ranking tbody a >> nth=0")
    page.wait_for_url(f"{address}/sign-in?next=*unit%3DA*")
    context.close()
