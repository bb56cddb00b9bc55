"""TopoJSON as GDAL reads it back: the same polygons, each border once, whatever the polygons are."""

import gzip
import json
from collections import Counter
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shapes import level_shapes
from fuping.layers.build.topojson import encode
from hypothesis import given, settings
from hypothesis import strategies as st


def read_back(folder, body):
    path = folder / "drawn.topojson"
    path.write_bytes(body)
    return pyogrio.read_dataframe(path).geometry.to_numpy()


def edges_of(topology):
    """Return how often each edge stands in the arcs, whichever way it runs."""
    counted = Counter()
    for arc in topology["arcs"]:
        points = np.cumsum(arc, axis=0).tolist()
        counted.update(frozenset([tuple(one), tuple(other)]) for one, other in pairwise(points))
    return counted


@st.composite
def coverages(draw):
    """Cells of a plane, some run together, as polygons that share their borders; some of them have holes."""
    places = draw(
        st.lists(st.tuples(st.integers(1, 39), st.integers(1, 39)), min_size=4, max_size=25, unique=True).filter(
            lambda all: len({x for x, _ in all}) > 1 and len({y for _, y in all}) > 1
        )
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(places)))
    snapped = shapely.set_precision(cells, 1)
    owners = draw(st.lists(st.integers(0, 6), min_size=len(snapped), max_size=len(snapped)))
    units = [shapely.union_all(snapped[[one == owner for one in owners]], grid_size=1) for owner in sorted(set(owners))]
    return [one for one in units if shapely.area(one) > 0]


@settings(deadline=None, max_examples=60)
@given(units=coverages())
def test_polygons_are_read_back_as_they_were_and_no_border_stands_twice(units, tmp_path_factory):
    body = encode(gpd.GeoSeries(units), [{"i": at} for at in range(len(units))], steps_per_degree=1)
    topology = json.loads(body)
    assert max(edges_of(topology).values()) == 1
    back = read_back(tmp_path_factory.mktemp("topology"), body)
    for drawn, unit in zip(back, units, strict=True):
        assert shapely.equals(drawn, unit)


def test_a_unit_inside_another_and_an_island_share_what_they_can(tmp_path):
    town = shapely.box(2, 2, 3, 3)
    # The hole begins at another corner than the town, and runs the other way.
    county = shapely.Polygon([(0, 0), (6, 0), (6, 6), (0, 6)], holes=[[(3, 3), (3, 2), (2, 2), (2, 3)]])
    beside = shapely.MultiPolygon([shapely.box(6, 0, 9, 6), shapely.box(20, 20, 21, 21)])
    body = encode(gpd.GeoSeries([town, county, beside]), [{}, {}, {}], steps_per_degree=1)
    topology = json.loads(body)
    assert len(topology["arcs"]) == 5  # the town, the border of the two, what is left of each, the island
    assert set(edges_of(topology).values()) == {1}
    for drawn, unit in zip(read_back(tmp_path, body), (town, county, beside), strict=True):
        assert shapely.equals(drawn, unit)


@pytest.mark.parametrize(("pack", "level"), [("cn", "prefecture"), ("kr", "municipality"), ("wd", "country")])
def test_the_server_draws_the_polygons_that_gdal_reads(store, tmp_path, pack, level):
    body = gzip.decompress(store.map_geometry(pack, level))
    assert max(edges_of(json.loads(body)).values()) == 1
    back, drawn = read_back(tmp_path, body), level_shapes(Reader(store), pack, level)
    assert len(back) == len(drawn)
    for one, other in zip(back, drawn, strict=True):
        assert (one is None and shapely.is_empty(other)) or shapely.equals_exact(
            shapely.normalize(one), shapely.normalize(other), tolerance=1e-9
        )
