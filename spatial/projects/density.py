"""Whether units crowd on one side of the cutoff of a score."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import pandas as pd
from diff_diff import RDDensityTest
from fuping.spatial.projects.errors import DesignError

__all__ = ["DensityTest", "check_sides", "density_test"]

LEAST_A_SIDE = 20
"""Units on either side of the cutoff below which no local line is drawn."""


@dataclass(frozen=True)
class DensityTest:
    """Whether units crowd on one side of the cutoff, as they would if the score was bent to get in.

    Parameters
    ----------
    statistic, p_value
        Robust, bias-corrected.
    left, right
        Units within the bandwidths.
    """

    statistic: float
    p_value: float
    left: int
    right: int


def density_test(score: pd.Series, *, cutoff: float) -> DensityTest:
    """Test whether the density of a score jumps at the cutoff.

    Parameters
    ----------
    score
        One number a unit, without missing values.
    cutoff
        Value from which on units are treated (or are not).

    Raises
    ------
    DesignError
        Fewer than twenty units stand on a side.

    Notes
    -----
    Cattaneo, Jansson and Ma (2020), JASA 115, 1449–1455, with the defaults of rddensity, by diff-diff. Not rejecting
    does not show that nobody bent the score.
    """
    check_sides(score, cutoff)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = RDDensityTest(cutoff=cutoff).fit(pd.DataFrame({"score": score.to_numpy(dtype=float)}), running="score")
    return DensityTest(float(found.t_stat), float(found.p_value), int(found.n_eff_left), int(found.n_eff_right))


def check_sides(score: pd.Series, cutoff: float) -> None:
    """Refuse a cutoff with fewer than twenty units on a side."""
    right = int((score >= cutoff).sum())
    left = len(score) - right
    if min(left, right) < LEAST_A_SIDE:
        raise DesignError(
            f"{left} units stand below {cutoff:g} and {right} at it or above; each side needs {LEAST_A_SIDE}.",
            remedy="Choose a cutoff within the scores, or another design.",
            code="one_side",
            cutoff=cutoff,
            left=left,
            right=right,
            least=LEAST_A_SIDE,
        )
