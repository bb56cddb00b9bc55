"""Carry the rows of a table from the codes of their own vintage to those of the reference vintage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
from fuping.layers.build.vintages import to_reference
from fuping.spatial.boundaries.crosswalk import Aggregation, Crosswalk
from fuping.spatial.boundaries.transfer import transfer

__all__ = ["Carry", "carry_between"]


@dataclass(frozen=True)
class Carry:
    """How codes become those of the reference vintage, year by year.

    Parameters
    ----------
    steps
        Year → its crosswalk; years with the same units share one. The year 0 stands for a table without years.
    """

    steps: Mapping[int, Crosswalk]

    def targets(self) -> dict[str, set[str]]:
        """Return the units of the reference vintage that each code goes to, in any year."""
        found: dict[str, set[str]] = {}
        for step in {id(one): one for one in self.steps.values()}.values():
            for start, end in zip(step.links["from_code"], step.links["to_code"], strict=True):
                found.setdefault(start, set()).add(end)
        return found

    def codes(self, codes: pd.Series) -> pd.Series:
        """Return codes carried over renames; for a table without years."""
        links = self.steps[0].links
        alone = links[~links["from_code"].duplicated(keep=False)]
        return codes.replace(dict(zip(alone["from_code"], alone["to_code"], strict=True)))

    def values(self, values: pd.Series, aggregation: Aggregation, weights: pd.Series | None) -> pd.Series:
        """Add or average values on (code, year); see :func:`fuping.spatial.boundaries.transfer.transfer`."""

        def one(part: pd.Series, step: Crosswalk) -> pd.Series:
            below = None if weights is None else weights.reindex(part.index)
            return transfer(part, step, aggregation=aggregation, weights=below)[0]

        return self._each(values, one)

    def alone(self, values: pd.Series, *, whole: bool = True) -> pd.Series:
        """Carry what cannot be added or averaged: kept by a unit in the years in which it receives from one only.

        With ``whole`` that one must also go to it entire, as in a rename.
        """

        def one(part: pd.Series, step: Crosswalk) -> pd.Series:
            table = part.rename("value").rename_axis(["from_code", "year"]).reset_index()
            moved = table.merge(step.links, on="from_code")
            single = ~moved.duplicated(["to_code", "year"], keep=False)
            if whole:
                single &= moved["weight"].gt(1 - 1e-9)
            moved["value"] = moved["value"].where(single)
            return moved.groupby(["to_code", "year"])["value"].first()

        return self._each(values, one)

    def _each(self, values: pd.Series, one: Callable[[pd.Series, Crosswalk], pd.Series]) -> pd.Series:
        years = values.index.get_level_values(1)
        groups: dict[int, list[int]] = {}
        for year, step in self.steps.items():
            groups.setdefault(id(step), []).append(year)
        parts = []
        for alike in groups.values():
            part = values[years.isin(alike) if alike != [0] else slice(None)]
            if len(part):
                parts.append(one(part, self.steps[alike[0]]))
        return pd.concat(parts)


def carry_between(changes: pd.DataFrame, vintage: str, reference: str, rows: pd.DataFrame) -> Carry | None:
    """Find how a table's codes become those of the reference vintage.

    A table of many years has in each year the codes of that year. A unit exists from its first to its last year
    there: a change row of a unit that no longer exists, or not yet, does not count in that year, and a row missing
    between those years is missing. A table of one year has to have every unit that a change row names.

    Parameters
    ----------
    rows
        ``unit`` (code) and ``when`` (year, missing in a table without years), one row per row of the table.

    Returns
    -------
    Carry or None
        None where the vintage is the reference, or no chain of change rows leads there.
    """
    there = rows[rows["unit"].ne("")]
    if there["when"].isna().all() or there["when"].nunique() == 1:
        step = to_reference(changes, vintage, reference, set(there["unit"]))
        return None if step is None else Carry({0: step})
    span = there.groupby("unit")["when"].agg(["min", "max"])
    steps: dict[int, Crosswalk] = {}
    known: dict[frozenset[str], Crosswalk] = {}
    for year in sorted(there["when"].dropna().astype(int).unique()):
        present = frozenset(span.index[(span["min"] <= year) & (span["max"] >= year)])
        if present not in known:
            step = to_reference(changes, vintage, reference, present, only=True)
            if step is None:
                return None
            known[present] = step
        steps[int(year)] = known[present]
    return Carry(steps)
