"""The trends page in headless Chromium: every chart in both languages and widths; a click selects in all of them."""

import pytest


@pytest.mark.parametrize(("language", "size"), [("zh", (1440, 900)), ("en", (390, 844))], ids=["wide", "narrow"])
def test_every_chart_is_drawn(visit, language, size):
    page = visit(f"trends?pack=kr&lang={language}&indicator=grdp_per_head", size, until="[data-figure=dispersion]")
    for figure in ("lines", "distribution", "ranks", "convergence", "dispersion", "gini"):
        page.wait_for_selector(f"[data-figure={figure}] .js-plotly-plot .cartesianlayer path", state="attached")
    assert page.locator("[data-reading=beta] b").inner_text()
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_click_on_a_point_selects_the_unit_everywhere(visit):
    page = visit("trends?pack=kr&lang=en&indicator=grdp_per_head&level=province", until="[data-figure=convergence]")
    point = page.locator("[data-figure=convergence] .scatterlayer .trace").first.locator(".point").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".selected-line")
    page.wait_for_selector("[data-table=ranks] tr[aria-current]")
    assert "unit=" in page.url


def test_a_status_says_why_it_has_no_ranks_and_shows_its_counts(visit):
    page = visit("trends?pack=cn&lang=zh&unit=130624", until="[data-figure=statuses] .barlayer path")
    assert page.locator("[data-figure=ranks]").count() == 0
    assert "位次" in page.locator(".told-why").first.inner_text()
    assert page.locator("[data-table=history] tbody tr").count() == 9
