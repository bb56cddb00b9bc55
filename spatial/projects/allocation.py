"""Spread the money of projects over the units they work in, to the cent, by a stated rule."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.projects.errors import AllocationError
from fuping.spatial.projects.project_list import named_rows, require_columns
from numpy.typing import NDArray

__all__ = ["Rule", "allocate", "largest_remainder"]

Rule = Literal["equal", "population", "poor_population", "shares"]
"""By what money is spread: the same for each unit, their people, their poor people, or shares that are given."""

TOLERANCE = 1e-6
"""By how much given shares may miss 1, as published percentages do."""

LARGEST = 2**53
"""Above it, float64 cannot tell one smallest coin from the next."""


def largest_remainder(
    totals: NDArray[np.int64], weights: NDArray[np.float64], group: NDArray[np.intp]
) -> NDArray[np.int64]:
    r"""Split whole numbers by weights so that the parts are whole and add up.

    Parameters
    ----------
    totals
        int64, shape (g,); what each group has, in the smallest coin.
    weights
        float64, shape (n,), not negative; the sum of each group is positive.
    group
        intp, shape (n,), 0 to g − 1.

    Returns
    -------
    numpy.ndarray of int64
        Shape (n,). A member without weight gets nothing.

    Notes
    -----
    Hamilton's method: each gets :math:`\lfloor q_i \rfloor` of its quota :math:`q_i = T w_i / \sum w`, and the coins
    left over go to the largest fractions, the earlier member first where fractions are equal. Balinski and Young
    (1982), *Fair Representation*.

    Examples
    --------
    >>> largest_remainder(np.array([100]), np.array([1.0, 1.0, 1.0]), np.array([0, 0, 0])).tolist()
    [34, 33, 33]
    """
    n, g = len(weights), len(totals)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    whole = np.bincount(group, weights=weights, minlength=g)
    quota = totals[group] * (weights / whole[group])
    base = np.floor(quota).astype(np.int64)
    given = np.zeros(g, dtype=np.int64)
    np.add.at(given, group, base)
    left = totals - given
    # Members without weight come last, and so get no coin as long as another could take it.
    order = np.lexsort((np.arange(n), -(quota - base), weights == 0, group))
    holders = np.bincount(group, weights=weights > 0, minlength=g).astype(np.int64)
    starts = np.searchsorted(group[order], np.arange(g))
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n) - starts[group[order]]
    # Float rounding of very large quotas can leave more coins than members; a coin owed is taken from the largest.
    rounds, extra = np.divmod(np.maximum(left, 0), np.maximum(holders, 1))
    for owing in np.flatnonzero(left < 0):
        members = np.flatnonzero(group == owing)
        base[members[np.argmax(base[members])]] += left[owing]
    share = rounds[group] + (rank < extra[group])
    return base + np.where(weights > 0, share, 0)


def allocate(
    projects: pd.DataFrame,
    links: pd.DataFrame,
    *,
    rule: Rule,
    units: pd.DataFrame | None = None,
    decimals: int = 2,
) -> tuple[pd.DataFrame, MatchReport]:
    """Allocate the money of each project to the units it is linked with.

    Parameters
    ----------
    projects
        ``project`` (text, each once) and ``amount`` (money, not negative; missing where unknown).
    links
        ``project`` and ``unit`` (text, each pair once) and, for the rule ``"shares"``, ``share`` (0 to 1). Many to
        many: a project may have many units, a unit many projects.
    rule
        ``"equal"``, ``"population"``, ``"poor_population"`` or ``"shares"``.
    units
        Indexed by unit code, with the column that the rule names; not read by ``"equal"`` and ``"shares"``.
    decimals
        Decimal places of the smallest coin: 2 for cents, 0 for a currency without them.

    Returns
    -------
    (pandas.DataFrame, MatchReport)
        ``links`` on its own index with ``weight`` (share of the project's money, before rounding) and ``amount``; the
        amounts of a project add up to its amount, to the smallest coin. Where a project's amount is missing, so are
        its parts, and a note says so. The report counts projects: one that is linked with no unit is not allocated.

    Raises
    ------
    AllocationError
        Naming the rows: columns absent, an unknown rule, projects or pairs that stand twice, links of projects that
        are not in the list, money that is negative, no number, finer than the coin or too large to be exact, units
        without the weight that the rule needs, negative weights, shares that do not sum to 1, weights all zero.

    Examples
    --------
    >>> projects = pd.DataFrame({"project": ["P1"], "amount": [100.0]})
    >>> links = pd.DataFrame({"project": ["P1"] * 3, "unit": ["a", "b", "c"]})
    >>> allocate(projects, links, rule="equal")[0]["amount"].tolist()
    [33.34, 33.33, 33.33]
    """
    if rule not in get_args(Rule):
        raise AllocationError(f"The rule {rule!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Rule))}.")
    needed = ["project", "unit", *(["share"] if rule == "shares" else [])]
    for table, columns, words in ((projects, ["project", "amount"], "projects"), (links, needed, "links")):
        require_columns(table, columns, words)
    coin = 10**decimals
    amount = pd.to_numeric(projects["amount"], errors="coerce").astype("float64")
    coins = amount * coin
    _refuse(
        [
            ("projects that stand twice", projects, projects["project"].duplicated(keep=False)),
            ("money that is no number", projects, projects["amount"].notna() & ~np.isfinite(amount)),
            ("negative money", projects, amount < 0),
            (f"money too large to be exact to {decimals} decimals", projects, np.isfinite(coins) & (coins >= LARGEST)),
            (
                f"money finer than {decimals} decimals",
                projects,
                np.isfinite(coins) & ((coins - coins.round()).abs() > 1e-4 + 1e-12 * coins.abs()),
            ),
            ("pairs of project and unit that stand twice", links, links.duplicated(["project", "unit"], keep=False)),
            ("links of projects that are not in the list", links, ~links["project"].isin(projects["project"])),
        ]
    )
    weight = _weights(links, rule, units)
    group, names = pd.factorize(links["project"])
    total = np.bincount(group, weights=weight, minlength=len(names))
    if rule == "shares":
        unsummed = pd.Series(np.abs(total - 1) > TOLERANCE, index=names, dtype=bool)
        _refuse([("shares that do not sum to 1", links, links["project"].map(unsummed).astype(bool))])
    else:
        empty = pd.Series(total == 0, index=names, dtype=bool)
        _refuse([(f"units whose {rule} is zero throughout", links, links["project"].map(empty).astype(bool))])
    money = coins.set_axis(projects["project"]).reindex(names)
    known = money.notna().to_numpy()
    parts = largest_remainder(money.fillna(0).round().to_numpy().astype(np.int64), weight, group)
    allocated = links.assign(weight=weight / total[group], amount=np.where(known[group], parts / coin, np.nan))
    return allocated, _report(projects, names, amount, links)


def _weights(links: pd.DataFrame, rule: Rule, units: pd.DataFrame | None) -> NDArray[np.float64]:
    if rule == "equal":
        return np.ones(len(links))
    if rule == "shares":
        cells = links["share"]
    else:
        if units is None or rule not in units.columns:
            raise AllocationError(
                f"The rule {rule!r} needs a table of units with the column {rule}.",
                remedy="Give units=, indexed by unit code.",
            )
        if not units.index.is_unique:
            twice = units.index[units.index.duplicated()].unique().tolist()
            raise AllocationError(f"The table of units has {', '.join(map(str, twice))} twice.", units=twice)
        _refuse([("units that are not in the table of units", links, ~links["unit"].isin(units.index))])
        cells = links["unit"].map(units[rule])
    weight = pd.to_numeric(cells, errors="coerce").astype("float64")
    shown = links.assign(**{rule if rule != "shares" else "share": cells})
    _refuse([(f"no {rule} that is a number of zero or more", shown, ~(np.isfinite(weight) & (weight >= 0)))])
    return weight.to_numpy()


def _refuse(checks: list[tuple[str, pd.DataFrame, pd.Series]]) -> None:
    shown = ["project", "unit", "share", "population", "poor_population", "amount"]
    faults = [f"{words}: {named_rows(table[wrong], shown)}" for words, table, wrong in checks if wrong.any()]
    if faults:
        raise AllocationError(
            "Money cannot be allocated: " + "; ".join(faults) + ".",
            remedy="Mend these rows, or choose another rule; nothing was allocated.",
            faults=faults,
        )


def _report(projects: pd.DataFrame, linked: pd.Index, amount: pd.Series, links: pd.DataFrame) -> MatchReport:
    lost = projects.loc[~projects["project"].isin(linked), "project"]
    unknown = projects.loc[projects["project"].isin(linked) & amount.isna(), "project"]
    notes = (f"{len(unknown)} projects have no amount: {', '.join(unknown)}",) if len(unknown) else ()
    return MatchReport(
        "Projects allocated to units",
        n_left=len(projects),
        n_right=links["unit"].nunique(),
        matched=len(projects) - len(lost),
        unmatched_left=tuple(Unmatched(str(name), "", "missing_code", "linked with no unit") for name in lost),
        notes=notes,
    )
