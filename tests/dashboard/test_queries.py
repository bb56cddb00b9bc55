"""What pages ask for, on the built packs, against the same answer worked out row by row."""

import numpy as np
import pytest
from fuping.dashboard.queries.choices import indicator_choices, level_choices
from fuping.dashboard.queries.map_layer import class_payload, coverage_payload, unit_payload, value_payload
from fuping.dashboard.queries.places import ancestors, chain, members, outline_level
from fuping.dashboard.queries.ranking import PAGE_ROWS, ranked_table
from fuping.dashboard.queries.search import find_units
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.status_counts import counts_by_part
from fuping.dashboard.queries.unit import change, series, unit_facts
from fuping.dashboard.queries.years import gap_years, rhythm
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import lay_out

NAN = float("nan")
KOREA = "?pack=kr&indicator=basic_living_ratio&level=municipality&year=2020"


@pytest.fixture
def view(reader):
    return lambda search: ViewState.read(search, reader.packs(), reader.catalogue)


def test_a_county_lies_in_its_prefecture_its_province_and_the_country(reader):
    above = chain(reader, "cn", "county", "130624", "en")
    assert [(one.level, one.name) for one in above] == [
        ("nation", "China"),
        ("province", "Hebei"),
        ("prefecture", "Baoding"),
    ]
    assert outline_level(reader.catalogue("cn"), "county", ancestors(reader, "cn", "county")) == "province"
    assert outline_level(reader.catalogue("cn"), "province", ancestors(reader, "cn", "province")) == "nation"
    codes = np.array(reader.units("cn", "county")["code"])
    inside = codes[members(reader, "cn", "county", "130000")]
    assert set(inside) == {code for code in codes if code.startswith("13")}
    assert members(reader, "cn", "county", "no such unit").all()


def test_the_map_gets_figures_classes_and_reasons_of_every_unit(reader, view):
    shown = view("?pack=kr&indicator=grdp&level=municipality&year=2010")
    values = reader.values("kr", shown.indicator, shown.level)
    layer = shown_layer(reader, shown)
    plain, classes = value_payload(values, decimals=0), class_payload(layer)
    assert np.isnan(values.value).any()
    for row, missing in enumerate(np.isnan(values.value)):
        assert [one is None for one in plain["value"][row]] == missing.tolist()
        assert [one == "-" for one in classes["classes"][row]] == missing.tolist()
        assert set(plain["reason"][row]) == set(np.flatnonzero(missing).tolist())
        for value, one in zip(plain["value"][row], classes["classes"][row], strict=True):
            if value is not None:
                entry = layer.entries[int(one, 36)]
                assert entry.lower is None or value > entry.lower - 0.01
                assert entry.upper is None or value <= entry.upper + 0.01
    for at, year in enumerate(layer.years):
        counted = sum(entry.counts[at] for entry in layer.entries) + sum(layer.missing[at].values())
        assert counted == len(reader.units("kr", "municipality")["code"]), year


def test_categories_keep_their_declared_colours_and_order(reader, view):
    layer = shown_layer(reader, view("?pack=cn&indicator=poverty_county_status"))
    assert [entry.name["en"] for entry in layer.entries] == ["Poor county", "Exited", "Not designated"]
    assert class_payload(layer)["colours"][0] == "#8c2d04"
    assert [sum(entry.counts[at] for entry in layer.entries) for at in (0, -1)] == [2875, 2875]


def test_units_come_with_what_they_lie_in(reader):
    units = unit_payload(reader, "cn", "county")
    at = units["codes"].index("130624")
    assert units["names"]["zh"][at] == "阜平县"
    assert [one["names"]["en"][one["of"][at]] for one in units["above"]] == ["China", "Hebei", "Baoding"]


def test_six_counties_are_covered_by_the_project(reader):
    covered = coverage_payload(reader, "cn", "county")["P133326"]
    assert {year: len(units) for year, units in covered.items()} == {str(year): 6 for year in range(2015, 2021)}
    assert coverage_payload(reader, "cn", "province") == {}


