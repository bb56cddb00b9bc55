"""Land of other countries on the maps: beneath the units, quiet, never asked or clicked, and not round the world."""

import pytest
from asked_until import until

MONGOLIA, TIBET = (104.0, 46.5), (88.0, 31.5)

SHOWN = "() => Boolean(window.fuping_map.instances.map.map.getLayer('land'))"

AT = """([lon, lat]) => {
  const { map } = window.fuping_map.instances.map;
  const gl = map.getCanvas().getContext('webgl2');
  const ratio = map.getCanvas().width / map.getCanvas().clientWidth;
  const point = map.project([lon, lat]);
  const box = map.getCanvas().getBoundingClientRect();
  const patch = new Uint8Array(4);
  map.redraw();
  gl.readPixels(point.x * ratio, gl.drawingBufferHeight - point.y * ratio, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, patch);
  const under = map.queryRenderedFeatures(point).map((one) => one.layer.id);
  return { colour: [...patch.slice(0, 3)], under, spot: [box.left + point.x, box.top + point.y] };
}"""
"""The colour at a place, the layers there from the top down, and where it lies on the screen."""

TOKEN = """name => {
  const said = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((at) => parseInt(said.slice(at, at + 2), 16));
}"""


def settled(page):
    page.evaluate(
        """() => new Promise((done) => {
          const { map } = window.fuping_map.instances.map;
          // What it tells holds the whole map, which would be sent here for half a minute.
          map.once('idle', () => done());
          map.triggerRepaint();
        })"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_lies_beneath_the_units_and_is_not_asked(visit, scheme):
    page = visit("?lang=en&pack=cn&year=2018")
    page.emulate_media(color_scheme=scheme)
    until(page, SHOWN)
    settled(page)
    order = page.evaluate("() => window.fuping_map.instances.map.map.getStyle().layers.map((one) => one.id)")
    assert order[:3] == ["land", "land-borders", "fill"]
    outside, inside = page.evaluate(AT, MONGOLIA), page.evaluate(AT, TIBET)
    assert outside["colour"] == page.evaluate(TOKEN, "--map-beside")
    assert outside["under"] == ["land"]
    assert "fill" in inside["under"]
    assert "land" not in inside["under"]
    page.mouse.move(*inside["spot"])
    page.wait_for_selector(".fuping-map-tip strong")
    page.mouse.move(*outside["spot"])
    page.wait_for_selector(".fuping-map-tip", state="hidden")
    page.mouse.click(*outside["spot"])
    page.wait_for_timeout(200)
    assert "unit=" not in page.url


def test_the_first_picture_does_not_wait_for_it(visit):
    page = visit("?lang=en&pack=kr")
    until(page, SHOWN)
    times = page.evaluate(
        """() => {
          const land = performance.getEntriesByType('resource').find((one) => one.name.includes('/land/kr.json'));
          return [performance.getEntriesByName('fuping-map-painted')[0].startTime, land.startTime];
        }"""
    )
    assert times[0] <= times[1]


def test_a_pack_of_the_world_has_none(visit):
    page = visit("?lang=en&pack=wd")
    page.wait_for_load_state("networkidle")
    assert not page.evaluate(SHOWN)
    assert not [url for url in page.asked if "/land/" in url]


def test_small_maps_have_it_too(visit):
    page = visit("years?lang=en&pack=kr", until=".small-maps[data-ready=true]")
    wanted = page.evaluate(TOKEN, "--map-beside")
    until(
        page,
        """wanted => {
          const canvas = document.querySelector('.small-maps canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, 40);
          for (let at = 0; at < data.length; at += 4) {
            if (wanted.every((one, place) => data[at + place] === one)) return true;
          }
          return false;
        }""",
        wanted,
    )
