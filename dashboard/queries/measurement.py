"""Poverty and inequality of a reader's survey, with design-based standard errors; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from fuping.dashboard.queries.survey import SurveyRows
from fuping.dashboard.queries.survey_line import SetLine
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.estimate import Estimate, Inference, Interval
from numpy.typing import NDArray

__all__ = [
    "LEAST_ROWS",
    "MOST_GROUPS",
    "Curve",
    "GroupTable",
    "Measured",
    "Measures",
    "Refused",
    "curves",
    "decompositions",
    "grouped",
    "growth_incidence",
    "line_value",
    "measure",
    "table_by",
    "with_groups",
]

LEAST_ROWS = 30
"""Observations below which a unit's figures are not shown, unless the reader asks otherwise."""

MOST_GROUPS = 40
"""A column with more values than this does not part people into groups."""

ORDINATES = (0.05, *(round(0.1 * step, 1) for step in range(1, 10)), 0.95)

Why = Literal["not_positive", "negative", "other"]


@dataclass(frozen=True)
class Refused:
    """Why a measure has no value; ``detail`` where it is none of the usual reasons."""

    why: Why
    detail: str = ""


@dataclass(frozen=True)
class Measured:
    """One measure: an estimate, or why there is none."""

    name: str
    found: Estimate | Refused


@dataclass(frozen=True, eq=False)
class Measures:
    """All measures of one survey.

    Parameters
    ----------
    poverty
        For each line, the measures at it.
    line_values
        Each line in the welfare's own unit.
    inequality
        Measures that need no line.
    mean, median
        Of welfare.
    """

    poverty: tuple[tuple[SetLine, tuple[Measured, ...]], ...]
    line_values: tuple[float, ...]
    inequality: tuple[Measured, ...]
    mean: Measured
    median: Measured


@dataclass(frozen=True, eq=False)
class GroupTable:
    """Poverty by unit or group.

    Parameters
    ----------
    table
        Indexed by label: ``n`` and, for headcount_ratio, poverty_gap and severity, the value with ``_se``, ``_low``,
        ``_high``; missing where ``n`` is below the least.
    least
        Observations that a row needs.
    n_small
        Rows that have fewer.
    n_outside
        Observations without a label.
    """

    table: pd.DataFrame
    least: int
    n_small: int
    n_outside: int


@dataclass(frozen=True)
class Curve:
    """Ordinates at shares of people, with an interval where there is one."""

    share: tuple[float, ...]
    value: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


INTERVALS: dict[str, Interval] = {"headcount": "beta", "gap": "logit", "severity": "logit"}
"""Of shares, so that none reaches below 0 or above 1; that of a headcount has a length even where nobody is poor."""


def share_intervals(table: pd.DataFrame, rows: SurveyRows, inference: Inference) -> pd.DataFrame:
    """Return a table by unit with intervals that stay within 0 and 1; negative welfare keeps those it has."""
    from fuping.spatial.poverty.estimate import interval

    if rows.least < 0:
        return table
    clusters = np.arange(len(rows.welfare)) if rows.clusters is None else rows.clusters
    strata = np.zeros(len(clusters), dtype=np.intp) if rows.strata is None else rows.strata
    df = float(len(np.unique(np.column_stack([strata, clusters]), axis=0)) - len(np.unique(strata)))
    found = table.copy()
    for name, column in zip(INTERVALS, ("headcount_ratio", "poverty_gap", "severity"), strict=True):
        kind = replace(inference, interval=INTERVALS[name])
        ends = [
            interval(float(value), float(se), df=df, n=int(n), inference=kind)
            for value, se, n in zip(table[column], table[f"{column}_se"], table["n"], strict=True)
        ]
        found[f"{column}_low"], found[f"{column}_high"] = map(list, zip(*ends, strict=True))
    return found


