"""Lines are dated, relative or in purchasing power parities, and carried by a price index."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.lines import (
    INTERNATIONAL_LINES,
    DatedValue,
    PovertyLine,
    deflate,
    in_local_currency,
    international_line,
)

LINE = PovertyLine("test", "yuan", (DatedValue(2010, 2300, "r"), DatedValue(2015, 2800, "r")))


def test_a_line_is_read_in_its_year():
    assert LINE.at(2015) == 2800


def test_a_line_is_carried_by_prices():
    assert LINE.in_prices_of(2012, from_year=2010, prices={2010: 100, 2012: 110}) == pytest.approx(2530)


@pytest.mark.parametrize(
    ("ppp_year", "lines"),
    [
        # The World Bank's new global poverty lines in 2021 prices (2025, blogs.worldbank.org/en/opendata), for both
        # rounds; those of 2017 also stand in datahelpdesk.worldbank.org, article 193308.
        (2021, (3.00, 4.20, 8.30)),
        (2017, (2.15, 3.65, 6.85)),
        # Titles of the series in World Development Indicators, as indexmundi.com and knoema.com carry them.
        (2011, (1.90, 3.20, 5.50)),
    ],
)
def test_the_world_banks_lines(ppp_year, lines):
    kinds = ("extreme", "lower_middle", "upper_middle")
    assert tuple(international_line(kind, ppp_year=ppp_year).dollars_per_day for kind in kinds) == lines


def test_the_line_of_1993_is_the_monthly_one_spread_over_days():
    # Chen and Ravallion (2004), World Bank Research Observer 19(2): 32.74 dollars of 1993 a month.
    assert international_line(ppp_year=1993).dollars_per_day == round(32.74 * 12 / 365, 2)


def test_every_international_line_says_where_it_is_written():
    assert all(line.reference for line in INTERNATIONAL_LINES)
    assert len({(line.kind, line.ppp_year) for line in INTERNATIONAL_LINES}) == len(INTERNATIONAL_LINES)


def test_a_line_in_dollars_becomes_local_money_of_the_year():
    found = in_local_currency(2.0, ppp=3.5, prices=pd.Series({2017: 1.0, 2019: 1.1}), ppp_year=2017, year=2019)
    assert found == pytest.approx(2 * 3.5 * 365 * 1.1)


def test_amounts_of_several_years_are_carried_and_missing_ones_stay():
    found = deflate([50.0, np.nan, 80.0], prices={2018: 0.5, 2020: 1.0}, years=[2018, 2018, 2020], base_year=2020)
    np.testing.assert_allclose(found, [100, np.nan, 80])


def test_carrying_there_and_back_gives_the_same():
    prices = {2001: 83.0, 2009: 121.0}
    there = deflate([7.0], prices=prices, years=2001, base_year=2009)
    assert deflate(there, prices=prices, years=2009, base_year=2001)[0] == pytest.approx(7.0)
