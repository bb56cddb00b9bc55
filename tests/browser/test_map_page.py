"""The page as an officer uses it, in headless Chromium, on the built pack; no request leaves the machine."""

import os
import shutil
import threading
from urllib.parse import urlsplit

import numpy as np
import pytest
from fuping.dashboard.app import create_app
from playwright.sync_api import sync_playwright
from shared_data import needs_shared
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="Debian's chromium is not installed (make test installs it)"
)


@pytest.fixture(scope="module")
def address(store):
    server = make_server("127.0.0.1", 0, create_app(store).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["wide", "narrow"])
def page(browser, request):
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    opened.errors, opened.hosts = [], set()
    opened.on("console", lambda message: message.type == "error" and opened.errors.append(message.text))
    opened.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.on("request", lambda sent: opened.hosts.add(urlsplit(sent.url).hostname))
    yield opened
    assert opened.errors == []
    assert opened.hosts - {None} == {"127.0.0.1"}
    opened.close()


def ready(page, address, query):
    page.goto(address + query)
    page.wait_for_selector("[data-ready=true]", timeout=60_000)


def shown(page, code):
    """Return the class that the map draws for one unit."""
    return page.evaluate(
        """code => {
          const { map, data } = window.fuping_map.instances.map;
          return map.getFeatureState({ source: 'units', id: data.units.codes.indexOf(code) }).cls;
        }""",
        code,
    )


def to_year(page, year):
    page.locator(".timeline input[type=range]").fill(str(year))
    page.wait_for_function(f"document.querySelector('.fuping-map').dataset.year === '{year}'")


def test_a_year_changes_the_county_and_the_legend(page, address):
    ready(page, address, "?pack=cn&lang=en&year=2012")
    assert shown(page, "130624") == 0
    assert shown(page, "110101") == 2
    to_year(page, 2019)
    assert shown(page, "130624") == 1
    page.wait_for_function("document.querySelector('.legend-panel').textContent.includes('2019')")
    # 52 counties were on the list at the end of 2019, all of them drawn.
    assert page.locator(".legend-panel").text_content().count("52") == 1
    assert "year=2019" in page.evaluate("location.search")


def test_a_click_selects_a_county_and_its_history_opens(page, address):
    ready(page, address, "?pack=cn&lang=en")
    spot = page.evaluate(
        """() => {
          const { map } = window.fuping_map.instances.map;
          const point = map.project([88.0, 32.0]);
          const box = map.getCanvas().getBoundingClientRect();
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.click(*spot)
    page.wait_for_selector("#unit-panel .history", state="attached", timeout=20_000)
    assert page.locator("#unit-panel .history li").count() == 9
    assert "unit=54" in page.evaluate("location.search")


def test_the_language_switches_and_the_view_stays(page, address):
    ready(page, address, "?pack=cn&lang=en&unit=130624&year=2015")
    page.wait_for_function("document.querySelector('#unit-panel').textContent.includes('Fuping County')")
    page.get_by_text("中文", exact=True).click()
    page.wait_for_function("document.querySelector('#unit-panel').textContent.includes('阜平县')")
    kept = page.evaluate("location.search")
    assert all(part in kept for part in ("lang=zh", "unit=130624", "year=2015"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_figure_has_its_source(page, address, language):
    ready(page, address, f"?pack=cn&lang={language}&unit=130624")
    page.wait_for_selector("#table [data-note=source]", state="attached", timeout=20_000)
    # A table inside a figure shares its note.
    figures = page.locator("[data-figure]:not(:empty):not([data-figure] [data-figure])")
    assert figures.count() >= 2
    for number in range(figures.count()):
        for part in ("source", "year", "licence", "status"):
            note = figures.nth(number).locator(f"[data-note={part}]").last
            assert len(note.text_content()) > 4, (number, part)


def test_a_national_series_is_a_chart_with_its_gaps(page, address):
    page.goto(address + "?pack=cn&lang=en&indicator=rural_headcount_ratio&level=nation")
    page.wait_for_selector("#national .main-svg", timeout=60_000)
    row = page.locator("#national tr", has_text="2013").first
    assert "n/a" in row.text_content().lower() or "no data" in row.text_content().lower()
    assert page.locator("#national [data-note=licence]").count() >= 1


@needs_shared
def test_a_rate_is_drawn_in_the_classes_of_the_classifier(page, address, store):
    ready(page, address, "?pack=us&lang=en&year=2012")
    declared = next(one for one in store.catalogue("us")["indicators"] if one["id"] == "poverty_rate")
    values = store.values("us", "poverty_rate", "county")
    codes = store.units("us", "county")["code"]
    row = values.value[values.at(2012)]
    wanted = np.where(np.isnan(row), -1, np.searchsorted(declared["class_breaks"], row, side="left"))
    for place in range(0, len(codes), 97):
        assert shown(page, codes[place]) == wanted[place], codes[place]
