"""Areal interpolation on rectangles: tobler's published example, points of population, and units covered in part."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.spatial.boundaries.interpolate import areal_crosswalk
from fuping.spatial.boundaries.transfer import transfer
from fuping.spatial.errors import CrosswalkError
from hypothesis import given, settings
from hypothesis import strategies as st


def km(*corners):
    return shapely.box(*[corner * 1000 for corner in corners])


def units(**shapes):
    return gpd.GeoDataFrame({"code": list(shapes)}, geometry=gpd.GeoSeries(list(shapes.values()), crs="EPSG:6933"))


def people(*places):
    """Points of (x km, y km, people)."""
    east, north, count = (np.array(column, dtype=float) for column in zip(*places, strict=True))
    points = gpd.points_from_xy(east * 1000, north * 1000, crs="EPSG:6933")
    return gpd.GeoDataFrame({"population": count}, geometry=points)


def links(walk):
    return {(a, b): weight for a, b, weight in walk.links[["from_code", "to_code", "weight"]].to_numpy()}


def carry(start, end, values, **options):
    walk, report = areal_crosswalk(start, end, from_vintage="1", to_vintage="2", **options)
    return transfer(pd.Series(values, dtype=float), walk, aggregation="extensive")[0].to_dict(), report


# pysal/tobler, tobler/tests/test_area_tables_area_interpolate.py: two rectangles of 500 people at an income of 75 and
# 200 at 100, overlaid with three, give five faces with these estimates.
SOURCES = units(south=km(0, 0, 10, 5), north=km(0, 5, 10, 10))
FACES = units(
    sw=km(0, 0, 5, 5), nw=km(0, 5, 5, 7), se=km(5, 0, 10, 5), ne=km(5, 5, 10, 10), top=km(0, 7, 5, 10)
)  # fmt: skip
THREE = units(left=km(0, 0, 5, 7), right=km(5, 0, 10, 10), top=km(0, 7, 5, 10))
PEOPLE = {"south": 500, "north": 200}
PER_HEAD = {"south": 75, "north": 100}
INCOME = {"south": 37_500, "north": 20_000}


def test_tobler_s_published_sums():
    carried, report = carry(SOURCES, FACES, PEOPLE)
    assert carried == pytest.approx({"sw": 250, "nw": 40, "se": 250, "ne": 100, "top": 60})
    carried, _ = carry(SOURCES, FACES, INCOME)
    assert carried == pytest.approx({"sw": 18_750, "nw": 4_000, "se": 18_750, "ne": 10_000, "top": 6_000})
    assert (report.n_left, report.matched, report.n_right, report.notes) == (2, 2, 5, ())


def test_tobler_s_published_means():
    walk, _ = areal_crosswalk(SOURCES, FACES, from_vintage="1", to_vintage="2")
    mean, _ = transfer(pd.Series(PER_HEAD, dtype=float), walk, aggregation="intensive")
    assert mean.to_dict() == {"sw": 75, "nw": 100, "se": 75, "ne": 100, "top": 100}


def test_faces_add_up_to_the_units_they_make():
    carried, _ = carry(SOURCES, THREE, PEOPLE)
    assert carried == pytest.approx({"left": 290, "right": 350, "top": 60})
    walk, _ = areal_crosswalk(SOURCES, THREE, from_vintage="1", to_vintage="2")
    size = pd.Series(PEOPLE, dtype=float)
    mean, _ = transfer(pd.Series(PER_HEAD, dtype=float), walk, aggregation="intensive", weights=size)
    # Income over people: (18,750 + 4,000) / 290 and (18,750 + 10,000) / 350.
    assert mean.to_dict() == pytest.approx({"left": 22_750 / 290, "right": 28_750 / 350, "top": 100})


HALF = units(a=km(0, 0, 2, 1), b=km(2, 0, 4, 1))
INSIDE = units(x=km(0, 0, 3, 1))


def test_all_of_a_unit_covered_in_part_goes_to_those_that_cover_it():
    # tobler's allocate_total=True: w = a_ij / sum_k a_ik.
    carried, report = carry(HALF, INSIDE, {"a": 10, "b": 6})
    assert carried == {"x": 16.0}
    assert report.notes == ("1 units are not covered to 100%: b 50.0%",)


def test_or_only_the_part_that_is_covered():
    # tobler's allocate_total=False: w = a_ij / a_i.
    carried, _ = carry(HALF, INSIDE, {"a": 10, "b": 6}, partial="keep")
    assert carried == {"x": 13.0}


def test_what_nothing_covers_is_in_the_report_and_not_in_the_crosswalk():
    start = pd.concat([HALF, units(c=km(9, 9, 10, 10), d=None)], ignore_index=True)
    walk, report = areal_crosswalk(start, INSIDE, from_vintage="1", to_vintage="2")
    assert walk.from_codes == ("a", "b")
    assert [(row.code, row.reason) for row in report.unmatched_left] == [("c", "not_covered"), ("d", "no_geometry")]
    assert (report.n_left, report.matched) == (4, 2)


def test_a_unit_that_receives_nothing_is_in_the_report():
    _, report = areal_crosswalk(HALF, units(x=km(0, 0, 4, 1), far=km(7, 7, 8, 8)), from_vintage="1", to_vintage="2")
    assert [(row.code, row.reason) for row in report.unmatched_right] == [("far", "not_covered")]


def test_targets_that_overlap_are_shared_out_and_told_or_refused():
    twice = units(x=km(0, 0, 2, 1), y=km(1, 0, 2, 1))
    walk, report = areal_crosswalk(units(a=km(0, 0, 2, 1)), twice, from_vintage="1", to_vintage="2")
    assert links(walk) == pytest.approx({("a", "x"): 2 / 3, ("a", "y"): 1 / 3})
    assert report.notes == ("1 units are not covered to 100%: a 150.0%",)
    with pytest.raises(CrosswalkError, match=r"more than 1: a → x, a → y"):
        areal_crosswalk(units(a=km(0, 0, 2, 1)), twice, from_vintage="1", to_vintage="2", partial="keep")


def test_people_at_points_take_the_place_of_area():
    walk, report = areal_crosswalk(
        units(a=km(0, 0, 4, 1)), units(x=km(0, 0, 1, 1), y=km(1, 0, 4, 1)), from_vintage="1", to_vintage="2",
        population=people((0.5, 0.5, 90), (2, 0.5, 4), (3, 0.5, 6)),
    )  # fmt: skip
    # By area it would be 1/4 and 3/4.
    assert links(walk) == pytest.approx({("a", "x"): 0.9, ("a", "y"): 0.1})
    assert report.name == "1 → 2 by population"


def test_a_unit_without_people_goes_by_area_and_the_report_says_so():
    walk, report = areal_crosswalk(
        HALF, units(x=km(0, 0, 1, 1), y=km(1, 0, 4, 1)), from_vintage="1", to_vintage="2",
        population=people((2.5, 0.5, 7), (0.5, 0.5, 0)),
    )  # fmt: skip
    assert links(walk) == pytest.approx({("a", "x"): 0.5, ("a", "y"): 0.5, ("b", "y"): 1.0})
    assert report.notes == ("by area, for want of people at points: a",)


def test_people_outside_every_target_stay_behind_where_they_are_kept():
    points = people((2.5, 0.5, 30), (3.5, 0.5, 10), (0.5, 0.5, 1), (50, 50, 99))
    options = {"from_vintage": "1", "to_vintage": "2", "population": points}
    kept, report = areal_crosswalk(HALF, INSIDE, partial="keep", **options)
    assert links(kept) == pytest.approx({("a", "x"): 1.0, ("b", "x"): 0.75})
    assert report.notes == (
        "1 points with 99 people lie in no unit of departure",
        "1 units are not covered to 100%: b 75.0%",
    )
    spread, _ = areal_crosswalk(HALF, INSIDE, **options)
    assert links(spread) == pytest.approx({("a", "x"): 1.0, ("b", "x"): 1.0})


def test_a_unit_whose_people_all_live_outside_is_not_covered():
    points = people((3.5, 0.5, 10), (0.5, 0.5, 1))
    walk, report = areal_crosswalk(HALF, INSIDE, from_vintage="1", to_vintage="2", population=points)
    assert walk.from_codes == ("a",)
    assert [(row.code, row.reason) for row in report.unmatched_left] == [("b", "not_covered")]


def test_a_point_on_a_border_counts_once():
    points = people((1, 0.5, 10), (0.5, 0.5, 10))
    walk, _ = areal_crosswalk(
        units(a=km(0, 0, 2, 1)), units(x=km(0, 0, 1, 1), y=km(1, 0, 2, 1)), from_vintage="1", to_vintage="2",
        population=points,
    )  # fmt: skip
    assert links(walk) == {("a", "x"): 1.0}


@pytest.mark.parametrize("count", [np.nan, -1.0, np.inf])
def test_people_that_cannot_be_are_refused(count):
    with pytest.raises(CrosswalkError, match="1 of 2 points have a population that is missing, negative or infinite"):
        areal_crosswalk(HALF, INSIDE, from_vintage="1", to_vintage="2", population=people((1, 0.5, 1), (1, 0.5, count)))


def test_an_unknown_choice_lists_the_known():
    with pytest.raises(CrosswalkError, match=r"partial='drop' is unknown.*renormalise or keep"):
        areal_crosswalk(HALF, INSIDE, from_vintage="1", to_vintage="2", partial="drop")


cuts = st.lists(st.integers(1, 99), min_size=0, max_size=6, unique=True).map(sorted)


def strips(at, prefix):
    edges = [0, *at, 100]
    return units(**{f"{prefix}{i}": km(edges[i], 0, edges[i + 1], 10) for i in range(len(edges) - 1)})


@settings(max_examples=25, deadline=None)
@given(cuts, cuts, st.data())
def test_totals_are_kept_between_any_two_divisions_of_one_territory(before, after, data):
    start, end = strips(before, "a"), strips(after, "b")
    values = {code: data.draw(st.floats(0, 1e6)) for code in start["code"]}
    carried, report = carry(start, end, values)
    assert sum(carried.values()) == pytest.approx(sum(values.values()), rel=1e-9)
    assert report.notes == ()
    # A density that is the same everywhere stays the same everywhere.
    areas, _ = carry(start, end, dict(zip(start["code"], start.area, strict=True)))
    assert areas == pytest.approx(dict(zip(end["code"], end.area, strict=True)), rel=1e-6)
