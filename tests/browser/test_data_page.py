"""The data page in headless Chromium: every indicator and source, in both languages and widths, without an error."""

import pytest


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_indicator_and_source_is_listed(visit, store, language, size):
    page = visit(f"data?pack=cn&lang={language}", size, until="[data-table=sources]")
    catalogue = store.catalogue("cn")
    assert page.locator(".held[open]").count() == 1
    page.evaluate("document.querySelectorAll('.held').forEach((one) => { one.open = true; })")
    text = page.inner_text("#data-page")
    assert all(one["name"][language] in text for one in catalogue["indicators"] if one["shown"])
    assert all(one["title"][language] in text for one in catalogue["sources"])
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_an_indicator_opens_on_the_map(visit):
    page = visit("data?pack=kr&lang=en", until="[data-table=indicators]")
    page.evaluate("document.querySelectorAll('.held').forEach((one) => { one.open = true; })")
    page.get_by_role("link", name="Gross regional domestic product per head").click()
    page.wait_for_selector("[data-ready=true]", timeout=60_000)
    assert "indicator=grdp_per_head" in page.url
