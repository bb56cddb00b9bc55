"""Files of projects that are wrong, and the error each must give."""

import pytest
from fuping.layers.errors import TableError
from fuping.layers.ingest.projects import read_projects
from fuping.layers.sources.iati import read_iati
from fuping.layers.sources.project_places import read_project_table

HEAD = "project,programme,first_year,last_year,unit_code,longitude,latitude,amount,currency\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("P1,roads,2016,2015,1,,,,", r"row 3: found an end before its start \(project P1, first_year 2016"),
        ("P1,roads,2015,2016,1,,,-5,USD", r"row 3: found negative money \(project P1, amount -5\)"),
        ("P1,roads,2015,2016,1,,,5,RMB", r"row 3: found an unknown currency \(project P1, currency RMB\)"),
        ("P1,roads,2015,2016,1,,,5,", r"row 3: found money without a currency"),
        ("P1,roads,2015,2016,1,,,five,USD", r"row 3: found 'five'; expected a number"),
        ("P1,roads,,2016,1,,,,", r"row 3: found no first_year"),
        ("P1,roads,201,2016,1,,,,", r"row 3: found year '201'"),
        (",roads,2015,2016,1,,,,", r"row 3: found no project"),
        ("P1,roads,2015,2016,,200,10,,", r"row 3: found a position that is not on the globe"),
        ("P1,roads,2015,2016,,20,,,", r"row 3: found half a position"),
        ("P0,water,2015,2016,1,,,,", r"found one project with several programme values"),
    ],
)
def test_a_table_names_the_row_and_the_value(tmp_path, row, message):
    path = tmp_path / "p.csv"
    path.write_text(f"{HEAD}P0,roads,2015,2016,1,,,,\n{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=message):
        read_project_table(path)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            "running late,",
            r"row 2: found an unknown status \(project P1, status running late\); expected planned",
        ),
        (",-3", r"row 2: found no count of people \(project P1, beneficiaries -3\)"),
        (",2.5", r"row 2: found no count of people"),
        (",many", r"row 2: found 'many'; expected a number"),
    ],
)
def test_a_status_and_people_that_are_none_are_named(tmp_path, cells, message):
    path = tmp_path / "p.csv"
    head = "project,programme,first_year,last_year,unit_code,status,beneficiaries\n"
    path.write_text(f"{head}P1,roads,2015,2016,1,{cells}\n", encoding="utf-8")
    with pytest.raises(TableError, match=message):
        read_project_table(path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "documents",
            "project,title,url\nP1,Plan,javascript:alert(1)\n",
            r"row 2: found the url 'javascript:alert\(1\)'",
        ),
        ("documents", "project,title\nP1,Plan\n", "row 1: found the columns project, title; expected also url"),
        (
            "documents",
            "project,title,url\nP9,Plan,https://example.org\n",
            "documents of projects that are not listed: P9",
        ),
        ("outputs", "project,output,unit,start,end,target,achieved\nP1,Wells,wells,,,ten,\n", "row 2: found 'ten'"),
        ("outputs", "project,output,unit,start,end,target,achieved\nP1,,wells,,,1,\n", "row 2: found no output"),
        (
            "outputs",
            "project,component,output,unit,start,end,target,achieved\nP1,roofs,Wells,wells,,,1,\n",
            "outputs of components that are not listed: roofs of P1",
        ),
    ],
)
def test_what_stands_beside_a_table_is_checked_too(tmp_path, name, text, message):
    path = tmp_path / "p.csv"
    path.write_text(f"{HEAD}P1,roads,2015,2016,1,,,,\n", encoding="utf-8")
    (tmp_path / f"p.{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        read_project_table(path)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xml"])
def test_a_file_that_is_not_there_is_told_as_that(tmp_path, ending):
    with pytest.raises(TableError, match=rf"p\.{ending}: found no such file"):
        read_projects(tmp_path / f"p.{ending}")


def test_columns_that_are_absent_are_named(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("project,unit_code\nP1,1\n", encoding="utf-8")
    with pytest.raises(TableError, match="also programme, first_year, last_year"):
        read_project_table(path)


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"a file '\.json'"):
        read_project_table(tmp_path / "p.json")


