"""The quality page in headless Chromium: from a count to the list, and from the list to the map."""


def test_a_count_narrows_the_list_and_a_row_opens_the_map(visit):
    page = visit("quality?pack=kr&lang=zh", (390, 844), until="[data-table=flags]")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click("[data-table=flag-counts] a[data-set*='disabled_ratio'][data-set*='neighbours']")
    page.wait_for_selector("[data-table=flag-counts] tr[aria-current]")
    rows = page.locator("[data-table=flags] tbody tr")
    assert 0 < rows.count() < 50
    rows.first.locator("a").first.click()
    page.wait_for_selector("[data-ready=true]", timeout=60_000)
    assert "indicator=disabled_ratio" in page.url
    assert "unit=" in page.url
