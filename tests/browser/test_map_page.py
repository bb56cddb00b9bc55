"""The page as an officer uses it, in headless Chromium, on the built pack; no request leaves the machine."""

import os
import shutil
import threading
from urllib.parse import urlsplit

import pytest
from fuping.dashboard.app import create_app
from playwright.sync_api import sync_playwright
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
    """Return the class the map draws for one county."""
    return page.evaluate(
        """code => {
          const { map, current } = window.fuping_map.instances.map;
          const id = current.layer.codes.indexOf(code);
          return map.getFeatureState({ source: 'units', id }).cls;
        }""",
        code,
    )


def test_a_year_changes_the_county_and_its_history_opens(page, address):
    ready(page, address, "?lang=en")
    assert shown(page, "130624") == 0
    assert shown(page, "110101") == 2
    page.locator("input[type=range]").fill("2019")
    page.wait_for_function("window.fuping_map.instances.map.year === 2019")
    assert shown(page, "130624") == 1
    page.wait_for_function("document.querySelector('#legend').textContent.includes('2019')")
    assert "52" in page.inner_text("#legend")


def test_a_click_selects_a_county(page, address):
    ready(page, address, "?lang=en")
    spot = page.evaluate(
        """() => {
          const { map } = window.fuping_map.instances.map;
          const point = map.project([83.0, 31.5]);
          const box = map.getCanvas().getBoundingClientRect();
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.click(*spot)
    page.wait_for_selector("#unit-panel .history", timeout=10_000)
    assert page.locator("#unit-panel .history li").count() == 9
    assert "unit=54" in page.evaluate("location.search")


def test_the_language_switches_and_every_figure_has_its_source(page, address):
    ready(page, address, "?lang=en&unit=130624")
    page.wait_for_selector("#unit-panel .history")
    assert "Fuping County" in page.inner_text("#unit-panel")
    page.click("#language")
    page.wait_for_function("document.querySelector('#unit-panel')?.textContent.includes('阜平县')")
    figures = page.locator("[data-figure]")
    assert figures.count() == 3
    for number in range(figures.count()):
        for part in ("source", "year", "unit", "licence", "status"):
            note = figures.nth(number).locator(f"[data-note={part}]").last
            assert len(note.inner_text()) > 4, (number, part)


def test_a_national_series_is_a_chart_with_its_gaps(page, address):
    page.goto(address + "?lang=en&indicator=rural_headcount_ratio")
    page.wait_for_selector(".chart .main-svg")
    assert page.locator("[data-figure=series] tr", has_text="2013").inner_text().split("\t")[1] == "No data"
    assert page.locator("[data-figure=series] [data-note=licence]").count() == 1
