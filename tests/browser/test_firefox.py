"""Every page in Firefox, in both languages and at both widths: no error, nothing beyond the edge, the map drawn."""

import json

import pytest
from firefox import ABSENT, Firefox
from fuping.dashboard.components.navigation import PAGES
from fuping.dashboard.i18n.messages import LANGUAGES

VIEWS = {
    "map": "?pack=kr&unit=11010",
    "compare": "compare?pack=kr&units=11010,11020",
    "profile": "profile?pack=kr&unit=11010",
}
"""What a page shows when it is gone through, where its own beginning shows too little."""

SIZES = ((1440, 900), (390, 844))

OPEN = (
    "document.querySelector('main h1, #map[data-ready=true]') && !document.querySelector('[data-dash-is-loading=true]')"
)

PAINTED = """(() => {
  const { map, data } = window.fuping_map.instances.map;
  const gl = map.getCanvas().getContext('webgl2');
  const ratio = map.getCanvas().width / map.getCanvas().clientWidth;
  const patch = new Uint8Array(4);
  map.redraw();
  const seen = { same: 0, all: 0 };
  data.boxes.forEach(([west, south, east, north], id) => {
    const point = map.project([(west + east) / 2, (south + north) / 2]);
    const under = map.queryRenderedFeatures(point, { layers: ['fill'] })[0];
    const { cls } = map.getFeatureState({ source: 'units', id });
    if (!under || under.id !== id || !(cls >= 0)) return;
    gl.readPixels(point.x * ratio, gl.drawingBufferHeight - point.y * ratio, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, patch);
    const wanted = [1, 3, 5].map((at) => parseInt(data.classes.colours[cls].slice(at, at + 2), 16));
    seen.all += 1;
    if (wanted.every((value, at) => Math.abs(value - patch[at]) <= 2)) seen.same += 1;
  });
  return JSON.stringify(seen);
})()"""
"""Of the units whose middle lies inside them, how many have the colour of their class there; a name covers some."""


@pytest.fixture(scope="module")
def firefox():
    if ABSENT:
        pytest.skip(f"not installed: {', '.join(ABSENT)} (Debian: apt-get install firefox-esr xvfb)")
    opened = Firefox()
    yield opened
    opened.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(firefox, address, name, language):
    query = VIEWS.get(name, f"{PAGES[name].path.removeprefix('/')}?pack=kr")
    firefox.resize(*SIZES[0])
    firefox.open(f"{address}{query}&lang={language}")
    firefox.until(OPEN)
    for size in SIZES:
        firefox.resize(*size)
        assert firefox.evaluate("document.documentElement.lang") == language
        assert firefox.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert firefox.evaluate("document.querySelector('#problem')?.innerText ?? ''") == ""
    assert firefox.errors == []


def test_the_map_is_drawn_in_the_colours_of_its_classes(firefox, address):
    firefox.resize(*SIZES[0])
    firefox.open(f"{address}?lang=en&pack=kr&indicator=basic_living_ratio&level=municipality&year=2015")
    firefox.until("document.querySelector('#map[data-ready=true]')")
    seen = json.loads(firefox.evaluate(PAINTED))
    assert seen["all"] > 60
    assert seen["same"] > 0.8 * seen["all"]
    assert firefox.errors == []
