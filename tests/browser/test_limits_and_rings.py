"""Limits typed on the map, what is outside of them, and rings by part of the country, in a browser."""

import numpy as np
from asked_until import until
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.kinds import map_layer
from fuping.dashboard.state import ViewState

RATIO = "?pack=kr&indicator=basic_living_ratio&level=municipality&year=2020"

OUTSIDE = """() => {
  const { map, data } = window.fuping_map.instances.map;
  const outside = data.units.codes.filter((code, id) => map.getFeatureState({ source: 'units', id }).outside);
  return JSON.stringify([map.getPaintProperty('outside', 'fill-opacity') !== 0, outside]);
}"""

RING = """code => {
  const { map, data } = window.fuping_map.instances.map;
  const parts = data.units.above.find((one) => one.level === data.classes.rings.level);
  const found = map.queryRenderedFeatures({ layers: ['rings'] }).find((one) => one.id === parts.codes.indexOf(code));
  const point = map.project(found.geometry.coordinates);
  const box = map.getCanvas().getBoundingClientRect();
  return [box.left + point.x, box.top + point.y];
}"""


def type_limits(page, text):
    page.fill("#field-limits", text)
    page.press("#field-limits", "Enter")


def test_limits_are_typed_refused_put_right_and_closed(visit, store):
    page = visit(f"{RATIO}&scheme=quantiles")
    page.click("[data-menu=scheme] summary")
    page.click("[data-menu=scheme] .menu a:last-child")
    page.wait_for_selector("#field-limits")
    type_limits(page, "4.5; 2")
    page.wait_for_selector(".field-problem")
    assert "2 comes after 4.5" in page.inner_text(".field-problem")
    type_limits(page, "2; 3; 4.5")
    page.wait_for_selector(".field-problem", state="detached")
    page.select_option("#field-ends", "closed")
    page.wait_for_selector(".legend-row .swatch.outside")
    values = store.values("kr", "basic_living_ratio", "municipality")
    figures = values.value[values.at(2020)]
    wanted = [
        code
        for code, one in zip(store.units("kr", "municipality")["code"], figures, strict=True)
        if one < 2 or one > 4.5
    ]
    until(page, f"() => ({OUTSIDE})().startsWith('[true,[\"')")
    shown = page.evaluate(OUTSIDE)
    assert all(code in shown for code in wanted)
    assert shown.count('"') == 2 * len(wanted)
    row = page.locator(".legend-row", has=page.locator(".swatch.outside"))
    assert row.inner_text().split() == ["Outside", "every", "class", str(len(wanted))]
    row.click()
    page.wait_for_selector("#table .swatch.outside")


def test_a_ring_tells_what_its_part_is_made_up_of_and_leads_into_it(visit, store):
    query = "?pack=kr&indicator=climate_zone&level=municipality&kind=rings&lang=zh"
    page = visit(query, size=(1440, 900))
    reader = Reader(store)
    rings = map_layer(reader, ViewState.read(query, reader.packs(), reader.catalogue)).rings
    busan = reader.units("kr", "province")["name_en"].index("Busan")
    code = reader.units("kr", "province")["code"][busan]
    until(page, "() => window.fuping_map.instances.map.map.queryRenderedFeatures({ layers: ['rings'] }).length > 10")
    spot = page.evaluate(RING, code)
    page.mouse.move(*spot)
    page.wait_for_selector(".fuping-map-tip b")
    told = page.locator(".fuping-map-tip b").all_inner_texts()
    counts = rings.counts[0, busan]
    assert [int(line.split("：")[1].split("个")[0]) for line in told] == counts[np.flatnonzero(counts)].tolist()
    page.wait_for_selector("[data-figure=rings] tbody tr")
    assert page.locator("[data-figure=rings] tbody tr").count() == int((rings.counts[0].sum(axis=1) > 0).sum())
    page.mouse.click(*spot)
    page.wait_for_selector("#area a")
    assert f"within={code}" in page.url
