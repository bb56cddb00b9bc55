"""Multidimensional poverty of a reader's survey: deprivations, weights, cutoff, and whether the cutoff decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from fuping.dashboard.queries.measurement import Refused
from fuping.dashboard.queries.survey import SurveyRows
from fuping.dashboard.queries.uploaded import UploadedTable, UploadError
from fuping.dashboard.state import ViewState
from fuping.spatial.poverty.estimate import Estimate, Inference
from fuping.spatial.poverty.multidimensional import AlkireFoster

__all__ = ["Counted", "Counting", "count_deprivations", "read_counting"]

CUTOFFS = tuple(round(0.1 * step, 1) for step in range(1, 11))

OTHER_CUTOFFS = (0.2, 0.5)
"""Of the orders of groups that are compared with that at the cutoff asked for."""


@dataclass(frozen=True)
class Counting:
    """What is counted.

    Parameters
    ----------
    columns
        Deprivations, 1 deprived and 0 not.
    weights
        Of each, above zero; they need not add up to 1.
    k
        Share of the weights from which on a person is poor.
    """

    columns: tuple[str, ...]
    weights: tuple[float, ...]
    k: float


@dataclass(frozen=True, eq=False)
class Counted:
    """Measures and how they depend on the cutoff.

    Parameters
    ----------
    measures
        At the cutoff asked for.
    by_cutoff
        Cutoff → H and M0 with their intervals.
    orders
        Other cutoffs: rank correlation of the groups' M0 with that at the cutoff; empty where there are no groups.
    robust_share
        Share of the pairs of groups that differ significantly and keep their order; NaN where there are no groups.
    n_incomplete
        Rows left out, one of the deprivations being missing.
    """

    measures: AlkireFoster
    by_cutoff: dict[float, tuple[Estimate, Estimate]]
    orders: pd.DataFrame
    robust_share: float
    n_incomplete: int


def read_counting(view: ViewState, columns: Sequence[str]) -> Counting:
    """Return what the URL asks to count.

    Raises
    ------
    UploadError
        There are not as many weights as deprivations, or one is not above zero.
    """
    chosen = [one for one in dict(view.extra).get("dep", "").split("|") if one in columns]
    given = [one for one in re.split(r"[;,，；\s]+", dict(view.extra).get("dw", "")) if one]
    weights = [1.0] * len(chosen)
    if given and chosen:
        try:
            weights = [float(one) for one in given]
        except ValueError:
            raise UploadError("bad_weights", given=", ".join(given)) from None
        if len(weights) != len(chosen) or not all(0 < one < float("inf") for one in weights):
            raise UploadError("weights_of", given=len(weights), wanted=len(chosen))
    return Counting(tuple(chosen), tuple(weights), view.amount("cut", 1 / 3, low=0.01, high=1))


def count_deprivations(
    table: UploadedTable, rows: SurveyRows, counting: Counting, inference: Inference, *, groups: pd.Series | None
) -> Counted | Refused:
    """Measure multidimensional poverty.

    Parameters
    ----------
    groups
        Group of each row, none missing, or ``None``.

    Raises
    ------
    UploadError
        A cell is neither 0 nor 1: its row and column.
    """
    from fuping.spatial.poverty.counting import deprivation_scores, is_poor, nested_weights
    from fuping.spatial.poverty.errors import PovertyError
    from fuping.spatial.poverty.multidimensional import alkire_foster
    from fuping.spatial.poverty.survey import population_mean

    cells = pd.DataFrame({one: _binary(table, one)[rows.place] for one in counting.columns})
    indicators = nested_weights(
        {one: [one] for one in counting.columns},
        dimension_weights=dict(zip(counting.columns, counting.weights, strict=True)),
    )
    inference = replace(inference, interval="logit")
    try:
        measures = alkire_foster(cells, indicators=indicators, k=counting.k, **rows.design, inference=inference)
        scores = deprivation_scores(cells, indicators=indicators).to_numpy()
        by_cutoff = {}
        for k in sorted({*CUTOFFS, counting.k}):
            poor = np.where(np.isnan(scores), np.nan, is_poor(scores, k))
            by_cutoff[k] = (
                population_mean(poor, **rows.design, inference=inference),
                population_mean(poor * scores, **rows.design, inference=inference),
            )
    except PovertyError as error:
        return Refused("other", error.told)
    orders, robust = _orders(cells, indicators, counting.k, rows, groups, inference)
    return Counted(measures, by_cutoff, orders, robust, int(cells.isna().any(axis=1).sum()))


def _orders(
    cells: pd.DataFrame,
    indicators: pd.DataFrame,
    k: float,
    rows: SurveyRows,
    groups: pd.Series | None,
    inference: Inference,
) -> tuple[pd.DataFrame, float]:
    from fuping.spatial.poverty.errors import PovertyError
    from fuping.spatial.poverty.robustness import Scenario, assess_robustness

    if groups is None:
        return pd.DataFrame(), float("nan")
    cutoffs = dict.fromkeys([k, *OTHER_CUTOFFS])
    try:
        found = assess_robustness(
            cells,
            scenarios={f"{one:.4g}": Scenario(indicators, one) for one in cutoffs},
            groups=groups,
            **rows.design,
            inference=inference,
        )
    except PovertyError:
        return pd.DataFrame(), float("nan")
    return found.correlations, found.robust_share


def _binary(table: UploadedTable, column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    found = table.numbers(column)
    wrong = np.flatnonzero(~(np.isnan(found) | (found == 0) | (found == 1)))
    if len(wrong):
        raise UploadError(
            "not_binary", row=table.row(int(wrong[0])), column=column, value=f"{found[wrong[0]]:g}", n=len(wrong)
        )
    return found
