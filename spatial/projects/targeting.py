"""How well benefits reach the poor: leakage, undercoverage, concentration, and agreement with a poverty ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.projects.errors import TargetingError
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import roc_auc_score
from sklearn.metrics import roc_curve as sklearn_roc_curve

__all__ = [
    "RocCurve",
    "Targeting",
    "assess_targeting",
    "coady_grosh_hoddinott",
    "concentration_curve",
    "concentration_index",
    "roc_curve",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Targeting:
    """Who is poor and who is reached, and what follows from the two.

    Parameters
    ----------
    people, poor, reached, poor_reached
        Sums of weights.
    leakage
        Share of those reached who are not poor (error of inclusion); NaN where nobody is reached.
    undercoverage
        Share of the poor who are not reached (error of exclusion); NaN where nobody is poor.
    benefit_leakage
        Share of the benefits that goes to people who are not poor.
    poor_coverage, non_poor_coverage
        Share of the poor, and of the others, who are reached.
    differential
        The first less the second: 1 where exactly the poor are reached, −1 where exactly the others are.
    """

    people: float
    poor: float
    reached: float
    poor_reached: float
    leakage: float
    undercoverage: float
    benefit_leakage: float
    poor_coverage: float
    non_poor_coverage: float
    differential: float


@dataclass(frozen=True, eq=False)
class RocCurve:
    """Share of the poor, and of the others, that each cut of a score would select.

    Parameters
    ----------
    table
        ``threshold`` (a row is selected where its score is at least this), ``poor_selected`` and
        ``non_poor_selected``, from the strictest cut to the loosest.
    auc
        Area under the curve: chance that a poor row scores above one that is not, ties counted half.
    """

    table: pd.DataFrame
    auc: float


def assess_targeting(poor: ArrayLike, benefit: ArrayLike, *, weights: ArrayLike | None = None) -> Targeting:
    r"""Compare who is poor with who benefits.

    Parameters
    ----------
    poor
        bool, shape (n,): people, households or units.
    benefit
        Money or service a person, shape (n,), not negative; whoever has more than zero is reached.
    weights
        People in each row; one each without it.

    Raises
    ------
    TargetingError
        Naming the rows: a value is missing, negative or no number, or lengths differ.

    Notes
    -----
    Cornia and Stewart (1993) for the two errors; the targeting differential
    :math:`P(\mathrm{reached} \mid \mathrm{poor}) - P(\mathrm{reached} \mid \mathrm{not})` is Galasso and Ravallion
    (2005), J. Public Econ. 89, 705–727, and Ravallion (2009), World Bank Res. Obs. 24, 205–231. Grosh et al. (2022),
    *Revisiting Targeting in Social Assistance*, table 7.4, give that name to 1 less both errors: another number.

    Examples
    --------
    >>> found = assess_targeting([True, True, False, False], [1, 0, 1, 0], weights=[1, 1, 1, 3])
    >>> found.leakage, found.undercoverage, found.differential
    (0.5, 0.5, 0.25)
    """
    (is_poor, amount), w = _read({"poor": poor, "benefit": benefit}, weights)
    if not np.isin(is_poor, (0, 1)).all():
        raise TargetingError("poor has values other than true and false.", remedy="Give one truth value a row.")
    target, got = is_poor == 1, amount > 0

    def share(part: NDArray[np.bool_], whole: NDArray[np.bool_], of: Floats = w) -> float:
        total = of[whole].sum()
        return float(of[part & whole].sum() / total) if total > 0 else float("nan")

    covered, others = share(got, target), share(got, ~target)
    return Targeting(
        people=float(w.sum()),
        poor=float(w[target].sum()),
        reached=float(w[got].sum()),
        poor_reached=float(w[got & target].sum()),
        leakage=share(~target, got),
        undercoverage=share(~got, target),
        benefit_leakage=share(~target, got, w * amount),
        poor_coverage=covered,
        non_poor_coverage=others,
        differential=covered - others,
    )


def concentration_curve(benefit: ArrayLike, *, welfare: ArrayLike, weights: ArrayLike | None = None) -> pd.DataFrame:
    """Cumulate benefits from the poorest to the richest.

    Parameters
    ----------
    benefit
        Benefit a person, shape (n,), not negative.
    welfare
        What ranks them, shape (n,): income, say, or the negative of a deprivation score. Rows of equal welfare are one
        step, so that their order does not matter.
    weights
        People in each row.

    Returns
    -------
    pandas.DataFrame
        ``people_share`` and ``benefit_share``, both from 0 to 1; one row for each level of welfare and one for zero.

    Raises
    ------
    TargetingError
        Naming the rows: a value is missing or no number, a benefit or weight is negative, or nobody benefits.
    """
    (amount, rank), w = _read({"benefit": benefit, "welfare": welfare}, weights)
    if not (w * amount).sum() > 0:
        raise TargetingError("Nobody benefits, so that benefits have no curve.", remedy="Give benefits above zero.")
    _, step = np.unique(rank, return_inverse=True)
    people = np.bincount(step, weights=w)
    money = np.bincount(step, weights=w * amount)
    return pd.DataFrame(
        {
            "people_share": np.append(0.0, people.cumsum() / people.sum()),
            "benefit_share": np.append(0.0, money.cumsum() / money.sum()),
        }
    )


def concentration_index(benefit: ArrayLike, *, welfare: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Measure how far benefits go to the poor (below 0) or the rich (above 0).

    Takes and raises what :func:`concentration_curve` does.

    Notes
    -----
    :math:`C = 1 - \sum_k (p_k - p_{k-1})(L_k + L_{k-1})`, twice the area between the diagonal and the curve, which for
    grouped data is :math:`\sum_k (p_k L_{k+1} - p_{k+1} L_k)`: O'Donnell, van Doorslaer, Wagstaff and Lindelow (2008),
    *Analyzing Health Equity Using Household Survey Data*, World Bank, ch. 8.

    Examples
    --------
    >>> concentration_index([1, 0], welfare=[1, 2])
    -0.5
    """
    curve = concentration_curve(benefit, welfare=welfare, weights=weights)
    steps = curve["people_share"].diff().iloc[1:]
    heights = (curve["benefit_share"] + curve["benefit_share"].shift()).iloc[1:]
    return float(1 - (steps * heights).sum())


