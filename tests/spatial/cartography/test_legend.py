"""A legend's numbers add up to the units of each year."""

import numpy as np
import pytest
from fuping.spatial.cartography import classify, legend_entries, printable_decimals
from fuping.spatial.errors import FupingError


def test_entries_meet_without_gap_and_count_every_figure():
    values = np.array([[1.0, 5.0, 9.0, np.nan], [2.0, 2.0, 8.0, 9.0]])
    found = classify(values, scheme="manual", breaks=[4.0, 8.0])
    entries = legend_entries(found, ["a", "b", "c"])
    assert [(one.lower, one.upper) for one in entries] == [(None, 4.0), (4.0, 8.0), (8.0, None)]
    assert [sum(one.counts[year] for one in entries) for year in (0, 1)] == [3, 4]


def test_a_colour_too_few_is_refused():
    with pytest.raises(FupingError, match="1 colours were given for 2 classes"):
        legend_entries(classify([[1.0, 2.0]], scheme="manual", breaks=[1.5]), ["a"])


@pytest.mark.parametrize(
    ("values", "declared", "decimals"),
    [
        ([0.0, 100.0], 1, 0),  # the middle half spans 50: two digits are units
        ([0.0, 1.0], 1, 1),
        ([0.0, 1.0], 3, 2),
        ([0.0, 1_000_000.0], 0, -4),
        ([3.0, 3.0], 1, 1),
        ([float("nan")], 2, 2),
    ],
)
def test_breaks_carry_two_digits_of_the_spread(values, declared, decimals):
    assert printable_decimals(values, declared=declared) == decimals
