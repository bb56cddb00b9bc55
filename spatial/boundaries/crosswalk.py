"""Carry values from one vintage of units to another: renames, splits, merges and transfers of territory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.errors import CrosswalkError

__all__ = ["Aggregation", "Crosswalk", "Kind", "compose", "crosswalk", "link_kinds", "reverse"]

Kind = Literal["same", "rename", "split", "merge", "transfer"]
"""What became of a unit; ``same`` is a unit that went on unchanged."""

Aggregation = Literal["extensive", "intensive"]
"""Whether values add up over units (people, money) or average (rates, means)."""

COLUMNS = ["from_code", "to_code", "weight", "kind"]
KEY = ["from_code", "to_code"]

TOLERANCE = 1e-9
"""By how much the weights of a unit may miss 1, as far as published decimals allow."""


@dataclass(frozen=True, eq=False)
class Crosswalk:
    """Share of each *from* unit that goes to each *to* unit.

    Parameters
    ----------
    links
        ``from_code`` and ``to_code`` (text), ``weight`` (float64, 0 to 1) and ``kind``; sorted by code on entry.
        The weights of a ``from_code`` sum to 1, or to less where part of it lies outside every *to* unit.
    from_vintage, to_vintage
        Names of the two sets of units.

    Raises
    ------
    CrosswalkError
        A weight is negative or missing, a link stands twice, or the weights of a unit sum to more than 1.
    """

    links: pd.DataFrame
    from_vintage: str
    to_vintage: str

    def __post_init__(self) -> None:
        links = self.links[COLUMNS].astype({"weight": "float64"}).sort_values(KEY, ignore_index=True)
        total = links.groupby("from_code")["weight"].transform("sum")
        faults = [
            f"{words}: {_named(links[wrong])}"
            for words, wrong in (
                ("the same link twice", links.duplicated(KEY)),
                ("a weight that is negative or missing", ~(links["weight"] >= 0)),
                ("weights that sum to more than 1", total > 1 + TOLERANCE),
            )
            if wrong.any()
        ]
        _refuse(faults, self.from_vintage, self.to_vintage)
        object.__setattr__(self, "links", links)

    def __eq__(self, other: object) -> bool:
        """Tell whether the vintages and every link are the same."""
        if not isinstance(other, Crosswalk):
            return NotImplemented
        vintages = (self.from_vintage, self.to_vintage) == (other.from_vintage, other.to_vintage)
        return vintages and self.links.equals(other.links)

    @property
    def from_codes(self) -> tuple[str, ...]:
        """Codes of the earlier units, sorted."""
        return tuple(sorted(set(self.links["from_code"])))

    @property
    def to_codes(self) -> tuple[str, ...]:
        """Codes of the later units, sorted."""
        return tuple(sorted(set(self.links["to_code"])))


def _named(links: pd.DataFrame) -> str:
    return ", ".join(f"{a} → {b}" for a, b in links[KEY].drop_duplicates().itertuples(index=False))


def _refuse(faults: list[str], start: str, end: str, remedy: str | None = None) -> None:
    """Raise all faults at once, so that a table is mended in one go."""
    if faults:
        raise CrosswalkError(f"Crosswalk {start} → {end} has " + "; ".join(faults) + ".", remedy=remedy, faults=faults)


def link_kinds(links: pd.DataFrame) -> pd.Series:
    """Tell from the links alone what became of each unit.

    Parameters
    ----------
    links
        n rows with ``from_code`` and ``to_code``, each pair once.

    Returns
    -------
    pandas.Series of str
        On the index of ``links``: ``same`` or ``rename`` where one unit became one, ``split`` where one became
        several, ``merge`` where several became one, ``transfer`` where both happened.

    Examples
    --------
    >>> import pandas as pd
    >>> link_kinds(pd.DataFrame({"from_code": ["a", "b", "c"], "to_code": ["x", "x", "c"]})).tolist()
    ['merge', 'merge', 'same']
    """
    fans_out = links.groupby("from_code")["to_code"].transform("size") > 1
    fans_in = links.groupby("to_code")["from_code"].transform("size") > 1
    chosen = np.select(
        [fans_out & fans_in, fans_out, fans_in, links["from_code"] == links["to_code"]],
        ["transfer", "split", "merge", "same"],
        "rename",
    )
    return pd.Series(chosen, index=links.index, name="kind")


def crosswalk(
    rows: pd.DataFrame, *, from_vintage: str, to_vintage: str, codes: Collection[str] | None = None
) -> Crosswalk:
    """Build the crosswalk of one step from its change rows.

    Parameters
    ----------
    rows
        ``from_code``, ``to_code`` (text), ``kind`` and, where a unit has several successors, ``weight``: the share
        of the *from* unit that each receives. A blank weight means 1 where there is one successor. Other columns
        are not read.
    from_vintage, to_vintage
        Names of the two sets of units.
    codes
        Every code of the *from* vintage; those without a row keep themselves. Without it only the rows count.

    Returns
    -------
    Crosswalk

    Raises
    ------
    CrosswalkError
        Naming every offender: columns absent, blank codes or codes that are not text, unknown kinds, the same link
        twice, negative weights or weights that are no numbers, several successors without weights, weights that do
        not sum to 1, a rename that shares its old or new code with another unit.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"from_code": ["46113"], "to_code": ["46102"], "kind": ["rename"]})
    >>> steps = crosswalk(rows, from_vintage="2014", to_vintage="2015", codes=["46113", "46115"])
    >>> steps.links.values.tolist()
    [['46113', '46102', 1.0, 'rename'], ['46115', '46115', 1.0, 'same']]
    """
    absent = [name for name in (*KEY, "kind") if name not in rows.columns]
    if absent:
        _refuse([f"no column {', '.join(absent)}"], from_vintage, to_vintage)
    links = rows[[*KEY, "kind"]].reset_index(drop=True)
    cells = rows["weight"].reset_index(drop=True) if "weight" in rows.columns else pd.Series(np.nan, links.index)
    weight = pd.to_numeric(cells, errors="coerce").astype("float64")
    blank = cells.isna() | cells.astype("string").str.strip().eq("").fillna(True).astype(bool)
    text = links[KEY].map(lambda code: isinstance(code, str) and bool(code.strip())).astype(bool).all(axis=1)
    alone = ~links.duplicated("from_code", keep=False)
    weight = weight.mask(blank & alone, 1.0)
    total = weight.groupby(links["from_code"]).transform("sum")
    unweighted = blank & ~alone
    judged = ~unweighted.groupby(links["from_code"]).transform("any").fillna(False).astype(bool) & weight.notna() & text
    # A renamed unit must be alone at both ends, those counted in that keep their code without a row.
    standing = pd.Series(sorted(set(codes or ()) - set(links["from_code"])), dtype="str")
    shared = links["to_code"].duplicated(keep=False) | links["to_code"].isin(standing)
    checks: list[tuple[str, pd.Series]] = [
        ("codes that are blank or not text", ~text),
        (f"kinds other than {', '.join(get_args(Kind))}", ~links["kind"].isin(get_args(Kind))),
        ("the same link twice", links.duplicated(KEY)),
        ("weights that are no numbers", ~blank & weight.isna()),
        ("negative weights", weight < 0),
        ("several successors without weights", unweighted),
        ("weights that do not sum to 1", judged & ~((total - 1).abs() <= TOLERANCE)),
        ("a rename that is not one to one", links["kind"].eq("rename") & (~alone | shared)),
    ]
    shown = links.assign(weight=cells)
    faults = [f"{words}: {_offenders(shown[wrong])}" for words, wrong in checks if wrong.any()]
    _refuse(faults, from_vintage, to_vintage, "Mend these rows; the weights of each from_code must sum to 1.")
    # Published decimals may miss 1 by the tolerance; the totals that are carried must not.
    changed = links.assign(weight=weight / total.where(judged, 1.0))
    kept = pd.DataFrame({"from_code": standing, "to_code": standing, "weight": 1.0, "kind": "same"})
    parts = [part[COLUMNS] for part in (changed, kept) if len(part)]
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return Crosswalk(whole, from_vintage, to_vintage)


def _offenders(rows: pd.DataFrame) -> str:
    lines = rows.drop_duplicates().itertuples(index=False)
    return ", ".join(f"{row.from_code} → {row.to_code} ({row.kind}, weight {row.weight})" for row in lines)


def compose(first: Crosswalk, *others: Crosswalk) -> Crosswalk:
    """Chain steps into one: weights multiply along a path and add up over paths.

    Parameters
    ----------
    first, *others
        Steps in order; each begins at the vintage where the one before it ends.

    Returns
    -------
    Crosswalk
        From the first vintage to the last; ``kind`` is what happened over all the steps together.

    Raises
    ------
    CrosswalkError
        A step begins at another vintage, or lacks units in which the step before it ends.

    Notes
    -----
    With the weights as a matrix W (from × to), the chain is the product W₁W₂…, so composing is associative.
    """
    done = first
    for step in others:
        if done.to_vintage != step.from_vintage:
            raise CrosswalkError(
                f"A step to {done.to_vintage!r} is followed by one from {step.from_vintage!r}.",
                remedy="Give the steps in order, without a gap.",
            )
        lost = sorted(set(done.to_codes) - set(step.from_codes))
        if lost:
            raise CrosswalkError(
                f"The step {step.from_vintage} → {step.to_vintage} has no row for {', '.join(lost)}.",
                remedy="Build it with codes=, so that units without a change keep themselves.",
                codes=lost,
            )
        paths = done.links.merge(step.links, left_on="to_code", right_on="from_code", suffixes=("", "_next"))
        paths = paths.assign(to_code=paths["to_code_next"], weight=paths["weight"] * paths["weight_next"])
        links = paths.groupby(KEY, as_index=False)["weight"].sum()
        done = Crosswalk(links.assign(kind=link_kinds(links)), done.from_vintage, step.to_vintage)
    return done


def reverse(crosswalk: Crosswalk, weights: Mapping[str, float] | pd.Series) -> Crosswalk:
    """Swap the directions: which share of each *to* unit came from which *from* unit.

    Parameters
    ----------
    crosswalk
        Shares of the *from* units.
    weights
        Size of each *from* unit in something that adds up (people, say); only those are needed that share a *to*
        unit with others.

    Returns
    -------
    Crosswalk
        From ``to_vintage`` to ``from_vintage``; of the *to* units only the parts that came from *from* units.

    Raises
    ------
    CrosswalkError
        A size that is needed is missing or negative, or the sizes behind a *to* unit are all zero.

    Notes
    -----
    With sizes p and weights w, the share of *to* unit j that came from i is pᵢwᵢⱼ / Σᵢ pᵢwᵢⱼ.
    """
    links = crosswalk.links
    size = links["from_code"].map(pd.Series(weights, dtype="float64"))
    shared = links.duplicated("to_code", keep=False)
    bad = links.loc[shared & ~((size >= 0) & np.isfinite(size)), "from_code"].unique()
    _refuse([f"no size for {', '.join(bad)}"] if len(bad) else [], crosswalk.to_vintage, crosswalk.from_vintage)
    amount = (size * links["weight"]).where(shared, 1.0)
    total = amount.groupby(links["to_code"]).transform("sum")
    empty = links.loc[~(total > 0), "to_code"].unique()
    _refuse(
        [f"sizes that are all zero behind {', '.join(empty)}"] if len(empty) else [],
        crosswalk.to_vintage,
        crosswalk.from_vintage,
    )
    swapped = pd.DataFrame({"from_code": links["to_code"], "to_code": links["from_code"], "weight": amount / total})
    return Crosswalk(swapped.assign(kind=link_kinds(swapped)), crosswalk.to_vintage, crosswalk.from_vintage)
