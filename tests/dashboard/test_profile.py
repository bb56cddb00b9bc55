"""The profile of a unit: its figures are the store's, its peers and neighbours are counted by hand."""

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
from fuping.dashboard.components.profile_parts import gap_text
from fuping.dashboard.figures.paper_trend import PaperSeries, paper_trend, ticks
from fuping.dashboard.figures.strip import strip
from fuping.dashboard.pages.profile import _content
from fuping.dashboard.queries.neighbours import neighbours_of
from fuping.dashboard.queries.parts import parts_of
from fuping.dashboard.queries.profile import profile
from fuping.dashboard.state import ViewState

UNITS = {
    "cn": ("100000", "C", "130000", "130600", "130624", "460301", "710000", "419001"),
    "kr": ("KR", "11", "11010", "39010", "37430"),
    "wd": ("001", "005", "CHN", "FJI", "RUS", "ALA", "VAT", "HMD"),
    "us": ("US", "02", "48", "48001", "02016", "72001", "15005", "51610"),
}
"""Units of every level, and those that lie on islands, across 180°, or have codes of two levels."""


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def test_figures_ranks_and_medians_are_those_of_the_store(reader):
    found = profile(reader, read(reader, "pack=kr&unit=11010&indicator=basic_living_ratio"))
    codes = np.array(reader.units("kr", "municipality")["code"])
    seoul = np.char.startswith(codes.astype(str), "11")
    assert found.n_peers == seoul.sum() - 1
    for one in found.benchmarks:
        values = reader.values("kr", one.indicator["id"], "municipality")
        row = values.value[values.years.index(one.figure.year)]
        own = row[codes == "11010"][0]
        others = row[seoul & (codes != "11010")]
        others = others[np.isfinite(others)]
        assert one.figure.value == own
        assert one.median == np.median(others)
        assert (one.rank.position, one.rank.of) == (1 + int((others > own).sum()), len(others) + 1)
        province = reader.values("kr", one.indicator["id"], "province")
        at = reader.units("kr", "province")["code"].index("11")
        there = one.figure.year in province.years  # what is read off grids stands at the finest level only
        of_province = province.value[province.years.index(one.figure.year), at] if there else np.nan
        np.testing.assert_equal(one.parent, of_province)


def test_neighbours_are_those_whose_full_boundaries_run_together(reader, store):
    # Korea's source leaves gaps between units: borders are one where they lie within 50 m, on the boundaries as built.
    codes = reader.units("kr", "municipality")["code"]
    full = gpd.read_parquet(store.folder("kr") / "boundaries-municipality.parquet").set_index("code").to_crs(5179)
    for code in codes[::12]:
        own = full.geometry[code]
        near = full[full.dwithin(own, 100) & (full.index != code)]
        together = near[near.buffer(50).intersection(own.boundary).length > 400]
        found = set(neighbours_of(reader, "kr", "municipality", code))
        assert set(together.index) <= found <= set(near.index)


def test_an_island_has_no_neighbour_and_keeps_its_profile(reader):
    # Ulleung-gun is an island in the East Sea.
    found = profile(reader, read(reader, "pack=kr&unit=37430"))
    assert [place.code for place, _ in found.neighbours.rows] == ["37430"]
    assert found.benchmarks


def test_the_status_history_is_every_year_once(reader):
    found = profile(reader, read(reader, "pack=cn&unit=130624"))
    history = next(one for one in found.statuses if one.indicator["id"] == "poverty_county_status")
    values = reader.values("cn", "poverty_county_status", "county")
    at = reader.units("cn", "county")["code"].index("130624")
    told = {year: float(run.category["code"]) for run in history.runs for year in run.years}
    assert told == dict(zip(values.years, values.value[:, at].tolist(), strict=True))


def test_an_indicator_that_the_level_has_not_is_replaced_and_told(reader):
    found = profile(reader, read(reader, "pack=cn&unit=130000&indicator=poverty_county_status"))
    assert not found.asked
    gap = next(one for one in found.gaps if one.indicator["id"] == "poverty_county_status")
    assert "counties" in gap_text(gap, "en")


def test_every_gap_has_a_reason(reader):
    for pack, codes in UNITS.items():
        for code in codes if pack in reader.packs() else ():
            for gap in profile(reader, read(reader, f"pack={pack}&unit={code}")).gaps:
                assert gap.reasons or gap.levels or gap.commands
                assert gap_text(gap, "en") != gap_text(gap, "zh")


def test_an_unknown_code_is_named(reader):
    assert "999999" in json.dumps(
        [one.to_plotly_json() for one in _content(reader, read(reader, "pack=cn&unit=999999"))], default=str
    )


def test_every_indicator_of_every_pack_gives_a_page(reader):
    for pack in reader.packs():
        shown = [one["id"] for one in reader.catalogue(pack)["indicators"] if one["shown"]]
        for place, code in enumerate(UNITS[pack]):
            language = ("en", "zh")[place % 2]
            for indicator in shown[place % 4 :: 4]:
                view = read(reader, f"pack={pack}&unit={code}&indicator={indicator}&lang={language}")
                text = json.dumps([one.to_plotly_json() for one in _content(reader, view)], default=str)
                assert "data-profile" in text
                assert "'nan'" not in text


def test_parts_are_all_units_below(reader):
    found = profile(reader, read(reader, "pack=cn&unit=130000"))
    counts = {one.level["id"]: len(one.codes) for one in parts_of(reader, "cn", found.place)}
    codes = reader.units("cn", "county")["code"]
    assert counts["county"] == sum(code.startswith("13") for code in codes)
    assert parts_of(reader, "cn", replace(found.place, level="county", code="130624")) == []


def test_a_strip_runs_from_the_lowest_figure_to_the_highest():
    drawn = strip([0.0, 10.0], 5.0, label="x")
    assert 'cx="60.0"' in drawn
    assert "M5.0 4.5v7M115.0 4.5v7" in drawn


def test_a_strip_of_equal_figures_is_drawn():
    assert 'cx="60.0"' in strip([3.0, 3.0], 3.0, label="x")


def test_ticks_reach_the_top_and_are_few():
    for top in (0.03, 0.9, 1.0, 7.0, 99.0, 101.0, 1_409_778_724.0):
        marks = ticks(top)
        assert marks[0] == 0
        assert top <= marks[-1] * (1 + 1e-9)
        assert 2 <= len(marks) <= 7


def test_no_line_on_paper_crosses_a_gap_or_a_break():
    values = np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    one = PaperSeries("x", [2010, 2011, 2012, 2013, 2014], values, "#123456")
    options = {"width": 480, "height": 190, "unit": "%", "decimals": 1, "language": "en", "label": "x"}
    whole = paper_trend([one], breaks=[], **options)
    assert whole.count('fill="none"') == 2
    assert paper_trend([one], breaks=[2014], **options).count('fill="none"') == 1
