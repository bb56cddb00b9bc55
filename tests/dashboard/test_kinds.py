"""Kinds of map: what each draws, against the store's own figures; what is refused; what the URL holds."""

import gzip
import json

import numpy as np
import pytest
from fuping.dashboard.app import create_app
from fuping.dashboard.components.legend import legend_props
from fuping.dashboard.components.maplibre import map_props
from fuping.dashboard.components.pickers import pickers
from fuping.dashboard.components.ranking import ranking
from fuping.dashboard.components.ring_table import ring_table
from fuping.dashboard.kinds import KINDS, refused
from fuping.dashboard.queries.kinds import map_layer, years_shown
from fuping.dashboard.queries.ranking import ranked_table
from fuping.dashboard.state import ViewState
from shared_data import needs_shared

RATIO = "pack=kr&indicator=basic_living_ratio&level=municipality"


@pytest.fixture
def view(reader):
    return lambda query: ViewState.read(query, reader.packs(), reader.catalogue)


@pytest.mark.parametrize("pack", ["cn", "kr", "us"])
def test_every_kind_of_every_indicator_and_level_is_drawn_in_both_languages(reader, view, pack):
    if pack not in reader.packs():
        pytest.skip("the pack needs files that are not here")
    drawn = dict.fromkeys(KINDS, 0)
    catalogue = reader.catalogue(pack)
    for declared in catalogue["indicators"]:
        for level in (one["id"] for one in catalogue["levels"] if one["n_units"] > 1):
            for place, kind in enumerate(KINDS):
                shown = view(
                    f"pack={pack}&indicator={declared['id']}&level={level}&kind={kind}&lang={('en', 'zh')[place % 2]}"
                )
                if (shown.indicator, shown.level, shown.kind) != (declared["id"], level, kind):
                    continue
                layer = map_layer(reader, shown)
                legend = legend_props(reader, shown, layer)
                n_units = reader.level(pack, level)["n_units"]
                counted = np.sum([entry["counts"] for entry in legend["entries"]], axis=0) + legend["missing"]["counts"]
                assert counted.tolist() == [n_units] * len(legend["years"])
                assert map_props(reader, shown)["title"]
                assert len(ranking(reader, shown, ranked_table(reader, shown), layer)) == 4
                assert pickers(reader, shown)
                drawn[kind] += 1
    statuses = any(one["categories"] for one in catalogue["indicators"])
    assert all(n or (kind == "rings" and not statuses) for kind, n in drawn.items())


def test_a_change_is_the_later_figure_less_the_earlier(reader, view):
    shown = view(f"{RATIO}&kind=change&base=2010&year=2020")
    layer, values = map_layer(reader, shown), reader.values("kr", "basic_living_ratio", "municipality")
    change = values.value[values.at(2020)] - values.value[values.at(2010)]
    row = layer.shown.years.index(2020)
    assert layer.others[row] == 2010
    assert layer.crossed[row] == (2015,)
    for place, entry in enumerate(layer.shown.entries):
        inside = (change > (entry.lower if entry.lower is not None else -np.inf)) & (
            change <= (entry.upper if entry.upper is not None else np.inf)
        )
        assert np.array_equal(layer.shown.classes[row] == place, inside)
    assert ((layer.reason[row] > 0) == np.isnan(change)).all()


def test_the_table_of_a_change_map_starts_with_the_greatest_rise_since_the_base(reader, view):
    table = ranked_table(reader, view(f"{RATIO}&kind=change&base=2010&year=2020"))
    changes = [row.difference for row in table.rows]
    assert (table.base, table.rows[0].position) == (2010, 1)
    assert changes == sorted(changes, reverse=True)


def test_a_change_of_status_says_from_what_to_what(reader, view):
    shown = view("pack=cn&indicator=poverty_county_status&kind=change&base=2012&year=2019")
    layer = map_layer(reader, shown)
    row = layer.shown.years.index(2019)
    assert [entry.name["en"] for entry in layer.shown.entries] == ["No change", "Poor county → Exited"]
    values = reader.values("cn", "poverty_county_status", "county").value
    moved = int((values[0] != values[7]).sum())
    assert layer.shown.entries[1].counts[row] == moved > 700


def test_two_indicators_are_in_thirds_and_take_the_nearest_year(reader, view):
    shown = view(f"{RATIO}&kind=bivariate&second=disabled_ratio&year=2010")
    layer = map_layer(reader, shown)
    assert layer.others == (2015, 2015, 2020)
    assert years_shown(reader, shown) == {"basic_living_ratio": [2010], "disabled_ratio": [2015]}
    first = reader.values("kr", "basic_living_ratio", "municipality").value
    second = reader.values("kr", "disabled_ratio", "municipality").value

    def thirds(table, row):
        pooled = table[~np.isnan(table)]
        edges = np.round(np.percentile(pooled, [100 / 3, 200 / 3]), 1)
        return np.where(np.isnan(row), -9, (row > edges[0]).astype(int) + (row > edges[1]))

    wanted = 3 * thirds(second, second[0]) + thirds(first, first[0])
    missing = np.isnan(second[0]) | np.isnan(first[0])
    assert np.array_equal(layer.shown.classes[0], np.where(missing, -1, wanted))
    assert legend_props(reader, shown, layer)["notes"][0] != []
    assert legend_props(reader, shown, layer)["notes"][1] == []


