"""Indicators that are computed: shares from two counts, and totals and means of the levels above."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Indicator
from fuping.spatial.boundaries.hierarchy import RollUp, ancestors, roll_up
from fuping.spatial.cube.missing import MissingReason
from numpy.typing import NDArray

__all__ = ["derive", "derived_value", "roll_up_levels"]


def derived_value(
    indicator: Indicator, numerator: NDArray[np.float64], denominator: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return ``scale · numerator / denominator``, or what it leaves of ``scale``; missing where either is, or on 0."""
    assert indicator.derive is not None
    positive = np.where(denominator > 0, denominator, np.nan)
    value = indicator.derive.scale * numerator / positive
    return indicator.derive.scale - value if indicator.derive.complement else value


def derive(pack: Pack, observations: pd.DataFrame) -> pd.DataFrame:
    """Compute the indicators that a pack derives, wherever both parts have a row.

    Returns
    -------
    pandas.DataFrame
        Rows of the same columns as ``observations``, status ``derived``, ``source`` naming both where they differ,
        with a blank between; a row with a part missing is missing, with the reason.
    """
    keys = ["level", "code", "year"]
    made = []
    for indicator in pack.indicators:
        if indicator.derive is None:
            continue
        top = observations[observations["indicator"] == indicator.derive.numerator]
        bottom = observations[observations["indicator"] == indicator.derive.denominator]
        both = top.merge(bottom[[*keys, "value", "reason", "source"]], on=keys, suffixes=("", "_below"))
        value = derived_value(indicator, both["value"].to_numpy(), both["value_below"].to_numpy())
        # What the source of a part does not cover cannot be derived for that very reason.
        outside = both[["reason", "reason_below"]].eq(MissingReason.OUTSIDE).any(axis=1)
        missing = np.where(outside, MissingReason.OUTSIDE, MissingReason.NOT_DERIVABLE)
        reason = np.where(np.isnan(value), missing, MissingReason.OBSERVED)
        two = both["source"].ne(both["source_below"])
        source = both["source"].mask(two, both["source"] + " " + both["source_below"])
        computed = {"indicator": indicator.id, "value": value, "reason": reason.astype("uint8"), "source": source}
        rows = both.drop(columns=["value_below", "reason_below", "source_below"])
        made.append(rows.assign(**computed, lower=np.nan, upper=np.nan, status="derived"))
    return pd.concat(made, ignore_index=True) if made else observations.iloc[:0]


def roll_up_levels(pack: Pack, observations: pd.DataFrame, units: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Sum or average every indicator over the levels above the one it was observed at.

    Sums are of extensive indicators, means of intensive ones, weighted by their denominator. A unit whose parts are
    not all observed (less than the indicator's ``roll_up_share``) is missing, with the reason; a figure that was
    published for the upper level is never replaced.

    Returns
    -------
    pandas.DataFrame
        Rows of the same columns as ``observations``, status ``derived``.
    """
    there = set(map(tuple, observations[["indicator", "level"]].drop_duplicates().to_numpy()))
    given = set(there)
    made = []
    depth = {level.id: place for place, level in enumerate(pack.levels)}
    parents_of = {
        level: dict(zip(table["code"], zip(table["parent_level"], table["parent_code"], strict=True), strict=True))
        for level, table in units.items()
    }
    lying_in = {level: ancestors(parents_of, level) for level in {level for _, level in there}}
    # From the top: the nearest observed level below gives a total, not one further down with more gaps.
    for name, lowest in sorted(there, key=lambda pair: (pair[0], depth[pair[1]])):
        indicator = pack.indicator(name)
        if indicator.aggregation == "none" or (indicator.aggregation == "intensive" and not indicator.denominator):
            continue
        rows = observations[(observations["indicator"] == name) & (observations["level"] == lowest)]
        years = np.unique(rows["year"])
        values = _grid(rows, years, units[lowest]["code"], "value")
        outside = _grid(rows, years, units[lowest]["code"], "reason") == MissingReason.OUTSIDE
        weights = None
        if indicator.aggregation == "intensive":
            below = observations[
                (observations["indicator"] == indicator.denominator) & (observations["level"] == lowest)
            ]
            weights = _grid(below, years, units[lowest]["code"], "value")
        above = pack.level(lowest).parent
        while above is not None:
            if above in lying_in[lowest] and (name, above) not in given:
                parents = np.array(lying_in[lowest][above], dtype=object)
                inside = parents != ""
                total = roll_up(
                    values[:, inside], parents[inside], aggregation=indicator.aggregation,
                    weights=None if weights is None else weights[:, inside], expected=~outside[:, inside],
                    minimum_share=indicator.roll_up_share,
                )  # fmt: skip
                made.append(_rows(name, above, years, total, rows.groupby("year")["source"].first()))
                given.add((name, above))
            above = pack.level(above).parent
    return pd.concat(made, ignore_index=True) if made else observations.iloc[:0]


def _grid(rows: pd.DataFrame, years: NDArray[np.int32], codes: pd.Series, part: str) -> NDArray[np.float64]:
    wide = rows.pivot(index="year", columns="code", values=part)
    return wide.reindex(index=years, columns=codes).to_numpy(dtype=float)


def _rows(
    indicator: str,
    level: str,
    years: NDArray[np.int32],
    total: RollUp,
    sources: pd.Series,
) -> pd.DataFrame:
    codes, flat = total.codes, total.value.ravel()
    missing = np.where(total.n_expected.ravel() > 0, MissingReason.PARTIAL, MissingReason.OUTSIDE)
    return pd.DataFrame(
        {
            "indicator": indicator,
            "level": level,
            "code": np.tile(np.asarray(codes, dtype=object), len(years)),
            "year": np.repeat(years, len(codes)).astype("int32"),
            "value": flat,
            "lower": np.nan,
            "upper": np.nan,
            "reason": np.where(np.isnan(flat), missing, MissingReason.OBSERVED).astype("uint8"),
            "status": "derived",
            "source": np.repeat(sources.reindex(years).to_numpy(), len(codes)),
        }
    )