def _measured(name: str, function: Callable[..., Estimate], rows: SurveyRows, inference: Inference) -> Measured:
    least = rows.least
    if name in ("watts", "theil_l") and least <= 0:
        return Measured(name, Refused("not_positive"))
    if name in ("gini", "theil_t") and least < 0:
        return Measured(name, Refused("negative"))
    if name in INTERVALS and least >= 0:
        inference = replace(inference, interval=INTERVALS[name])
    try:
        return Measured(name, function(rows.welfare, **rows.design, inference=inference))
    except PovertyError as error:
        return Measured(name, Refused("other", error.told))


def measure(rows: SurveyRows, lines: Sequence[SetLine], inference: Inference) -> Measures:
    """Estimate every measure at every line."""
    from fuping.spatial.poverty import fgt, inequality, quantiles, survey

    at_line: dict[str, Callable[..., Estimate]] = {
        "headcount": fgt.headcount_ratio,
        "gap": fgt.poverty_gap,
        "severity": fgt.severity,
        "watts": fgt.watts_index,
        "sen": fgt.sen_index,
        "sst": fgt.sen_shorrocks_thon_index,
    }
    lineless: dict[str, Callable[..., Estimate]] = {
        "gini": inequality.gini,
        "theil_t": inequality.theil_t,
        "theil_l": inequality.theil_l,
    }
    poverty = tuple(
        (one, tuple(_measured(name, partial(f, line=one.line), rows, inference) for name, f in at_line.items()))
        for one in lines
    )
    return Measures(
        poverty=poverty,
        line_values=tuple(line_value(rows, one) for one in lines),
        inequality=tuple(_measured(name, f, rows, inference) for name, f in lineless.items()),
        mean=_measured("mean", survey.population_mean, rows, inference),
        median=_measured("median", quantiles.quantile, rows, inference),
    )


def line_value(rows: SurveyRows, one: SetLine) -> float:
    """Return a line in the welfare's own unit: a relative one as it is estimated from these rows."""
    if isinstance(one.line, (int, float)):
        return float(one.line)
    there = np.isfinite(rows.welfare)
    return float(one.line.linearised(rows.welfare[there], rows.weights[there]).value)


def table_by(
    rows: SurveyRows, labels: pd.Series, line: float, *, least: int, inference: Inference
) -> GroupTable | Refused:
    """Estimate poverty by unit or group, with the whole survey as the design.

    Parameters
    ----------
    labels
        Unit or group of each row; rows without one stand in none.
    line
        In the welfare's own unit.
    least
        Observations below which a row is not shown.
    """
    import duckdb
    from fuping.spatial.poverty.microdata import fgt_by_unit

    frame = pd.DataFrame({"value": rows.welfare, "label": labels, "year": rows.year, "weight": rows.weights})
    given = {"strata": rows.strata, "clusters": rows.clusters}
    frame = frame.assign(**{name: one for name, one in given.items() if one is not None})
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET memory_limit = '1GB'; SET threads = 2; SET enable_external_access = false")
        connection.register("survey", frame)
        try:
            found = fgt_by_unit(
                connection,
                "survey",
                value="value",
                unit="label",
                year="year",
                line=line,
                weights="weight",
                strata="strata" if rows.strata is not None else None,
                clusters="clusters" if rows.clusters is not None else None,
                confidence=inference.confidence,
                single_psu="certainty" if inference.single_psu == "certainty" else "refuse",
            )
        except PovertyError as error:
            return Refused("other", error.told)
    outside = int(found.attrs.get("n_without_unit", 0))
    table = found.droplevel(1) if isinstance(found.index, pd.MultiIndex) else found.set_index(found.columns[0])
    table = share_intervals(table, rows, inference)
    small = (table["n"] < least).to_numpy()
    figures = [name for name in table.columns if name.startswith(("headcount_ratio", "poverty_gap", "severity"))]
    table.loc[small, [*figures, "poor_population"]] = np.nan
    table.index.name = "label"
    return GroupTable(table, least, int(small.sum()), outside)


