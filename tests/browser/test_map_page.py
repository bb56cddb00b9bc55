"""The page as an officer uses it, in headless Chromium, on the built packs; no request leaves the machine."""

from urllib.parse import urlsplit

import numpy as np
import pytest
from asked_until import until
from fuping.spatial.cartography import bivariate, diverging, sequential

WIDE, NARROW = (1440, 900), (390, 844)
KOREA = "?lang=en&pack=kr&indicator=basic_living_ratio&level=municipality"
PARTS = ("source", "year", "licence", "status")

PIXELS = """every => {
  const { map, data } = window.fuping_map.instances.map;
  const gl = map.getCanvas().getContext('webgl2');
  const ratio = map.getCanvas().width / map.getCanvas().clientWidth;
  map.redraw();
  const found = [];
  data.boxes.forEach(([west, south, east, north], id) => {
    if (id % every || !Number.isFinite(west)) return;
    const point = map.project([(west + east) / 2, (south + north) / 2]);
    const { clientWidth, clientHeight } = map.getCanvas();
    if (point.x < 3 || point.y < 3 || point.x > clientWidth - 3 || point.y > clientHeight - 3) return;
    const under = map.queryRenderedFeatures(point, { layers: ['fill'] })[0];
    if (!under || under.id !== id) return;
    const patch = new Uint8Array(4 * 25);
    const [left, bottom] = [point.x * ratio - 2, gl.drawingBufferHeight - point.y * ratio - 2];
    gl.readPixels(left, bottom, 5, 5, gl.RGBA, gl.UNSIGNED_BYTE, patch);
    const first = [...patch.slice(0, 3)];
    const plain = patch.every((value, place) => place % 4 === 3 || value === first[place % 4]);
    const cls = map.getFeatureState({ source: 'units', id }).cls;
    if (plain || cls < 0) found.push([data.units.codes[id], cls, first]);
  });
  return found;
}"""
"""Code, class and colour of every so many units whose middle lies inside them with nothing but fill about it."""


def state(page, code):
    """Return what the map draws for one unit."""
    return page.evaluate(
        """code => {
          const { map, data } = window.fuping_map.instances.map;
          return map.getFeatureState({ source: 'units', id: data.units.codes.indexOf(code) });
        }""",
        code,
    )


def until_year(page, year):
    page.wait_for_selector(f"#map[data-year='{year}']")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_year_changes_the_map_the_legend_and_the_note(visit, size):
    page = visit("?lang=en&year=2012", size)
    assert state(page, "130624")["cls"] == 0
    assert state(page, "110101")["cls"] == 2
    page.locator("#timeline input[type=range]").fill("2019")
    until_year(page, 2019)
    assert state(page, "130624")["cls"] == 1
    assert "2019" in page.text_content(".legend-title")
    assert "year=2019" in page.url
    until(page, "document.querySelector('#note [data-note=year]')?.textContent.includes('2019')")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_timeline_steps_over_years_that_are_not_there_and_does_not_move_by_itself(visit):
    page = visit(f"{KOREA}&year=2010")
    page.keyboard.press("ArrowRight")
    until_year(page, 2015)
    page.click(".timeline-next")
    until_year(page, 2020)
    assert page.locator(".timeline-next").is_disabled()
    page.keyboard.press("ArrowLeft")
    until_year(page, 2015)
    assert page.locator(".timeline-play").get_attribute("aria-label") == "Play"


def test_playing_stops_at_the_last_year(visit):
    page = visit(f"{KOREA}&year=2015")
    page.select_option(".timeline-speed select", "2")
    page.click(".timeline-play")
    until_year(page, 2020)
    page.wait_for_selector(".timeline-play[aria-label=Play]")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_click_selects_a_county_and_escape_lets_go(visit, size):
    page = visit("?lang=en&year=2019", size)
    spot = page.evaluate(
        """() => {
          const { map } = window.fuping_map.instances.map;
          const point = map.project([88.0, 31.5]);
          const box = map.getCanvas().getBoundingClientRect();
          return [box.left + point.x, box.top + point.y];
        }"""
    )
    page.mouse.click(*spot)
    page.wait_for_selector("#unit-body .history", state="attached")
    code = urlsplit(page.url).query.split("unit=")[1].split("&")[0]
    assert code.startswith("54")
    assert state(page, code)["selected"]
    assert page.locator("#unit-body .history li").count() == 9
    page.keyboard.press("Escape")
    until(page, "!location.search.includes('unit=')")
    until(
        page,
        """code => {
          const { map, data } = window.fuping_map.instances.map;
          return !map.getFeatureState({ source: 'units', id: data.units.codes.indexOf(code) }).selected;
        }""",
        code,
    )


