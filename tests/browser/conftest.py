"""The dashboard served on the built packs, and headless Chromium to open it; no request leaves the machine."""

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
    # The map is drawn as ever; what lies around it needs no imitation of a graphics card: a quarter less work.
    "--disable-gpu-compositing",
]


@pytest.fixture(scope="session")
def address(store):
    server = make_server("127.0.0.1", 0, create_app(store).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("Debian's chromium is not installed (make test installs it)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, address):
    """Open a view and wait for its first picture; afterwards nothing may have failed or left the machine."""
    pages = []

    def opened(query, size=(1440, 900), until="[data-ready=true]"):
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        page.errors, page.hosts, page.asked = [], set(), []
        page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda sent: (page.hosts.add(urlsplit(sent.url).hostname), page.asked.append(sent.url)))
        page.goto(address + query)
        page.wait_for_selector(until, timeout=60_000)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        assert page.errors == []
        assert page.hosts - {None} == {"127.0.0.1"}
        assert page.inner_text("#problem") == ""
        page.close()
