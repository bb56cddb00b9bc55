"""How safe the land of each unit is, by the pack's framework: scores, weights, index, grades, firmness of ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.figures_at import Latest, NotUsed, usable
from fuping.dashboard.queries.once import once
from fuping.dashboard.state import ViewState
from fuping.spatial.composite import RankIntervals, grade, rank_intervals
from fuping.spatial.weighting import (
    AHPWeights,
    CompositeError,
    ahp_weights,
    entropy_weights,
    equal_weights,
    pca_weights,
)

if TYPE_CHECKING:
    from fuping.spatial.ecology.safety import SafetyIndex

__all__ = ["COMPARISONS", "GRADES", "Assessment", "Choices", "assess", "choices_of", "framework_of"]

Weights = Literal["equal", "entropy", "pca", "own"]
Scale = Literal["min-max", "fuzzy", "z"]
Grading = Literal["fifths", "equal"]

GRADES = ("lowest", "low", "middle", "high", "highest")

COMPARISONS = ("9", "7", "5", "3", "1", "1/3", "1/5", "1/7", "1/9")
"""Saaty's scale: how many times as important the first is as the second."""

TAILS = (5, 95)
"""Percentiles between which fuzzy scores run from 0 to 1."""


@dataclass(frozen=True)
class Choices:
    """What the user chose; the URL holds it.

    Parameters
    ----------
    weights
        How indicators are weighed within a dimension.
    scale, aggregation, grading
        How figures become scores, scores an index, and the index grades.
    compared
        Paired comparisons of dimensions: pressure with state, pressure with response, state with response.
    own
        Indicator → weight before scaling, where ``weights`` is ``own``.
    """

    weights: Weights
    scale: Scale
    aggregation: Literal["linear", "geometric"]
    grading: Grading
    compared: tuple[str, str, str]
    own: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Assessment:
    """The result.

    Parameters
    ----------
    framework
        As declared.
    used, left_out
        Indicators with figures, and those without.
    refused
        Why there is no index, as the end of a message key; empty where there is one.
    detail
        Values of that message.
    ahp
        Of the comparisons of dimensions; ``None`` where fewer than two are there.
    index
        Scores, index and weights.
    grades
        Of each unit: 0 (least safe) to 4, −1 without an index.
    breaks
        Between the grades.
    ranks
        Under other weights, scales and aggregations; 1 is the safest.
    """

    framework: Mapping[str, Any]
    used: tuple[Latest, ...]
    left_out: tuple[NotUsed, ...]
    refused: str
    detail: Mapping[str, Any]
    ahp: AHPWeights | None = None
    index: SafetyIndex | None = None
    grades: Any = None
    breaks: tuple[float, ...] = ()
    ranks: RankIntervals | None = None


def framework_of(reader: Reader, pack: str) -> Mapping[str, Any] | None:
    """Return the pack's ecological framework, or nothing where it declares none or its level is not drawn."""
    catalogue = reader.catalogue(pack)
    drawn = {one["id"] for one in catalogue["levels"]}
    return next((one for one in catalogue.get("ecology", ()) if one["level"] in drawn), None)


def choices_of(view: ViewState, framework: Mapping[str, Any]) -> Choices:
    """Read the choices from the URL; what is unknown falls back."""
    weights: Any = view.option("weights", get_args(Weights), "equal")
    scale: Any = view.option("scale", get_args(Scale), "min-max")
    aggregation: Any = view.option("aggregate", ("linear", "geometric"), "linear")
    grading: Any = view.option("grades", get_args(Grading), "fifths")
    pairs = tuple(view.option(name, COMPARISONS, "1") for name in ("ps", "pr", "sr"))
    names = [one["indicator"] for one in framework["indicators"]] if weights == "own" else []
    own = tuple((name, view.amount(f"w_{name}", 1.0, low=0, high=100)) for name in names)
    return Choices(weights, scale, aggregation, grading, (pairs[0], pairs[1], pairs[2]), own)


def assess(reader: Reader, view: ViewState, framework: Mapping[str, Any]) -> Assessment:
    """Assess the units of the framework's level."""
    return _assess(reader, view.pack, reader.version(view.pack), choices_of(view, framework))