def test_colours_on_the_map_are_those_of_the_classifier(visit, store):
    page = visit(f"{KOREA}&year=2015&scheme=quantiles&k=5")
    values = store.values("kr", "basic_living_ratio", "municipality")
    codes = store.units("kr", "municipality")["code"]
    pooled = values.value[~np.isnan(values.value)]
    # The rule, worked out without the classifier: quintiles of all years, rounded to the indicator's decimal.
    breaks = np.unique(np.round(np.percentile(pooled, [20, 40, 60, 80]), 1))
    row = values.value[values.years.index(2015)]
    colours = sequential(5, ramp="neutral")
    drawn = page.evaluate(PIXELS, 1)
    assert len(drawn) > 60
    seen = set()
    for code, cls, pixel in drawn:
        value = row[codes.index(code)]
        if np.isnan(value):
            assert cls == -1, code
            continue
        expected = int((breaks < value).sum())
        assert cls == expected, code
        wanted = [int(colours[expected][place : place + 2], 16) for place in (1, 3, 5)]
        assert np.abs(np.subtract(pixel, wanted)).max() <= 2, (code, pixel, wanted)
        seen.add(expected)
    assert seen == {0, 1, 2, 3, 4}


def painted_as(drawn, codes, expected, colours):
    """Check class and pixel of each unit drawn against the class expected; return the classes seen."""
    seen = set()
    for code, cls, pixel in drawn:
        wanted = int(expected[codes.index(code)])
        assert cls == wanted, code
        if wanted >= 0:
            colour = [int(colours[wanted][place : place + 2], 16) for place in (1, 3, 5)]
            assert np.abs(np.subtract(pixel, colour)).max() <= 2, (code, pixel, colour)
            seen.add(wanted)
    return seen


CHANGES = [
    ("cn", "illiteracy_rate", "county", 2010, 2020, 3),
    ("kr", "basic_living_ratio", "municipality", 2010, 2020, 1),
]
CHANGES += [("us", "poverty_rate", "county", 2000, 2010, 3)]


@pytest.mark.parametrize(("pack", "indicator", "level", "base", "year", "every"), CHANGES, ids=["cn", "kr", "us"])
def test_colours_of_a_change_map_are_those_of_the_differences(visit, store, pack, indicator, level, base, year, every):
    if pack not in store.packs():
        pytest.skip("the pack needs files that are not here")
    page = visit(f"?lang=en&pack={pack}&indicator={indicator}&level={level}&kind=change&base={base}&year={year}")
    assert f"{base} → {year}" in page.inner_text(".legend-title")
    values = store.values(pack, indicator, level)
    changes = values.value[values.at(base) + 1 :] - values.value[values.at(base)]
    # The rule, worked out without the classifier: quartiles of the sizes of all changes since the base, both ways.
    steps = np.round(np.nanquantile(np.abs(changes), [0.25, 0.5, 0.75]), 1)
    breaks = np.array([one for one in [*-steps[::-1], *steps] if np.nanmin(changes) <= one < np.nanmax(changes)])
    change = values.value[values.at(year)] - values.value[values.at(base)]
    expected = np.where(np.isnan(change), -1, np.searchsorted(breaks, change))
    worse = indicator != "basic_living_ratio" or None
    colours = diverging(3, 3, zero_class=True, higher_is_worse=worse)[3 - (breaks < 0).sum() :]
    drawn = page.evaluate(PIXELS, every)
    assert len(drawn) > 50
    assert len(painted_as(drawn, store.units(pack, level)["code"], expected, colours)) > 3
    notes = page.locator(".legend-note").all_inner_texts()
    assert any("breaks in" in one for one in notes) == (pack != "cn")


PAIRS = [("cn", "illiteracy_rate", "without_piped_water", "county", 2020, 3)]
PAIRS += [("kr", "basic_living_ratio", "grdp_per_head", "municipality", 2015, 1)]
PAIRS += [("us", "poverty_rate", "snap_ratio", "county", 2019, 3)]


