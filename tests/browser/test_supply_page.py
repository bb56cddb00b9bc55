"""An editor sends a file, sees what it changes, takes it, and goes back; a reader is told who may."""

import threading

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.app import create_app
from fuping.dashboard.identity import COOKIE
from fuping.layers.office import open_office
from fuping.layers.office.people import add_person
from fuping.layers.office.sessions import begin_session
from small_pack import people, small_store
from werkzeug.serving import make_server


@pytest.fixture
def served(tmp_path):
    app = create_app(small_store(tmp_path), open_office(tmp_path / "office", url=""))
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield app, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_a_file_is_sent_compared_taken_and_taken_back(served, browser, tmp_path):
    app, address = served
    add_person(app.reader.office, "li", password="four words of chance", role="editor")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": begin_session(app.reader.office, "li").token, "url": address}])
    page = context.new_page()
    errors = []
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    page.goto(f"{address}supply?pack=at&lang=en")
    file = tmp_path / "next.csv"
    file.write_text("code,people\nA1,11\nA2,x\n", encoding="utf-8")
    page.set_input_files("#supply-send input", file)
    page.wait_for_selector(".proposal[data-state=faulty]")
    assert "row 3" in page.inner_text(".faults")
    file.write_text("code,people\nA1,11\nA2,20\n", encoding="utf-8")
    page.set_input_files("#supply-send input", file)
    page.wait_for_selector(".proposal[data-state=ready]")
    assert "1" in page.inner_text("[data-table=changes] tbody")
    # Two units in one year: nothing to compare them with.
    assert "cannot be judged" in page.inner_text("[data-table=changed-quality]")
    assert people(app.reader.store) == [10, 20]
    page.fill(".proposal textarea", "counted again")
    page.click(".proposal button.act")
    page.wait_for_selector(".proposal[data-state=taken]")
    assert people(app.reader.store) == [11, 20]
    assert "counted again" in page.inner_text(".proposal .note")
    page.click("[data-table=builds] button")
    page.wait_for_selector("[data-table=builds] tr:nth-child(1) strong")
    assert errors == []
    context.close()


def test_who_has_not_signed_in_is_told_so(served, browser):
    page = browser.new_page()
    page.goto(f"{served[1]}supply?pack=at&lang=zh")
    page.wait_for_selector(".refused")
    assert page.query_selector("#supply-send") is None
    assert page.query_selector("[data-table=builds] button") is None
    page.close()
