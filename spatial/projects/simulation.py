"""Whom a budget would reach under a rule, and how far poverty would fall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.poverty.fgt import foster_greer_thorbecke
from fuping.spatial.projects.allocation import largest_remainder
from fuping.spatial.projects.errors import TargetingError
from fuping.spatial.projects.project_list import named_rows
from fuping.spatial.projects.targeting import Targeting, assess_targeting
from numpy.typing import NDArray

__all__ = ["Simulation", "TargetingRule", "simulate_transfer"]

TargetingRule = Literal["universal", "geographic", "proxy_means"]
"""Everyone alike; everyone in the units that come first; or those whose own score comes first."""

ALPHAS = (0, 1, 2)


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a transfer would do if people behaved as before.

    Parameters
    ----------
    rule
        How people were chosen.
    benefit
        Money a person in each row, on the index of the people.
    plan
        Indexed by unit: ``people``, ``poor``, ``people_reached``, ``poor_reached``, ``amount`` (money, to the cent; the
        amounts add up to what is spent). ``attrs`` hold the rule, the budget, the line and the transfer.
    poverty
        Indexed by α (0 headcount ratio, 1 gap, 2 severity): ``before``, ``after``, ``fall``.
    targeting
        Leakage, undercoverage and the rest.
    spent, unspent
        Money; unspent where everyone is served and money is left.
    """

    rule: TargetingRule
    benefit: pd.Series
    plan: pd.DataFrame
    poverty: pd.DataFrame
    targeting: Targeting
    spent: float
    unspent: float


def simulate_transfer(
    people: pd.DataFrame,
    *,
    budget: float,
    rule: TargetingRule,
    line: float,
    transfer: float | None = None,
    score: pd.Series | None = None,
) -> Simulation:
    r"""Give money out by a rule until the budget is spent.

    Parameters
    ----------
    people
        n rows: ``unit`` (text), ``welfare`` (income or consumption a person, before the transfer) and ``weight``
        (people in the row).
    budget
        Money to give out in the period that welfare is measured over, without the cost of giving it.
    rule
        ``"universal"`` divides the budget among all. ``"geographic"`` gives everyone of the unit with the highest score
        the transfer, then the next unit. ``"proxy_means"`` goes by the score of the row instead. Where the budget ends
        within a unit or among equal scores, those concerned share what is left equally.
    line
        Poverty line, in the money of welfare.
    transfer
        Money a person; needed by all rules but ``"universal"``.
    score
        The higher, the sooner: indexed by unit (geographic) or as the people (proxy means).

    Returns
    -------
    Simulation

    Raises
    ------
    TargetingError
        An unknown rule; columns absent; money, line, transfer or weights not positive; welfare or scores missing.

    Notes
    -----
    :math:`P_\alpha = \sum_{y_i + b_i < z} w_i (1 - (y_i + b_i)/z)^\alpha / \sum_i w_i` with benefit :math:`b_i`,
    Foster, Greer and Thorbecke (1984). Nobody is supposed to work less, pay for it or move because of it.

    Examples
    --------
    >>> people = pd.DataFrame({"unit": ["a", "b"], "welfare": [50.0, 200.0], "weight": [10, 10]})
    >>> done = simulate_transfer(people, budget=1000, rule="geographic", line=100, transfer=60,
    ...                          score=pd.Series({"a": 2, "b": 1}))
    >>> done.plan["amount"].tolist(), done.poverty.loc[0].tolist()
    ([600.0, 400.0], [0.5, 0.0, 0.5])
    """
    if rule not in get_args(TargetingRule):
        raise TargetingError(
            f"The rule {rule!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(TargetingRule))}."
        )
    each = np.nan if transfer is None else float(transfer)
    _check(people, {"budget": budget, "line": line, **({} if rule == "universal" else {"transfer": each})})
    weight = people["weight"].to_numpy(dtype=float)
    if rule == "universal":
        benefit = np.full(len(people), budget / weight.sum())
    else:
        benefit = _in_turn(_scores(people, rule, score), weight, budget, each)
    welfare = people["welfare"].to_numpy(dtype=float)
    before, after = (
        [foster_greer_thorbecke(values, line=line, alpha=alpha, weights=weight).value for alpha in ALPHAS]
        for values in (welfare, welfare + benefit)
    )
    poverty = pd.DataFrame({"before": before, "after": after}, index=pd.Index(ALPHAS, name="alpha"))
    spent = float((weight * benefit).sum())
    plan = _plan(people, weight, benefit, welfare < line, spent)
    plan.attrs = {"rule": rule, "budget": budget, "line": line, "transfer": transfer}
    return Simulation(
        rule=rule,
        benefit=pd.Series(benefit, index=people.index, name="benefit"),
        plan=plan,
        poverty=poverty.assign(fall=poverty["before"] - poverty["after"]),
        targeting=assess_targeting(welfare < line, benefit, weights=weight),
        spent=spent,
        unspent=max(budget - spent, 0.0),
    )


