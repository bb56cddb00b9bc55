"""The places of a chosen project as points on the map; the project here is made up."""

import threading

from fuping.dashboard.app import create_app
from fuping.layers.build.pipeline import build_pack
from fuping.layers.pack import read_pack
from pack_with_sites import pack_with_sites
from werkzeug.serving import make_server

DRAWN = """() => [...new Set(window.fuping_map.instances.map.map
  .queryRenderedFeatures({ layers: ["project-points", "project-lines"] })
  .map((one) => one.properties.name))].sort()"""


def test_places_of_the_chosen_project_are_drawn_and_named_under_the_pointer(browser, tmp_path):
    places = 'A1,0.5,0.5,,Well\nA2,1.5,0.5,,Tap\n,,,"LINESTRING (0.2 0.9, 1.8 0.9)",Canal\n'
    own = pack_with_sites(tmp_path, places, "unit_code,longitude,latitude,wkt,place_name")
    build_pack(read_pack(own.declared / "at"), own)
    server = make_server("127.0.0.1", 0, create_app(own).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    errors = []
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    page.goto(f"http://127.0.0.1:{server.server_port}/?pack=at&overlay=wells")
    page.wait_for_selector("[data-ready=true]")
    page.wait_for_timeout(300)
    assert page.evaluate(DRAWN) == ["Canal", "Tap", "Well"]
    assert "points: 2 · lines: 1" in page.inner_text(".legend-overlay")
    x, y = page.evaluate(
        "() => { const { map } = window.fuping_map.instances.map; const { x, y } = map.project([0.5, 0.5]); "
        "const { left, top } = map.getCanvas().getBoundingClientRect(); return [x + left, y + top]; }"
    )
    page.mouse.move(x - 4, y)
    page.mouse.move(x, y)
    page.wait_for_selector(".fuping-map-tip:has-text('Wells: Well')")
    assert errors == []
    page.close()
    server.shutdown()
