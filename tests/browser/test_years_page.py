"""The years page in headless Chromium: each map is coloured as the classifier says, in both languages and widths."""

import pytest
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.state import ViewState

INTERIORS = """(one, colours) => {
  const found = [];
  const pen = one.getContext("2d");
  const hex = (data, at) => "#" + [0, 1, 2].map((k) => data[at + k].toString(16).padStart(2, "0")).join("");
  for (let y = 10; y < one.clientHeight - 10 && found.length < 12; y += 7) {
    for (let x = 10; x < one.clientWidth - 10; x += 11) {
      const data = pen.getImageData(x - 2, y - 2, 5, 5).data;
      const all = [...Array(25).keys()].map((at) => hex(data, 4 * at));
      if (colours.includes(all[0]) && all.every((colour) => colour === all[0])) found.push([x, y, all[0]]);
    }
  }
  return found.slice(0, 12);
}"""
"""Points of a canvas around which all is of one class, so that no border blends the colour."""

READY = ".small-maps[data-ready=true]"


@pytest.mark.parametrize(("language", "size"), [("en", (1440, 900)), ("zh", (390, 844))], ids=["wide", "narrow"])
def test_every_year_has_its_map(visit, language, size):
    page = visit(f"years?pack=cn&lang={language}", size, until=READY)
    years = page.locator(".small-maps figcaption").all_inner_texts()
    assert years == [str(year) for year in range(2012, 2021)]
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_unit_has_the_colour_of_its_class_in_each_year(visit, store):
    reader = Reader(store)
    query = "pack=kr&lang=en&indicator=basic_living_ratio&level=municipality"
    layer = shown_layer(reader, ViewState.read(query, reader.packs(), reader.catalogue))
    names = store.units("kr", "municipality")["name_en"]
    page = visit(f"years?{query}", until=READY)
    page.wait_for_selector("canvas")
    for place in range(3):
        canvas = page.locator("canvas").nth(place)
        points = canvas.evaluate(INTERIORS, [entry.colour for entry in layer.entries])
        assert len(points) >= 5
        for x, y, colour in points:
            canvas.hover(position={"x": x, "y": y})
            unit = names.index(page.inner_text(".fuping-map-tip strong"))
            assert layer.entries[layer.classes[place, unit]].colour == colour, (place, names[unit])


def test_two_years_are_parted_by_a_line_that_moves(visit):
    page = visit("years?pack=kr&lang=en&mode=swipe&left=2010&right=2015", until=READY)
    assert page.locator(".small-maps-swipe > b").all_inner_texts() == ["2010", "2015"]
    line = page.get_by_label("Place of the line")
    line.fill("20")
    assert page.locator(".small-maps-swipe canvas").nth(1).evaluate("one => one.style.clipPath").endswith("20%)")
    page.select_option("#years-right", "2020")
    page.wait_for_selector(".small-maps-swipe > .right:text('2020')")
