"""Every figure is followed back to its sources, and the Python beside it gives it again."""

import numpy as np
import pytest
from fuping.dashboard.queries.lineage import lineage, sources_of
from fuping.dashboard.queries.shown import given_limits, shown_layer
from fuping.dashboard.queries.snippet import snippet
from fuping.dashboard.state import ViewState


def every_figure(reader):
    for pack in reader.packs():
        for declared in reader.catalogue(pack)["indicators"]:
            for level, there in declared["levels"].items():
                for year in there["years"]:
                    yield pack, declared, level, year


def test_every_figure_ends_at_the_sources_that_its_note_names(reader):
    for pack, declared, level, year in every_figure(reader):
        found = lineage(reader, pack, declared["id"], level, year)
        named = declared["levels"][level]["sources"][str(year)]
        ends = {one["id"] for one in sources_of(found)}
        assert set(named) <= ends, (pack, declared["id"], level, year)
        assert all(one["sha256"] or one["kind"] == "package" for one in sources_of(found) if one["loaded"])


def test_a_national_rate_is_the_mean_of_the_provinces_that_their_own_table_gives(reader):
    if "census_2020" not in {one["id"] for one in reader.catalogue("cn")["sources"] if one["loaded"]}:
        pytest.skip("the census of 2020 is not supplied")
    found = lineage(reader, "cn", "illiteracy_rate", "nation", 2020)
    assert found.how == "rolled_up"
    assert [part.level["id"] for part in found.parts] == ["province", "province"]
    assert [part.how for part in found.parts] == ["read", "derived"]


def computed_examples(reader):
    """One computed or read figure for each pack, level and way of making it."""
    met = {}
    for pack, declared, level, year in every_figure(reader):
        values = reader.values(pack, declared["id"], level)
        if np.isnan(values.value[values.years.index(year)]).all():
            continue
        how = lineage(reader, pack, declared["id"], level, year).how
        weighted = how == "rolled_up" and declared["aggregation"]
        met[pack, level, how, weighted] = (pack, declared["id"], level, year)
    return met.items()


def test_the_python_beside_a_figure_gives_it_again(reader, store, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    ways = set()
    for (_, _, how, _), (pack, indicator, level, year) in computed_examples(reader):
        values = reader.values(pack, indicator, level)
        row = values.value[values.years.index(year)]
        at = int(np.flatnonzero(~np.isnan(row))[-1])
        code = reader.units(pack, level)["code"][at]
        found = lineage(reader, pack, indicator, level, year)
        told = {}
        exec(snippet(pack, found, year, code), told)
        assert told["value"] == row[at]
        if how not in ("read", "gridded"):
            assert told["computed"] == pytest.approx(row[at], rel=1e-9), (pack, indicator, level, year, code)
        ways.add(how)
    assert ways - {"gridded"} == {"read", "derived", "rolled_up"}


def test_the_python_beside_a_layer_gives_all_its_figures(reader, store, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    values = reader.values("kr", "basic_living_ratio", "municipality")
    told = {}
    exec(snippet("kr", lineage(reader, "kr", "basic_living_ratio", "municipality", 2020), 2020, None), told)
    np.testing.assert_array_equal(told["values"].to_numpy(), values.value[values.years.index(2020)])
    assert list(told["values"].index) == reader.units("kr", "municipality")["code"]


def test_the_python_beside_a_map_with_limits_of_ones_own_gives_its_classes(reader, store, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    query = "pack=kr&indicator=basic_living_ratio&level=municipality&year=2020&limits=2+3+4.5&ends=closed"
    view = ViewState.read(query, reader.packs(), reader.catalogue)
    limits, closed = given_limits(reader, view)
    found = lineage(reader, "kr", "basic_living_ratio", "municipality", 2020)
    layer = shown_layer(reader, view)
    drawn = layer.classes[layer.years.index(2020)]
    told = {}
    exec(snippet("kr", found, 2020, None, limits=limits, closed=closed), told)
    # What is outside every class stands last on the map.
    assert np.array_equal(np.where(told["classes"] == -2, 2, told["classes"]), drawn)
    for at in (int(np.flatnonzero(drawn == place)[0]) for place in (0, 1, 2)):
        code = reader.units("kr", "municipality")["code"][at]
        exec(snippet("kr", found, 2020, code, limits=limits, closed=closed), told)
        assert told["classes"].tolist() == [-2 if drawn[at] == 2 else drawn[at]]
