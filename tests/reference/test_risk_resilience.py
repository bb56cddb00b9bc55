"""Well-being losses and composite risk against the closed forms of their publications."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.risk.inform import high_driven_mean, inform_risk
from fuping.spatial.risk.resilience import consumption_multiplier, socioeconomic_resilience
from scipy import integrate, optimize

ECONOMY = {"productivity": 0.23, "discount": 0.06, "reconstruction_years": 3}


def people(poor, rest, **columns):
    table = {"people": [20, 80], "consumption": [poor, rest], "affected": [0.1, 0.1], "vulnerability": [0.5, 0.5]}
    return pd.DataFrame(table | {"transfers": [0.0, 0.0]} | columns, index=["poor", "nonpoor"])


def test_the_multiplier_is_the_present_value_of_a_reconstruction():
    """Hallegatte et al. 2016, WPS 7886: losses fall as exp(−3t/N); lost product and rebuilding are discounted."""
    rate = 3 / 3
    value, _ = integrate.quad(lambda t: (0.23 + rate) * np.exp(-(rate + 0.06) * t), 0, np.inf)
    assert consumption_multiplier(**ECONOMY) == pytest.approx(value)


def test_where_only_money_counts_resilience_is_one_over_the_multiplier():
    """Hallegatte et al. 2017, Unbreakable, ch. 4: resilience is asset losses over well-being losses."""
    table = people(1000, 5000, vulnerability=[0.7, 0.3], transfers=[0.3, 0.1])
    found = socioeconomic_resilience(table, elasticity=0, **ECONOMY)
    assert found.resilience == pytest.approx(1 / consumption_multiplier(**ECONOMY))


def test_small_losses_weigh_by_marginal_utility():
    table = people(1000, 4000, affected=[1, 0], vulnerability=[1e-7, 0])
    found = socioeconomic_resilience(table, elasticity=1.5, **ECONOMY)
    # All is lost by people with 1000 where the mean is 3400: each loss weighs (3400/1000)^1.5.
    assert found.resilience == pytest.approx(1 / (consumption_multiplier(**ECONOMY) * 3.4**1.5), rel=1e-4)


def test_losses_of_the_poor_lower_resilience_and_transfers_raise_it():
    even = socioeconomic_resilience(people(1000, 5000), elasticity=1.5, **ECONOMY)
    biased = socioeconomic_resilience(people(1000, 5000, affected=[0.3, 0.1]), elasticity=1.5, **ECONOMY)
    protected = socioeconomic_resilience(
        people(1000, 5000, affected=[0.3, 0.1], transfers=[0.4, 0.0]), elasticity=1.5, **ECONOMY
    )
    assert biased.resilience < even.resilience < 1
    assert protected.resilience > biased.resilience


def test_transfers_do_not_lose_any_of_the_loss():
    table = people(1000, 5000, affected=[0.3, 0.1], transfers=[0.4, 0.1])
    found = socioeconomic_resilience(table, elasticity=0, **ECONOMY)
    assert found.wellbeing_loss == pytest.approx(consumption_multiplier(**ECONOMY) * found.asset_loss)


def test_a_logarithm_is_the_limit_of_the_elasticity_one():
    table = people(1000, 5000)
    near, at = (socioeconomic_resilience(table, elasticity=one, **ECONOMY) for one in (1 + 1e-7, 1))
    assert near.wellbeing_loss == pytest.approx(at.wellbeing_loss, rel=1e-5)


def test_wellbeing_loss_is_what_people_would_give_to_avoid_it():
    table = people(3000, 3000, affected=[1.0, 1.0], vulnerability=[0.4, 0.4])
    found = socioeconomic_resilience(table, elasticity=2, **ECONOMY)
    rich = 3000 / 0.06
    loss = found.groups.loc["poor", "consumption_loss"]
    utility = 1 / (rich - loss) - 1 / rich
    small = optimize.brentq(lambda x: 1 / (rich - x) - 1 / rich - utility / 1e6, 0, loss)
    # A millionth of the utility lost, paid where marginal utility is that of everyone.
    assert found.wellbeing_loss / 100 == pytest.approx(small * 1e6, rel=1e-4)


INDICATORS = pd.DataFrame(
    {
        "dimension": ["hazard", "hazard", "vulnerability", "coping"],
        "category": ["natural", "human", "poverty", "services"],
        "low": [0, 0, 0, 0],
        "high": [10, 10, 50, 100],
        "direction": ["positive", "positive", "positive", "negative"],
    },
    index=["flood", "conflict", "poor", "clinics"],
)


def test_inform_risk_is_the_geometric_mean_of_its_dimensions():
    """De Groeve et al. 2015, JRC 94338: Risk = (hazard & exposure)^⅓ · vulnerability^⅓ · lack of coping capacity^⅓."""
    values = pd.DataFrame({"flood": [8.0], "conflict": [8.0], "poor": [5.0], "clinics": [20.0]}, index=["a"])
    row = inform_risk(values, indicators=INDICATORS).table.loc["a"]
    assert row[["hazard", "vulnerability", "coping"]].round(9).tolist() == [8, 1, 8]
    assert row["risk"] == pytest.approx(4)


# INFORM Risk Index, release of mid 2026 (Inter-Agency Standing Committee and European Commission, JRC): hazard &
# exposure, vulnerability, lack of coping capacity, risk. Published with one decimal; taken from a table of ten members
# of ASEAN in a public report that quotes the release.
PUBLISHED = {
    "Viet Nam": (5.2, 2.6, 4.3, 3.9),
    "Thailand": (7.4, 4.1, 3.9, 4.9),
    "Myanmar": (8.3, 6.6, 5.6, 6.7),
    "Cambodia": (6.9, 6.0, 5.5, 6.1),
    "Indonesia": (8.0, 3.0, 3.9, 4.5),
    "Lao PDR": (2.6, 3.4, 5.6, 3.7),
    "Malaysia": (3.0, 3.4, 3.2, 3.2),
    "Philippines": (8.3, 4.7, 3.8, 5.3),
    "Brunei Darussalam": (1.5, 2.9, 2.8, 2.3),
    "Singapore": (0.7, 0.5, 0.8, 0.7),
}


def test_the_published_scores_of_countries_come_out_of_their_dimensions():
    table = pd.DataFrame.from_dict(PUBLISHED, orient="index", columns=["hazard", "vulnerability", "coping", "risk"])
    values = table[["hazard", "vulnerability", "coping"]]
    indicators = pd.DataFrame(
        {"dimension": values.columns, "category": "whole", "low": 0.0, "high": 10.0, "direction": "positive"},
        index=values.columns,
    )
    found = inform_risk(values, indicators=indicators).table["risk"]
    # Dimensions that are rounded to 0.05 move their mean by as much.
    np.testing.assert_allclose(found, table["risk"], atol=0.05 + 0.05)
    assert (found.round(1) == table["risk"]).sum() >= 9


def test_hazards_are_put_together_by_the_turned_geometric_mean():
    """Marin-Ferrer et al. 2017, JRC 106949: 10 and 0 give (10 − √(1·10))/9·10 = 7.6, where the plain mean is 5."""
    assert high_driven_mean(pd.DataFrame({"a": [10.0], "b": [0.0]})).item() == pytest.approx((10 - 10**0.5) / 0.9)


def test_missing_and_old_values_are_unreliable():
    values = pd.DataFrame(
        {"flood": [1.0, 1.0], "conflict": [1.0, np.nan], "poor": [10.0, 10.0], "clinics": [5.0, 5.0]}, index=["a", "b"]
    )
    years = pd.DataFrame(2020, index=values.index, columns=values.columns)
    table = inform_risk(values, indicators=INDICATORS, years=years, year=2025).table
    assert table["missing"].tolist() == [0, 0.25]
    assert table["age"].tolist() == [5, 5]
    # Age is half of ten years; a quarter missing is half of the share that counts as wholly unreliable.
    assert table["unreliability"].tolist() == [2.5, 5]


def test_a_dimension_without_enough_values_has_no_score():
    values = pd.DataFrame({"flood": [1.0], "conflict": [2.0], "poor": [np.nan], "clinics": [5.0]}, index=["a"])
    row = inform_risk(values, indicators=INDICATORS).table.loc["a"]
    assert np.isnan(row["vulnerability"])
    assert np.isnan(row["risk"])