def test_the_table_is_in_order_with_the_missing_last(reader, view):
    shown = view("?pack=kr&indicator=grdp&level=municipality&year=2010")
    first = ranked_table(reader, shown)
    n_units = len(reader.units("kr", "municipality")["code"])
    assert (first.n_listed, first.n_units, first.pages) == (n_units, n_units, -(-n_units // PAGE_ROWS))
    rows = [
        row
        for page in range(1, first.pages + 1)
        for row in ranked_table(reader, view(f"{shown.href()}&page={page}")).rows
    ]
    values = [row.value for row in rows]
    there = [value for value in values if not np.isnan(value)]
    assert len(there) == n_units - first.n_missing
    assert there == sorted(there, reverse=True)
    assert np.isnan(values[len(there) :]).all()
    assert all(row.reason is not MissingReason.OBSERVED and row.position is None for row in rows[len(there) :])
    assert [row.position for row in rows[: len(there)]] == [
        1 + sum(other > value for other in there) for value in there
    ]


def test_the_table_follows_area_class_and_order(reader, view):
    shown = view(f"{KOREA}&within=21&sort=low")
    table = ranked_table(reader, shown)
    assert {row.code[:2] for row in table.rows} == {"21"}
    assert [row.value for row in table.rows] == sorted(row.value for row in table.rows)
    only = ranked_table(reader, view(f"{KOREA}&only=0&unit=11010"))
    assert only.n_listed == shown_layer(reader, shown).entries[0].counts[-1]
    by_name = ranked_table(reader, view(f"{KOREA}&sort=name"))
    assert [row.name.casefold() for row in by_name.rows] == sorted(row.name.casefold() for row in by_name.rows)
    past_the_end = ranked_table(reader, view(f"{KOREA}&page=999"))
    assert past_the_end.page == past_the_end.pages


def test_a_unit_has_rank_change_and_peers(reader, view):
    shown = view(f"{KOREA}&unit=21030")
    facts = unit_facts(reader, shown)
    values = reader.values("kr", shown.indicator, shown.level)
    codes = reader.units("kr", shown.level)["code"]
    at = codes.index("21030")
    country, busan = facts.ranks
    assert (country.position, country.of) == (1 + int((values.value[-1] > values.value[-1, at]).sum()), 229)
    assert (busan.scope.name, busan.of) == ("Busan", sum(code.startswith("21") for code in codes))
    assert (facts.change.first_year, facts.change.year) == (2015, 2020)
    assert facts.change.difference == pytest.approx(values.value[-1, at] - values.value[-2, at])
    assert unit_facts(reader, view(f"{KOREA}&unit=21030&year=2015")).change.breaks == (2015,)
    mine = series(reader, shown, "21030")
    others = [values.value[-1, place] for place, code in enumerate(codes) if code.startswith("21") and code != "21030"]
    assert mine.peers[-1] == pytest.approx(np.median(others))
    assert mine.n_peers == len(others)
    assert unit_facts(reader, view(f"{KOREA}&unit=nothing")) is None


def test_a_change_uses_the_last_year_that_has_a_figure():
    values = lay_out(["a", "a", "a", "b"], [2010, 2012, 2013, 2012], [4.0, NAN, 7.0, 1.0], units=["a", "b"])
    found = change(values, 2, 0, [2012])
    assert (found.first_year, found.year, found.difference, found.breaks) == (2010, 2013, 3.0, (2012,))
    assert change(values, 1, 0, []) is None
    assert change(values, 0, 0, []) is None


def test_a_status_has_a_history_and_projects_instead_of_a_rank(reader, view):
    facts = unit_facts(reader, view("?pack=cn&unit=130624&year=2019"))
    assert [one.year for one in facts.history] == list(range(2012, 2021))
    assert facts.ranks == ()
    assert [(project["id"], years[0], years[-1]) for project, years in facts.projects] == [("national", 2012, 2020)]


def test_parts_are_found_at_the_next_level_with_figures(reader, view):
    facts = unit_facts(reader, view("?pack=kr&indicator=basic_living_ratio&level=province&unit=21&year=2020"))
    level, count = facts.parts
    assert (level["id"], count) == ("municipality", 16)
    assert unit_facts(reader, view(f"{KOREA}&unit=21030")).parts is None


@pytest.mark.parametrize("text", ["Fuping", "阜平", "fuping", "fpx", "130624", "FU PING", "阜平县"])
def test_a_county_is_found_by_name_sound_initials_and_code(reader, view, text):
    hits = find_units(reader, view("?pack=cn"), text)
    found = next(hit for hit in hits if hit.changes.get("unit") == "130624")
    assert found.name == "Fuping County"
    assert found.above == ("Baoding", "Hebei")


def test_a_hit_at_another_level_looks_at_its_parts_or_at_what_it_lies_in(reader, view):
    (hebei, *_) = find_units(reader, view("?pack=cn"), "河北省")
    assert hebei.changes == {"within": "130000", "unit": ""}
    gangnam = find_units(reader, view("?pack=kr&indicator=basic_living_ratio&level=province"), "Gangnam-gu")
    assert gangnam[0].changes == {"level": "municipality", "unit": "11230", "within": ""}
    assert find_units(reader, view("?pack=cn"), "   ") == []
    assert find_units(reader, view("?pack=cn"), "no such place") == []


def test_levels_without_figures_are_not_offered_and_say_why(reader):
    choices = {one.level["id"]: one for one in level_choices(reader, "cn", "rural_poor_population")}
    assert choices["nation"].offered
    assert not choices["province"].offered
    assert sum(choices["province"].missing.values()) == 34
    assert not choices["county"].offered
    assert choices["county"].missing == {}


def test_only_shown_indicators_are_listed_by_theme(reader):
    listed = [choice.indicator for theme in indicator_choices(reader, "cn") for choice in theme.choices]
    assert [one["id"] for one in listed if not one["shown"]] == []
    assert len(listed) == sum(one["shown"] for one in reader.catalogue("cn")["indicators"])


def test_the_note_names_each_source_with_its_years(reader):
    years = reader.indicator("kr", "basic_living_ratio")["levels"]["municipality"]["years"]
    facts = note_facts(reader, "kr", "municipality", {"basic_living_ratio": years})
    assert {year for use in facts.uses for year in use.years} == set(years)
    values = reader.values("kr", "basic_living_ratio", "municipality")
    assert sum(facts.statuses.values()) == int((values.reason == 0).sum())
    assert "not_poverty_rate" in facts.warnings


def test_poor_counties_are_counted_by_province(reader, view):
    counts = counts_by_part(reader, view("?pack=cn&year=2012"))
    assert {len(columns) for _, columns in counts} == {2}
    layer = shown_layer(reader, view("?pack=cn&year=2012"))
    assert sum(columns[0] for _, columns in counts) == layer.entries[0].counts[0]
    assert [sum(columns) for _, columns in counts] == sorted((sum(columns) for _, columns in counts), reverse=True)


def test_years_left_out_of_a_series_are_its_gaps():
    assert gap_years([1989, 1993, 1995, 1997, 1998]) == [1990, 1991, 1992, 1994, 1996]
    assert gap_years([2010, 2015, 2020]) == []
    assert gap_years([]) == []
    assert rhythm([2012]) == 1