@once(maxsize=32)
def _assess(reader: Reader, pack: str, version: str, chosen: Choices) -> Assessment:
    from fuping.spatial.ecology.safety import safety_index

    framework = framework_of(reader, pack) or {}
    declared = {one["indicator"]: one for one in framework["indicators"]}
    used, left = usable(reader, pack, list(declared), framework["level"])
    told = (framework, tuple(used), tuple(left))
    codes = reader.units(pack, framework["level"])["code"]
    values = pd.DataFrame({one.indicator["id"]: one.value for one in used}, index=codes)
    complete = int(values.notna().all(axis=1).sum()) if len(used) else 0
    if len(used) < 2 or complete < 5:
        return Assessment(*told, "few", {"n": len(used), "units": complete})
    if chosen.scale == "z" and (chosen.aggregation == "geometric" or chosen.weights == "entropy"):
        return Assessment(*told, "negative", {})
    table = _indicators(values, declared, chosen)
    try:
        ahp, between = _between(list(table["dimension"].unique()), chosen)
    except CompositeError as error:
        return Assessment(*told, "inconsistent", {"ratio": f"{error.values.get('consistency_ratio', 0):.2f}"})
    try:
        index = safety_index(
            values,
            indicators=table,
            normalisation=chosen.scale,
            weights=_own(table, chosen) if chosen.weights == "own" else chosen.weights,
            dimension_weights=between,
            aggregation=chosen.aggregation,
            breaks=[0.5],
            labels=["below", "above"],
            minimum_weight=framework["minimum_weight"],
        )
    except CompositeError:
        return Assessment(*told, "weights", {})
    breaks = _breaks(index.table["index"], chosen)
    graded = grade(index.table["index"], breaks=breaks, labels=list(GRADES[: len(breaks) + 1]))
    ranks = _ranks(values, table, index, between)
    return Assessment(*told, "", {}, ahp, index, graded.cat.codes.to_numpy(), breaks, ranks)


def _indicators(values: pd.DataFrame, declared: Mapping[str, Any], chosen: Choices) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "dimension": [declared[name]["dimension"] for name in values.columns],
            "direction": [declared[name]["direction"] for name in values.columns],
        },
        index=values.columns,
    )
    if chosen.scale == "fuzzy":
        for name, tail in zip(("low", "high"), TAILS, strict=True):
            table[name] = [float(np.nanpercentile(values[one], tail)) for one in values.columns]
        # Where most units share a value, the percentiles may meet: the extremes stand in.
        flat = table["low"] >= table["high"]
        table.loc[flat, "low"], table.loc[flat, "high"] = values.min()[flat], values.max()[flat]
    return table


def _between(present: list[str], chosen: Choices) -> tuple[AHPWeights | None, pd.Series]:
    order = [one for one in ("pressure", "state", "response") if one in present]
    if len(order) == 1:
        return None, pd.Series({order[0]: 1.0})
    pairs = {("pressure", "state"): 0, ("pressure", "response"): 1, ("state", "response"): 2}
    matrix = pd.DataFrame(1.0, index=order, columns=order)
    for (first, second), place in pairs.items():
        if first in order and second in order:
            top, _, bottom = chosen.compared[place].partition("/")
            times = float(top) / float(bottom or 1)
            matrix.loc[first, second], matrix.loc[second, first] = times, 1 / times
    found = ahp_weights(matrix)
    return found, found.weights


def _own(table: pd.DataFrame, chosen: Choices) -> pd.Series:
    given = pd.Series(dict(chosen.own), dtype=float).reindex(table.index).fillna(0.0)
    total = given.groupby(table["dimension"]).transform("sum")
    return given / total.where(total > 0)


def _breaks(index: pd.Series, chosen: Choices) -> tuple[float, ...]:
    known = index.dropna().to_numpy()
    if chosen.grading == "equal" and chosen.scale != "z":
        return (0.2, 0.4, 0.6, 0.8)
    cuts = np.unique(np.quantile(known, [0.2, 0.4, 0.6, 0.8]))
    return tuple(float(one) for one in cuts if one > known.min())


def _ranks(values: pd.DataFrame, table: pd.DataFrame, index: SafetyIndex, between: pd.Series) -> RankIntervals | None:
    """Rank under every reasonable choice: the weights chosen, equal, entropy and PCA; two scales; both aggregations."""
    overall = {"chosen": index.indicators["weight_overall"]}
    for name, weigh in (("equal", None), ("entropy", entropy_weights), ("pca", pca_weights)):
        parts = {}
        try:
            for dimension, rows in table.groupby("dimension"):
                columns = list(rows.index)
                low, high = values[columns].min(), values[columns].max()
                scores = (values[columns] - low) / (high - low)
                scores = scores.where(rows["direction"].eq("positive"), 1 - scores)
                own = equal_weights(columns) if weigh is None or len(columns) == 1 else weigh(scores)
                parts[dimension] = own * float(between[dimension])
        except CompositeError:
            continue
        overall[name] = pd.concat(list(parts.values())).reindex(table.index)
    try:
        return rank_intervals(
            values,
            directions=table["direction"].to_dict(),
            normalisations=["min-max", "z"],
            weightings={name: one / one.sum() for name, one in overall.items()},
            aggregations=["linear", "geometric"],
        )
    except CompositeError:
        return None