def activity(inside, **given):
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in given.items())
    return f"<iati-activity{attributes}><iati-identifier>A1</iati-identifier>{inside}</iati-activity>"


START = '<activity-date type="2" iso-date="2015-06-01"/>'
VALUE = '<value value-date="2015-01-01"{more}>{amount}</value>'
BUDGET = '<budget><period-start iso-date="2015-01-01"/><period-end iso-date="2015-12-31"/>' + VALUE + "</budget>"
COMMITMENT = (
    '<transaction><transaction-type code="2"/><transaction-date iso-date="2015-01-01"/>' + VALUE + "</transaction>"
)


LATE = COMMITMENT.format(amount=5, more=' currency="USD"').replace("2015", "2999")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (activity(START + '<activity-date type="4" iso-date="2014-01-01"/>'), r"A1: found an end before its start"),
        (activity('<activity-date type="3" iso-date="2014-01-01"/>'), "A1: found no start date"),
        (activity('<activity-date type="2" iso-date="June"/>'), "A1: found the date 'June'"),
        (
            activity('<activity-date type="2" iso-date="2999-01-01"/>'),
            "A1: found the date '2999-01-01'; expected ye",
        ),
        (activity(START + LATE), "the date '2999-01-01' of a commitment of 5 USD; expected year-month-day, of 1900 to"),
        (
            activity(START + '<activity-status code="9"/>'),
            "the activity-status '9'; expected a code of the standard: 1",
        ),
        (activity(START + BUDGET.format(amount=-5, more=' currency="USD"')), "negative money: a budget of -5 USD"),
        (activity(START + COMMITMENT.format(amount=-5, more=' currency="USD"')), "negative money: commitments"),
        (activity(START + COMMITMENT.format(amount=5, more=' currency="RMB"')), "unknown currency 'RMB'"),
        (activity(START + COMMITMENT.format(amount=5, more="")), "unknown currency ''"),
        (activity(START + COMMITMENT.format(amount="nan", more=' currency="USD"')), "the commitment 'nan'"),
        (activity(START + "<location><point><pos>95 0</pos></point></location>"), "not on the globe"),
        (activity(START + "<location><point><pos>here</pos></point></location>"), "the position 'here'"),
        (activity(START) + activity(START), "activity A1: found 2 activities; expected one"),
        ("<iati-activity><title/></iati-activity>", "activity 1: found no iati-identifier"),
        ("", "found no iati-activity"),
    ],
)
def test_an_activity_is_named_with_its_fault(tmp_path, body, message):
    path = tmp_path / "a.xml"
    path.write_text(f'<iati-activities version="2.03">{body}</iati-activities>', encoding="utf-8")
    with pytest.raises(TableError, match=message):
        read_iati(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<iati-activities version="1.05"><iati-activity/></iati-activities>', "version '1.05'"),
        ("<rss/>", "the element 'rss'"),
        ("<iati-activities", "bytes that are not XML"),
    ],
)
def test_other_xml_is_refused(tmp_path, text, message):
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        read_iati(path)


def test_xml_that_would_read_another_file_is_refused_and_the_file_is_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("a password", encoding="utf-8")
    path = tmp_path / "a.xml"
    path.write_text(
        f'<!DOCTYPE x [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>'
        f'<iati-activities version="2.03">{activity(START)}<x>&leak;</x></iati-activities>',
        encoding="utf-8",
    )
    with pytest.raises(TableError, match="a document type or an entity") as caught:
        read_iati(path)
    assert "password" not in str(caught.value)


def test_entities_that_grow_without_end_are_refused(tmp_path):
    path = tmp_path / "a.xml"
    grown = "".join(f'<!ENTITY b{n} "&b{n - 1};&b{n - 1};">' for n in range(1, 30))
    path.write_text(f'<!DOCTYPE x [<!ENTITY b0 "b">{grown}]><iati-activities>&b29;</iati-activities>', encoding="utf-8")
    with pytest.raises(TableError, match="a document type or an entity"):
        read_iati(path)