def curves(rows: SurveyRows, line: float, inference: Inference) -> tuple[Curve | None, Curve]:
    r"""Return the Lorenz curve, and the three I's of poverty (TIP) curve at a line.

    Notes
    -----
    TIP (Jenkins and Lambert 1997, Oxford Economic Papers 49, 317–327) adds up the gaps from the poorest on:
    :math:`TIP(p) = P_1 (1 - L_g(1-p))`, with the Lorenz curve of the gaps, whose order is that of welfare reversed. No
    Lorenz curve where a welfare is negative.
    """
    from fuping.spatial.poverty.fgt import headcount_ratio, poverty_gap
    from fuping.spatial.poverty.inequality import lorenz_curve

    def ordinates(values: NDArray[np.float64], at: Sequence[float]) -> pd.DataFrame:
        return lorenz_curve(values, at=at, **rows.design, inference=inference)

    lorenz = None
    if rows.least >= 0 and np.nansum(rows.welfare) > 0:
        found = ordinates(rows.welfare, ORDINATES)
        value, low, high = ((0.0, *found[name].tolist(), 1.0) for name in ("value", "low", "high"))
        lorenz = Curve((0.0, *ORDINATES, 1.0), value, low, high)
    gaps = np.maximum(1 - rows.welfare / line, 0)
    poor = headcount_ratio(rows.welfare, line=line, **rows.design, inference=inference).value
    whole = poverty_gap(rows.welfare, line=line, **rows.design, inference=inference).value
    if not whole > 0:
        return lorenz, Curve((0.0, 1.0), (0.0, 0.0))
    # The curve turns flat where the last of the poor is counted, so that share is among the ordinates.
    at = sorted({*(one for one in ORDINATES if one < poor), *((poor,) if 0 < poor < 1 else ())})
    held = ordinates(gaps, [1 - one for one in at])["value"].to_numpy()
    return lorenz, Curve((0.0, *at, 1.0), (0.0, *(whole * (1 - held)).tolist(), whole))


def growth_incidence(before: SurveyRows, after: SurveyRows, inference: Inference) -> Curve | None:
    r"""Return the growth of each quantile between two years, in percent a year.

    Notes
    -----
    Ravallion and Chen (2003), Economics Letters 78, 93–99: :math:`(q_1(p)/q_0(p))^{1/t} - 1`. Intervals by the delta
    method on the logarithms, the two samples being independent. ``None`` where a quantile is not above zero.
    """
    from fuping.spatial.inference import normal_quantile
    from fuping.spatial.poverty.quantiles import quantile

    at = tuple(round(0.1 * step, 1) for step in range(1, 10))
    pairs = [
        tuple(quantile(rows.welfare, p=p, **rows.design, inference=inference) for rows in (before, after)) for p in at
    ]
    if any(not one.value > 0 for pair in pairs for one in pair):
        return None
    years, z = after.year - before.year, normal_quantile(inference.confidence)
    growth = np.array([np.log(late.value / early.value) for early, late in pairs]) / years
    spread = np.array([np.hypot(early.se / early.value, late.se / late.value) for early, late in pairs]) / years
    value, low, high = (tuple((100 * np.expm1(growth + side * z * spread)).tolist()) for side in (0.0, -1.0, 1.0))
    return Curve(at, value, low, high)


def with_groups(rows: SurveyRows, unknown: str) -> SurveyRows:
    """Return rows in which those without a group have one of their own, so that parts add up to the whole."""
    return rows if rows.group is None else replace(rows, group=rows.group.fillna(unknown))


def grouped(rows: SurveyRows) -> bool:
    """Return whether a group column parts the people into two or more groups, and not too many."""
    return rows.group is not None and 2 <= rows.group.nunique() <= MOST_GROUPS


def decompositions(rows: SurveyRows, line: float, inference: Inference) -> tuple[Any, Any] | Refused:
    """Return the headcount ratio by group with contributions, and inequality within and between groups."""
    from fuping.spatial.poverty.decompose import decompose_by_group, decompose_inequality

    groups: Any = rows.group
    try:
        by_group = decompose_by_group(rows.welfare, line=line, groups=groups, **rows.design, inference=inference)
        parts = None
        if rows.least >= 0:
            parts = decompose_inequality(rows.welfare, groups=groups, **rows.design, inference=inference)
        return by_group, parts
    except PovertyError as error:
        return Refused("other", error.told)
