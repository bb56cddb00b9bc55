"""The overview in headless Chromium: key figures, changes and alerts in both languages and widths, without an error."""

import pytest


@pytest.mark.parametrize(("language", "size"), [("en", (1440, 900)), ("zh", (390, 844))], ids=["wide", "narrow"])
def test_the_morning_s_figures_are_there(visit, language, size):
    page = visit(f"overview?pack=kr&lang={language}&indicator=grdp_per_head", size, until="[data-table=freshness]")
    assert page.locator("[data-figure=key] > li").count() >= 4
    assert page.locator("[data-table=risers] tbody tr").count() == 8
    assert page.locator("[data-table=alerts] tbody tr").count() > 0
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_riser_is_selected_and_leads_to_its_map(visit):
    page = visit("overview?pack=kr&lang=en&indicator=grdp_per_head", until="[data-table=risers]")
    first = page.locator("[data-table=risers] tbody tr").first
    first.locator("a").first.click()
    page.wait_for_selector("[data-table=risers] tr[aria-current]")
    page.wait_for_selector(".selected-line")
    assert "unit=" in page.url
    href = page.locator("[data-table=risers] tr[aria-current] .links a").get_attribute("href")
    assert href.startswith("/?")
    assert page.url.split("unit=")[1].split("&")[0] in href


def test_a_line_of_one_s_own_changes_who_is_alerted(visit):
    page = visit("overview?pack=kr&lang=zh&indicator=grdp_per_head", until="#field-line")
    page.fill("#field-line", "30")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-figure=alerts] p:has-text('标准线由使用者设定。')")
    assert "line=30" in page.url
