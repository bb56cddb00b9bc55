"""An evaluation reproduces published effects, says what it cannot tell, and refuses what identifies nothing."""

import copy
import json

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.pages.evaluation import _content
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.coverage_targeting import coverage_facts
from fuping.dashboard.queries.designs import Twin
from fuping.dashboard.queries.effects import Choice, Effects, Refusal
from fuping.dashboard.queries.evaluation import COMPARISON, EXCLUDED, TREATED, evaluate
from fuping.dashboard.queries.evaluation_design import evaluation_level, outcome_choices, read_design
from fuping.dashboard.queries.own_panel import PanelColumns, evaluate_own
from fuping.dashboard.queries.treatment import treatment_choices
from fuping.dashboard.queries.uploaded import UploadError, read_table
from fuping.dashboard.state import ViewState
from shared_data import needs_shared, shared

COLUMNS = PanelColumns("unit", "year", "outcome", "first", None, None)


class WithoutCensus(Reader):
    """The store as it is before the census files are supplied."""

    def catalogue(self, pack):
        found = copy.deepcopy(super().catalogue(pack))
        for one in found["sources"]:
            if one["id"].startswith("census"):
                one["loaded"] = False
        for one in found["indicators"]:
            if any(source.startswith("census") for source in one["sources"]):
                for level in one["levels"].values():
                    level["n_values"] = 0
        return found


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def evaluated(reader, query):
    return evaluate(reader, read_design(reader, read(reader, query)))


def told(parts):
    return json.dumps(
        [one.to_plotly_json() for one in (*parts.head, *parts.body)],
        default=lambda one: one.to_plotly_json(),
        ensure_ascii=False,
    )


def sent(frame):
    return read_table(frame.to_csv(index=False).encode(), "panel.csv")


