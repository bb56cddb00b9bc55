"""Borders of the whole country are a picture of their own: like the lines it stands for, drawn once a view."""

import io

import numpy as np
import pytest
from asked_until import until
from PIL import Image

SETTLED = """async () => {{
  const {{ map }} = window.fuping_map.instances.map;
  const idle = new Promise((done) => map.once('idle', () => done(true)));
  {change};
  map.triggerRepaint();
  return idle;
}}"""

COUNT = """() => {
  const { gl } = window.fuping_map.instances.map.map.painter.context;
  const draw = gl.drawArraysInstanced.bind(gl);
  window.pieces = [];
  gl.drawArraysInstanced = (...given) => { window.pieces.push(given[3]); draw(...given); };
}"""


@pytest.fixture
def page(visit):
    return visit("?lang=en&pack=cn&indicator=illiteracy_rate&level=county&year=2010")


def settle(page, change):
    assert page.evaluate(SETTLED.format(change=change))


def picture(page):
    seen = page.locator("#map canvas").first.screenshot()
    return np.asarray(Image.open(io.BytesIO(seen)).convert("RGB"), dtype=float)


def test_they_look_like_the_layer_of_lines_that_draws_them_near_by(page):
    assert page.evaluate("() => window.fuping_map.instances.map.map.getZoom()") < 5
    drawn = picture(page)
    settle(page, "map.setLayoutProperty('far-borders', 'visibility', 'none'); map.setLayerZoomRange('borders', 0, 24)")
    lines = picture(page)
    settle(page, "map.setLayoutProperty('borders', 'visibility', 'none')")
    without = picture(page)
    seen, expected = (one - without for one in (drawn, lines))
    assert np.abs(expected).mean() > 1
    # Both leave out bends of less than half a pixel, each in its way.
    assert seen.mean() == pytest.approx(expected.mean(), rel=0.2)
    assert np.corrcoef(seen.ravel(), expected.ravel())[0, 1] > 0.75


def test_a_step_of_a_year_draws_none_of_them_and_another_view_all(page):
    page.evaluate(COUNT)
    settle(page, "window.fuping_map.navigate({ year: '2020' })")
    assert page.evaluate("window.pieces") == []
    settle(page, "map.jumpTo({ zoom: map.getZoom() + 0.5 })")
    (pieces,) = set(page.evaluate("window.pieces"))
    assert pieces > 10_000
    page.evaluate("window.pieces.length = 0")
    settle(page, "map.jumpTo({ zoom: 6 })")
    assert page.evaluate("window.pieces") == []


def test_another_theme_draws_them_in_its_colour(page):
    page.evaluate(COUNT)
    before = page.evaluate("() => window.fuping_map.instances.map.map.getLayer('far-borders').implementation.colour")
    page.locator("#theme").click()
    settle(page, "")
    after = page.evaluate("() => window.fuping_map.instances.map.map.getLayer('far-borders').implementation.colour")
    assert after != before
    assert page.evaluate("window.pieces")


LOSE = """() => {
  const { data, map } = window.fuping_map.instances.map;
  window.before = data;
  window.lost = map.painter.context.gl.getExtension('WEBGL_lose_context');
  const gone = new Promise((done) => map.once('webglcontextlost', () => done(true)));
  window.lost.loseContext();
  return gone;
}"""

CLASSES = """() => {
  const { map, data } = window.fuping_map.instances.map;
  return data.units.codes.slice(0, 400).map((_, id) => map.getFeatureState({ source: 'units', id }).cls);
}"""


def test_all_is_drawn_anew_where_the_graphics_were_lost_for_a_while(page):
    before = page.evaluate(CLASSES)
    seen = picture(page)
    assert page.evaluate(LOSE)
    page.evaluate("() => window.lost.restoreContext()")
    until(page, "() => ![null, window.before].includes(window.fuping_map.instances.map.data)")
    page.wait_for_selector("[data-ready=true]", timeout=60_000)
    settle(page, "")
    assert page.evaluate(CLASSES) == before
    assert len(set(before)) > 2
    assert np.abs(picture(page) - seen).mean() < 1
