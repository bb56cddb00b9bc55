"""Take the pictures of the documentation anew, in both languages: ``make screenshots``, on the packs that are built.

They are reduced to as many colours as a page of ours has, which a reader does not see and which makes them a third as
large.
"""

from __future__ import annotations

import io
import shutil
import threading
from pathlib import Path

from fuping.dashboard.app import create_app
from fuping.dashboard.i18n.messages import LANGUAGES
from fuping.layers.stores import open_store
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

IMAGES = Path(__file__).parent / "images"

SHOTS = {
    "map": ("?pack=cn&indicator=poverty_county_status&year=2018&unit=130624", "[data-ready=true]"),
    "drawn": (
        "?pack=kr&indicator=basic_living_ratio&level=municipality&drawn=126.7,37.3;127.3,37.3;127.5,37.75;126.7,37.75",
        "#area .drawn",
    ),
    "compare": (
        "compare?pack=kr&indicator=basic_living_ratio&units=11010,21010,39010",
        ".js-plotly-plot .scatterlayer",
    ),
    "profile": ("profile?pack=kr&unit=11010&indicator=basic_living_ratio", "[data-figure=gaps]"),
    "made": ("made?pack=kr&indicator=basic_living_ratio&level=municipality&year=2020&unit=11010", "main h1"),
}
"""Name of a picture → the view it shows, and what is waited for."""

SIZE = {"width": 1280, "height": 800}

FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

COLOURS = 192

SETTLED_MS = 1500


def take(page: Page, address: str, name: str, language: str) -> Path:
    """Take one picture and return its file."""
    query, until = SHOTS[name]
    page.goto(f"{address}{query}{'&' if '?' in query else '?'}lang={language}")
    page.wait_for_selector(until, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED_MS)
    path = IMAGES / language / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def main() -> None:
    """Take them all."""
    server = make_server("127.0.0.1", 0, create_app(open_store()).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
        for language in LANGUAGES:
            for name in SHOTS:
                path = take(page, f"http://127.0.0.1:{server.server_port}/", name, language)
                print(path, f"{path.stat().st_size:,} bytes")
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