def panel(first, years=range(2010, 2016), seed=0):
    rng = np.random.default_rng(seed)
    rows = [
        {"unit": f"u{at}", "year": year, "outcome": rng.normal() + (year >= when if when else 0), "first": when or ""}
        for at, when in enumerate(first)
        for year in years
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def mpdta():
    return read_table(shared("evaluation/mpdta.csv").read_bytes(), "mpdta.csv")


@needs_shared
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_prints_the_published_effects_of_minimum_wages(reader, mpdta, language):
    # README and vignette of the R package did (see tests/reference/test_projects_callaway_santanna.py): simple,
    # dynamic, group and calendar, and the p-value of the pre-test, 0.16812.
    parts = _content(reader, read(reader, f"pack=kr&data=own&lang={language}"), mpdta)
    text = told(parts)
    for printed in ("−0.0400", "−0.0772", "−0.0310", "−0.0417", "p = 0.168" if language == "en" else "p＝0.168"):
        assert printed in text
    assert "309" in text  # counties never treated, written 0
    assert "Callaway, B., and P. H. C. Sant'Anna (2021)" in text


@needs_shared
def test_a_covariate_gives_the_published_effect(reader, mpdta):
    # Rios-Avila, csdid page: simple ATT with lpop −0.0417518 (0.0115028).
    columns = PanelColumns("countyreal", "year", "lemp", "first.treat", None, None, ("lpop",))
    found = evaluate_own(mpdta, columns, Choice()).result
    assert (found.overall.value, found.overall.se) == pytest.approx((-0.0417518, 0.0115028), abs=6e-8)
    assert {one.key for one in found.variants} >= {"plain", "regression", "inverse_probability", "not_yet_treated"}


@needs_shared
def test_two_census_years_give_the_difference_of_the_changes_and_no_test_of_trends(reader):
    found = evaluated(reader, "pack=cn&outcome=without_piped_water")
    values = reader.values("cn", "without_piped_water", "county").value
    change = values[1] - values[0]
    covered = reader.coverage("cn", "national", "county")[1].any(axis=0)
    there = ~np.isnan(change)
    expected = change[there & covered].mean() - change[there & ~covered].mean()
    assert found.result.overall.value == pytest.approx(expected)
    assert not found.result.tested
    assert found.result.bounds is None
    assert [(found.group == one).sum() for one in (TREATED, COMPARISON, EXCLUDED)] == [
        (there & covered).sum(),
        (there & ~covered).sum(),
        (~there).sum(),
    ]
    text = told(_content(reader, read(reader, "pack=cn&outcome=without_piped_water"), None))
    assert "2010 precedes the start in 2012" in text
    assert "cannot be tested at all" in text


def test_designation_alone_shows_coverage_and_no_effect(store):
    reader = WithoutCensus(store)
    for language in ("en", "zh"):
        parts = _content(reader, read(reader, f"pack=cn&lang={language}"), None)
        text = told(parts)
        assert '"data-refused": "no_outcome"' in text
        assert '"data-table": "coverage"' in text
        assert '"data-table": "targeting"' in text
        assert '"data-figure": "effect"' not in text
        assert "fuping source fetch cn census_2010" in text
    assert not parts.asks


def test_coverage_is_counted_as_by_hand(reader):
    units = reader.units("cn", "county")
    facts = {one.project["id"]: one for one in coverage_facts(reader, "cn", "county")}
    years, covered = reader.coverage("cn", "national", "county")
    row = facts["national"].by_year.loc[years[0]]
    area = np.array(units["area_km2"], dtype=float)
    assert row["units_covered"] == covered[0].sum()
    assert row["area_km2_covered_share"] == pytest.approx(area[covered[0] == 1].sum() / area.sum())
    marked = {one.indicator["id"]: one.found for one in facts["national"].marked}
    key = reader.values("cn", "key_county_2012", "county").value[0] == 1
    assert marked["key_county_2012"].poor_coverage == pytest.approx(covered.any(axis=0)[key].mean())


@needs_shared
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("pack=cn&outcome=without_piped_water&treatment=enter.poverty_county_status.1", "switches_off"),
        ("pack=cn&outcome=without_piped_water&from=2020", "one_period"),
        ("pack=cn&outcome=without_piped_water&method=synthetic_control", "not_one_treated"),
        ("pack=us&outcome=poverty_rate&treatment=above.snap_ratio.0", "model_input"),
        ("pack=us&outcome=poverty_rate&treatment=above.median_household_income.0", "same_model"),
        ("pack=kr&outcome=basic_living_ratio&treatment=above.basic_living_ratio.0", "outcome_itself"),
        ("pack=kr&outcome=basic_living_ratio&treatment=above.basic_living_recipients.0", "same_figures"),
        ("pack=kr&outcome=basic_living_ratio&treatment=above.grdp_per_head.0&threshold=0", "always_treated"),
        ("pack=kr&outcome=basic_living_ratio&treatment=above.grdp_per_head.0&threshold=1e9", "nobody_treated"),
    ],
)
def test_what_identifies_nothing_is_refused_in_both_languages(reader, query, code):
    found = evaluated(reader, query)
    assert isinstance(found.result, Refusal)
    assert found.result.code == code
    for language in ("en", "zh"):
        text = told(_content(reader, read(reader, f"{query}&lang={language}"), None))
        assert f'"data-refused": "{code}"' in text
        assert '"data-figure": "effect"' not in text


@pytest.mark.parametrize(
    ("first", "options", "code"),
    [
        ([2012, 2012, 2012], {}, "all_at_once"),
        ([2012, 2013, 2013], {}, "no_untreated"),
        ([2012, None, None], {}, "one_treated"),
        ([None, None, None], {}, "nobody_treated"),
        ([2010, 2010, None], {}, "always_treated"),
        ([2012, 2012, *[None] * 4], {"cluster": "group"}, "few_clusters"),
        ([2012, 2012, None, None], {"covariates": ("apart",)}, "no_overlap"),
        ([2012, 2012, None, None], {"covariates": ("same",)}, "dependent"),
        ([2012, 2012, None, None], {"outcome": "same"}, "constant_outcome"),
    ],
)
def test_a_readers_panel_that_identifies_nothing_is_refused(first, options, code):
    frame = panel(first).assign(group=lambda rows: rows["unit"].str[-1].astype(int) % 3)
    frame["apart"] = frame["unit"].str[1:].astype(int)
    frame["same"] = 7
    outcome, covariates = options.get("outcome", "outcome"), options.get("covariates", ())
    columns = PanelColumns("unit", "year", outcome, "first", options.get("cluster"), None, covariates)
    found = evaluate_own(sent(frame), columns, Choice())
    assert found.result.code == code
    # Conditions are called as the reader's columns are.
    assert found.result.values.get("covariates", covariates) == covariates


