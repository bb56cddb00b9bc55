"""The identification page in headless Chromium: the rule in the URL, the map, the flows, the list that selects."""

import pytest
from shared_data import needs_shared


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_tells_who_left_poverty(visit, language, size):
    page = visit(f"identification?pack=cn&lang={language}", size, until="[data-figure=watch]")
    page.wait_for_selector("[data-figure=status-flows] .sankey-node", timeout=60_000)
    figures = page.eval_on_selector_all("[data-figure]", "all => all.map(one => one.dataset.figure)")
    assert {"status-map", "status-counts", "status-changes", "status-flows", "transitions", "exits"} <= set(figures)
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_line_of_the_field_goes_into_the_url_and_the_rule(visit):
    page = visit("identification?pack=kr&lang=en&indicator=grdp_per_head&level=municipality", until="#field-line")
    page.fill("#field-line", "21")
    page.press("#field-line", "Enter")
    page.locator(".rule-words", has_text="at or below 21").wait_for()
    assert "line=21" in page.url


@needs_shared
def test_a_row_of_the_watch_list_selects_its_unit(visit):
    page = visit("identification?pack=us&lang=en&indicator=poverty_rate&level=state", until="[data-table=watch]")
    first = page.locator("[data-table=watch] tbody tr").first
    name = first.locator("a").inner_text()
    first.locator("a").click()
    page.wait_for_selector("[data-table=watch] tr[aria-current]")
    assert name in page.inner_text("[data-figure=unit-history] h2")
    assert "unit=" in page.url
