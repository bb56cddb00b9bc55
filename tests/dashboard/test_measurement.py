"""A survey is measured as published examples say, unit by unit as by hand, and small samples are not shown."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.pages.measurement import _content
from fuping.dashboard.queries.code_match import match_codes
from fuping.dashboard.queries.survey import read_survey, survey_columns
from fuping.dashboard.queries.survey_line import set_lines
from fuping.dashboard.queries.survey_map import survey_layer
from fuping.dashboard.queries.survey_results import survey_file, work_out
from fuping.dashboard.queries.uploaded import UploadError, read_table
from fuping.dashboard.state import ViewState
from simulated_survey import simulated_survey


def measured(reader, frame, query):
    view = ViewState.read(query, reader.packs(), reader.catalogue)
    table = read_table(frame.to_csv(index=False).encode(), "survey.csv")
    columns = survey_columns(view, table.columns)
    survey = read_survey(table, columns)
    return view, table, work_out(reader, view, table, columns, survey, set_lines(reader, view))


@pytest.fixture(scope="module")
def surveyed(reader):
    codes = [*reader.units("kr", "municipality")["code"][:38], "99999", "x"]
    frame = simulated_survey(960, units=codes)
    return frame, *measured(reader, frame, "pack=kr&line=amount&amounts=4000&least=20")


def test_the_handbooks_four_people(reader):
    # Haughton and Khandker (2009), Handbook on Poverty and Inequality, table 4.1: 100, 110, 150, 160 and a line of 125.
    frame = pd.DataFrame({"income": [100, 110, 150, 160]})
    _, _, found = measured(reader, frame, "pack=kr&line=amount&amounts=125")
    values = {one.name: one.found.value for one in found.measures.poverty[0][1]}
    assert values["headcount"] == 0.5
    assert values["gap"] == pytest.approx(0.08)


def test_alkire_and_fosters_four_people(reader):
    # Alkire and Foster (2011), J. Public Economics 95, the worked example (see tests/reference): at k = 2 of 4 two of
    # four are poor, A = 3/4 and M0 = 6/16, as can be counted by hand.
    deprived = np.array([[0, 0, 0, 0], [0, 1, 0, 1], [1, 1, 1, 1], [0, 1, 0, 0]])
    frame = pd.DataFrame(deprived, columns=list("abcd")).assign(income=[1, 2, 3, 4])
    _, _, found = measured(reader, frame, "pack=kr&dep=a|b|c|d&cut=0.5")
    measures = found.counted.measures
    assert measures.headcount_ratio.value == 0.5
    assert measures.intensity.value == pytest.approx(0.75)
    assert measures.adjusted_headcount_ratio.value == pytest.approx(6 / 16)
    assert found.counted.by_cutoff[1.0][0].value == 0.25


def test_units_are_measured_as_by_hand_and_small_ones_are_not_shown(surveyed):
    frame, _, _, found = surveyed
    latest = frame[frame["year"] == 2020].assign(people=lambda rows: rows["weight"] * rows["hhsize"])
    assert len(found.by_unit.table) == latest["unit"].nunique()
    for unit, rows in latest.groupby("unit"):
        row = found.by_unit.table.loc[unit]
        assert row["n"] == len(rows)
        share = np.average(rows["welfare"] < 4000, weights=rows["people"])
        assert row["headcount_ratio"] == pytest.approx(share) if len(rows) >= 20 else np.isnan(row["headcount_ratio"])
    shown = found.by_unit.table["headcount_ratio"].notna()
    low, high = found.by_unit.table["headcount_ratio_low"][shown], found.by_unit.table["headcount_ratio_high"][shown]
    assert ((low >= 0) & (high <= 1) & (low < high)).all()


def test_fewer_observations_than_the_reader_asks_for_are_counted(reader):
    frame = simulated_survey(480, units=["11010", "11020"]).query("year == 2020")
    frame.loc[frame.index[:5], "unit"] = "11030"
    _, _, found = measured(reader, frame, "pack=kr&least=6")
    assert found.by_unit.n_small == 1
    assert np.isnan(found.by_unit.table.loc["11030", "poverty_gap"])
    assert found.by_unit.table.loc["11030", "n"] == 5


def test_codes_are_matched_and_the_map_holds_the_figures(reader, surveyed):
    _, view, _, found = surveyed
    assert found.match.level == "municipality"
    assert {row.code: row.reason for row in found.match.report.unmatched_left} == {
        "99999": "format",
        "x": "format",
    }
    _, values = survey_layer(reader, view.pack, found.match, found.by_unit.table, 2020)
    codes = reader.units("kr", "municipality")["code"]
    for code in codes[:38]:
        share = found.by_unit.table.loc[code, "headcount_ratio"]
        np.testing.assert_allclose(values.value[0, codes.index(code)], 100 * share)
    assert np.isfinite(values.value).sum() == found.by_unit.table.loc[codes[:38], "headcount_ratio"].notna().sum()


def test_codes_that_no_unit_has_give_no_map(reader):
    assert match_codes(reader, "kr", pd.Index(["a", "b"])) is None
    few = match_codes(reader, "kr", pd.Index(["11010", *(f"z{one}" for one in range(9))]))
    assert (few.report.matched, few.usable) == (1, False)


def test_the_three_is_of_poverty_add_up_the_gaps_by_hand(surveyed):
    frame, _, _, found = surveyed
    rows = frame[frame["year"] == 2020].sort_values("welfare")
    people = (rows["weight"] * rows["hhsize"]).to_numpy(dtype=float)
    gaps = np.maximum(1 - rows["welfare"].to_numpy() / 4000, 0)
    upto, held = np.append(0, people.cumsum()) / people.sum(), np.append(0, (people * gaps).cumsum()) / people.sum()
    np.testing.assert_allclose(found.tip.value, np.interp(found.tip.share, upto, held), atol=1e-9)


def test_growth_of_every_quantile_is_that_of_all_incomes(reader):
    frame = simulated_survey(600, years=(2015,)).drop(columns="unit")
    later = frame.assign(year=2020, welfare=frame["welfare"] * 1.1**5)
    _, _, found = measured(reader, pd.concat([frame, later]), "pack=kr")
    assert found.first_year == 2015
    np.testing.assert_allclose(found.growth.value, 10, atol=1e-6)
    assert max(found.growth.low) < 10 < min(found.growth.high)


def test_groups_add_up_and_those_without_one_have_their_own(reader):
    frame = simulated_survey(600)
    frame.loc[frame.index[-40:], "group"] = None
    _, _, found = measured(reader, frame, "pack=kr&unit=-")
    table = found.parts[0].table
    assert set(table.index) == {"rural", "urban", "group not known"}
    assert table["contribution"].sum() == pytest.approx(found.measures.poverty[0][1][0].found.value)


def test_income_of_a_household_is_divided_by_its_people(reader):
    frame = pd.DataFrame({"income": [100, 90], "hhsize": [1, 3]})
    _, _, found = measured(reader, frame, "pack=kr&per=household&line=amount&amounts=50")
    assert found.measures.mean.found.value == pytest.approx((100 + 3 * 30) / 4)
    assert found.measures.poverty[0][1][0].found.value == 0.75


def test_measures_that_are_not_defined_say_why(reader):
    frame = pd.DataFrame({"income": [-5, 0, 10, 20]})
    _, _, found = measured(reader, frame, "pack=kr&line=amount&amounts=5")
    why = {
        one.name: getattr(one.found, "why", "") for one in (*found.measures.poverty[0][1], *found.measures.inequality)
    }
    assert (why["watts"], why["gini"], why["headcount"]) == ("not_positive", "negative", "")
    assert found.lorenz is None


def test_a_dollar_line_is_carried_to_the_surveys_currency(reader):
    view = ViewState.read("pack=cn&line=bank&dollars=8&parity=4&prices=1.25&over=day", reader.packs(), reader.catalogue)
    # $3.00 of 2021 at 4 to the dollar, prices a quarter higher: 15.
    assert set_lines(reader, view)[0].value == pytest.approx(15)
    assert set_lines(reader, ViewState.read("line=bank", reader.packs(), reader.catalogue)) == []
    two = ViewState.read("line=amount&amounts=2300;x;-4;4000", reader.packs(), reader.catalogue)
    assert [one.value for one in set_lines(reader, two)] == [2300, 4000]


def test_a_lone_cluster_is_refused_until_it_is_accepted(reader):
    frame = pd.DataFrame({"income": [1, 2, 3, 4], "stratum": list("aaab"), "psu": [1, 2, 2, 1]})
    with pytest.raises(UploadError) as caught:
        measured(reader, frame, "pack=kr")
    assert caught.value.values["strata"] == "b"
    _, _, found = measured(reader, frame, "pack=kr&lone=1")
    assert np.isfinite(found.measures.mean.found.se)


def test_the_file_of_results_holds_the_figures_and_what_was_done(surveyed):
    _, _, table, found = surveyed
    text = survey_file(found, table, "0")
    assert "# line 1: 4000 (amount)" in text
    rows = pd.read_csv(io.StringIO(text), comment="#")
    line = rows[(rows["table"] == "line 1") & (rows["measure"] == "headcount")]
    assert line["value"].item() == pytest.approx(found.measures.poverty[0][1][0].found.value, rel=1e-9)
    assert (rows["table"] == "unit").sum() == 3 * len(found.by_unit.table)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("pack", ["cn", "kr", "us"])
def test_every_state_of_the_page_is_drawn(reader, pack, language):
    if pack not in reader.packs():
        pytest.skip("the pack is not built here")
    level = reader.catalogue(pack)["pack"]["default_level"]
    frame = simulated_survey(480, units=reader.units(pack, level)["code"][:8])
    table = read_table(frame.to_csv(index=False).encode(), "survey.csv")
    for query in (
        "",
        "&welfare=-",
        "&line=bank",
        "&line=pack",
        "&line=amount&amounts=3000;5000&dep=no_water|no_school&dw=2;1",
        "&dep=no_water|welfare",
        "&dep=no_water&dw=1;2",
        "&unit=psu",
        "&group=psu",
        "&weight=group",
    ):
        view = ViewState.read(f"pack={pack}&lang={language}{query}", reader.packs(), reader.catalogue)
        parts = _content(reader, view, table)
        assert "NaN" not in json.dumps([one.to_plotly_json() for one in parts.body if one], default=str)
    assert _content(reader, view, None).body