def _in_turn(score: pd.Series, weight: NDArray[np.float64], budget: float, transfer: float) -> NDArray[np.float64]:
    """Give the transfer level by level of the score until the budget ends."""
    level = pd.factorize(-score.to_numpy(dtype=float), sort=True)[0]
    people = np.bincount(level, weights=weight)
    cost = people * transfer
    left = np.maximum(budget - (cost.cumsum() - cost), 0.0)
    return np.minimum(transfer, left / people)[level]


def _scores(people: pd.DataFrame, rule: TargetingRule, score: pd.Series | None) -> pd.Series:
    if score is None:
        raise TargetingError(f"The rule {rule!r} needs a score.", remedy="Give score=, the higher the sooner.")
    if not score.index.is_unique:
        raise TargetingError("The score has an index that stands twice.", remedy="Give each unit or row one score.")
    cells = people["unit"].map(score) if rule == "geographic" else score.reindex(people.index)
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    lost = people[~np.isfinite(numbers)]
    if len(lost):
        raise TargetingError(
            f"{len(lost)} rows have no score: {named_rows(lost, ['unit'])}.",
            remedy="Score them, or leave them out and say that you did.",
            rows=lost.index.tolist(),
        )
    return numbers


def _check(people: pd.DataFrame, money: dict[str, float]) -> None:
    absent = [name for name in ("unit", "welfare", "weight") if name not in people.columns]
    if absent:
        raise TargetingError(f"The table of people has no column {', '.join(absent)}.", absent=absent)
    for name, value in money.items():
        if not (np.isfinite(value) and value > 0):
            raise TargetingError(f"The {name} is {value}.", remedy=f"Give {name}= as money above zero.")
    welfare = pd.to_numeric(people["welfare"], errors="coerce").astype("float64")
    weight = pd.to_numeric(people["weight"], errors="coerce").astype("float64")
    wrong = people[~np.isfinite(welfare) | ~(np.isfinite(weight) & (weight > 0)) | people["unit"].isna()]
    if len(wrong) or people.empty:
        raise TargetingError(
            f"{len(wrong)} of {len(people)} rows have no unit, no welfare or no people: "
            f"{named_rows(wrong, ['unit', 'welfare', 'weight'])}.",
            remedy="Give each row its unit, a number for welfare and people above zero.",
            rows=wrong.index.tolist(),
        )


def _plan(
    people: pd.DataFrame,
    weight: NDArray[np.float64],
    benefit: NDArray[np.float64],
    poor: NDArray[np.bool_],
    spent: float,
) -> pd.DataFrame:
    code, units = pd.factorize(people["unit"], sort=True)
    columns = {
        "people": weight,
        "poor": weight * poor,
        "people_reached": weight * (benefit > 0),
        "poor_reached": weight * (poor & (benefit > 0)),
        "amount": weight * benefit,
    }
    plan = pd.DataFrame(
        {name: np.bincount(code, weights=cells) for name, cells in columns.items()}, index=pd.Index(units, name="unit")
    )
    cents = np.array([round(spent * 100)])
    parts = largest_remainder(cents, plan["amount"].to_numpy(), np.zeros(len(units), dtype=np.intp))
    return plan.assign(amount=parts / 100)
