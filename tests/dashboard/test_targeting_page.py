"""Targeting and plans as the page shows them, worked out again by hand from the store."""

import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.app import create_app
from fuping.dashboard.pages.targeting import _content
from fuping.dashboard.queries.plan import RULES, plan
from fuping.dashboard.queries.targeting import assessment, chosen_treatment, ranking_for, targeting_level, treatments
from fuping.dashboard.state import ViewState
from shared_data import SHARED

needs_us = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def judge(reader, query):
    view = read(reader, query)
    treatment = chosen_treatment(reader, view)
    return assessment(reader, view, treatment, targeting_level(reader, view, treatment))


def planned(reader, query, rule):
    view = read(reader, query)
    treatment = chosen_treatment(reader, view)
    level = targeting_level(reader, view, treatment)
    return plan(reader, view, level, ranking_for(reader, view, treatment, level), rule)


def test_a_project_is_judged_by_counting_units(reader, store):
    found = judge(reader, "pack=cn&ranking=without_piped_water&cut=20")
    assert (found.need.year, found.level) == (2010, "county")
    figures = store.values("cn", "without_piped_water", "county").value[0]
    covered = store.coverage("cn", "national", "county")[1].any(axis=0)
    known = np.isfinite(figures)
    poorest = known & (figures >= np.sort(figures[known])[::-1][round(0.2 * known.sum()) - 1])
    hit = (poorest & covered).sum()
    assert found.targeting.leakage == pytest.approx(1 - hit / (covered & known).sum())
    assert found.targeting.undercoverage == pytest.approx(1 - hit / poorest.sum())
    others = (covered & known & ~poorest).sum() / (known & ~poorest).sum()
    assert found.targeting.differential == pytest.approx(hit / poorest.sum() - others)
    share = (hit / (covered & known).sum()) / (poorest.sum() / known.sum())
    assert found.cgh == pytest.approx(share)
    pairs = (figures[covered & known][:, None] > figures[~covered & known]).mean()
    ties = (figures[covered & known][:, None] == figures[~covered & known]).mean()
    assert found.auc == pytest.approx(pairs + ties / 2)
    assert found.n_without_rank == (~known).sum()
    assert found.n_covered_without_rank == (covered & ~known).sum()


def test_people_count_with_the_census_of_the_ranking(reader, store):
    found = judge(reader, "pack=cn&treatment=P133326&counted=people&ranking_year=2010")
    people = store.values("cn", "population", "county").value[0]
    assert found.year_of_people == 2010
    assert found.targeting.reached == pytest.approx(people[found.reached].sum())


def test_a_better_off_figure_ranks_the_other_way_round(reader, store):
    found = judge(reader, "pack=cn&ranking=mean_schooling&cut=10")
    years = store.values("cn", "mean_schooling", "county").value[0]
    assert years[found.need.poorest].max() <= np.nanmin(years[found.need.known & ~found.need.poorest])


@needs_us
def test_recipients_are_shares_of_the_people_of_the_same_year(reader, store):
    found = judge(reader, "pack=us&ranking=poverty_rate&ranking_year=2015&cut=20")
    rate, snap, people = (
        store.values("us", name, "county") for name in ("poverty_rate", "snap_recipients", "population")
    )
    figures = pd.DataFrame({"rate": rate.value[rate.at(2015)], "snap": snap.value[snap.at(2015)]})
    figures["people"] = people.value[people.at(2015)]
    known = figures["rate"].notna()
    edge = figures["rate"][known].nlargest(round(0.2 * known.sum())).iloc[-1]
    kept = figures[known & figures["people"].gt(0) & figures["snap"].le(figures["people"])]
    poorest = kept["rate"] >= edge
    inside = kept["snap"][poorest].sum()
    assert found.targeting.leakage == pytest.approx(1 - inside / kept["snap"].sum())
    assert found.targeting.undercoverage == pytest.approx(1 - inside / kept["people"][poorest].sum())
    size = kept["people"][poorest].sum() / kept["people"].sum()
    assert found.cgh == pytest.approx(inside / kept["snap"].sum() / size)
    assert int(found.used.sum()) == len(kept)
    # SAIPE gives 90% bounds from 2013 on.
    assert found.need.unsure > 0


