"""Numbers, differences, years and dates as each language writes them."""

import pytest
from fuping.dashboard.i18n import formats
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567.0, 0, "1,234,567"),
        (0.05, 1, "0.1"),
        (2.25, 1, "2.3"),
        (-2.25, 1, "−2.3"),
        (12.0, 2, "12.00"),
        (4321.0, -2, "4,300"),
    ],
)
def test_numbers_are_grouped_and_have_the_digits_declared(value, decimals, text):
    assert formats.number(value, decimals, "en") == text
    assert formats.number(value, decimals, "zh") == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_411_778_724, "人", "14.11778724亿"),
        (194_004, "人", "19.4004万"),
        (9_999, "人", "9,999"),
        (55_750, "万人", "55,750"),
    ],
)
def test_large_chinese_counts_go_by_wan_and_yi_without_losing_a_digit(value, unit, text):
    assert formats.compact(value, unit, 0, "zh") == text


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 4))
def test_a_number_reads_back_within_half_a_digit(value, decimals):
    text = formats.number(value, decimals, "en").replace(",", "").replace("−", "-")
    assert abs(float(text) - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + 1e-9 * abs(value)


@pytest.mark.parametrize(
    ("unit", "language", "text"),
    [
        ("%", "en", "12.3%"),
        ("persons", "en", "12.3 persons"),
        ("10,000 persons", "en", "12.3 × 10,000 persons"),
        ("US$", "en", "US$12.3"),
        ("万人", "zh", "12.3万人"),
        ("", "en", "12.3"),
    ],
)
def test_a_unit_stands_where_its_language_puts_it(unit, language, text):
    assert formats.figure(12.34, unit, 1, language) == text


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (1.25, "en", "+1.3 percentage points"),
        (-1.25, "zh", "−1.3个百分点"),
        (0.04, "en", "0.0 percentage points"),
        (-0.04, "en", "0.0 percentage points"),
    ],
)
def test_differences_of_percentages_are_points_and_zero_has_no_sign(value, language, text):
    assert formats.difference(value, "%", 1, language) == text


def test_years_are_joined_in_runs():
    assert formats.year_list([2020, 1989, 1997, 1998, 1999]) == "1989, 1997–1999, 2020"
    assert formats.year_list([]) == ""


def test_dates_are_written_out():
    assert formats.day("2026-11-25T03:56:00+00:00", "en") == "November 25, 2026"
    assert formats.day("2026-11-25", "zh") == "2026年11月25日"


def test_chinese_names_sort_by_sound():
    names = ["重庆市", "北京市", "安徽省"]
    assert sorted(names, key=lambda name: formats.sort_key(name, "zh")) == ["安徽省", "北京市", "重庆市"]
