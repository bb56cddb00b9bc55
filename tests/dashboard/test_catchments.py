"""What lies near the points of projects, counted again; the points here are made up."""

import json

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from fuping.dashboard.components.catchment_figures import catchment_figure
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.catchment import catchment, catchment_layer
from fuping.dashboard.queries.register import project_register
from fuping.dashboard.state import ViewState
from fuping.layers.build.pipeline import build_pack
from fuping.layers.pack import read_pack
from pack_with_sites import pack_with_sites
from rasterio.transform import from_origin
from shapely.geometry import LineString, Point

PLACES = [
    ("Clinic", Point(105.44, 28.88)),
    ("School", Point(105.5, 28.9)),
    ("Road", LineString([(105, 28), (106, 29)])),
]


class WithPlaces(Reader):
    """A reader of a store in which the project of the World Bank has places; they are made up."""

    def locations(self, pack, project):
        return PLACES if project == "P133326" else []


@pytest.fixture(scope="module")
def reader(store):
    return WithPlaces(store)


def seen(reader, query="pack=cn"):
    view = ViewState.read(query, reader.packs(), reader.catalogue)
    return view, project_register(reader, view).entries


def told(part):
    return json.dumps(part.to_plotly_json(), default=lambda one: one.to_plotly_json(), ensure_ascii=False)


def test_ground_and_people_near_are_those_of_an_overlay_in_another_projection(reader, store):
    view, entries = seen(reader)
    found = catchment(reader, view, entries, "county")
    # The road is no point; the national programme has no places.
    assert (found.n_points, found.n_without, [one.project["id"] for one in found.entries]) == (2, 1, ["P133326"])
    metres = "+proj=aeqd +lat_0=28.89 +lon_0=105.47 +units=m"
    points = gpd.GeoSeries([PLACES[0][1], PLACES[1][1]], crs=4326).to_crs(metres)
    near = points.buffer(25_000, quad_segs=64).union_all()
    counties = store.boundaries("cn", "county").to_crs(metres)
    share = counties.geometry.intersection(near).area / counties.geometry.area
    share.index = counties["code"]
    np.testing.assert_allclose(found.shares[25].reindex(share.index), share, atol=2e-3)
    people = store.values("cn", "population", "county")
    heads = people.value[people.at(2020)]
    row = found.table.loc[25]
    assert row["population"] == pytest.approx(np.nansum(share.to_numpy() * heads), rel=0.01)
    assert row["population_missing"] == int(((share.to_numpy() > 1e-6) & np.isnan(heads)).sum())
    assert row["units_mostly"] == int((share >= 0.5).sum()) > 0
    assert found.years == {"population": 2020, "poor_population": 0}
    layer, values = catchment_layer(found, 25, 2020)
    shown = values.value[0]
    assert layer.entries[0].counts == (int((shown == 0).sum()),)
    assert set(layer.classes[0][shown > 50]) <= {3, 4}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "2 points of 1 projects; 1 of the projects shown have none",
                "25 km",
                "People, 2020",
                "poor people are near cannot",
            ],
        ),
        ("zh", ["1个项目的2个点位；另有1个", "25公里", "人口, 2020", "无法说明周边的贫困人口"]),
    ],
)
def test_the_page_shows_what_is_near_with_its_points_on_the_map(reader, language, words):
    view, entries = seen(reader, f"pack=cn&lang={language}&near=25")
    text = told(catchment_figure(reader, view, entries, "county"))
    for one in (*words, '"data-table": "catchment"', "/locations/cn/P133326.json"):
        assert one in text


@pytest.mark.parametrize(("language", "why"), [("en", "None of the projects shown has a point"), ("zh", "没有点位")])
def test_projects_without_points_are_refused_with_the_reason(store, language, why):
    view, entries = seen(Reader(store), f"pack=cn&lang={language}")
    text = told(catchment_figure(Reader(store), view, entries, "county"))
    assert why in text
    assert '"data-table": "catchment"' not in text


class OnFoot(WithPlaces):
    """A reader whose pack lists a grid of slopes."""

    def catalogue(self, pack):
        plain = super().catalogue(pack)
        source = plain["sources"][0]["id"]
        grid = {"id": "slope_dem", "name": {"en": "Slope", "zh": "坡度"}, "source": source, "year": 2021}
        return plain | {"grids": [*plain.get("grids", ()), grid]}


@pytest.mark.parametrize(("language", "words"), [("en", "minutes on foot"), ("zh", "步行60分钟")])
def test_time_on_foot_is_offered_where_the_slope_of_the_land_is_known(store, tmp_path, monkeypatch, language, words):
    path = tmp_path / "slope.tif"
    profile = {"driver": "GTiff", "width": 300, "height": 300, "count": 1, "dtype": "float32", "nodata": np.nan}
    with rasterio.open(path, "w", crs="EPSG:4326", transform=from_origin(105, 29.5, 0.005, 0.005), **profile) as file:
        file.write(np.zeros((300, 300), dtype="float32"), 1)
    monkeypatch.setattr(type(store), "grid", lambda *_: path)  # Flat land, made here.
    reader = OnFoot(store)
    view, entries = seen(reader, f"pack=cn&lang={language}&near_by=minutes&near=60")
    found = catchment(reader, view, entries, "county", "minutes")
    assert (found.measure, found.n_lost) == ("minutes", 0)
    # Two octagons of an hour's walk, 5.04 km to their corners, which overlap a little: the points are 6 km apart.
    octagon = 2 * np.sqrt(2) * 5.04**2
    assert 1.6 * octagon < found.table.loc[60, "area_km2"] < 1.9 * octagon
    assert found.table.loc[30, "area_km2"] == pytest.approx(2 * octagon / 4, rel=0.1)
    text = told(catchment_figure(reader, view, entries, "county"))
    assert words in text
    assert '"data-note": "grid"' in text
    plain = told(catchment_figure(WithPlaces(store), view, entries, "county"))
    assert words not in plain


def test_a_pack_that_counts_nobody_still_tells_ground_and_units(tmp_path):
    own = pack_with_sites(tmp_path, "A1,0.5,0.5,Well\n")
    build_pack(read_pack(own.declared / "at"), own)
    reader = Reader(own)
    view, entries = seen(reader, "pack=at")
    found = catchment(reader, view, entries, "unit")
    assert found.table.loc[10, ["units", "units_mostly"]].tolist() == [1, 0]
    assert found.table.loc[10, "area_km2"] == pytest.approx(np.pi * 100, rel=3e-3)
    assert "cannot be told" in told(catchment_figure(reader, view, entries, "unit"))
