"""A file of projects, supplied as a source, stands in the register as if its projects were declared; all is made up."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from fuping.dashboard.i18n.refusals import told_in
from fuping.dashboard.pages.projects import _content
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import PackError, TableError
from fuping.layers.export.iati import write_iati
from fuping.layers.export.project_table import write_project_table
from fuping.layers.export.projects import pack_projects
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.ingest.supply import supply_source
from fuping.layers.pack import read_pack
from fuping.layers.sources.iati import read_iati
from small_pack import write_small_pack

SOURCE = """
[[source]]
id = "aid"
title = { en = "Projects of the office", zh = "本办项目" }
publisher = { en = "Office", zh = "办公室" }
licence = "CC0"
citation = "Office 2020"
url = "https://example.org/projects"
kind = "url"
status = "published"
"""

LIST = '[[list]]\nid = "aid"\nsource = "aid"\nlevel = "unit"\n'

COLUMNS = (
    "project,programme,programme_zh,title,title_zh,financier,first_year,last_year,unit_code,wkt,component,"
    "component_title,place_name,project_amount,currency,status,beneficiaries\n"
)
TABLE = """\
R/1,Roads,道路,Road one,一号路,Bank; County,2018,2019,,"LINESTRING (0.5 0.5, 1.5 0.5)",,,Main road,1000,USD,finalised,50
W-1,Water,水,Wells,水井,Bank,2020,,A1,,drilling,Drilling,,,,running,
W-1,Water,水,Wells,水井,Bank,2020,,,POINT (9 9),,,at sea,,,running,
N-1,Roads,道路,Nowhere,,,2020,2020,,,,,,,,,
"""

PAYMENTS = "project,date,kind,amount,currency\nW-1,2020-05-01,commitment,70.5,USD\nW-1,2021-05-01,disbursement,30,CNY\n"
OUTPUTS = (
    "project,component,output,unit,start,end,target,achieved\n"
    "W-1,drilling,Wells drilled,wells,2020-01-01,2020-12-31,4,3\n"
    "W-1,drilling,Wells drilled,wells,2021-01-01,2021-12-31,6,\n"
)
DOCUMENTS = "project,title,url\nR/1,Plan,https://example.org/plan\n"


def declared(folder, more=""):
    own = write_small_pack(folder)
    pack = own.declared / "at"
    (pack / "sources.toml").write_text((pack / "sources.toml").read_text("utf-8") + SOURCE, "utf-8")
    (pack / "project_lists.toml").write_text(LIST + more, "utf-8")
    return own


def table(folder):
    path = folder / "own.csv"
    path.write_text(COLUMNS + TABLE, "utf-8")
    for name, text in (("payments", PAYMENTS), ("outputs", OUTPUTS), ("documents", DOCUMENTS)):
        (folder / f"own.{name}.csv").write_text(text, "utf-8")
    return path


def workbook(folder):
    """Write the table and what stands beside it as one workbook, which travels as one file."""
    path, book = table(folder), folder / "own.xlsx"
    with pd.ExcelWriter(book) as writer:
        pd.read_csv(path, dtype=str).to_excel(writer, sheet_name="projects", index=False)
        for name in ("payments", "outputs", "documents"):
            pd.read_csv(folder / f"own.{name}.csv", dtype=str).to_excel(writer, sheet_name=name, index=False)
    return book


def built(own):
    build_pack(read_pack(own.declared / "at"), own)
    return own


def with_file(folder, name, text):
    """Return a store whose list has a file, and nothing built."""
    own = declared(folder)
    path = folder / name
    path.write_text(text, "utf-8")
    supply_source(read_pack(own.declared / "at"), own, "aid", path)
    return own


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    own = declared(folder)
    supply_source(read_pack(own.declared / "at"), own, "aid", workbook(folder))
    return built(own)


def test_each_project_of_the_file_is_in_the_register_with_all_it_says(store):
    road, water, nowhere = store.catalogue("at")["projects"]
    this_year = datetime.now(UTC).year
    assert (road["id"], road["name"], road["programme"]) == (
        "R-1",
        {"en": "Road one", "zh": "一号路"},
        {"en": "Roads", "zh": "道路"},
    )
    assert (road["amount"], road["currency"], road["status"], road["beneficiaries"]) == (1000, "USD", "finalised", 50)
    assert [one["name"]["en"] for one in road["financiers"]] == ["Bank", "County"]
    assert road["documents"] == [{"title": {"en": "Plan", "zh": "Plan"}, "url": "https://example.org/plan"}]
    assert (road["named_units"], road["total_units"]) == (2, 2)
    # One of the two places of the wells lies in no unit.
    assert (water["named_units"], water["total_units"]) == (1, 2)
    assert (water["first_year"], water["last_year"]) == (2020, this_year)
    assert [(one["date"], one["kind"], one["amount"]) for one in water["payments"]] == [
        ("2020-05-01", "commitment", 70.5),
        ("2021-05-01", "disbursement", 30),
    ]
    assert [(one["name"]["en"], one["target"], one["achieved"], one["component"]) for one in water["outputs"]] == [
        ("Wells drilled (2020-01-01 – 2020-12-31)", 4, 3, "drilling"),
        ("Wells drilled (2021-01-01 – 2021-12-31)", 6, None, "drilling"),
    ]
    assert water["components"] == [
        {"id": "drilling", "name": {"en": "Drilling", "zh": "Drilling"}, "amount": None, "currency": None}
    ]
    # What names no place is kept, and covers nothing.
    assert (nowhere["named_units"], nowhere["total_units"], nowhere["amount"]) == (0, 0, None)
    assert store.coverage("at", "N-1", "unit")[0] == []


def test_coverage_locations_and_report_are_those_of_the_places(store):
    listed = pack_projects(store, "at")
    assert listed[["project", "unit", "first_year"]].values.tolist() == [
        ["R-1", "A1", 2018],
        ["R-1", "A2", 2018],
        ["W-1", "A1", 2020],
    ]
    locations = store.table("at", "project_locations")
    road = locations[locations["project"].eq("R-1")]
    # Half of the road by length along a parallel lies in each of the squares.
    assert road[["unit", "share"]].round(6).values.tolist() == [["A1", 0.5], ["A2", 0.5]]
    assert set(road["wkt"]) == {"LINESTRING (0.5 0.5, 1.5 0.5)"}
    (report,) = [one for one in store.catalogue("at")["reports"] if one["name"] == "projects → units"]
    assert (report["n_left"], report["matched"]) == (4, 2)
    assert [one["reason"] for one in report["unmatched_left"]] == ["outside", "missing_code"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_projects_of_a_file(store, language):
    reader = Reader(store)
    view = ViewState.read(f"pack=at&lang={language}", reader.packs(), reader.catalogue)
    parts = [one.to_plotly_json() for one in _content(reader, view)]
    text = json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)
    assert {"en": "Road one", "zh": "一号路"}[language] in text
    assert "Wells drilled (2020-01-01 – 2020-12-31)" in text


def test_activities_that_a_pack_exports_it_takes_in_again(store, tmp_path):
    xml = write_iati(store, "at", tmp_path / "at.xml")
    own = declared(tmp_path)
    supply_source(read_pack(own.declared / "at"), own, "aid", xml)
    again = {one["name"]["en"]: one for one in built(own).catalogue("at")["projects"]}
    assert len(again) == 3
    for project in store.catalogue("at")["projects"]:
        mine = again[project["name"]["en"]]
        for key in ("name", "programme", "first_year", "last_year", "payments", "documents"):
            assert mine[key] == project[key], key
        # The standard asks for a status: where none is told it goes by the years.
        assert mine["status"] == (project["status"] or "closed")
        assert [one["id"] for one in mine["components"]] == [one["id"] for one in project["components"]]


def test_a_table_that_a_pack_exports_it_takes_in_again(store, tmp_path):
    own = declared(tmp_path)
    # A table and what is beside it lie in a pack together.
    write_project_table(store, "at", own.declared / "at" / "again.csv")
    sources = own.declared / "at" / "sources.toml"
    supplied, lies = 'url = "https://example.org/projects"\nkind = "url"', 'path = "again.csv"\nkind = "pack_file"'
    sources.write_text(sources.read_text("utf-8").replace(supplied, lies), "utf-8")
    again = {one["id"]: one for one in built(own).catalogue("at")["projects"]}
    assert list(again) == ["R-1", "W-1", "N-1"]
    for project in store.catalogue("at")["projects"]:
        for key in ("name", "programme", "payments", "status", "beneficiaries", "documents", "components", "amount"):
            assert again[project["id"]][key] == project[key], key
    assert pack_projects(store, "at").drop(columns="amount").equals(pack_projects(own, "at").drop(columns="amount"))


def test_without_the_file_the_pack_is_built_without_its_projects(tmp_path):
    catalogue = built(declared(tmp_path)).catalogue("at")
    assert catalogue["projects"] == []
    assert [one["loaded"] for one in catalogue["sources"] if one["id"] == "aid"] == [False]


def test_a_faulty_file_is_refused_before_it_is_kept(tmp_path):
    own = declared(tmp_path)
    path = tmp_path / "bad.csv"
    path.write_text("project,programme,first_year,last_year,unit_code\nP,roads,2019,2018,A1\n", "utf-8")
    with pytest.raises(TableError, match="row 2: found an end before its start"):
        supply_source(read_pack(own.declared / "at"), own, "aid", path)
    assert list(own.supplied("at").glob("aid.*")) == []


@pytest.mark.parametrize(("second", "told"), [("5.50", (12.5, "USD")), ("", (None, None))])
def test_money_of_places_is_that_of_the_project_where_every_place_has_its_own(tmp_path, second, told):
    head = "project,programme,first_year,last_year,unit_code,amount,currency\n"
    own = with_file(tmp_path, "own.csv", f"{head}P,roads,2018,2019,A1,7,USD\nP,roads,2018,2019,A2,{second},USD\n")
    (project,) = built(own).catalogue("at")["projects"]
    assert (project["amount"], project["currency"]) == told


def test_two_projects_of_one_identifier_are_refused(tmp_path):
    head = "project,programme,first_year,last_year,unit_code\n"
    own = with_file(tmp_path, "two.csv", f"{head}P/1,roads,2018,2019,A1\nP-1,roads,2018,2019,A2\n")
    with pytest.raises(TableError, match=r"project P-1: found the project P-1, which aid\.csv has as P-1"):
        built(own)


def test_what_is_seen_only_once_places_are_known_names_the_file_and_its_row(tmp_path):
    head = "project,programme,first_year,last_year,unit_code,wkt\n"
    rows = 'P,roads,2018,2019,A1,\nP,roads,2019,2020,,"POINT (0.5 0.5)"\n'
    own = with_file(tmp_path, "twice.csv", head + rows)
    with pytest.raises(TableError, match=r"aid\.csv: found .* twice in overlapping years: row 3 \(project P, unit A1"):
        built(own)


def test_a_list_of_a_source_that_is_not_there_is_named(tmp_path):
    own = declared(tmp_path, '[[list]]\nid = "b"\nsource = "none"\nlevel = "region"\n')
    with pytest.raises(PackError, match=r"project_lists\.toml, b: .*none"):
        read_pack(own.declared / "at")


def test_activities_of_one_title_stay_apart(tmp_path):
    own = declared(tmp_path)
    path = tmp_path / "two.xml"
    one = (
        "<iati-activity><iati-identifier>X-{}</iati-identifier><title><narrative>Roads</narrative></title>"
        '<activity-date type="2" iso-date="2015-06-01"/><location ref="A1"/></iati-activity>'
    )
    path.write_text(f'<iati-activities version="2.03">{one.format(1)}{one.format(2)}</iati-activities>', "utf-8")
    assert len(read_iati(path).places) == 2
    supply_source(read_pack(own.declared / "at"), own, "aid", path)
    assert [one["id"] for one in built(own).catalogue("at")["projects"]] == ["X-1", "X-2"]


def test_projects_that_a_sent_file_brings_are_told_before_it_is_taken(tmp_path):
    own = built(declared(tmp_path))
    pack, proposals = read_pack(own.declared / "at"), Proposals(own)

    def sent(text):
        opened, path = proposals.open(pack, "aid", "own.csv", "li")
        path.write_text(f"project,programme,first_year,last_year,unit_code\n{text}", "utf-8")
        return proposals.check(pack, opened.id)

    first = sent("P,roads,2018,2019,A1\nQ,roads,2018,2019,A1\n")
    assert (first.state, first.changes, first.projects) == ("ready", (), {"added": 2})
    proposals.take(first.id)
    assert [one["id"] for one in own.catalogue("at")["projects"]] == ["P", "Q"]
    # The same years in another unit are another coverage.
    second = sent("P,roads,2018,2019,A2\n")
    assert second.projects == {"changed": 1, "removed": 1}
    same = sent("P,roads,2018,2019,A1\nQ,roads,2018,2019,A1\n")
    assert same.projects == {}
    faulty = sent("P,roads,2019,2018,A1\n")
    assert (faulty.state, told_in(faulty.faults[0], "zh")) == (
        "faulty",
        "own.csv，第2行：现为结束早于开始（project P, first_year 2019, last_year 2018）；应为不早于起始年的结束年。",
    )