@pytest.mark.parametrize(("pack", "first", "second", "level", "year", "every"), PAIRS, ids=["cn", "kr", "us"])
def test_colours_of_a_map_of_two_indicators_are_those_of_their_thirds(
    visit, store, pack, first, second, level, year, every
):
    if pack not in store.packs():
        pytest.skip("the pack needs files that are not here")
    query = f"pack={pack}&indicator={first}&second={second}&level={level}&kind=bivariate&year={year}"
    page = visit(f"?lang=en&{query}")
    thirds = []
    for indicator in (first, second):
        values = store.values(pack, indicator, level)
        pooled = values.value[~np.isnan(values.value)]
        low, high = np.percentile(pooled, [100 / 3, 200 / 3])
        spread = np.subtract(*np.percentile(pooled, [75, 25]))
        decimals = min(1, 1 - int(np.floor(np.log10(spread))))  # two digits of the middle half's spread
        row = values.value[values.at(year)]
        place = (row > np.round(low, decimals)).astype(int) + (row > np.round(high, decimals))
        thirds.append(np.where(np.isnan(row), -9, place))
    expected = np.where((thirds[0] < 0) | (thirds[1] < 0), -1, 3 * thirds[1] + thirds[0])
    drawn = page.evaluate(PIXELS, every)
    assert len(drawn) > 50
    colours = [cell for line in bivariate() for cell in line]
    assert len(painted_as(drawn, store.units(pack, level)["code"], expected, colours)) > 6
    cell = page.locator(".matrix-cell").nth(2)  # the top right one: high in both, the last class
    count = int(cell.get_attribute("aria-label").rsplit(" ", 1)[1].replace(",", ""))
    assert count == int((expected == 8).sum())
    cell.click()
    until(page, "location.search.includes('only=8')")
    until(page, f"document.querySelector('#table .hint')?.textContent.includes('{count:,} of ')")


def test_circles_have_areas_as_their_figures_and_change_without_fetching(visit, store):
    page = visit("?lang=en&pack=kr&indicator=population&level=municipality&kind=symbols&year=2010")
    values = store.values("kr", "population", "municipality")
    codes = store.units("kr", "municipality")["code"]
    shares = """() => {
      const { map, data } = window.fuping_map.instances.map;
      return data.units.codes.map((code, id) => map.getFeatureState({ source: 'points', id }).share);
    }"""
    asked = len(page.asked)
    for year in (2010, 2020):
        page.locator("#timeline input[type=range]").fill(str(year))
        until_year(page, year)
        drawn = dict(zip(codes, page.evaluate(shares), strict=True))
        wanted = np.nan_to_num(values.value[values.at(year)]) / np.nanmax(values.value)
        assert np.allclose([drawn[code] ** 2 for code in codes], wanted, atol=1e-4)
    assert not [url for url in page.asked[asked:] if "/geometry/" in url or "/values/" in url]
    page.wait_for_selector(".legend-circles circle")
    assert page.locator(".legend-circles circle").count() == 3


def test_what_an_interval_leaves_open_is_marked_when_asked_for(visit, store):
    if "us" not in store.packs():
        pytest.skip("the pack needs files that are not here")
    page = visit("?lang=en&pack=us&indicator=poverty_rate&level=county&year=2019")
    marked = """() => {
      const { map, data } = window.fuping_map.instances.map;
      return data.units.codes.filter((code, id) => map.getFeatureState({ source: 'units', id }).unsure).length;
    }"""
    assert page.evaluate(marked) == 0
    page.check(".legend-unsure input")
    until(page, "location.search.includes('uncertain=1')")
    count = page.inner_text(".legend-unsure .legend-count").replace(",", "")
    assert page.evaluate(marked) == int(count) > 1000


def test_what_lies_oceans_away_is_one_click_away(visit, store):
    if "us" not in store.packs():
        pytest.skip("the pack needs files that are not here")
    page = visit("?lang=en&pack=us&indicator=poverty_rate&level=state&year=2019")
    page.get_by_role("button", name="Hawaii").click()
    west, east = (
        page.evaluate(f"window.fuping_map.instances.map.map.getBounds().get{side}()") for side in ("West", "East")
    )
    assert -180 < west < -160 < -155 < east < -140


