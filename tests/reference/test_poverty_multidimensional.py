"""The counting method against its authors' worked example and the United Nations' technical note."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.counting import deprivation_scores, deprivations, nested_weights, normalised_gaps
from fuping.spatial.poverty.multidimensional import alkire_foster

# Alkire and Foster (2011), Journal of Public Economics 95, 476–487 (OPHI Working Paper 32): four people, four
# dimensions of equal weight, cutoffs 13, 12, 3, 1. The matrix and cutoffs were read in the examples of the R package
# easyuse, which takes them over; what the paper prints as results (H, A, M0, gaps) is typed from memory, not read at a
# source, and can be followed by hand.
ACHIEVEMENTS = pd.DataFrame(
    [[13.1, 14, 4, 1], [15.2, 7, 5, 0], [12.5, 10, 1, 0], [20, 11, 3, 1]],
    columns=["income", "schooling", "health", "insurance"],
)
CUTOFFS = {"income": 13, "schooling": 12, "health": 3, "insurance": 1}
EQUAL = nested_weights({name: [name] for name in CUTOFFS})

# UNDP, Human Development Report 2014, technical note 5: four households of 4, 7, 5 and 4 members, ten indicators, k one
# third. It prints the scores 22.2, 72.2, 38.9 and 50.0 %, H 0.800, A 0.563 (56.3 %) and MPI 0.450. Matrix and results
# are typed from memory, not read at a source; that they agree with each other is checked below.
HOUSEHOLDS = pd.DataFrame(
    {
        "nutrition": [0, 0, 1, 0],
        "mortality": [1, 1, 0, 1],
        "schooling": [0, 1, 0, 1],
        "attendance": [0, 1, 0, 0],
        "electricity": [0, 1, 1, 1],
        "water": [0, 0, 1, 0],
        "sanitation": [0, 1, 1, 0],
        "floor": [0, 0, 0, 0],
        "fuel": [1, 1, 1, 1],
        "assets": [0, 1, 0, 1],
    }
)
MEMBERS = [4, 7, 5, 4]
GLOBAL_MPI = nested_weights(
    {
        "health": ["nutrition", "mortality"],
        "education": ["schooling", "attendance"],
        "living": ["electricity", "water", "sanitation", "floor", "fuel", "assets"],
    }
)


def test_the_worked_example_of_alkire_and_foster():
    g0 = deprivations(ACHIEVEMENTS, cutoffs=CUTOFFS)
    assert g0.to_numpy().tolist() == [[0, 0, 0, 0], [0, 1, 0, 1], [1, 1, 1, 1], [0, 1, 0, 0]]
    found = alkire_foster(g0, indicators=EQUAL, k=2 / 4)
    assert found.headcount_ratio.value == pytest.approx(1 / 2)
    assert found.intensity.value == pytest.approx(3 / 4)
    assert found.adjusted_headcount_ratio.value == pytest.approx(3 / 8)


def test_the_censored_gaps_of_the_example():
    # g1(k) of the paper, printed to two digits: 0.42 and 1 for the second person, 0.04, 0.17, 0.67, 1 for the third.
    gaps = normalised_gaps(ACHIEVEMENTS, cutoffs=CUTOFFS)
    printed = [[0, 0.42, 0, 1], [0.04, 0.17, 0.67, 1]]
    np.testing.assert_allclose(gaps.to_numpy()[1:3], printed, atol=0.005)
    found = alkire_foster(deprivations(ACHIEVEMENTS, cutoffs=CUTOFFS), indicators=EQUAL, k=2 / 4, gaps=gaps)
    assert found.adjusted_gap.value == pytest.approx(np.sum(printed) / 16, abs=0.001)
    assert found.adjusted_severity.value == pytest.approx(np.square(printed).sum() / 16, abs=0.001)


def test_union_and_intersection_of_the_example():
    g0 = deprivations(ACHIEVEMENTS, cutoffs=CUTOFFS)
    union = alkire_foster(g0, indicators=EQUAL, k=1e-6)
    assert (union.headcount_ratio.value, union.adjusted_headcount_ratio.value) == pytest.approx((3 / 4, 7 / 16))
    intersection = alkire_foster(g0, indicators=EQUAL, k=1)
    assert (intersection.headcount_ratio.value, intersection.intensity.value) == pytest.approx((1 / 4, 1))


def test_the_technical_note_of_the_united_nations():
    scores = deprivation_scores(HOUSEHOLDS, indicators=GLOBAL_MPI)
    assert (scores * 100).round(1).tolist() == [22.2, 72.2, 38.9, 50.0]
    found = alkire_foster(HOUSEHOLDS, indicators=GLOBAL_MPI, k=1 / 3, weights=MEMBERS)
    assert found.headcount_ratio.value == pytest.approx(0.800, abs=1e-12)
    assert found.intensity.value == pytest.approx(0.563, abs=5e-4)
    assert found.adjusted_headcount_ratio.value == pytest.approx(0.450, abs=1e-12)
    assert found.dimensions["relative_contribution"].sum() == pytest.approx(1)
