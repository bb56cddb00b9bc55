"""First paint of the map page from a warm server: seconds to the drawn map, and what the browser fetched for it.

``python benchmarks/first_paint.py`` starts the dashboard on the built packs, opens each pack's first page in headless
Chromium with an empty cache, and prints the median of some runs and the compressed bytes by kind.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import threading
from collections import Counter

from fuping.dashboard.app import create_app
from fuping.layers.stores import open_store
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

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


def kind(url: str) -> str:
    """Return what a request was for."""
    for word, name in (("plotly", "plotly.js (after the map)"), ("/geometry/", "geometry"), ("/values/", "figures")):
        if word in url:
            return name
    return "map code" if "/map/" in url else "page and Dash"


def open_once(browser: Browser, url: str) -> tuple[float, float, Counter[str]]:
    """Return seconds to first contentful paint and to the drawn map, and compressed bytes by kind."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    session.on("Network.responseReceived", lambda sent: urls.update({sent["requestId"]: sent["response"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda done: sizes.update({kind(urls.get(done["requestId"], "")): int(done["encodedDataLength"])}),
    )
    page.goto(url)
    page.wait_for_selector("[data-ready=true]", timeout=60_000)
    drawn = page.evaluate("performance.getEntriesByName('fuping-map-painted')[0].startTime") / 1000
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    page.context.close()
    return first, drawn, sizes


def main() -> None:
    """Measure every built pack and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    store = open_store()
    server = make_server("127.0.0.1", 0, create_app(store).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for pack in store.packs():
            address = f"http://127.0.0.1:{server.server_port}/?pack={pack}"
            open_once(browser, address)
            runs = [open_once(browser, address) for _ in range(given.runs)]
            first, drawn = (statistics.median(run[place] for run in runs) for place in (0, 1))
            print(f"{pack}: first paint {first:.2f} s, map drawn {drawn:.2f} s (median of {given.runs}, warm server)")
            sizes = runs[-1][2]
            for name, size in sizes.most_common():
                print(f"  {size / 1e6:6.2f} MB  {name}")
            without = sum(size for name, size in sizes.items() if not name.startswith("plotly"))
            print(f"  {without / 1e6:6.2f} MB  in all, plotly.js apart")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
