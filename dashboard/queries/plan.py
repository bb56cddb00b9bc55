"""A budget given out by a rule: which units and how many people it would reach, and what it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.need import Need
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import Counted, people, people_indicator
from fuping.dashboard.state import ViewState
from fuping.layers.export.indicator import metadata
from numpy.typing import NDArray

__all__ = ["RULES", "Plan", "PlanRule", "plan", "plan_metadata", "plan_table"]

PlanRule = Literal["geographic", "universal", "poor_population", "equal"]
"""Unit by unit from the worst off; the same for everybody; by the number of poor people; the same for every unit."""

RULES: tuple[PlanRule, ...] = get_args(PlanRule)

BUDGET, TRANSFER = 1e10, 1e3
LEAST, MOST = 1.0, 1e13
"""Money that can be asked for; above it the last cent could no longer be told."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What a budget would reach.

    Parameters
    ----------
    rule, budget, transfer
        As asked; the transfer is money a person, of the rule ``"geographic"``.
    table
        Indexed by unit, those with every figure that is needed: ``people``, ``poor``, ``people_reached``,
        ``poor_reached`` (NaN as ``poor`` where the pack does not count the poor), ``amount``, ``poorest`` (bool) and
        ``score``.
    years
        Year of the figures of ``population`` and, where there are any, ``poor_population``.
    n_left_out
        Units without one of the figures.
    spent
        Money given out.
    """

    rule: PlanRule
    budget: float
    transfer: float
    table: pd.DataFrame
    years: Mapping[Counted, int]
    n_left_out: int
    spent: float

    @property
    def reached(self) -> pd.DataFrame:
        """The units that get money."""
        return self.table[self.table["amount"] > 0]

    @property
    def knows_poor(self) -> bool:
        """Whether poor people are counted."""
        return "poor_population" in self.years

    @property
    def poor_reached_share(self) -> float:
        """Poor people in the units reached, as a share of all."""
        return _ratio(self.table["poor_reached"].sum(min_count=1), self.table["poor"].sum(min_count=1))

    @property
    def not_poor_share(self) -> float:
        """Share of the people reached who are not poor."""
        return 1 - _ratio(self.table["poor_reached"].sum(min_count=1), self.table["people_reached"].sum())

    @property
    def cost_per_poor(self) -> float:
        """Money spent for each poor person reached."""
        return _ratio(self.spent, self.table["poor_reached"].sum(min_count=1))

    @property
    def poorest_share(self) -> float:
        """Share of the money that goes to the poorest part of the units."""
        return _ratio(self.table.loc[self.table["poorest"], "amount"].sum(), self.spent)


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else float("nan")


def plan(reader: Reader, view: ViewState, level: str, ranked: Need, rule: PlanRule) -> Plan | None:
    """Give out the ``budget`` of the URL by a rule.

    Returns
    -------
    Plan or None
        ``None`` where the pack does not count what the rule needs: people, or for ``"poor_population"`` poor people.
    """
    budget = view.amount("budget", BUDGET, low=LEAST, high=MOST)
    transfer = view.amount("transfer", TRANSFER, low=LEAST, high=MOST)
    return _plan(reader, view.pack, reader.version(view.pack), level, ranked, rule, budget, transfer)


@once(maxsize=32)
def _plan(
    reader: Reader,
    pack: str,
    version: str,
    level: str,
    ranked: Need,
    rule: PlanRule,
    budget: float,
    transfer: float,
) -> Plan | None:
    counted: dict[Counted, tuple[NDArray[np.float64], int]] = {}
    for what in get_args(Counted):
        values = people(reader, pack, level, what)
        if values is not None:
            year = min(values.years, key=lambda one: (abs(one - ranked.year), one))
            counted[what] = (values.value[values.at(year)], year)
    if "population" not in counted or (rule == "poor_population" and "poor_population" not in counted):
        return None
    residents = counted["population"][0]
    poor = counted["poor_population"][0] if "poor_population" in counted else np.full(len(residents), np.nan)
    used = ranked.known & (residents > 0)
    if "poor_population" in counted:
        used &= poor <= residents
    codes = np.asarray(reader.units(pack, level)["code"], dtype=object)[used]
    base = pd.DataFrame(
        {"people": residents[used], "poor": poor[used], "poorest": ranked.poorest[used], "score": ranked.score[used]},
        index=pd.Index(codes, name="unit"),
    )
    given = (
        _transfer(base, rule, budget, transfer) if rule in ("geographic", "universal") else _spread(base, rule, budget)
    )
    table = base.join(given)
    if "poor_population" not in counted:
        table["poor_reached"] = np.nan
    years = {what: year for what, (_, year) in counted.items()}
    return Plan(rule, budget, transfer, table, years, int((~used).sum()), float(table["amount"].sum()))


def _transfer(base: pd.DataFrame, rule: PlanRule, budget: float, transfer: float) -> pd.DataFrame:
    """Pay people, poor and not poor apart; their incomes are not known, so nothing is said of poverty after it."""
    from fuping.spatial.projects.simulation import simulate_transfer

    poor = base["poor"].fillna(0.0)
    parts = pd.concat(
        [
            pd.DataFrame({"unit": base.index, "welfare": 0.0, "weight": poor.to_numpy()}),
            pd.DataFrame({"unit": base.index, "welfare": 2.0, "weight": (base["people"] - poor).to_numpy()}),
        ],
        ignore_index=True,
    )
    done = simulate_transfer(
        parts[parts["weight"] > 0].reset_index(drop=True),
        budget=budget,
        rule="geographic" if rule == "geographic" else "universal",
        line=1.0,
        transfer=transfer if rule == "geographic" else None,
        score=base["score"] if rule == "geographic" else None,
    )
    return done.plan[["people_reached", "poor_reached", "amount"]]


def _spread(base: pd.DataFrame, rule: PlanRule, budget: float) -> pd.DataFrame:
    from fuping.spatial.projects.allocation import allocate

    whole = pd.DataFrame({"project": ["plan"], "amount": [round(budget, 2)]})
    links = pd.DataFrame({"project": "plan", "unit": base.index})
    units = base.rename(columns={"poor": "poor_population"})
    parts, _ = allocate(whole, links, rule="equal" if rule == "equal" else "poor_population", units=units)
    amount = parts["amount"].set_axis(base.index)
    return pd.DataFrame(
        {
            "people_reached": base["people"].where(amount > 0, 0.0),
            "poor_reached": base["poor"].where(amount > 0, 0.0),
            "amount": amount,
        }
    )


def plan_table(reader: Reader, view: ViewState, level: str, ranked: Need, found: Plan) -> pd.DataFrame:
    """Return a plan as it leaves: one row for each unit of the level, those left out with the reason."""
    units = pd.DataFrame(reader.units(view.pack, level)).set_index("code")[["name_en", "name_zh"]]
    figures = found.table.drop(columns=["score"]).rename(columns={"poorest": "among_poorest"})
    table = units.join(pd.DataFrame({ranked.declared["id"]: ranked.value}, index=units.index)).join(figures)
    rank = pd.Series(ranked.score, index=units.index).rank(ascending=False, method="min")
    table.insert(2, "need_rank", rank)
    table["left_out"] = np.where(units.index.isin(found.table.index), "", "a figure is missing")
    return table.rename_axis("code").reset_index().sort_values("need_rank", kind="stable")


def plan_metadata(reader: Reader, view: ViewState, level: str, ranked: Need, found: Plan) -> dict[str, Any]:
    """Return what must travel with a plan: the rule, its numbers, what they assume, and the sources with licence."""
    shown = {ranked.declared["id"]: ranked.year}
    for what, year in found.years.items():
        declared = people_indicator(reader, view.pack, level, what)
        if declared:
            shown[declared["id"]] = year
    return {
        "plan": {
            "rule": found.rule,
            "budget": found.budget,
            "transfer_per_person": found.transfer if found.rule == "geographic" else None,
            "spent": found.spent,
            "currency": "that of the budget; none is assumed",
            "ranking": {"indicator": ranked.declared["id"], "year": ranked.year, "poorest_percent": ranked.cut},
            "units_left_out": found.n_left_out,
            "assumes": "Everybody in a unit that is served is reached, nothing is spent on delivery, and nobody moves.",
        },
        "figures": {
            name: metadata(reader.store, view.pack, name, level=level, years=[year]) for name, year in shown.items()
        },
    }
