"""A view is kept with a note in the browser, opened again, written to a file and read from one."""

import json


def test_a_view_is_kept_with_its_note_and_opened_again(visit):
    page = visit("compare?pack=kr&lang=en&units=11010,11020", until="#saved-views")
    page.click("#saved-views > summary")
    page.get_by_label("Name of this view").fill("Two districts")
    page.get_by_label("Note").fill("ask the office about 2015")
    page.get_by_role("button", name="Keep this view").click()
    page.goto(page.url.split("compare")[0] + "methods?pack=kr&lang=en")
    page.click("#saved-views > summary")
    kept = page.locator("#saved-views li")
    assert "ask the office about 2015" in kept.inner_text()
    kept.locator("a").click()
    page.wait_for_selector("[data-table=compared]")
    assert "units=11010%2C11020" in page.url or "units=11010,11020" in page.url


def test_a_file_of_views_is_read_and_one_that_leads_elsewhere_is_not(visit, tmp_path):
    page = visit("methods?pack=kr&lang=en", until="#saved-views")
    page.click("#saved-views > summary")
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps([{"name": "Mine", "note": "", "href": "/?pack=kr", "at": "2026-01-02T00:00"}]))
    bad.write_text(
        json.dumps([{"name": "Theirs", "href": "javascript:alert(1)"}, {"name": "x", "href": "//elsewhere"}])
    )
    page.set_input_files("#saved-views input[type=file]", bad)
    page.wait_for_selector("#saved-views [role=alert]")
    assert page.locator("#saved-views li").count() == 0
    page.set_input_files("#saved-views input[type=file]", good)
    page.wait_for_selector("#saved-views li")
    assert page.locator("#saved-views li a").get_attribute("href") == "/?pack=kr"