@needs_us
def test_a_plan_serves_the_poorest_first_and_spends_its_budget(reader, store):
    found = planned(reader, "pack=us&budget=5000000000&transfer=2000&ranking_year=2015", "geographic")
    assert found.spent == pytest.approx(5e9, abs=0.01)
    served = found.reached.sort_values("score", ascending=False)
    rest = found.table[found.table["amount"] == 0]
    assert served["score"].min() >= rest["score"].max()
    full = served["amount"] / served["people"]
    # The money ends among two counties of the same rate, which share what is left.
    last = served[full.round(6) < 2000]
    assert last["score"].nunique() == 1
    assert (last["amount"] / last["people"]).round(4).nunique() == 1
    count = store.values("us", "poverty_count", "county")
    poor = pd.Series(count.value[count.at(2015)], index=store.units("us", "county")["code"])
    assert found.table["poor_reached"].sum() == pytest.approx(poor[served.index].sum())
    assert found.cost_per_poor == pytest.approx(5e9 / poor[served.index].sum())


@needs_us
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_gives_out_the_whole_budget(reader, rule):
    found = planned(reader, "pack=us&budget=123456789.01", rule)
    assert round(100 * found.table["amount"].sum()) == 12345678901
    assert (found.table["amount"] >= 0).all()


def test_what_the_pack_does_not_count_is_not_planned_by(reader):
    assert planned(reader, "pack=cn", "poor_population") is None
    found = planned(reader, "pack=cn", "universal")
    assert np.isnan([found.cost_per_poor, found.poor_reached_share, found.not_poor_share]).all()


def test_budgets_that_are_none_fall_back(reader):
    for wrong in ("-5", "0", "much", "nan", "inf", "1e99"):
        assert planned(reader, f"pack=kr&budget={wrong}", "universal").budget == 1e10


def test_designation_ranks_nothing(reader):
    page = str(_content(reader, read(reader, "pack=cn&ranking=poverty_county_status")))
    assert "designation is not eligibility" in page
    assert "Illiteracy rate" in page


@pytest.fixture(scope="module")
def client(store):
    return create_app(store).server.test_client()


def test_a_plan_leaves_with_its_rule_sources_and_licences(client, reader):
    answer = client.get("/plan/kr/municipality.csv?rule=geographic&budget=1000000&transfer=10&lang=zh")
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    table_name, facts_name = sorted(archive.namelist())
    table = pd.read_csv(archive.open(table_name), dtype={"code": str})
    facts = json.loads(archive.read(facts_name))
    assert len(table) == len(reader.units("kr", "municipality")["code"])
    assert table["amount"].sum() == pytest.approx(1e6)
    assert (facts["plan"]["rule"], facts["plan"]["budget"]) == ("geographic", 1e6)
    sources = [source for one in facts["figures"].values() for source in one["sources"]]
    assert sources
    assert all(source["licence"] and source["citation"] for source in sources)


@pytest.mark.parametrize(
    "url",
    [
        "xx/county.csv",
        "cn/village.csv",
        "cn/province.csv",
        "cn/county.csv?rule=poor_population",
    ],
)
def test_a_plan_that_cannot_be_is_not_found(client, url):
    assert client.get(f"/plan/{url}").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_programme_and_ranking_of_every_pack_gives_a_page(reader, language):
    for pack in reader.packs():
        for one in treatments(reader, pack):
            for more in ("", "&counted=people&rule=equal&cut=50", "&ranking=mean_schooling&ranking_year=2020&cut=10"):
                query = f"pack={pack}&treatment={one.id}&lang={language}{more}"
                assert len(_content(reader, read(reader, query))) > 3, query


def test_every_level_and_indicator_gives_a_page(reader):
    for pack in reader.packs():
        for one in reader.catalogue(pack)["indicators"][::4]:
            for level in one["levels"]:
                assert _content(reader, read(reader, f"pack={pack}&indicator={one['id']}&level={level}"))