def coady_grosh_hoddinott(
    benefit: ArrayLike, *, welfare: ArrayLike, target_share: float = 0.4, weights: ArrayLike | None = None
) -> float:
    r"""Divide the share of benefits that the poorest get by their share of the people.

    Parameters
    ----------
    benefit, welfare, weights
        As :func:`concentration_curve` takes them.
    target_share
        Which part of the people, from the poorest on, is meant to be reached; above 0, at most 1.

    Returns
    -------
    float
        1 is what an equal benefit for all would give; 1.25, a quarter more to the target.

    Raises
    ------
    TargetingError
        The share is out of range, and what :func:`concentration_curve` raises.

    Notes
    -----
    :math:`L(q)/q`. Coady, Grosh and Hoddinott (2004), *Targeting of Transfers in Developing Countries*, World Bank.
    Where the target cuts a row, its benefits count in proportion.

    Examples
    --------
    >>> coady_grosh_hoddinott([3, 2, 1, 0], welfare=[1, 2, 3, 4], target_share=0.25)
    2.0
    """
    if not 0 < target_share <= 1:
        raise TargetingError(f"The target share is {target_share}.", remedy="Give a share above 0 and at most 1.")
    curve = concentration_curve(benefit, welfare=welfare, weights=weights)
    return float(np.interp(target_share, curve["people_share"], curve["benefit_share"]) / target_share)


def roc_curve(poor: ArrayLike, *, score: ArrayLike, weights: ArrayLike | None = None) -> RocCurve:
    """Judge a score that is to find the poor.

    Parameters
    ----------
    poor
        bool, shape (n,).
    score
        Shape (n,); the higher, the sooner a row is selected.
    weights
        People in each row.

    Raises
    ------
    TargetingError
        Naming the rows: a value is missing or no number; or all rows are poor, or none.
    """
    (is_poor, value), w = _read({"poor": poor, "score": score}, weights, negative=("score",))
    if len(np.unique(is_poor[w > 0])) != 2:
        raise TargetingError(
            "All rows are poor, or none is: a score can tell nothing apart.", remedy="Give rows of both kinds."
        )
    others, found, cuts = sklearn_roc_curve(is_poor, value, sample_weight=w, drop_intermediate=False)
    table = pd.DataFrame({"threshold": cuts, "poor_selected": found, "non_poor_selected": others})
    return RocCurve(table, float(roc_auc_score(is_poor, value, sample_weight=w)))


def _read(
    columns: dict[str, ArrayLike], weights: ArrayLike | None, negative: tuple[str, ...] = ("welfare",)
) -> tuple[list[Floats], Floats]:
    """Read columns and weights as float64 of one length, naming what is not a number."""
    given: dict[str, Any] = dict(columns)
    length = len(np.atleast_1d(np.asarray(next(iter(given.values())), dtype=object)))
    given["weights"] = np.ones(length) if weights is None else weights
    read = []
    for name, values in given.items():
        cells = pd.Series(values)
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
        if len(cells) != length:
            raise TargetingError(
                f"{name} has {len(cells)} rows where {next(iter(given))} has {length}.", remedy="Give one value a row."
            )
        wrong = cells[~np.isfinite(numbers) | ((numbers < 0) & (name not in negative))]
        if len(wrong):
            named = ", ".join(f"{index} ({value})" for index, value in wrong.head(10).items())
            raise TargetingError(
                f"{name} is missing, negative or no number in {len(wrong)} of {length} rows: {named}.",
                remedy="Leave these rows out of every argument, and say that you did.",
                rows=wrong.index.tolist(),
            )
        read.append(numbers.to_numpy())
    return read[:-1], read[-1]
