"""The overview's facts, each counted again by hand from the store's figures."""

from collections import Counter

import numpy as np
import pytest
from fuping.dashboard.components.key_band import key_band
from fuping.dashboard.pages import overview
from fuping.dashboard.queries.alerts import Lines, alert_list
from fuping.dashboard.queries.freshness import freshness
from fuping.dashboard.queries.headlines import BAND, headlines
from fuping.dashboard.queries.outlook import outlook
from fuping.dashboard.queries.scope import scope, wholes
from fuping.dashboard.queries.since_last_year import since_last_year
from fuping.dashboard.state import ViewState
from shared_data import needs_shared


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def _needs(reader, pack):
    if pack not in reader.packs():
        pytest.skip(f"the pack {pack} needs files that are not here")


def test_the_country_s_key_figure_of_a_status_counts_its_first_category(reader):
    found = headlines(reader, read(reader, "pack=cn"))
    first = found.band[0]
    values = reader.values("cn", "poverty_county_status", "county")
    assert first.measure == "count"
    assert first.year == values.years[-1]
    assert first.value == (values.value[-1] == 1).sum()
    assert first.difference == (values.value[-1] == 1).sum() - (values.value[-2] == 1).sum()
    assert len(found.band) <= BAND


def test_every_indicator_is_shown_once_or_named_as_absent(reader):
    for query in ("pack=cn", "pack=cn&within=130000", "pack=kr&within=11"):
        found = headlines(reader, read(reader, query))
        shown = [one.indicator["id"] for one in (*found.band, *found.others)]
        absent = [one["id"] for one in found.absent]
        offered = [one["id"] for one in reader.catalogue(query[5:7])["indicators"] if one["shown"]]
        assert sorted(shown + absent) == sorted(offered)


def test_a_break_in_the_series_is_not_counted_as_a_change(reader):
    one = next(
        each for each in headlines(reader, read(reader, "pack=kr")).band if each.indicator["id"] == "basic_living_ratio"
    )
    # The country has no ratio of 2015, so 2020 follows 2010, and the series breaks in 2015.
    assert (one.years[one.before], one.year, one.crossed) == (2010, 2020, (2015,))
    assert np.isnan(one.difference)


def test_rises_and_falls_are_those_of_the_figures(reader):
    view = read(reader, "pack=kr&indicator=grdp_per_head&year=2020")
    found = since_last_year(reader, view)
    values = reader.values("kr", "grdp_per_head", "municipality")
    rose = fell = same = unknown = 0
    differences = {}
    for at, code in enumerate(reader.units("kr", "municipality")["code"]):
        after, before = values.value[values.at(2020), at], values.value[values.at(2015), at]
        if np.isnan(after) or np.isnan(before):
            unknown += 1
            continue
        differences[code] = after - before
        printed = round(abs(after - before), 6) < 0.5 * 10.0 ** -reader.indicator("kr", "grdp_per_head")["decimals"]
        rose, fell, same = (
            (rose, fell, same + 1) if printed else (rose + 1, fell, same) if after > before else (rose, fell + 1, same)
        )
    assert (found.rose, found.fell, found.unchanged, found.unknown) == (rose, fell, same, unknown)
    assert found.risers[0].unit.code == max(differences, key=differences.get)
    assert found.fallers[0].unit.code == min(differences, key=differences.get)
    # Korea's source gives no intervals.
    assert found.clear_rises is None
    assert found.risers[0].clear is None


def test_nothing_is_compared_over_a_break(reader):
    found = since_last_year(reader, read(reader, "pack=kr&indicator=basic_living_ratio&year=2015"))
    assert found.crossed == (2015,)
    assert found.compared == 0
    assert found.risers == ()


def test_the_first_year_has_nothing_before_it(reader):
    assert since_last_year(reader, read(reader, "pack=kr&indicator=grdp_per_head&year=2010")).base is None


def test_counties_that_left_the_list_are_listed_by_flow(reader):
    view = read(reader, "pack=cn&indicator=poverty_county_status&year=2019")
    found = since_last_year(reader, view)
    values = reader.values("cn", "poverty_county_status", "county").value
    pairs = Counter(zip(values[6].tolist(), values[7].tolist(), strict=True))
    assert {(one.before, one.after): one.n for one in found.flows} == {
        pair: n for pair, n in pairs.items() if pair[0] != pair[1]
    }
    assert found.compared == values.shape[1]


def test_within_a_province_only_its_parts_are_counted(reader):
    view = read(reader, "pack=cn&indicator=poverty_county_status&within=130000&year=2018")
    inside = scope(reader, view, "county").inside
    codes = np.array(reader.units("cn", "county")["code"])
    assert {code[:2] for code in codes[inside]} == {"13"}
    assert since_last_year(reader, view).n_now == inside.sum()


def test_a_level_above_the_place_is_shown_whole_and_says_so(reader):
    view = read(reader, "pack=cn&indicator=rural_poor_population&level=nation&within=130000")
    assert scope(reader, view, "nation").state == "above"
    assert scope(reader, view, "province").inside.sum() == 1
    assert scope(reader, read(reader, "pack=cn&within=999999"), "county").state == "unknown"


def test_the_places_to_choose_part_the_country(reader):
    view = read(reader, "pack=kr")
    assert [one.code for one in wholes(reader, view)] == reader.units("kr", "province")["code"]


