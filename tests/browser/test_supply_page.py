"""An editor sends a file, sees what it changes, takes it, and goes back; a reader is told who may."""

import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.identity import COOKIE
from small_office import serving, sign_in, small_app
from small_pack import people


@pytest.fixture
def served(tmp_path):
    app = small_app(tmp_path)
    with serving(app) as address:
        yield app, address


def test_a_file_is_sent_compared_taken_and_taken_back(served, browser, tmp_path):
    app, address = served
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": sign_in(app, "li", role="editor"), "url": address}])
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
