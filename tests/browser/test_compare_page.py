"""The compare page in headless Chromium: places come and go, in both languages and widths, without an error."""

import pytest


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_places_stand_side_by_side(visit, store, language, size):
    page = visit(
        f"compare?pack=kr&lang={language}&indicator=grdp_per_head&units=11010,11020", size, until="[data-table]"
    )
    units = store.units("kr", "municipality")
    names = [units[f"name_{language}"][units["code"].index(code)] for code in ("11010", "11020")]
    head = page.inner_text("[data-table=compared] thead")
    assert all(name in head for name in names)
    page.wait_for_selector(".js-plotly-plot .scatterlayer path")
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_place_is_added_by_search_and_taken_away(visit):
    page = visit("compare?pack=cn&lang=en&units=130624", until="#compare-search")
    page.fill("#compare-search", "baoding")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".compared li:nth-child(2)")
    assert "130600" in page.inner_html("[data-figure=compared]")
    page.locator(".compared .close").first.click()
    page.wait_for_selector(".compared li:nth-child(2)", state="detached")
    assert "units=130600" in page.url


def test_the_map_leads_to_the_comparison_of_a_county_with_what_it_lies_in(visit):
    page = visit("?pack=cn&lang=en&unit=130624", until="#unit-head h2, .unit-title")
    page.get_by_role("link", name="Compare with other places").click()
    page.wait_for_selector("[data-table=compared]")
    assert page.locator(".compared li").count() == 4
