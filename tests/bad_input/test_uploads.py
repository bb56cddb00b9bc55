"""Files that a reader may give and that cannot be used: what was found, in which row and column, in both languages."""

import base64
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fuping.dashboard.queries.survey import SurveyColumns, lone_strata, measured_year, read_survey
from fuping.dashboard.queries.uploaded import UploadError, decode, read_table

NONE = dict.fromkeys(("weight", "size", "stratum", "cluster", "unit", "group", "year"))


def sent(body):
    return "data:text/csv;base64," + base64.b64encode(body).decode()


def table(text, name="given.csv"):
    return read_table(text.encode(), name)


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        (b"a,b\n1,2\n", "given.xlsx", "form"),
        (b"  \n", "given.csv", "empty"),
        (b"x" * 2_000_000, "given.csv", "too_large"),
    ],
)
def test_a_file_is_refused_before_it_is_read(body, name, code):
    with pytest.raises(UploadError) as caught:
        decode(sent(body), name, limit=1_000_000)
    assert caught.value.code == code


def test_a_file_that_arrives_in_part_is_refused():
    with pytest.raises(UploadError) as caught:
        decode("data:text/csv;base64,YWI", "given.csv", limit=100)
    assert caught.value.code == "broken"


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("a,b\n", "no_rows", {}),
        ("a,b\n1,2\n3\n4,5\n", "ragged", {"row": 3, "expected": 2, "actual": 1}),
        ("a,a\n1,2\n", "named_twice", {"name": "a", "first": 1, "second": 2}),
        ("a,,c\n1,2,3\n", "nameless", {"place": 2}),
        ("a,b\n\0,2\n", "not_text", {}),
    ],
)
def test_a_table_names_its_row(text, code, values):
    with pytest.raises(UploadError) as caught:
        table(text)
    assert caught.value.code == code
    assert {name: caught.value.values[name] for name in values} == values


@pytest.mark.parametrize(
    ("cell", "options", "code"),
    [
        ("many", {}, "not_number"),
        ("1,000", {}, "not_number"),
        ("inf", {}, "not_number"),
        ("-1", {"at_least": 0}, "too_low"),
        ("0", {"above": 0}, "not_above"),
        ("2015.5", {"whole": True}, "not_whole"),
        ("", {"required": True}, "missing"),
        ("NA", {"required": True}, "missing"),
    ],
)
def test_a_cell_is_named_by_row_and_column(cell, options, code):
    given = table(f'x,y\n1,1\n2,"{cell}"\n3,3\n')
    with pytest.raises(UploadError) as caught:
        given.numbers("y", **options)
    error = caught.value
    assert (error.code, error.values["row"], error.values["column"], error.values["n"]) == (code, 3, "y", 1)
    assert "第3行、“y”列" in error.said("zh")
    assert "Row 3, column y" in str(error)


def test_an_empty_line_is_a_row_without_values():
    given = table("x,y\n1,1\n\n2,b\n")
    np.testing.assert_array_equal(given.numbers("x"), [1, np.nan, 2])
    with pytest.raises(UploadError) as caught:
        given.numbers("y")
    assert caught.value.values["row"] == 4


def test_rows_of_a_binary_file_count_from_one():
    body = io.BytesIO()
    pq.write_table(pa.table({"y": ["1", "x"]}), body)
    with pytest.raises(UploadError) as caught:
        read_table(body.getvalue(), "given.parquet").numbers("y")
    assert caught.value.values["row"] == 2


@pytest.mark.parametrize("name", ["given.parquet", "given.dta"])
def test_a_file_that_is_not_what_its_name_says(name):
    with pytest.raises(UploadError) as caught:
        read_table(b"welfare\n1\n", name)
    assert caught.value.code == "unreadable"


def test_a_parquet_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    body = io.BytesIO()
    pq.write_table(pa.table({"y": np.zeros(1)}), body)
    monkeypatch.setattr("fuping.dashboard.queries.table_files.LARGEST", 1)
    with pytest.raises(UploadError) as caught:
        read_table(body.getvalue(), "given.parquet")
    assert caught.value.code == "unpacks"


@pytest.mark.parametrize(
    ("text", "columns", "code", "row"),
    [
        ("y,w\n1,1\n2,-1\n", {"weight": "w"}, "too_low", 3),
        ("y,w\n1,1\n2,\n", {"weight": "w"}, "missing", 3),
        ("y,s\n1,0\n2,1\n", {"size": "s"}, "not_above", 2),
        ("y,s\n1,\n2,b\n", {"stratum": "s"}, "missing", 2),
        ("y,t\n1,2015\n2,x\n", {"year": "t"}, "not_number", 3),
    ],
)
def test_a_survey_names_the_row_of_its_design(text, columns, code, row):
    with pytest.raises(UploadError) as caught:
        read_survey(table(text), SurveyColumns("y", **NONE | columns))
    assert (caught.value.code, caught.value.values["row"]) == (code, row)


def test_a_survey_without_income_or_weight_is_refused():
    columns = SurveyColumns("y", **NONE | {"weight": "w"})
    for text, code in (("y,w\n,1\n,2\n", "no_values"), ("y,w\n1,0\n,2\n", "no_weight")):
        with pytest.raises(UploadError) as caught:
            measured_year(read_survey(table(text), columns), columns)
        assert caught.value.code == code
    with pytest.raises(UploadError) as caught:
        read_survey(table("y\n1\n"), SurveyColumns("y", **NONE, per_household=True))
    assert caught.value.code == "no_size"


def test_strata_with_a_single_cluster_are_named():
    columns = SurveyColumns("y", **NONE | {"stratum": "s", "cluster": "c"})
    rows = read_survey(table("y,s,c\n1,a,1\n2,a,2\n3,b,1\n4,b,1\n"), columns)
    assert lone_strata(rows) == ["b"]
    assert lone_strata(read_survey(table("y\n1\n2\n"), SurveyColumns("y", **NONE))) == []


def test_columns_of_numbers_are_read_with_their_gaps():
    given = table(" y ,code\n 1.5 , 0042 \nNA,7\n")
    np.testing.assert_array_equal(given.numbers("y"), [1.5, np.nan])
    assert given.text("code").tolist() == ["0042", "7"]


def test_chinese_text_of_either_encoding_is_read():
    text = "收入,县代码\n100,130624\n"
    for codec, told in (("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")):
        given = read_table(text.encode(codec), "调查.csv")
        assert (given.columns, given.encoding) == (("收入", "县代码"), told)
        assert given.numbers("收入").tolist() == [100]


def test_a_file_of_stata_is_read():
    body = io.BytesIO()
    pd.DataFrame({"y": [1.0, np.nan], "code": [42.0, 7.0]}).to_stata(body, write_index=False)
    given = read_table(body.getvalue(), "given.dta")
    np.testing.assert_array_equal(given.numbers("y"), [1, np.nan])
    assert given.text("code").tolist() == ["42", "7"]
