"""Withhold small counts of people where a pack says so, with what would give them back."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.layers.pack import Pack
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.suppression import withheld_counts

__all__ = ["suppress"]

PLACE = ["level", "code", "year"]

Unit = tuple[str, str]
"""Level and code."""


def suppress(pack: Pack, observations: pd.DataFrame, units: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Withhold the small counts of a pack, those that would give them back, and the rates computed from either.

    Totals and rates were computed from the true figures before. What is withheld is missing, with the reason.

    Returns
    -------
    pandas.DataFrame
        The same rows.
    """
    above = {
        (level, code): (parent_level, parent_code)
        for level, table in units.items()
        for code, parent_level, parent_code in zip(
            table["code"], table["parent_level"], table["parent_code"], strict=True
        )
    }
    gone: dict[str, pd.MultiIndex] = {}
    for indicator in pack.indicators:
        if indicator.suppress_below is not None:
            mine = _known(pack, observations, indicator.id)
            hidden = pd.Series(False, index=mine.index)
            for _, rows in mine.groupby("year"):
                parents = _parents(list(zip(rows["level"], rows["code"], strict=True)), above)
                hidden[rows.index] = withheld_counts(rows["value"], parents, below=indicator.suppress_below)
            gone[indicator.id] = pd.MultiIndex.from_frame(mine.loc[hidden, PLACE])
    if not gone:
        return observations
    for indicator in pack.indicators:
        derive = indicator.derive
        if derive is not None:
            for part in (derive.numerator, derive.denominator):
                if part in gone:
                    known = gone.get(indicator.id)
                    gone[indicator.id] = gone[part] if known is None else known.union(gone[part])
    places = pd.MultiIndex.from_frame(observations[PLACE])
    withheld = np.zeros(len(observations), dtype=bool)
    for name, where in gone.items():
        withheld |= (observations["indicator"] == name).to_numpy() & places.isin(where)
    # What is missing anyway keeps its reason.
    withheld &= observations["value"].notna().to_numpy()
    kept = observations.copy()
    kept.loc[withheld, ["value", "lower", "upper"]] = np.nan
    kept.loc[withheld, "reason"] = np.uint8(MissingReason.SUPPRESSED)
    return kept


def _known(pack: Pack, observations: pd.DataFrame, count: str) -> pd.DataFrame:
    """Return what a reader knows of a count, by place: its figures, and where none is what a rate of it tells.

    The mean rate of a province, times its people, is a total though the pack shows none.
    """
    shown = observations.loc[observations["value"].notna(), ["indicator", *PLACE, "value"]]
    of = {name: rows.drop(columns="indicator") for name, rows in shown.groupby("indicator", sort=False)}
    nothing = shown.iloc[:0].drop(columns="indicator")
    found = [of.get(count, nothing)]
    for indicator in pack.indicators:
        derive = indicator.derive
        if derive is None or count not in (derive.numerator, derive.denominator):
            continue
        other = derive.denominator if derive.numerator == count else derive.numerator
        both = of.get(indicator.id, nothing).merge(of.get(other, nothing), on=PLACE, suffixes=("", "_other"))
        share = (derive.scale - both["value"] if derive.complement else both["value"]) / derive.scale
        told = both["value_other"] * (share if derive.numerator == count else 1 / share.where(share > 0))
        # A mean of zeros may be off by the last bit, which is nobody.
        found.append(both[PLACE].assign(value=told.clip(lower=0).round(6)).dropna())
    return pd.concat(found, ignore_index=True).drop_duplicates(PLACE, ignore_index=True)


def _parents(units: list[Unit], above: dict[Unit, Unit]) -> list[int]:
    """Return the position of the nearest unit above each that has a figure too; -1 where none has."""
    place = {unit: number for number, unit in enumerate(units)}
    found = []
    for unit in units:
        parent = above.get(unit)
        while parent is not None and parent not in place:
            parent = above.get(parent)
        found.append(-1 if parent is None else place[parent])
    return found
