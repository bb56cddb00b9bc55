"""Land around a territory: other countries only, nothing of it on the territory's own ground, each border once."""

import numpy as np
import pytest
import shapely
import shapely.ops
from fuping.spatial.boundaries.land_around import land_around

# Four countries in a row, each two degrees wide, and an islet off the second.
COUNTRIES = np.array(
    [
        shapely.box(0, 0, 2, 2),
        shapely.MultiPolygon([shapely.box(2, 0, 4, 2), shapely.box(2.5, -1, 2.7, -0.8)]),
        shapely.box(4, 0, 6, 2),
        shapely.box(6, 0, 8, 2),
    ],
    dtype=object,
)


def test_the_territory_is_left_out_and_the_others_are_whole():
    around = land_around(COUNTRIES, shapely.box(2, 0, 4, 2))
    assert around.land.area == pytest.approx(12)
    assert shapely.area(shapely.intersection(around.land, shapely.box(2, 0, 4, 2))) == 0
    # Of the three others only two meet, along two degrees; no coast and no border of the territory is among the lines.
    assert around.borders.length == pytest.approx(2)
    assert around.borders.bounds == (6, 0, 6, 2)


def test_what_the_territory_claims_of_another_is_its_own_with_the_border_on_it():
    around = land_around(COUNTRIES, shapely.box(2, 0, 6.5, 1))
    assert around.land.covers(shapely.box(2, 1, 8, 2))  # the country is no other only where most of it is claimed
    assert not around.land.intersects(shapely.box(2.1, 0.1, 6.4, 0.9))
    assert around.borders.length == pytest.approx(3)
    assert not around.borders.intersects(shapely.box(2.1, 0.1, 6.4, 0.9))


def test_an_islet_of_another_country_that_the_territory_draws_too_is_its_own():
    own = shapely.union_all([COUNTRIES[0], shapely.box(2.48, -1, 2.7, -0.8)])
    around = land_around(COUNTRIES, own, overlap=0.5)
    assert not around.land.intersects(shapely.box(2.4, -1.1, 2.8, -0.7))


@pytest.mark.parametrize("reach", [0.0, 0.5])
def test_between_two_ways_to_draw_a_border_no_sea_is_left_where_the_others_reach(reach):
    drawn = shapely.box(2.2, 0, 3.9, 2)  # the same country, its borders inland of those the others have
    around = land_around(COUNTRIES, drawn, reach=reach)
    strips = (shapely.box(2.01, 0.1, 2.19, 1.9), shapely.box(3.91, 0.1, 3.99, 1.9))
    assert all(around.land.covers(one) for one in strips) == bool(reach)
    assert not around.land.intersects(shapely.box(2.21, 0.1, 3.89, 1.9))


def test_they_reach_under_the_territory_no_farther_than_said():
    around = land_around(COUNTRIES, shapely.box(2, 0, 4, 2), reach=0.5, overlap=0.1)
    assert not around.land.intersects(shapely.box(2.11, 0.11, 3.89, 1.89))
    assert around.land.covers(shapely.union_all([shapely.box(2, 0, 2.09, 2), shapely.box(3.91, 0, 4, 2)]))


def test_simplified_neighbours_still_meet():
    wavy = shapely.LineString([(6 + 0.01 * (-1) ** step, step / 100) for step in range(201)])
    left, right = shapely.ops.split(shapely.box(4, 0, 8, 2), wavy).geoms
    around = land_around(np.array([COUNTRIES[0], left, right]), COUNTRIES[0], tolerance=0.1)
    assert shapely.get_num_coordinates(around.borders) < 20
    assert len(shapely.get_parts(around.land)) == 1
    assert not shapely.get_num_interior_rings(shapely.get_parts(around.land)[0])


def test_a_territory_that_is_everything_leaves_nothing():
    around = land_around(COUNTRIES, shapely.box(-1, -2, 9, 3), tolerance=0.01, reach=0.1, overlap=0.1)
    assert around.land.is_empty
    assert around.borders.is_empty


def test_far_away_is_drawn_coarsely_and_no_border_lies_along_the_edge_of_what_is_near():
    around = land_around(COUNTRIES, COUNTRIES[0], near=(0, -2, 4.5, 3), far_tolerance=0.3)
    assert around.land.area == pytest.approx(12.04)
    assert around.borders.bounds == (4, 0, 6, 2)
    assert around.borders.length == pytest.approx(4)  # between the second and the third, and the third and the fourth
    islet_far = land_around(COUNTRIES, COUNTRIES[3], near=(3, 0, 8, 2), far_tolerance=0.3)
    assert islet_far.land.area == pytest.approx(12)
