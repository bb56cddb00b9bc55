"""An administrator makes a country of two files (simulated), from the first file to the map."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.identity import COOKIE
from small_office import serving, sign_in, small_app


@pytest.fixture
def served(tmp_path):
    app = small_app(tmp_path)
    with serving(app) as address:
        yield app, address


def test_from_two_files_to_a_drawn_map(served, browser, tmp_path):
    app, address = served
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.add_cookies([{"name": COOKIE, "value": sign_in(app, "wang", role="admin"), "url": address}])
    page = context.new_page()
    errors = []
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    page.goto(f"{address}data?pack=at&lang=en")
    page.click("main a[href^='/add-country']")
    page.set_input_files("#draft-send-boundaries input", tmp_path / "districts.geojson")
    page.wait_for_selector(".draft[data-state=files-waiting]")
    table = tmp_path / "rates.csv"
    sound = "code,year,rate\nA1,2019,10.5\nA2,2019,20\nA1,2020,8\nA2,2020,15\n"
    table.write_text(sound.replace("15", "x") + "A1,2000,1\n" * 20, encoding="utf-8")
    page.set_input_files("#draft-send-table input", table)
    page.wait_for_selector(".draft[data-state=read-done] form")
    page.click("[name=check]")
    page.wait_for_selector(".draft[data-state=check-faulty]")
    assert "The country – Name, English" in page.inner_text(".faults")
    assert page.get_attribute("[name='name.en']", "aria-invalid") == "true"
    filled = {"code": "bt", "name.en": "Bensalem", "name.zh": "本色列", "figure.rate.name_en": "Poor people"}
    filled |= {
        f"{part}.{key}": "Office" for part in ("table", "boundaries") for key in ("publisher", "licence", "citation")
    }
    for name, value in filled.items():
        page.fill(f"[name='{name}']", value)
    page.select_option("[name='figure.rate.direction']", "higher_is_worse")
    page.click("[name=check]")
    page.wait_for_selector(".faults :text('row 5')")
    table.write_text(sound, encoding="utf-8")
    page.set_input_files("#draft-send-table input", table)
    page.wait_for_selector(".draft[data-state=read-done] form")
    assert page.input_value("[name='name.zh']") == "本色列"
    page.focus("[name=check]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".draft[data-state=check-done] .joins")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.click("[name=make]")
    page.click(".draft[data-state=make-done] a.act")
    page.wait_for_selector("[data-ready=true]")
    assert "pack=bt" in page.url
    assert "Poor people" in page.inner_text("body")
    assert errors == []
    context.close()


def test_who_may_not_is_told_so_and_sees_no_way_there(served, browser):
    page = browser.new_page()
    page.goto(f"{served[1]}add-country?pack=at&lang=zh")
    page.wait_for_selector(".refused")
    assert page.query_selector(".send-file") is None
    assert page.query_selector("a[href^='/add-country'].menu-add") is None
    page.close()
