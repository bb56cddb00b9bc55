"""The targeting page in headless Chromium: the reading, the curves, and a plan that follows what is set."""

import pytest


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reading_and_the_plan_are_there(visit, language, size):
    page = visit(f"targeting?pack=cn&lang={language}", size, until="[data-figure=plan]")
    words = {"en": "covered by", "zh": "每10个中约有"}
    assert words[language] in page.inner_text("[data-figure=reading]")
    page.wait_for_selector("[data-figure=concentration] .scatterlayer path")
    assert page.locator("[data-table=measures] tbody tr").count() == 6
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_smaller_budget_reaches_fewer_and_stands_in_the_address(visit):
    page = visit("targeting?pack=kr&lang=en&rule=geographic", until="[data-table=rules] tr[aria-current]")
    first = page.inner_text("[data-table=rules] tr[aria-current]")
    page.fill("#field-budget", "1000000")
    page.press("#field-budget", "Enter")
    page.wait_for_function(
        "text => document.querySelector('[data-table=rules] tr[aria-current]')?.innerText !== text", arg=first
    )
    assert "budget=1000000" in page.url
    assert "budget=1000000" in page.get_attribute(".take-plan a", "href")
