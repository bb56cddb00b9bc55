"""An area drawn on the map: which units are in it, and its figures."""

import numpy as np
import pytest
import shapely
from fuping.dashboard.app import create_app
from fuping.dashboard.drawn import MOST_CORNERS, read_drawn, written
from fuping.dashboard.queries.area import area_summary, drawn_members, looked_at
from fuping.dashboard.queries.ranking import ranked_table
from fuping.dashboard.state import ViewState
from fuping.layers.country import Country
from hypothesis import given
from hypothesis import strategies as st

# Around Seoul, wide of it.
ROUND = "126.7,37.3;127.3,37.3;127.3,37.75;126.7,37.75"


def view_of(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def test_units_are_in_it_by_a_point_inside_them(reader):
    view = view_of(reader, f"?pack=kr&level=municipality&drawn={ROUND}")
    inside = looked_at(reader, view)
    shapes = Country(reader.store, "kr").units("municipality").geometry
    area = shapely.box(126.7, 37.3, 127.3, 37.75)
    within, touching = shapes.within(area).to_numpy(), shapes.intersects(area).to_numpy()
    assert within.sum() > 20
    assert inside[within].all()
    assert not inside[~touching].any()


def test_corners_may_go_round_either_way_and_cross(reader):
    corners = read_drawn(ROUND)
    there = drawn_members(reader, "kr", "municipality", corners)
    assert (drawn_members(reader, "kr", "municipality", corners[::-1]) == there).all()
    crossed = (corners[0], corners[2], corners[1], corners[3])
    assert 0 < drawn_members(reader, "kr", "municipality", crossed).sum() < there.sum()


def test_a_map_moved_round_the_world_finds_the_same(reader):
    corners = read_drawn(ROUND)
    there = drawn_members(reader, "kr", "municipality", corners)
    turned = tuple((x - 360, y) for x, y in corners)
    assert (drawn_members(reader, "kr", "municipality", turned) == there).all()


def test_the_figures_of_an_area_are_those_of_its_units(reader):
    view = view_of(reader, f"?pack=kr&level=municipality&indicator=basic_living_ratio&year=2020&drawn={ROUND}")
    inside = looked_at(reader, view)
    rate, people = (reader.values("kr", one, "municipality") for one in ("basic_living_ratio", "population"))
    rates, weights = rate.value[rate.at(2020), inside], people.value[people.at(2020), inside]
    found = area_summary(reader, view)
    assert (found.n, found.observed, found.summed) == (inside.sum(), np.isfinite(rates).sum(), False)
    ordered = np.sort(rates)
    steps = np.arange(5) / 4 * (len(ordered) - 1)  # of the five numbers, as Hyndman & Fan's type 7 has them
    wanted = ordered[np.floor(steps).astype(int)] * (1 - steps % 1) + ordered[np.ceil(steps).astype(int)] * (steps % 1)
    assert found.quartiles == pytest.approx(wanted)
    assert found.deviation == pytest.approx(np.sqrt(((rates - rates.mean()) ** 2).mean()))
    assert found.whole == pytest.approx((rates * weights).sum() / weights.sum())
    counts = view_of(reader, f"?pack=kr&level=municipality&indicator=population&year=2020&drawn={ROUND}")
    assert area_summary(reader, counts).whole == pytest.approx(weights.sum())


def test_an_area_without_units_has_no_figures(reader):
    sea = view_of(reader, "?pack=kr&level=municipality&drawn=120,30;121,30;121,31")
    found = area_summary(reader, sea)
    assert (found.n, found.observed) == (0, 0)
    assert np.isnan([*found.quartiles, found.deviation, found.whole]).all()
    assert ranked_table(reader, sea).rows == ()


def test_what_is_partly_missing_has_no_sum(reader):
    view = view_of(reader, "?pack=cn&level=county&indicator=poverty_county_status&drawn=100,30;110,30;110,40")
    assert area_summary(reader, view) is None


def test_the_route_tells_places_of_units(reader, store):
    client = create_app(store).server.test_client()
    told = client.get(f"/drawn/kr/municipality.json?drawn={ROUND}").get_json()["units"]
    assert told == np.flatnonzero(drawn_members(reader, "kr", "municipality", read_drawn(ROUND))).tolist()
    assert client.get("/drawn/kr/municipality.json?drawn=1,2").status_code == 400
    assert client.get(f"/drawn/xx/municipality.json?drawn={ROUND}").status_code == 404
    assert client.get(f"/drawn/kr/nowhere.json?drawn={ROUND}").status_code == 404


@given(st.text(alphabet="0123456789.,;-einfa ", max_size=60))
def test_no_text_fails(text):
    corners = read_drawn(text)
    assert corners == () or 3 <= len(corners) <= MOST_CORNERS
    assert read_drawn(written(corners)) == corners


def test_more_corners_than_a_hand_needs_are_refused():
    assert read_drawn(";".join(f"{number},1" for number in range(MOST_CORNERS + 1))) == ()