def test_cohorts_of_which_none_is_never_treated_are_compared_with_those_not_treated_yet():
    found = evaluate_own(sent(panel([2012] * 8 + [2014] * 8)), COLUMNS, Choice(control="not_yet_treated")).result
    assert isinstance(found, Effects)
    beside = {one.key: one.found for one in found.variants}
    assert beside["sun_abraham"].value == pytest.approx(found.overall.value)
    assert beside["never_treated"].code == "no_untreated"


def test_units_left_out_are_told_in_the_language_of_the_page(reader):
    frame = panel([2012, 2012, 2012, *[None] * 6, 2030])
    frame = frame[~((frame["unit"] == frame["unit"].iloc[0]) & (frame["year"] == 2013))]
    frame = frame.rename(columns={"first": "first_treated"})
    page = {
        language: told(_content(reader, read(reader, f"pack=kr&lang={language}&data=own"), sent(frame)))
        for language in ("en", "zh")
    }
    assert "no row in 2013" in page["en"]
    assert "2013缺行" in page["zh"]
    assert "counted as not treated: 1" in page["en"]
    assert "按未受干预计：1个单位" in page["zh"]


def test_one_treated_unit_has_a_twin():
    found = evaluate_own(sent(panel([2014, *[None] * 5])), COLUMNS, Choice(method="synthetic_control")).result
    assert isinstance(found, Twin)
    assert found.found.weights.sum() == pytest.approx(1)


def test_an_effect_that_is_known_is_found():
    # Simulated: 60 units, half treated from 2012 or 2013 on, the effect 1 in every year.
    frame = panel([2012] * 15 + [2013] * 15 + [None] * 30, seed=3)
    found = evaluate_own(sent(frame), COLUMNS, Choice()).result
    assert isinstance(found, Effects)
    assert found.overall.low < 1 < found.overall.high
    assert found.decomposition.weights.sum() == pytest.approx(1)
    assert found.bounds.breakdown >= 0
    assert list(found.trends.columns) == [0, 2012, 2013]
    part = frame[frame["first"] == 2012].groupby("year")["outcome"].mean()
    np.testing.assert_allclose(found.trends[2012], part)


@pytest.mark.parametrize(
    ("change", "code", "row"),
    [
        (lambda rows: pd.concat([rows, rows.iloc[[0]]]), "twice", 20),
        (lambda rows: rows.assign(first=["2012", "2013", *rows["first"].astype(str)[2:]]), "changes", 3),
        (lambda rows: rows.assign(outcome=["none at all", *rows["outcome"].astype(str)[1:]]), "not_number", 2),
        (lambda rows: rows.assign(year=["", *rows["year"].astype(str)[1:]]), "missing", 2),
        (lambda rows: rows.assign(unit=["", *rows["unit"][1:]]), "missing", 2),
        (lambda rows: rows.assign(year=[10**20, *rows["year"][1:]]), "too_high", 2),
    ],
)
def test_a_row_of_a_panel_that_cannot_be_used_is_named(change, code, row):
    frame = change(panel([2012, None, None]))
    with pytest.raises(UploadError) as caught:
        evaluate_own(sent(frame), COLUMNS, Choice())
    assert (caught.value.code, caught.value.values["row"]) == (code, row)


def test_columns_that_are_absent_are_asked_for():
    with pytest.raises(UploadError) as caught:
        evaluate_own(sent(pd.DataFrame({"a": [1]})), PanelColumns("a", None, None, None, None, None), Choice())
    assert caught.value.code == "absent_columns"


@pytest.mark.parametrize("pack", ["cn", "kr", "us"])
def test_every_outcome_and_treatment_gives_a_page(reader, pack):
    if pack not in reader.packs():
        pytest.skip("the pack is not built here")
    level = evaluation_level(reader, pack)
    outcomes = [one["id"] for one in outcome_choices(reader, pack, level)]
    treatments = [one.id for one in treatment_choices(reader, pack, level)]
    pairs = [(outcomes[at % len(outcomes)], one) for at, one in enumerate(treatments)]
    pairs += [(one, treatments[0]) for one in outcomes]
    for at, (outcome, treatment) in enumerate(pairs):
        query = f"pack={pack}&outcome={outcome}&treatment={treatment}&lang={('en', 'zh')[at % 2]}"
        text = told(_content(reader, read(reader, query), None))
        assert '"data-refused"' in text or '"data-figure": "effect"' in text
        assert "NaN" not in text
