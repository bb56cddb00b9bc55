"""The clusters page in headless Chromium: two maps, the scatter plot, and a unit that is selected in all of them."""

import pytest

KR = "clusters?pack=kr&indicator=basic_living_ratio&level=municipality&permutations=99&control=each"


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_tells_where_alike_places_lie_together(visit, language, size):
    page = visit(f"{KR}&lang={language}", size, until="[data-figure=emerging]")
    page.wait_for_selector("[data-figure=moran-scatter] .scatterlayer path", state="attached", timeout=60_000)
    figures = page.eval_on_selector_all("[data-figure]", "all => all.map(one => one.dataset.figure)")
    assert {"clusters-moran", "clusters-hot", "clusters-table", "lisa-moves", "moran-by-year"} <= set(figures)
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_unit_of_the_table_is_selected_everywhere(visit):
    page = visit(f"{KR}&lang=en", until="[data-table=clustered]")
    row = page.locator("[data-table=clustered] tbody a").first
    name = row.inner_text()
    row.click()
    page.wait_for_selector("[data-table=clustered] tr[aria-current]")
    assert name in page.inner_text(".told.chosen")
    page.locator("[data-figure=moran-scatter] text", has_text=name).first.wait_for(state="attached")
