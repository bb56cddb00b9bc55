"""A step from year to year: the map over feature state against plotly's choroplethmap with ``restyle`` of ``z``.

``python benchmarks/year_step.py`` opens both in one headless Chromium, on the same polygons, classes, colours and size,
steps them in turn through the same years, and prints the median of each and the ratio. A step is measured in the page,
once it has come to the front and rests, from the call until the map underneath is idle, all that it asked of the
graphics is drawn (a pixel is read back) and two more frames have passed. Then the slider is dragged through the years,
and what the map takes in and draws in a second is counted.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import statistics
import threading
from importlib.resources import files
from typing import Any

import numpy as np
from fuping.dashboard.app import create_app
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import ShownLayer, shown_layer
from fuping.dashboard.state import ViewState
from fuping.layers.stores import Store, open_store
from playwright.sync_api import Page, sync_playwright
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

VIEWS = ("pack=us&indicator=poverty_rate&level=county", "pack=cn&indicator=poverty_county_status&level=county")
"""The first that is built: one has about 3,000 polygons and many years."""

DRAG_SECONDS = 5

FRAMES = """const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const drawn = ({ painter: { context: { gl } } }) =>
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
"""
"""Until two frames have passed; until the graphics have drawn all that a map asked for."""

RESTED = f"""async () => {{
  {FRAMES}
  await frames();
  await new Promise((done) => setTimeout(done, 400));
  await frames();
}}"""
"""A page that has just come to the front is painted anew, whatever it shows."""

OURS = f"""async (year) => {{
  {FRAMES}
  const here = window.fuping_map.instances.map;
  const idle = new Promise((done) => here.map.once('idle', done));
  const started = performance.now();
  window.fuping_map.navigate({{ year }});
  await idle;
  drawn(here.map);
  await frames();
  return [performance.now() - started, here.stepMs];
}}"""

DRAG = """async ([years, seconds]) => {
  const map = window.fuping_map.instances.map.map;
  let [steps, drawn] = [0, 0];
  const count = () => { drawn += 1; };
  map.on('render', count);
  const started = performance.now();
  while (performance.now() - started < 1000 * seconds) {
    window.fuping_map.navigate({ year: years[steps % years.length] });
    steps += 1;
    await new Promise((done) => requestAnimationFrame(done));
  }
  map.off('render', count);
  return [steps / seconds, drawn / seconds];
}"""
"""A hand that drags the slider: another year at every frame that the browser gives."""

PLOTLY = f"""async (at) => {{
  {FRAMES}
  const map = window.drawn._fullLayout.map._subplot.map;
  const idle = new Promise((done) => map.once('idle', done));
  const started = performance.now();
  await Plotly.restyle(window.drawn, {{ z: [window.years[at]] }});
  await idle;
  drawn(map);
  await frames();
  return performance.now() - started;
}}"""

GEOMETRY = """() => {
  const { map, data } = window.fuping_map.instances.map;
  const box = map.getContainer();
  const { lng, lat } = map.getCenter();
  return JSON.stringify({ geojson: data.geometry, width: box.clientWidth, height: box.clientHeight,
    center: { lon: lng, lat }, zoom: map.getZoom() });
}"""

DRAW = """async ([same, codes, years, scale]) => {
  window.drawn = document.getElementById('map');
  window.years = years;
  const { geojson, width, height, center, zoom } = JSON.parse(same);
  const trace = { type: 'choroplethmap', geojson, locations: codes, featureidkey: 'properties.code', z: years[0],
    zmin: -0.5, zmax: scale.length - 0.5, colorscale: scale.flatMap((colour, at) =>
      [[at / scale.length, colour], [(at + 1) / scale.length, colour]]),
    marker: { line: { width: 0.3 } }, showscale: false };
  const style = { version: 8, sources: {}, layers: [] };
  const layout = { map: { style, center, zoom }, margin: { l: 0, r: 0, t: 0, b: 0 }, width, height };
  await Plotly.newPlot(window.drawn, [trace], layout, { displayModeBar: false });
  const map = window.drawn._fullLayout.map._subplot.map;
  if (!map.loaded()) await new Promise((done) => map.once('idle', done));
  return Plotly.version;
}"""


def _layer(store: Store) -> tuple[str, ShownLayer, list[str]]:
    reader = Reader(store)
    query = next(one for one in VIEWS if one[5:7] in store.packs())
    view = ViewState.read(query, reader.packs(), reader.catalogue)
    return query, shown_layer(reader, view), reader.units(view.pack, view.level)["code"]


def _plain(layer: ShownLayer) -> list[list[int | None]]:
    return [[None if one < 0 else int(one) for one in row] for row in layer.classes]


def _open_ours(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#map[data-ready=true]", timeout=120_000)
    page.wait_for_timeout(3000)
    # The table and the notes are the server's; both maps are measured alone.
    page.route("**/_dash-update-component*", lambda route: route.fulfill(status=204))


def _open_plotly(page: Page, address: str, same: str, layer: ShownLayer, codes: list[str]) -> str:
    page.route("**/bench.html", lambda route: route.fulfill(body="<div id=map></div>", content_type="text/html"))
    page.goto(f"{address}bench.html")
    page.add_script_tag(content=(files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8"))
    colours = [entry.colour for entry in layer.entries]
    return str(page.evaluate(DRAW, [same, codes, _plain(layer), colours]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=16)
    given = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    store = open_store()
    query, layer, codes = _layer(store)
    server = make_server("127.0.0.1", 0, create_app(store).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    found: dict[str, list[Any]] = {"ours": [], "script": [], "plotly": []}
    size = {"width": 1440, "height": 900}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        ours, theirs = (browser.new_page(viewport=size) for _ in range(2))
        _open_ours(ours, f"{address}?{query}&year={layer.years[0]}")
        same = ours.evaluate(GEOMETRY)
        version = _open_plotly(theirs, address, same, layer, codes)
        drawn = len(json.loads(same)["geojson"]["features"])
        for step in range(1, given.steps + 2):
            at = step % len(layer.years)
            ours.bring_to_front()
            ours.evaluate(RESTED)
            whole, script = ours.evaluate(OURS, layer.years[at])
            theirs.bring_to_front()
            theirs.evaluate(RESTED)
            other = theirs.evaluate(PLOTLY, at)
            if step > 1:  # the first of each is warming up
                found["ours"].append(whole)
                found["script"].append(script)
                found["plotly"].append(other)
        ours.bring_to_front()
        dragged = ours.evaluate(DRAG, [list(layer.years), DRAG_SECONDS])
        browser.close()
    server.shutdown()
    changed = np.mean([(layer.classes[at] != layer.classes[at - 1]).mean() for at in range(1, len(layer.years))])
    print(f"{drawn:,} polygons, {len(layer.years)} years, {changed:.0%} change class in a step; plotly.js {version}")
    for name, label in (("ours", "feature state"), ("script", "  of it script"), ("plotly", "plotly restyle")):
        low, middle, high = np.percentile(found[name], [25, 50, 75])
        print(f"{label:15} {middle:7.0f} ms (middle half {low:.0f}–{high:.0f}, {len(found[name])} steps)")
    ratio = statistics.median(found["ours"]) / statistics.median(found["plotly"])
    print(f"ratio           {ratio:7.2f}")
    print(f"dragged         {dragged[0]:7.1f} steps a second taken in, {dragged[1]:.1f} of them drawn")


if __name__ == "__main__":
    main()
