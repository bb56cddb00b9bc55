"""The projects page in headless Chromium: register, coverage and gaps; places chosen on it stand out everywhere."""

import pytest


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_register_and_its_coverage_are_there(visit, store, language, size):
    page = visit(f"projects?pack=cn&lang={language}", size, until="[data-table=gaps]")
    text = page.inner_text("#projects-page")
    assert all(one["name"][language] in text for one in store.catalogue("cn")["projects"])
    page.wait_for_selector("[data-figure=gantt] .js-plotly-plot .barlayer path")
    assert page.locator("[data-table=regions] tbody tr").count() == 22
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_county_chosen_in_a_table_tells_that_nothing_covers_it(visit):
    page = visit("projects?pack=cn&lang=en", until="[data-table=gaps]")
    page.locator("[data-table=gaps] tbody a").first.click()
    page.wait_for_selector("[data-table=gaps] tr[aria-current]")
    assert "No list shown here names" in page.inner_text("#projects-page")
    page.get_by_role("link", name="Agriculture-based industry").first.click()
    page.wait_for_selector("text=Show the coverage of all projects")
    assert "overlay=P133326" in page.url


def test_a_pack_without_projects_says_what_to_do_and_shows_whom_programmes_reach(visit):
    page = visit("projects?pack=kr&lang=en", until="[data-figure=reach] .scatterlayer path")
    assert "declares no projects" in page.inner_text("#projects-page")
    page.locator("[data-figure=declare] summary").click()
    assert "programmes.toml" in page.inner_text("[data-figure=declare]")
    page.wait_for_selector("[data-ready=true]", timeout=60_000)


def test_the_gaps_stay_a_table_on_paper(visit):
    page = visit("projects?pack=cn&lang=en", until="[data-table=gaps]")
    page.emulate_media(media="print")
    shown = (
        "(names) => names.map((one) => getComputedStyle(document.querySelector(`[data-table=gaps] ${one}`)).display)"
    )
    assert page.evaluate(shown, ["table", "thead", "tr"]) == ["table", "table-header-group", "table-row"]
