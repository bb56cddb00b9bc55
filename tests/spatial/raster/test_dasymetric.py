"""Values carried by the people of a raster: against sums in the head, against area, and nothing lost."""

import numpy as np
import pytest
import shapely
from fuping.spatial.boundaries import areal_crosswalk
from fuping.spatial.errors import CrosswalkError
from fuping.spatial.raster.dasymetric import dasymetric_crosswalk
from hypothesis import given, settings
from hypothesis import strategies as st
from rasters import square_raster, units_of

OLD = {"a": shapely.box(0, 0, 4, 4)}
NEW = {"west": shapely.box(0, 0, 1, 4), "east": shapely.box(1, 0, 4, 4)}
VINTAGES = {"from_vintage": "old", "to_vintage": "new"}


def shares(found):
    return found.links.set_index(["from_code", "to_code"])["weight"].to_dict()


def test_a_unit_goes_where_its_people_are():
    people = np.zeros((4, 4))
    people[:, 0] = 9  # the western column
    people[0, 3] = 4  # one cell in the east
    found, report = dasymetric_crosswalk(units_of(OLD), units_of(NEW), square_raster(people), **VINTAGES)
    assert shares(found) == pytest.approx({("a", "west"): 36 / 40, ("a", "east"): 4 / 40})
    assert report.matched == 1


def test_a_cell_that_a_border_cuts_is_counted_in_part():
    halves = {"west": shapely.box(0, 0, 0.25, 4), "east": shapely.box(0.25, 0, 4, 4)}
    people = np.zeros((4, 4))
    people[2, 0] = 8
    found, _ = dasymetric_crosswalk(units_of(OLD), units_of(halves), square_raster(people), **VINTAGES)
    assert shares(found) == pytest.approx({("a", "west"): 0.25, ("a", "east"): 0.75})


def test_people_spread_evenly_give_the_shares_of_area():
    told, _ = dasymetric_crosswalk(units_of(OLD), units_of(NEW), square_raster(np.full((4, 4), 7.0)), **VINTAGES)
    area, _ = areal_crosswalk(units_of(OLD), units_of(NEW), **VINTAGES)
    assert shares(told) == pytest.approx(shares(area), rel=1e-6)


def test_a_unit_without_people_goes_by_area_and_one_without_cover_is_reported():
    old = OLD | {"far": shapely.box(20, 20, 22, 22)}
    found, report = dasymetric_crosswalk(units_of(old), units_of(NEW), square_raster(np.zeros((4, 4))), **VINTAGES)
    assert shares(found) == pytest.approx({("a", "west"): 0.25, ("a", "east"): 0.75}, rel=1e-6)
    assert [one.code for one in report.unmatched_left] == ["far"]
    assert "for want of people in the raster: a" in report.notes[0]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 9999))
def test_nothing_is_lost_on_the_way(seed):
    rng = np.random.default_rng(seed)
    people = rng.gamma(0.3, 50, (8, 8)) * (rng.random((8, 8)) < 0.5)
    cuts = np.sort(rng.uniform(0.5, 7.5, 2))
    old = {"s": shapely.box(0, 0, 8, cuts[0]), "n": shapely.box(0, cuts[0], 8, 8)}
    new = {"w": shapely.box(0, 0, cuts[1], 8), "e": shapely.box(cuts[1], 0, 8, 8)}
    found, _ = dasymetric_crosswalk(units_of(old), units_of(new), square_raster(people), **VINTAGES)
    weights = found.links.groupby("from_code")["weight"].sum()
    np.testing.assert_allclose(weights, 1.0)


@pytest.mark.parametrize(
    ("people", "words"), [(np.full((2, 4, 4), 1.0), "2 bands"), (np.full((4, 4), -1.0), "fewer than no people")]
)
def test_a_raster_that_counts_nobody_is_refused(people, words):
    with pytest.raises(CrosswalkError, match=words):
        dasymetric_crosswalk(units_of(OLD), units_of(NEW), square_raster(people), **VINTAGES)
