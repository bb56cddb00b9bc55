"""Targeting measures against published worked examples."""

import pytest
from fuping.spatial.projects.targeting import concentration_curve, concentration_index


def test_child_deaths_in_india_1982_92():
    """O'Donnell, van Doorslaer, Wagstaff and Lindelow (2008), *Analyzing Health Equity Using Household Survey Data*,
    World Bank, table 8.1 (births and deaths under five by wealth group; also World Bank Technical Note 7, table 1).
    Table and index are typed from memory, not read at a source; they agree with each other to the last digit.
    """
    births = [29939, 28776, 26528, 24689, 19739]
    rate = [154.7, 152.9, 119.5, 86.9, 54.3]
    wealth = [1, 2, 3, 4, 5]
    assert concentration_index(rate, welfare=wealth, weights=births) == pytest.approx(-0.1694, abs=5e-5)
    curve = concentration_curve(rate, welfare=wealth, weights=births).iloc[1:]
    assert (curve["people_share"] * 100).round().tolist() == [23, 45, 66, 85, 100]
    assert (curve["benefit_share"] * 100).round().tolist() == [30, 59, 79, 93, 100]
