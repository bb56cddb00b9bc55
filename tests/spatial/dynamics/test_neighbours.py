"""Neighbour graphs from a few squares and from pairs."""

import geopandas as gpd
import pandas as pd
import pytest
from fuping.spatial.boundaries.neighbours import neighbours_from_pairs, neighbours_from_polygons
from shapely import box

# e d beside each other, c on top of d (touching e in a point), b far away, a without geometry.
SQUARES = gpd.GeoSeries(
    [box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2), box(9, 9, 10, 10), None], index=list("edcba"), crs=3857
)


def links(neighbours):
    adjacency = neighbours.graph.adjacency
    return {pair for pair, weight in adjacency.items() if weight > 0}


def both(*pairs):
    return {tuple(pair) for pair in pairs} | {tuple(pair)[::-1] for pair in pairs}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"rule": "queen"}, both("ed", "dc", "ec")),
        ({"rule": "rook"}, both("ed", "dc")),
        ({"rule": "distance", "threshold": 1.1}, both("ed", "dc")),
        ({"rule": "knn", "k": 2}, both("ed", "dc", "ec") | {("b", "c"), ("b", "d")}),
    ],
)
def test_each_rule_finds_its_neighbours(choice, expected):
    assert links(neighbours_from_polygons(SQUARES, **choice)) == expected


def test_units_that_meet_in_a_t_are_neighbours():
    wide = gpd.GeoSeries([box(0, 0, 4, 1), box(1, 1, 2, 2)], index=["wide", "small"])
    for rule in ("queen", "rook"):
        assert neighbours_from_polygons(wide, rule=rule).report.n_links == 2


def test_islands_and_units_without_geometry_stay_in_the_graph_and_are_named():
    found = neighbours_from_polygons(SQUARES, rule="queen")
    assert found.graph.unique_ids.tolist() == list("edcba")
    assert found.report.islands == ("b", "a")
    assert found.report.no_geometry == ("a",)
    assert found.report.n_components == 3
    assert "islands: b, a" in str(found.report)


def test_one_way_neighbours_are_listed():
    assert ("b", "c") in neighbours_from_polygons(SQUARES, rule="knn", k=2).report.one_way
    assert neighbours_from_polygons(SQUARES, rule="queen").report.one_way == ()


def test_every_pair_is_accounted_for():
    pairs = pd.DataFrame([["a", "b"], ["b", "b"], ["a", "z"], ["a", "b"]])
    found = neighbours_from_pairs(pairs, pd.Index(list("abc")), symmetric="both_ways")
    assert links(found) == both("ab")
    assert found.report.islands == ("c",)
    assert found.match.matched == 1
    assert found.match.reasons() == {"unknown_code": 1, "left_out": 1, "duplicate": 1}


def test_pairs_keep_their_direction_when_asked():
    pairs = pd.DataFrame([["a", "b"]])
    found = neighbours_from_pairs(pairs, pd.Index(["a", "b"]), symmetric="as_given")
    assert links(found) == {("a", "b")}
    assert found.report.one_way == (("a", "b"),)
    assert found.report.islands == ("b",)
