"""The other designs of the evaluation page: offered where data carry them, refused with the reason, read and cited."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.components.evaluation_file import effects_file
from fuping.dashboard.components.evaluation_words import Scale, Subject
from fuping.dashboard.pages.evaluation import _content
from fuping.dashboard.queries.border_score import border_score
from fuping.dashboard.queries.designs import Jump, Matched, Weighted
from fuping.dashboard.queries.effects import Choice, Effects, Refusal
from fuping.dashboard.queries.own_panel import PanelColumns, evaluate_own
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.queries.uploaded import read_table
from fuping.dashboard.state import ViewState
from fuping.spatial.projects import border_distances
from shared_data import needs_shared

BARE = PanelColumns("unit", "year", "outcome", "first_treated", None, None)

COLUMNS = PanelColumns("unit", "year", "outcome", "first_treated", "area", None, ("wealth",), "score")


def panel(n=120, years=range(2010, 2018), effect=2.0, seed=0, areas=6):
    """SIMULATED: treated from 2014 on where a score is 50 or more; the score has to do with the trend."""
    rng = np.random.default_rng(seed)
    score, wealth, level = rng.uniform(0, 100, n), rng.normal(size=n), rng.normal(size=n)
    rows = [
        {
            "unit": f"u{at}",
            "year": year,
            "outcome": level[at] + 0.01 * score[at] + 0.2 * rng.normal() + effect * (score[at] >= 50 and year >= 2014),
            "first_treated": 2014 if score[at] >= 50 else "",
            "area": f"a{at % areas}",
            "wealth": wealth[at],
            "score": score[at],
        }
        for at in range(n)
        for year in years
    ]
    return read_table(pd.DataFrame(rows).to_csv(index=False).encode(), "panel.csv")


def told(reader, query, table):
    view = ViewState.read(query, reader.packs(), reader.catalogue)
    parts = _content(reader, view, table)
    return json.dumps(
        [one.to_plotly_json() for one in (*parts.head, *parts.body)],
        default=lambda one: one.to_plotly_json(),
        ensure_ascii=False,
    )


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        (Choice(method="synthetic_did"), Weighted),
        (Choice(method="matching"), Matched),
        (Choice(method="matching", metric="mahalanobis"), Matched),
        (Choice(method="discontinuity", cutoff=50), Jump),
    ],
)
def test_a_simulated_effect_is_found_by_each_design(choice, kind):
    found = evaluate_own(panel(n=400), COLUMNS, choice)
    assert isinstance(found.result, kind)
    assert found.result.overall.low <= 2 <= found.result.overall.high
    assert found.result.overall.value == pytest.approx(2, abs=0.35)
    text = effects_file(found.result, Subject("t", "o", "u", ("wealth",), score="s"), Scale("", 3, "en"), "simulated")
    assert f"att,{found.result.overall.value:.10g}" in text


def waves(effect=2.0, years=range(2008, 2018), n=90):
    """SIMULATED: a third treated from 2012 on, a third from 2015 on, each with the same effect."""
    rng = np.random.default_rng(5)
    first = np.array([2012, 2015, 0])[np.arange(n) % 3]
    wealth, level = rng.normal(size=n), rng.normal(size=n)
    rows = [
        {
            "unit": f"u{at}",
            "year": year,
            "outcome": level[at] + 0.2 * rng.normal() + effect * (0 < first[at] <= year),
            "first_treated": first[at] or "",
            "wealth": wealth[at],
        }
        for at in range(n)
        for year in years
    ]
    return read_table(pd.DataFrame(rows).to_csv(index=False).encode(), "panel.csv")


WAVES = PanelColumns("unit", "year", "outcome", "first_treated", None, None, ("wealth",))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_cohorts_that_begin_one_after_the_other_are_weighted_each(reader, language):
    found = evaluate_own(waves(), WAVES, Choice(method="synthetic_did"))
    assert found.carried["synthetic_did"] is None
    assert found.result.found.cohorts.index.tolist() == [2012, 2015]
    assert found.result.overall.low <= 2 <= found.result.overall.high
    text = told(reader, f"pack=kr&data=own&method=synthetic_did&lang={language}", waves())
    assert '"data-figure": "cohorts"' in text
    assert "Clarke" in text
    assert "NaN" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_cohorts_that_begin_one_after_the_other_are_matched_each(reader, language):
    found = evaluate_own(waves(), WAVES, Choice(method="matching"))
    assert found.carried["matching"] is None
    assert found.result.overall.low <= 2 <= found.result.overall.high
    text = told(reader, f"pack=kr&data=own&method=matching&given=wealth&lang={language}", waves())
    assert '"data-figure": "alike"' in text
    assert "Imai" in text
    assert "NaN" not in text


def test_the_robustness_table_lists_the_other_designs_with_their_errors():
    found = evaluate_own(panel(areas=12), COLUMNS, Choice()).result
    assert isinstance(found, Effects)
    errors = {one.key: one.errors for one in found.variants}
    assert errors["main"] == "cluster"
    assert errors["matching"] == "matched"
    assert errors["synthetic_did"] == "jackknife"
    assert errors["wild"] == "wild"
    for one in found.variants:
        if one.key in ("matching", "synthetic_did", "wild"):
            assert one.found.low <= 2 <= one.found.high


def test_designs_are_offered_where_the_data_carry_them():
    def reasons(table, columns=COLUMNS, cutoff=50):
        found = evaluate_own(table, columns, Choice(cutoff=cutoff)).carried
        return {key: one and one.code for key, one in found.items()}

    assert reasons(panel()) == {
        "differences": "few_clusters",
        "synthetic_control": "not_one_treated",
        "synthetic_did": None,
        "matching": None,
        "discontinuity": None,
    }
    assert reasons(panel(), BARE) == {
        "differences": None,
        "synthetic_control": "not_one_treated",
        "synthetic_did": None,
        "matching": "no_covariates",
        "discontinuity": "no_score",
    }
    short = reasons(panel(years=range(2013, 2016)), cutoff=99)
    assert (short["synthetic_did"], short["discontinuity"]) == ("few_before", "one_side")


@pytest.mark.parametrize(
    ("choice", "columns", "code"),
    [
        (
            Choice(method="matching"),
            PanelColumns("unit", "year", "outcome", "first_treated", None, None),
            "no_covariates",
        ),
        (
            Choice(method="discontinuity"),
            PanelColumns("unit", "year", "outcome", "first_treated", None, None),
            "no_score",
        ),
        (Choice(method="discontinuity", cutoff=99.5), COLUMNS, "one_side"),
        (Choice(method="discontinuity", cutoff=25), COLUMNS, "no_jump"),
    ],
)
def test_a_design_that_identifies_nothing_is_refused(choice, columns, code):
    result = evaluate_own(panel(), columns, choice).result
    assert isinstance(result, Refusal)
    assert result.code == code


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("query", "figures", "works"),
    [
        ("method=synthetic_did", ["effect", "weighted"], ["Arkhangelsky"]),
        ("method=matching&given=wealth", ["effect", "alike", "event"], ["Abadie, A., and G. W. Imbens", "Austin"]),
        ("method=discontinuity&cutoff=50", ["effect", "jump", "before"], ["Calonico", "Cattaneo, M. D., M. Jansson"]),
    ],
)
def test_the_page_reads_each_design_in_both_languages(reader, language, query, figures, works):
    text = told(reader, f"pack=kr&data=own&{query}&lang={language}", panel())
    for one in figures:
        assert f'"data-figure": "{one}"' in text
    for one in works:
        assert one in text
    assert '"data-carried": "not_one_treated"' in text
    assert "NaN" not in text


BESIDE = PanelColumns("unit", "year", "outcome", "first_treated", None, None, longitude=None, latitude=None)


def bordered(reader, effect=3.0, seed=0, east=True):
    """SIMULATED: municipalities of Korea treated from 2014 on that lie in the east; outcomes rise eastward."""
    units = reader.store.boundaries("kr", "municipality")
    there = units[~(units.geometry.isna() | units.geometry.is_empty)]
    x = there.geometry.representative_point().x.to_numpy()
    treated = x > np.median(x) if east else np.ones(len(x), dtype=bool)
    rng = np.random.default_rng(seed)
    rows = [
        {
            "unit": code,
            "year": year,
            "outcome": x[at] + 0.2 * rng.normal() + effect * (treated[at] and year >= 2014),
            "first_treated": 2014 if treated[at] else "",
            "longitude": x[at],
            "latitude": there.geometry.representative_point().y.iloc[at],
        }
        for at, code in enumerate(there["code"])
        for year in (2012, 2015)
    ]
    return read_table(pd.DataFrame(rows).to_csv(index=False).encode(), "panel.csv")


def test_a_simulated_effect_is_found_at_a_border(reader):
    choice = Choice(method="discontinuity", running="border")
    found = evaluate_own(bordered(reader), BESIDE, choice, reader, "kr").result
    assert isinstance(found, Jump)
    assert found.overall.low <= 3 <= found.overall.high
    assert found.overall.value == pytest.approx(3, abs=0.4)
    assert (found.found.fuzzy, found.cutoff, found.border.n_hole, found.border.within) == (False, 0.0, 0, False)
    assert found.border.segments[["treated", "untreated"]].sum().tolist() == [found.found.n_right, found.found.n_left]
    given = PanelColumns(
        "unit", "year", "outcome", "first_treated", None, None, longitude="longitude", latitude="latitude"
    )
    by_points = evaluate_own(bordered(reader), given, choice, reader, "kr").result
    assert by_points.border.given_points
    assert by_points.overall.value == pytest.approx(found.overall.value, abs=0.1)


def test_a_hole_and_segments_change_who_is_compared(reader):
    choice = Choice(method="discontinuity", running="border", donut=5, segment_km=100)
    found = evaluate_own(bordered(reader), BESIDE, choice, reader, "kr").result
    assert isinstance(found, Jump)
    assert found.border.n_hole > 5
    assert found.border.within
    assert found.overall.low <= 3 <= found.overall.high


def test_distances_are_measured_on_the_finest_shapes_there_are(reader):
    units = reader.store.boundaries("kr", "municipality").reset_index(drop=True)
    there = ~(units.geometry.isna() | units.geometry.is_empty).to_numpy()
    x = units.geometry.representative_point().x.to_numpy()
    treated = there & (x > np.nanmedian(x))
    found = border_score(reader, "kr", "municipality", treated, there, np.arange(len(units)), Choice())
    exact, coarse = (
        border_distances(gpd.GeoSeries(shapes, crs=4326), pd.Series(treated).where(there, None)).table["distance"]
        for shapes in (units.geometry.to_numpy(), level_shapes(reader, "kr", "municipality"))
    )
    missed = [np.nanmedian(np.abs(one - exact)) for one in (found.distance, coarse)]
    assert missed[0] < missed[1] / 2
    assert missed[0] < 0.05


def test_a_border_that_is_none_is_refused(reader):
    choice = Choice(method="discontinuity", running="border")
    assert evaluate_own(bordered(reader, east=False), BESIDE, choice, reader, "kr").result.code == "no_border"
    assert evaluate_own(panel(), BARE, choice, reader, "kr").result.code == "no_shapes"
    assert evaluate_own(panel(), BARE, choice, reader, "kr").carried["discontinuity"].code == "no_shapes"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_reads_a_border_in_both_languages(reader, language):
    query = f"pack=kr&data=own&method=discontinuity&score=border&donut=2&segment=100&lang={language}"
    text = told(reader, query, bordered(reader))
    for one in ("effect", "jump", "border", "before"):
        assert f'"data-figure": "{one}"' in text
    for one in ("Keele", "Dell", "Calonico, S., M. D. Cattaneo, M. H. Farrell", "field-donut", "field-segment"):
        assert one in text
    assert "NaN" not in text
    plain = told(reader, query.replace("&donut=2&segment=100", ""), bordered(reader))
    assert "Dell, M." not in plain


@needs_shared
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pack_is_evaluated_at_the_border_of_what_was_treated(reader, language):
    base = f"pack=cn&outcome=without_piped_water&method=discontinuity&score=border&lang={language}"
    text = told(reader, base, None)
    assert '"data-figure": "border"' in text
    assert "NaN" not in text


@needs_shared
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pack_offers_scores_and_refuses_a_cutoff_that_decided_nothing(reader, language):
    base = f"pack=cn&outcome=without_piped_water&method=discontinuity&lang={language}"
    asked = told(reader, base, None)
    assert '"data-refused": "no_score"' in asked
    assert "field-score" in asked
    given = told(reader, f"{base}&score=illiteracy_rate", None)
    assert '"data-refused": "no_jump"' in given
    assert "field-cutoff" in given
