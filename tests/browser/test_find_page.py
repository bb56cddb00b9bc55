"""Places are found by conditions in headless Chromium, in both languages and widths."""

import pytest


@pytest.mark.parametrize(("language", "size"), [("en", (1440, 900)), ("zh", (390, 844))], ids=["wide", "narrow"])
def test_places_that_meet_conditions_are_mapped_and_listed(visit, language, size):
    query = "find?pack=kr&level=municipality&indicator=basic_living_ratio&where=basic_living_ratio:above:6:2020"
    page = visit(f"{query}&lang={language}", size, until="[data-table=found]")
    page.wait_for_selector("#find-map[data-ready=true]")
    listed = page.locator("[data-table=found] tbody tr").count()
    assert listed > 0
    assert str(listed) in page.inner_text("[role=status]")
    assert str(listed) in page.inner_text("#find-legend")
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_condition_is_added_and_taken_away(visit):
    page = visit("find?pack=kr&lang=en&level=municipality&indicator=basic_living_ratio", until="#find-than")
    page.fill("#find-than", "6")
    page.press("#find-than", "Enter")
    page.click("#find-add")
    page.wait_for_selector(".conditions li")
    assert "where=basic_living_ratio%3Aabove%3A6%3A2020" in page.url
    page.wait_for_selector("[data-table=found]")
    page.click(".conditions .close")
    page.wait_for_selector(".conditions li", state="detached")
