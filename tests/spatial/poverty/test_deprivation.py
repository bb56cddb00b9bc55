"""A deprivation index of places is the weighted mean of rates, and says what it cannot know."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.counting import nested_weights
from fuping.spatial.poverty.deprivation import deprivation_index, rank_ranges
from fuping.spatial.poverty.multidimensional import alkire_foster
from hypothesis import given
from hypothesis import strategies as st

WEIGHTS = nested_weights({"education": ["school"], "housing": ["water", "toilet"]})
RATES = pd.DataFrame(
    {"school": [0.2, 0.4, np.nan], "water": [0.4, 0.0, 0.1], "toilet": [0.8, 0.2, 0.3]}, index=["u", "v", "w"]
)


def index(rates=RATES, **changes):
    return deprivation_index(rates, **{"indicators": WEIGHTS, "name": "Deprivation index", "unit": "share", **changes})


def test_the_index_by_hand():
    found = index()
    assert found.table["index"].tolist()[:2] == pytest.approx([0.4, 0.25])
    assert found.contributions.loc["u"].tolist() == pytest.approx([0.1, 0.1, 0.2])
    assert found.table["rank"].tolist()[:2] == [1, 2]
    assert found.table.loc["v", ["any_lower", "any_upper"]].tolist() == pytest.approx([0.4, 0.6])


def test_a_unit_with_a_missing_rate_has_no_value_unless_asked_for():
    assert np.isnan(index().table.loc["w", "index"])
    assert index().table.loc["w", "weight_observed"] == pytest.approx(0.5)
    scaled = index(minimum_weight=0.5)
    assert scaled.table.loc["w", "index"] == pytest.approx(0.2)
    assert scaled.contributions.loc["w"].sum() == pytest.approx(0.2)
    assert scaled.table.loc["w", ["any_lower", "any_upper"]].isna().all()


def test_percent_and_share_say_the_same():
    percent = index(RATES * 100, unit="percent")
    np.testing.assert_allclose(percent.table["index"], index().table["index"] * 100)
    np.testing.assert_allclose(percent.table["any_upper"], index().table["any_upper"] * 100)


people = st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=2, max_size=30)


@given(people)
def test_the_index_is_m0_with_union_identification_and_its_bounds_hold(rows):
    frame = pd.DataFrame(rows, columns=WEIGHTS.index)
    union = alkire_foster(frame, indicators=WEIGHTS, k=1e-6)
    rates = frame.mean().to_frame("place").T
    found = index(rates).table.loc["place"]
    assert found["index"] == pytest.approx(union.adjusted_headcount_ratio.value, abs=1e-12)
    assert found["any_lower"] - 1e-12 <= union.headcount_ratio.value <= found["any_upper"] + 1e-12


def test_ranks_under_other_weights_have_a_range():
    other = nested_weights(
        {"education": ["school"], "housing": ["water", "toilet"]}, dimension_weights={"education": 9, "housing": 1}
    )
    found = rank_ranges(RATES, alternatives={"equal": WEIGHTS, "schooling": other}, unit="share")
    assert found.loc["u"].tolist() == [1, 2, 1, 2]
    assert found.loc["w"].isna().all()


def test_the_rates_are_not_changed():
    kept = RATES.copy()
    index()
    pd.testing.assert_frame_equal(RATES, kept)