def test_a_class_is_unsure_where_the_interval_holds_a_break(reader, view):
    if "us" not in reader.packs():
        pytest.skip("the pack needs files that are not here")
    shown = view("pack=us&indicator=poverty_rate&level=county&year=2019")
    layer = map_layer(reader, shown)
    values = reader.values("us", "poverty_rate", "county")
    row = values.at(2019)
    wanted = sum(
        any(low <= edge < high for edge in (10, 15, 20, 25, 30))
        for low, high in zip(values.lower[row], values.upper[row], strict=True)
    )
    assert int(layer.unsure[row].sum()) == wanted > 1000
    assert legend_props(reader, shown, layer)["unsure"]["counts"][row] == wanted
    assert map_layer(reader, view(RATIO)).unsure is None


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Province", "Poor county", "Exited"]), ("zh", ["省级", "贫困县", "已摘帽"])]
)
def test_rings_count_the_units_of_each_part_of_the_country_and_so_does_their_table(reader, view, language, words):
    shown = view(f"pack=cn&indicator=poverty_county_status&kind=rings&year=2018&lang={language}")
    layer = map_layer(reader, shown)
    values = reader.values("cn", "poverty_county_status", "county")
    row = values.at(2018)
    codes = reader.units("cn", "county")["code"]
    provinces = reader.units("cn", "province")["code"]
    listed = [one["code"] for one in reader.indicator("cn", "poverty_county_status")["categories"]]
    for at, province in enumerate(provinces):
        inside = np.array([code[:2] == province[:2] for code in codes])
        figures = values.value[row][inside]
        wanted = [int((figures == code).sum()) for code in listed] + [int(np.isnan(figures).sum())]
        assert layer.rings.counts[row, at].tolist() == wanted
    assert layer.rings.size.greatest == layer.rings.counts[row].sum(axis=1).max()
    legend = legend_props(reader, shown, layer)
    assert [entry["counts"][row] for entry in legend["entries"]] == layer.rings.counts[row].sum(axis=0)[:-1].tolist()
    assert len(legend["circles"]["sizes"]) == 3
    (table,) = ring_table(reader, shown, layer)
    head, body, foot = (part.children for part in table.children[1].children)
    assert [cell.children for cell in head.children][:3] == words
    assert len(body) == 34
    assert [cell.children for cell in foot.children][1:] == ["394", "436", "2,045", "2,875"]
    assert ring_table(reader, view("pack=cn&indicator=poverty_county_status"), map_layer(reader, view("pack=cn"))) == []


def test_a_kind_that_makes_no_sense_is_refused_and_falls_back(reader, view):
    catalogue = reader.catalogue("cn")
    asked = [
        ("key_county_2012", "change", "one_year"),
        ("poverty_county_status", "bivariate", "status"),
        ("illiteracy_rate", "symbols", "not_count"),
        ("illiteracy_rate", "rings", "no_status"),
    ]
    for indicator, kind, why in asked:
        assert refused(catalogue, reader.indicator("cn", indicator), "county", kind) == why
        assert view(f"pack=cn&indicator={indicator}&level=county&kind={kind}").kind == "choropleth"


def test_the_url_holds_the_kind_the_base_and_the_second_indicator(view):
    changed = view(f"{RATIO}&kind=change&base=2015&year=2010")
    assert (changed.base, changed.year, changed.sort) == (2015, 2020, "change_high")
    assert view(changed.href()) == changed
    assert view(f"{RATIO}&kind=change&base=2020").base is None
    pair = view(f"{RATIO}&kind=bivariate&second=nothing")
    assert pair.second not in (None, "nothing", "basic_living_ratio")
    assert view(pair.href()) == pair
    assert view(f"{RATIO}&second=grdp&base=2010").to_query().keys() & {"second", "base", "kind"} == set()


def test_the_browser_fetches_the_classes_of_a_kind_and_the_finer_borders(store):
    client = create_app(store).server.test_client()

    def fetch(url):
        return json.loads(gzip.decompress(client.get(url).data))

    address = "/classes/kr/municipality/basic_living_ratio.json"
    change = fetch(f"{address}?kind=change&base=2010")
    assert (change["years"], change["others"]) == ([2015, 2020], [2010, 2010])
    circles = fetch("/classes/kr/municipality/population.json?kind=symbols")["circles"]
    assert circles["greatest"] == np.nanmax(store.values("kr", "population", "municipality").value)
    assert fetch(address)["circles"] is None
    rings = fetch("/classes/kr/municipality/climate_zone.json?kind=rings")["rings"]
    assert rings["level"] == "province"
    assert np.sum(rings["counts"]) == len(store.units("kr", "municipality")["code"])
    assert refused(store.catalogue("kr"), {"categories": [1]}, "province", "rings") == "no_above"
    coarse, fine = (client.get(f"/geometry/kr/municipality.json{end}").data for end in ("", "?detail=1"))
    assert len(fine) > 2 * len(coarse)
    assert [one["properties"] for one in json.loads(gzip.decompress(fine))["objects"]["units"]["geometries"]] == [
        one["properties"] for one in json.loads(gzip.decompress(coarse))["objects"]["units"]["geometries"]
    ]


@needs_shared
def test_a_change_that_its_interval_leaves_open_is_counted(reader, view):
    shown = view("pack=us&indicator=poverty_rate&level=county&kind=change&base=2014&year=2019")
    values = reader.values("us", "poverty_rate", "county")
    later, earlier = values.at(2019), values.at(2014)
    apart = (values.lower[later] > values.upper[earlier]) | (values.upper[later] < values.lower[earlier])
    row = map_layer(reader, shown).shown.years.index(2019)
    unsure = map_layer(reader, shown).unsure[row]
    # Intervals that do not meet tell a change; many that meet do too.
    assert not unsure[apart].any()
    assert 0 < unsure.sum() < (~apart).sum()
    legend = legend_props(reader, shown, map_layer(reader, shown))
    assert legend["unsure"]["counts"][row] == unsure.sum()
    assert legend["unsure"]["label"] == "Change not certain"