def test_finer_borders_come_from_nearby_and_what_is_painted_stays(visit):
    page = visit(f"{KOREA}&year=2015&unit=21030")
    until(page, "() => window.fuping_map.instances.map.map.getZoom() > 5")
    page.evaluate("() => { window.fuping_map.instances.map.map.jumpTo({ center: [129.05, 35.17], zoom: 9 }) }")
    before = state(page, "21030")
    page.wait_for_selector("#map[data-detail=fine]")
    assert any("detail=1" in url for url in page.asked)
    assert state(page, "21030") == before
    assert before["selected"]


def test_the_map_is_saved_as_a_picture_the_size_of_a_page(visit, tmp_path):
    page = visit("?lang=zh&pack=kr&indicator=population&level=province&kind=symbols", NARROW)
    with page.expect_download() as saved:
        page.click(".fuping-map-save")
    saved.value.save_as(tmp_path / "map.png")
    header = (tmp_path / "map.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(header[at : at + 4], "big") for at in (16, 20)] == [3507, 2480]  # A4 at 300 dots an inch
    assert page.locator(".paper").count() == 0


def test_a_class_stands_alone_and_the_table_follows(visit):
    page = visit(f"{KOREA}&year=2020")
    page.wait_for_selector("#table tbody tr")
    page.click(".legend-row >> nth=0")
    page.wait_for_selector(".legend-foot button")
    count = page.inner_text(".legend-row >> nth=0").split()[-1]
    assert page.inner_text(".legend-foot button").startswith(f"{count} of 229 shown")
    until(page, f"document.querySelector('#table .hint').textContent.includes('{count} of 229')")
    assert page.locator("#table tbody tr").count() == min(int(count), 50)
    page.click(".legend-foot button")
    until(page, "!location.search.includes('only=')")


def test_the_table_sorts_turns_pages_and_selects(visit):
    page = visit(f"{KOREA}&year=2020&side=table")
    page.wait_for_selector("#table tbody tr")
    first = page.inner_text("#table tbody tr >> nth=0 >> td >> nth=2")
    page.click("#table thead a >> nth=1")
    until(page, "location.search.includes('sort=low')")
    until(page, "first => document.querySelector('#table tbody td:nth-child(3)').innerText !== first", first)
    page.click("#table .pager a")
    until(page, "document.querySelector('#table .pager').textContent.includes('51–100 of 229')")
    page.click("#table tbody a >> nth=0")
    page.wait_for_selector("#table tr[aria-current=true]")
    assert state(page, urlsplit(page.url).query.split("unit=")[1].split("&")[0])["selected"]


def test_search_finds_a_county_by_name_and_sound_and_brings_it_into_sight(visit):
    page = visit("?lang=zh&year=2019")
    for text in ("Fuping County", "阜平", "fpx"):
        page.fill("#search", "")
        page.locator("#search-hits").wait_for(state="detached")
        page.fill("#search", text)
        page.wait_for_selector("#search-hits [role=option]:has-text('阜平县')")
    page.click("#search-hits [role=option]:has-text('阜平县')")
    until(page, "document.querySelector('#unit-head h2')?.textContent === '阜平县'")
    until(page, "window.fuping_map.instances.map.map.getZoom() > 4.5")
    assert state(page, "130624")["selected"]


def test_an_area_is_entered_from_a_unit_and_left_by_the_trail(visit):
    page = visit("?lang=en&pack=kr&indicator=basic_living_ratio&level=province&unit=21&year=2020")
    page.click("#unit-head a.more")
    until(page, "window.fuping_map.instances.map.data.units.codes.length === 229")
    until(page, "window.fuping_map.instances.map.map.getZoom() > 8")
    assert state(page, "21030")["out"] is False
    assert state(page, "11010")["out"] is True
    assert page.inner_text("#area strong") == "Busan"
    page.click("#area .close")
    until(page, "document.querySelector('#area').textContent === ''")
    until(page, "window.fuping_map.instances.map.map.getZoom() < 8")


def test_the_language_switches_in_place(visit):
    page = visit("?lang=en&pack=kr&indicator=grdp&level=province&unit=21&year=2015")
    until(page, "document.querySelector('#unit-head h2')?.textContent === 'Busan'")
    page.click(".maplibregl-ctrl-zoom-in")
    until(page, "!window.fuping_map.instances.map.map.isMoving()")
    zoom = page.evaluate("window.fuping_map.instances.map.map.getZoom()")
    page.click("#language")
    until(page, "document.querySelector('#unit-head h2')?.textContent === '釜山广域市'")
    until(page, "document.querySelector('.legend-title strong').textContent === '地区生产总值'")
    assert page.evaluate("window.fuping_map.instances.map.map.getZoom()") == zoom
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert {"unit=21", "year=2015", "lang=zh"} <= set(urlsplit(page.url).query.split("&"))
    page.go_back()
    until(page, "document.querySelector('#unit-head h2')?.textContent === 'Busan'")


@pytest.mark.parametrize(
    ("query", "figures"),
    [
        ("?lang=en&unit=130624", {"map", "history", "others"}),
        (f"{KOREA}&unit=21030&year=2015", {"map", "trend", "others"}),
        (f"{KOREA}&side=table", {"map", "table"}),
    ],
)
def test_every_figure_that_is_seen_has_its_source(visit, query, figures):
    page = visit(query)
    for name in figures:
        figure = page.locator(f"[data-figure={name}]")
        figure.wait_for()
        for part in PARTS:
            assert len(figure.locator(f"[data-note={part}]").first.text_content()) > 4, (name, part)
    # A figure within another (statistics and parts beside the table) stands over that one's note.
    outermost = "all => all.filter(one => !one.parentElement.closest('[data-figure]')).map(one => one.dataset.figure)"
    assert set(page.locator("[data-figure]:visible").evaluate_all(outermost)) == figures


def test_plotly_is_fetched_only_for_a_chart_and_after_the_map(visit):
    page = visit(KOREA)
    page.wait_for_selector("#table tbody tr")
    assert [url for url in page.asked if "plotly" in url] == []
    with_chart = visit(f"{KOREA}&unit=21030")
    with_chart.wait_for_selector("#trend .main-svg")
    painted, fetched = with_chart.evaluate(
        """() => [performance.getEntriesByName('fuping-map-painted')[0].startTime,
          performance.getEntriesByType('resource').find(one => one.name.includes('plotly')).startTime]"""
    )
    assert fetched > painted


def test_a_national_series_is_a_chart_with_its_gaps_and_a_table(visit):
    page = visit("?lang=en&indicator=rural_headcount_ratio&level=nation", until="#national .main-svg")
    gap = page.locator("#national tbody tr", has_text="2013").inner_text().split("\t")
    assert gap[1] == "n/a (not published)"
    for part in (*PARTS, "unit"):
        assert page.locator(f"#national [data-note={part}]").count() == 1
    assert not page.locator("#map").is_visible()


def test_what_misses_says_why(visit, store):
    values = store.values("kr", "grdp", "municipality")
    row, at = (int(one[0]) for one in np.nonzero(np.isnan(values.value)))
    code, year = store.units("kr", "municipality")["code"][at], values.years[row]
    page = visit(f"?lang=en&pack=kr&indicator=grdp&level=municipality&year={year}&unit={code}")
    page.wait_for_selector("#unit-head .value.none")
    assert page.inner_text("#unit-head .facts li").startswith(f"{year} · ")
    assert state(page, code)["cls"] == -1
    assert page.locator(".legend-reasons li").count() >= 1
    total = page.locator(".legend-reasons li span:last-child").evaluate_all(
        "all => all.reduce((sum, one) => sum + Number(one.textContent), 0)"
    )
    assert int(page.inner_text(".legend-row:last-child .legend-count")) == total


def test_projects_lie_over_the_map_as_a_pattern(visit):
    page = visit("?lang=en&overlay=P133326&year=2016")
    assert page.inner_text(".legend-overlay .legend-count") == "6"
    assert "6 of 27" in page.inner_text(".legend-overlay")
    covered = page.evaluate(
        """() => {
          const { map, data } = window.fuping_map.instances.map;
          return data.units.codes.filter((code, id) => map.getFeatureState({ source: 'units', id }).covered);
        }"""
    )
    assert len(covered) == 6
    assert all(code.startswith("51") for code in covered)


def test_the_whole_of_the_country_is_in_sight(visit):
    page = visit("?lang=en")
    outside = page.evaluate(
        """() => {
          const { map, data } = window.fuping_map.instances.map;
          const box = map.getContainer();
          return data.boxes.filter(([west, south, east, north]) => {
            const [low, high] = [map.project([west, south]), map.project([east, north])];
            return low.x < 0 || high.y < 0 || high.x > box.clientWidth || low.y > box.clientHeight;
          }).length;
        }"""
    )
    assert outside == 0


def test_the_map_has_names_a_dark_theme_and_a_picture_for_the_printer(visit):
    page = visit(f"{KOREA}&within=21")
    until(
        page, "() => window.fuping_map.instances.map.map.queryRenderedFeatures({layers: ['labels-above']}).length > 0"
    )
    ground = "() => window.fuping_map.instances.map.map.getPaintProperty('borders', 'line-color')"
    light = page.evaluate(ground)
    page.click("#theme")
    until(
        page, "light => window.fuping_map.instances.map.map.getPaintProperty('borders', 'line-color') !== light", light
    )
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.get_attribute("#map-print", "src").startswith("data:image/png;base64,")
    assert KOREA in page.get_attribute(".app", "data-printed")


def test_the_legend_counts_the_area_that_is_looked_at(visit, store):
    page = visit(f"{KOREA}&within=21&year=2020")
    counts = page.locator(".legend-count").all_inner_texts()
    inside = [code for code in store.units("kr", "municipality")["code"] if code.startswith("21")]
    assert sum(map(int, counts)) == len(inside)


def test_a_sheet_pulls_up_on_a_narrow_screen(visit):
    page = visit("?lang=en", NARROW)
    assert not page.locator("#pickers").is_visible()
    page.click("#sheet-tabs [data-tab=themes]")
    page.wait_for_selector("#pickers .choice")
    page.click("#sheet-tabs [data-tab=legend]")
    assert page.locator(".legend-row").first.is_visible()
    assert page.locator("#timeline").is_visible()
    page.click("#sheet-tabs [data-tab=legend]")
    until(page, "document.documentElement.dataset.sheet === 'closed'")


def test_the_search_takes_the_whole_header_of_a_narrow_screen_while_one_types(visit):
    page = visit("?lang=en", NARROW)
    field = page.locator("header .search")
    at_rest = field.bounding_box()["width"]
    assert at_rest < NARROW[0] / 2
    page.click("header .search input")
    assert field.bounding_box()["width"] > NARROW[0] - 20
    page.keyboard.type("fuping")
    page.locator("header .search li", has_text="Baoding").first.click()
    page.wait_for_url("**unit=130624**")
    assert field.bounding_box()["width"] == at_rest


def test_data_that_cannot_be_fetched_is_said_and_tried_again(browser, address):
    page = browser.new_page()
    page.route("**/units/kr/*.json*", lambda route: route.abort())
    page.goto(address + KOREA)
    page.wait_for_selector(".fuping-map-error")
    page.unroute("**/units/kr/*.json*")
    page.click(".fuping-map-error button")
    page.wait_for_selector("#map[data-ready=true]")
    assert page.locator(".fuping-map-error").count() == 0
    page.close()


def test_an_area_drawn_by_hand_is_what_is_looked_at(visit):
    page = visit(KOREA)
    before = page.inner_text("#table .hint")
    page.click(".fuping-map-lasso")
    page.wait_for_selector(".fuping-map-told")
    box = page.locator("#map").bounding_box()
    corners = [(0.45, 0.2), (0.7, 0.2), (0.7, 0.55), (0.45, 0.55)]
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()
    page.wait_for_selector("#area .drawn")
    n = int(page.inner_text("#area .drawn").split(": ")[1].split()[0])
    assert 20 < n < 229
    assert page.inner_text("[data-figure=area] dd >> nth=0") == str(n)
    assert page.inner_text("#table .hint") != before
    until(page, "n => window.fuping_map.instances.map.data.drawn?.units.length === n", n)
    until(
        page,
        """n => {
          const { map, data } = window.fuping_map.instances.map;
          return data.units.codes.filter((code, id) => !map.getFeatureState({ source: 'units', id }).out).length === n;
        }""",
        n,
    )
    page.click("#area .close")
    page.wait_for_selector("#area .drawn", state="detached")


def test_what_is_in_view_is_boxed_by_keyboard_and_escape_draws_nothing(visit):
    page = visit(KOREA)
    page.focus(".fuping-map-box")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_selector(".fuping-map-told", state="detached")
    assert "drawn=" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_selector(".fuping-map-told")
    page.keyboard.press("Enter")
    page.wait_for_selector("#area .drawn")
    assert page.inner_text("#area .drawn").startswith("Drawn area: 229 ")
