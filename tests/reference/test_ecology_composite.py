"""Weights of composite indices against published worked examples."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.weighting import CompositeError, ahp_weights, entropy_weights


def test_saatys_house():
    """Saaty 1990, *How to make a decision*, European Journal of Operational Research 48:9–26, table 2 (also 1980)."""
    names = ["size", "transport", "neighbourhood", "age", "yard", "facilities", "condition", "financing"]
    matrix = np.array(
        [
            [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
            [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
            [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
            [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
            [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
            [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
            [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
            [4, 7, 5, 8, 6, 6, 2, 1],
        ]
    )
    comparisons = pd.DataFrame(matrix, index=names, columns=names)
    found = ahp_weights(comparisons, most_inconsistent=0.2)
    assert found.weights.round(3).tolist() == [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert found.greatest_eigenvalue == pytest.approx(9.669, abs=5e-4)
    assert found.consistency_index == pytest.approx(0.238, abs=5e-4)
    assert found.consistency_ratio == pytest.approx(0.169, abs=5e-4)
    with pytest.raises(CompositeError, match=r"consistency ratio 0\.169, above 0\.1"):
        ahp_weights(comparisons)


def test_entropy_weights_of_the_fighter_aircraft():
    """Hwang & Yoon 1981, *Multiple attribute decision making*, pp. 30 and 56: aircraft of 4 makes, 6 attributes.

    The book works with entropies rounded to four places, of which 1 − e keeps two or three digits.
    """
    matrix = pd.DataFrame(
        [
            [2.0, 1500, 20000, 5.5, 5, 9],
            [2.5, 2700, 18000, 6.5, 3, 5],
            [1.8, 2000, 21000, 4.5, 7, 7],
            [2.2, 1800, 20000, 5.0, 5, 5],
        ]
    )
    book = [0.0649, 0.2055, 0.0133, 0.0829, 0.3570, 0.2764]
    np.testing.assert_allclose(entropy_weights(matrix), book, atol=2e-3)