@needs_shared
def test_lines_that_the_pack_declares_go_before_its_class_breaks(reader):
    found = alert_list(reader, read(reader, "pack=us&indicator=poverty_rate&level=county&year=2019"))
    assert (found.lines.warning, found.lines.guarantee, found.lines.source) == (20, 40, "reference")
    values = reader.values("us", "poverty_rate", "county")
    row = values.at(2019)
    # Red: the whole interval is beyond the guarantee line, or the figure where it has none.
    low = np.where(np.isnan(values.lower[row]), values.value[row], values.lower[row])
    assert found.counts["red"] == (low > 40).sum()
    mine = alert_list(reader, read(reader, "pack=us&indicator=poverty_rate&level=county&year=2019&line=25"))
    assert mine.lines.source == "given"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("pack=cn&indicator=poverty_county_status", "status"),
        ("pack=kr&indicator=basic_living_ratio", "neutral"),
        ("pack=kr&indicator=grdp", "size"),
        ("pack=kr&indicator=grdp_per_head&year=2010", "no_line"),
        ("pack=kr&indicator=grdp_per_head&line=30&grave=40", "order"),
    ],
)
def test_alerts_are_refused_with_the_reason(reader, query, why):
    assert alert_list(reader, read(reader, query)) == why


def test_suggested_lines_are_what_the_worst_had_reached_the_year_before(reader):
    found = alert_list(reader, read(reader, "pack=kr&indicator=grdp_per_head&year=2020"))
    values = reader.values("kr", "grdp_per_head", "municipality")
    before = np.sort(values.value[values.at(2015)])
    before = before[np.isfinite(before)]
    # The poorest fifth and twentieth, by linear interpolation between order statistics.
    expected = [np.interp(share * (len(before) - 1), np.arange(len(before)), before) for share in (0.2, 0.05)]
    decimals = reader.indicator("kr", "grdp_per_head")["decimals"]
    assert found.lines == Lines(*np.round(expected, decimals).tolist(), "below", "previous", 2015)
    assert not found.has_interval
    assert found.counts["yellow"] == 0
    now = values.value[values.at(2020)]
    assert found.counts["red"] == (now <= found.lines.guarantee).sum()


def test_intervals_decide_between_the_colours(reader):
    _needs(reader, "us")
    found = alert_list(reader, read(reader, "pack=us&indicator=poverty_rate&year=2019&line=20&grave=30"))
    values = reader.values("us", "poverty_rate", "county")
    row = values.at(2019)
    value, low = values.value[row], values.lower[row]
    red = low >= 30
    orange = ~red & ((value >= 30) | (low >= 20))
    yellow = ~red & ~orange & (value >= 20)
    assert [found.counts[word] for word in ("red", "orange", "yellow")] == [red.sum(), orange.sum(), yellow.sum()]
    assert found.now["interval reaches"] == ((value < 20) & (values.upper[row] >= 20)).sum()
    before = values.value[row - 1]
    assert found.new == ((value >= 20) & (before < 20)).sum()
    first = found.listed[0]
    series = values.value[:, reader.units("us", "county")["code"].index(first.unit.code)]
    since = row
    while values.years[since] > 2005 and series[since - 1] >= 20:
        since -= 1
    assert first.since == values.years[since]


def test_a_pace_is_not_measured_over_a_break_nor_from_two_years(reader):
    view = read(reader, "pack=kr&indicator=grdp_per_head")
    assert outlook(reader, view, Lines(20, 15, "below", "given")).counts == {}
    _needs(reader, "us")
    view = read(reader, "pack=us&indicator=poverty_rate")
    told = outlook(reader, view, Lines(20, 30, "above", "given"))
    assert told.since == 2005
    assert told.n_years == 15
    assert sum(told.counts.values()) == len(reader.units("us", "county")["code"])
    latest = reader.values("us", "poverty_rate", "county").value[-1]
    assert told.counts["reached"] == (latest <= 20).sum()


def test_the_age_of_a_source_is_from_its_latest_figures(reader):
    ages = {one.source["id"]: one for one in freshness(reader, "kr", this_year=2026).sources}
    assert ages["censuskor"].latest == 2020
    assert ages["censuskor"].age == 6
    assert ages["boundaries"].latest is None
    assert ages["boundaries"].age is None


def test_complete_and_lacking_indicators_are_all_of_those_loaded(reader):
    found = freshness(reader, "cn", this_year=2026)
    loaded = [
        one["id"]
        for one in reader.catalogue("cn")["indicators"]
        if one["shown"] and any(level["n_values"] for level in one["levels"].values())
    ]
    assert sorted(one.indicator["id"] for one in (*found.complete, *found.lacking)) == sorted(loaded)
    shares = [one.years[-1].share for one in found.lacking]
    assert shares == sorted(shares)
    assert all(share < 1 for share in shares)


def test_every_indicator_and_level_gives_a_page(reader):
    for pack in reader.packs():
        for place, declared in enumerate(one for one in reader.catalogue(pack)["indicators"] if one["shown"]):
            for level in declared["levels"] or [""]:
                language = ("en", "zh")[place % 2]
                view = read(reader, f"pack={pack}&indicator={declared['id']}&level={level}&lang={language}")
                assert overview._content(reader, view)


def test_a_place_without_any_figure_says_so(reader):
    class Nothing:
        band = others = absent = ()

    (told,) = key_band(reader, read(reader, "pack=cn"), Nothing())
    assert "No indicator has figures" in told.children
