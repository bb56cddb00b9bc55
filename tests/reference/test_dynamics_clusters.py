"""Spatial autocorrelation against esda's documentation and published graphs."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from fuping.spatial.boundaries.neighbours import neighbours_from_polygons
from fuping.spatial.dynamics import global_autocorrelation, local_getis_ord, local_moran
from libpysal import examples, io
from libpysal.graph import Graph, read_gal
from shared_data import shared


def one_year(values, graph):
    return pd.DataFrame([np.asarray(values, dtype=float)], columns=graph.unique_ids, index=[2000])


@pytest.fixture(scope="module")
def ncovr():
    polygons = gpd.read_file(f"/vsigzip/{shared('ncovr/boundaries.geojson.gz')}").set_index("FIPS")
    attributes = pd.read_csv(shared("ncovr/attributes.csv.gz"), dtype={"FIPS": str}).set_index("FIPS")
    return neighbours_from_polygons(polygons, rule="queen"), attributes.loc[polygons.index]


def test_morans_i_of_homicides_around_saint_louis_is_the_documented_one():
    # esda.Moran: I = 0.244, E = -0.012987012987012988.
    graph = read_gal(examples.get_path("stl.gal"))
    rate = io.open(examples.get_path("stl_hom.txt")).by_col("HR8893")
    found = global_autocorrelation(one_year(rate, graph), graph, measure="moran", seed=1).by_year.loc[2000]
    assert round(found["value"], 3) == 0.244
    assert found["expected"] == pytest.approx(-0.012987012987012988)
    assert found["p_value"] == pytest.approx(0.002)
    assert found["n"] == 78


def test_morans_i_of_infant_deaths_in_north_carolina_is_the_documented_one():
    # esda.Moran, "SIDS example replicating OpenGeoda": I = 0.248.
    graph = read_gal(examples.get_path("sids2.gal"))
    rate = io.open(examples.get_path("sids2.dbf")).by_col("SIDR74")
    found = global_autocorrelation(one_year(rate, graph), graph, measure="moran", seed=1).by_year.loc[2000]
    assert round(found["value"], 3) == 0.248


def test_gearys_c_is_the_documented_one():
    # esda.Geary: C = 0.3330108.
    graph = read_gal(examples.get_path("book.gal"))
    values = io.open(examples.get_path("book.txt")).by_col("y")
    found = global_autocorrelation(one_year(values, graph), graph, measure="geary", seed=1).by_year.loc[2000]
    assert found["value"] == pytest.approx(0.3330108, abs=5e-8)


def test_gi_star_of_six_points_is_the_documented_one():
    # esda.G_Local, binary weights within a distance of 15, star=True.
    points = gpd.GeoSeries.from_xy([10, 20, 40, 15, 30, 30], [10, 10, 10, 20, 20, 30])
    graph = Graph.build_distance_band(points, threshold=15)
    values = pd.Series([2, 3, 3.2, 5, 8, 7], index=graph.unique_ids)
    whole = local_getis_ord(values, graph, seed=1, permutations=99)
    documented = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(whole.table["z"], documented, atol=5e-9)


def test_the_queen_graph_of_us_counties_is_the_published_one(ncovr):
    # GeoDa's own tests on natregimes (GeoDaCenter/pygeoda, queen weights): 3085 regions, 5.8891410048622364 neighbours
    # on average, hence 18168 links, at most 14.
    neighbours, _ = ncovr
    assert neighbours.report.n_units == 3085
    assert neighbours.report.n_links == 18168
    assert neighbours.graph.cardinalities.max() == 14
    assert neighbours.report.islands == ()


@pytest.mark.parametrize("measure", ["moran", "geary"])
def test_poor_families_of_us_counties_cluster_as_the_definition_says(ncovr, measure):
    # No published value was at hand; the double sum of the definition is written out instead.
    neighbours, attributes = ncovr
    y = attributes["FP89"]
    found = global_autocorrelation(
        y.to_frame().T.set_axis([1989]), neighbours.graph, measure=measure, seed=1, permutations=99
    ).by_year.loc[1989]
    z = (y - y.mean()).to_dict()
    near = neighbours.graph.adjacency
    size = near.groupby(level=0).sum()
    if measure == "moran":
        double = sum(z[i] * z[j] / size[i] for i, j in near.index)
        expected = double / sum(v * v for v in z.values())
    else:
        double = sum((z[i] - z[j]) ** 2 / size[i] for i, j in near.index)
        expected = (len(z) - 1) * double / (2 * len(z) * sum(v * v for v in z.values()))
    assert found["value"] == pytest.approx(expected, rel=1e-10)


def test_the_poor_clusters_of_1989_lie_where_they_are_known_to(ncovr):
    # ERS names the Mississippi Delta, Appalachia and the Rio Grande; Connecticut and Massachusetts are no poor areas.
    neighbours, attributes = ncovr
    found = local_moran(attributes["FP89"], neighbours.graph, seed=1, permutations=1999).table["cluster"]
    for poor in ("28151", "21025", "48427"):  # Washington MS, Breathitt KY, Starr TX
        assert found[poor] == "HH"
    northeast = found[found.index.str[:2].isin(["09", "25"])]
    assert not (northeast == "HH").any()
