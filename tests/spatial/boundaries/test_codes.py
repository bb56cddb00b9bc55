"""Codes as spreadsheets and people leave them, read as text of one width."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.boundaries.codes import normalise_codes
from hypothesis import given
from hypothesis import strategies as st

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def read(*codes, width=6, pattern=None):
    return normalise_codes(pd.Series(list(codes), dtype=object), width=width, pattern=pattern)


@given(st.integers(0, 999_999))
def test_every_way_to_write_a_code_is_read_as_that_code(number):
    code = f"{number:06d}"
    ways = [
        code,
        str(number),
        number,
        float(number),
        f"{number}.0",
        f"{number}.",
        f"'{code}",
        f" {code}\t",
        f"　{code}",
    ]
    found = read(*ways, code.translate(WIDE), f"{number:.5E}")
    assert found.codes.tolist() == [code] * 11
    assert found.reason.tolist() == [""] * 11


@given(st.lists(st.one_of(st.text(max_size=8), st.integers(), st.floats(), st.none()), max_size=8))
def test_whatever_comes_in_each_row_is_a_code_of_the_width_or_has_a_reason(cells):
    found = read(*cells)
    assert len(found.codes) == len(cells)
    for code, reason in zip(found.codes, found.reason, strict=True):
        assert (len(code) == 6 and reason == "") or (code == "" and reason in ("missing_code", "format"))


@given(st.lists(st.one_of(st.text("0123456789.Ee'", max_size=8), st.integers(0, 10**7)), max_size=8))
def test_reading_twice_changes_nothing_more(cells):
    once = read(*cells)
    twice = normalise_codes(once.codes, width=6)
    assert twice.codes.tolist() == once.codes.tolist()
    assert not twice.changed.any()


def test_a_column_that_excel_made_floats_is_read():
    found = normalise_codes(pd.Series([130624.0, np.nan, 1001.0], index=["a", "b", "b"]), width=6)
    assert found.codes.tolist() == ["130624", "", "001001"]
    assert found.codes.index.tolist() == ["a", "b", "b"]
    assert found.reason.tolist() == ["", "missing_code", ""]
    assert found.notes() == ["2 codes written as floats", "1 codes without their leading zeros"]


@pytest.mark.parametrize("cell", ["", "  ", None, np.nan, pd.NA, "nan", "NaN", "None", "NULL", "'", "　"])
def test_an_empty_cell_is_a_missing_code(cell):
    assert read(cell).reason.tolist() == ["missing_code"]


@pytest.mark.parametrize("cell", ["1.30624E+05", "1.30624e5", "130624E0", "13062.4E1"])
def test_scientific_notation_with_all_its_digits_is_read(cell):
    assert read(cell).codes.tolist() == ["130624"]


@pytest.mark.parametrize(
    "cell", ["1.3E+05", "1E5", "1.3062E+05", "130624.5", "1306.24", "-30624", "-30624.0", "+1.0E5"]
)
def test_digits_that_were_lost_are_not_made_up(cell):
    # Excel shows 110101001001 as 1.10101E+11; zeros in place of what it dropped would be another village.
    width = 7 if cell == "1306.24" else len(cell) if cell.startswith("-") else 6
    assert read("1.10101E+11", width=12).reason.tolist() == ["format"]
    found = read(cell, width=width, pattern=r"\d+" if cell == "-30624" else None)
    assert (found.codes[0], found.reason[0]) == ("", "format")


def test_a_number_too_large_for_a_float_is_refused():
    assert read("9007199254740993.0", width=16).reason.tolist() == ["format"]
    assert read("9007199254740993", width=16).codes.tolist() == ["9007199254740993"]


def test_longer_codes_are_not_cut():
    assert read("130624001", "1306241").reason.tolist() == ["format", "format"]


def test_the_pattern_decides_where_it_is_given():
    found = read("46E02", "1306", "KR", "NAN", width=6, pattern=r"\d{2}E\d{2}|\d{4}|KR|NAN")
    assert found.codes.tolist() == ["46E02", "1306", "KR", "NAN"]
    assert not found.changed.any()
    assert read("130624", pattern="11.*").reason.tolist() == ["format"]
    # Leading zeros are given back where the text alone does not match.
    assert read("1001", width=5, pattern=r"\d{5}").codes.tolist() == ["01001"]


def test_the_input_stays_as_it_was():
    given_codes = pd.Series([1001.0, None])
    normalise_codes(given_codes, width=5)
    pd.testing.assert_series_equal(given_codes, pd.Series([1001.0, None]))


def test_no_codes_give_no_codes():
    assert read().codes.tolist() == []
