"""A file, and the error that it must give; what was stored stays as it was."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from fuping.layers.build.observations import read_observations
from fuping.layers.errors import TableError
from fuping.layers.schema.metadata import Table
from fuping.layers.sources.tabular import read_text_table

UNITS = {"county": pd.DataFrame({"code": ["130624", "110101"]}), "province": pd.DataFrame({"code": ["130000"]})}
CHANGES = pd.DataFrame(
    columns=["from_code", "to_code", "from_vintage", "to_vintage", "date", "kind", "weight", "source"]
)


@pytest.fixture
def read(china, tmp_path):
    """Read a CSV of rates by county, given as text or bytes."""
    table = Table(
        id="rates",
        source="rural_poverty_national",
        format="csv",
        level="county",
        code_column="code",
        year_column="year",
        series=[{"indicator": "rural_headcount_ratio", "value": "rate"}],
    )

    def reading(content, **changes):
        path = tmp_path / "rates.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_observations(china, table.model_copy(update=changes), path, UNITS, CHANGES)

    return reading


def faults(read, content, **changes):
    with pytest.raises(TableError) as caught:
        read(content, **changes)
    return caught.value.faults


def test_a_good_file_is_read(read):
    rows, (report,) = read("code,year,rate\n130624,2012,12.5\n110101,2012,0\n")
    assert rows["value"].tolist() == [12.5, 0.0]
    assert report.matched == 2


def test_a_byte_order_mark_is_no_part_of_the_first_column(read):
    rows, _ = read(b"\xef\xbb\xbfcode,year,rate\n130624,2012,12.5\n")
    assert rows["code"].tolist() == ["130624"]


def test_gb18030_is_named_and_read_when_declared(read):
    content = "code,year,rate,name\n130624,2012,12.5,阜平县\n".encode("gb18030")
    (fault,) = faults(read, content)
    assert "GB18030" in fault.remedy
    assert read(content, encoding="gb18030")[0]["value"].tolist() == [12.5]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("-1", "rural_headcount_ratio from 0.0 to 100.0"),
        ("100.1", "rural_headcount_ratio from 0.0 to 100.0"),
        ("about 5", "a number"),
        ("9" * 30, "a number below"),
        ("inf", "a number"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_row(read, cell, expected):
    (fault,) = faults(read, f"code,year,rate\n110101,2012,3\n130624,2012,{cell}\n")
    assert fault.place == "row 3"
    assert expected in fault.expected


def test_a_thousands_separator_says_what_to_write(read):
    (fault,) = faults(read, 'code,year,rate\n130624,2012,"1,234"\n')
    assert "1234 without thousands separators" in fault.remedy


@pytest.mark.parametrize("year", ["12", "2012.5", "20120", "twelve", ""])
def test_a_year_out_of_range_is_refused(read, year):
    assert faults(read, f"code,year,rate\n130624,{year},5\n")[0].place == "row 2"


def test_a_unit_twice_in_a_year_is_refused(read):
    (fault,) = faults(read, "code,year,rate\n130624,2012,5\n130624,2012,6\n")
    assert "a second time" in fault.found


def test_an_unknown_unit_is_counted_not_lost(read):
    rows, (report,) = read("code,year,rate\n999999,2012,5\n130624,2012,6\n")
    assert rows["code"].tolist() == ["130624"]
    assert [(row.code, row.reason, row.detail) for row in report.unmatched_left] == [
        ("999999", "unknown_code", "row 2")
    ]


def test_a_code_that_excel_made_a_float_is_read_as_the_code_it_was(read):
    rows, (report,) = read("code,year,rate\n130624.0,2012,5\n1.10101E+05,2012,6\n")
    assert sorted(rows["code"]) == ["110101", "130624"]
    assert report.unmatched_left == ()


@pytest.mark.parametrize(
    ("code", "reason"),
    [("130624.5", "format"), ("", "missing_code"), ("130000", "other_level"), ("1306240", "format")],
)
def test_a_code_that_is_none_is_counted_with_the_reason(read, code, reason):
    rows, (report,) = read(f"code,year,rate\n{code},2012,5\n110101,2012,6\n")
    assert rows["code"].tolist() == ["110101"]
    assert [(row.code, row.reason) for row in report.unmatched_left] == [(code, reason)]


def test_rows_of_two_levels_are_told_apart(read):
    _, (report,) = read("code,year,rate\n130000,2012,9\n130624,2012,5\n")
    assert (report.matched, report.reasons()) == (1, {"other_level": 1})
    assert "a unit of level province" in report.unmatched_left[0].detail


def test_an_empty_cell_is_missing_and_not_zero(read):
    rows, _ = read("code,year,rate\n130624,2012,\n")
    assert rows["value"].isna().tolist() == [True]
    assert rows["reason"].tolist() == [2]


def test_all_faults_of_a_file_come_together(read):
    found = faults(read, "code,year,rate\n130624,2012,x\n130624,1,5\n110101,2012,-4\n")
    assert [fault.place for fault in found] == ["row 2", "row 3", "row 4"]


@pytest.mark.parametrize("content", ["", " \n\n", "code,year,rate\n"])
def test_an_empty_file_is_refused(read, content):
    assert faults(read, content)


def test_an_absent_column_names_those_that_are_there(read):
    (fault,) = faults(read, "code,year,share\n130624,2012,5\n")
    assert "'rate'" in fault.found
    assert "share" in fault.expected


@pytest.mark.parametrize(("form", "content"), [("xlsx", b"PK\x03\x04 cut off"), ("parquet", b"PAR1 cut off")])
def test_a_truncated_file_is_refused(tmp_path, form, content):
    path = tmp_path / f"t.{form}"
    path.write_bytes(content)
    with pytest.raises(TableError, match=f"a complete {form} file"):
        read_text_table(path, form)


def test_a_refused_table_changes_nothing_stored(store, china, tmp_path):
    from fuping.layers.build.pipeline import build_pack

    before = store.version("cn")
    kept = store.values("cn", "rural_poor_population", "nation").value
    bad = tmp_path / "pack"
    for path in china.folder.rglob("*"):
        if path.is_file():
            copy = bad / path.relative_to(china.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    series = bad / "data" / "rural_poverty_national.csv"
    series.write_text(series.read_text(encoding="utf-8").replace("12238", "-12238"), encoding="utf-8")
    # Boundaries are the slow part and not at issue here: draw the nation only.
    nation = china.reference.model_copy(update={"layers": china.reference.layers[:1]})
    boundaries = (nation, *(one for one in china.boundaries if not one.reference))
    tables = tuple(table for table in china.tables if table.level == "nation")
    faulty = dataclasses.replace(china, folder=bad, boundaries=boundaries, tables=tables)
    with pytest.raises(TableError, match="-12238"):
        build_pack(faulty, store)
    assert store.version("cn") == before
    np.testing.assert_array_equal(store.values("cn", "rural_poor_population", "nation").value, kept)
