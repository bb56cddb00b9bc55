"""Which units meet conditions on their figures; where a figure is missing it cannot be said, and is not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from fuping.dashboard.queries.area import looked_at
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import STATUS_COLOURS
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["MOST_CONDITIONS", "Condition", "Found", "Operator", "find", "found_layer", "found_table", "read_conditions"]

Operator = Literal["above", "at_least", "at_most", "below", "is", "is_not"]

COMPARE = {
    "above": np.greater,
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "below": np.less,
    "is": np.equal,
    "is_not": np.not_equal,
}

MOST_CONDITIONS = 6

YES, NO, UNKNOWN = 1, 0, -1


@dataclass(frozen=True)
class Condition:
    """One condition on an indicator in a year; the value of a status is the code of its category."""

    indicator: str
    operator: Operator
    value: float
    year: int

    def written(self) -> str:
        """Return it as it stands in the URL."""
        return f"{self.indicator}:{self.operator}:{self.value:g}:{self.year}"


@dataclass(frozen=True, eq=False)
class Found:
    """What meets the conditions among the n units of a level.

    Parameters
    ----------
    conditions
        That hold together; none of them: every unit meets them.
    answer
        int8, n: 1 where all are met, 0 where one is not, -1 where none is unmet and a figure is missing.
    values
        float64, shape (conditions, n): the figures asked for.
    inside
        bool, n: whether the unit lies in the area that is looked at.
    """

    conditions: tuple[Condition, ...]
    answer: NDArray[np.int8]
    values: NDArray[np.float64]
    inside: NDArray[np.bool_]

    def count(self, answer: int) -> int:
        """Return how many units of the area have an answer."""
        return int((self.answer[self.inside] == answer).sum())


def read_conditions(reader: Reader, view: ViewState) -> tuple[Condition, ...]:
    """Read the URL's ``where``, as ``poverty_rate:above:20:2019;…``; what cannot be asked at the level is left out."""
    found = []
    for one in dict(view.extra).get("where", "").split(";")[:MOST_CONDITIONS]:
        condition = _read(reader, view, one.split(":"))
        if condition is not None:
            found.append(condition)
    return tuple(dict.fromkeys(found))


def _read(reader: Reader, view: ViewState, parts: list[str]) -> Condition | None:
    if len(parts) != 4 or parts[1] not in get_args(Operator):
        return None
    declared = next((one for one in reader.catalogue(view.pack)["indicators"] if one["id"] == parts[0]), None)
    if declared is None or not declared["shown"]:
        return None
    years = declared["levels"].get(view.level, {}).get("years", [])
    try:
        value, year = float(parts[2]), int(parts[3])
    except ValueError:
        return None
    named = bool(declared["categories"]) == (parts[1] in ("is", "is_not"))
    if not named or year not in years or not np.isfinite(value):
        return None
    return Condition(parts[0], parts[1], value, year)  # type: ignore[arg-type]


def find(reader: Reader, view: ViewState) -> Found:
    """Return which units of the view's level meet its conditions."""
    conditions = read_conditions(reader, view)
    n_units = len(reader.units(view.pack, view.level)["code"])
    rows = np.empty((len(conditions), n_units))
    unmet = np.zeros(n_units, dtype=bool)
    for place, one in enumerate(conditions):
        values = reader.values(view.pack, one.indicator, view.level)
        rows[place] = values.value[values.years.index(one.year)]
        unmet |= ~np.isnan(rows[place]) & ~COMPARE[one.operator](rows[place], one.value)
    # One condition that is not met decides, whatever is missing beside it.
    answer = np.where(unmet, NO, np.where(np.isnan(rows).any(axis=0), UNKNOWN, YES)).astype(np.int8)
    return Found(conditions, answer, rows, looked_at(reader, view))


def found_layer(found: Found, names: dict[str, dict[str, str]]) -> tuple[ShownLayer, UnitYearValues]:
    """Return the answer as a layer of a map.

    Parameters
    ----------
    names
        ``yes`` and ``no`` by language.
    """
    year = max((one.year for one in found.conditions), default=0)
    classes = np.where(found.answer == YES, 0, np.where(found.answer == NO, 1, -1)).astype(np.int8)[None, :]
    classes = np.where(found.inside, classes, 1).astype(np.int8)
    reason = np.where(classes < 0, MissingReason.NOT_DERIVABLE, MissingReason.OBSERVED).astype(np.uint8)
    colours = STATUS_COLOURS["poor"], STATUS_COLOURS["not_designated"]
    entries = tuple(
        ShownClass(colour, (int((classes == place).sum()),), name=names[name])
        for place, (colour, name) in enumerate(zip(colours, ("yes", "no"), strict=True))
    )
    missing = ({MissingReason.NOT_DERIVABLE: int((classes < 0).sum())} if (classes < 0).any() else {},)
    nothing = np.full(classes.shape, np.nan)
    shown = np.where(classes < 0, np.nan, classes.astype(float))
    values = UnitYearValues((year,), shown, reason, nothing, nothing, np.zeros(classes.shape, dtype=np.uint8))
    return ShownLayer((year,), classes, entries, missing, 0), values


def found_table(reader: Reader, view: ViewState, found: Found) -> pd.DataFrame:
    """Return the units of the area that meet the conditions, with the figures asked for.

    Returns
    -------
    pandas.DataFrame
        code, name_en, name_zh and a column ``INDICATOR_YEAR`` for each figure; a status by the id of its category.
    """
    units = reader.units(view.pack, view.level)
    met = np.flatnonzero((found.answer == YES) & found.inside)
    named = ("code", "name_en", "name_zh")
    columns: dict[str, Any] = {name: np.array(units[name], dtype=object)[met] for name in named}
    for one, row in zip(found.conditions, found.values, strict=True):
        declared = reader.indicator(view.pack, one.indicator)
        ids = {float(category["code"]): category["id"] for category in declared["categories"]}
        columns[f"{one.indicator}_{one.year}"] = [ids.get(cell, cell) for cell in row[met].tolist()]
    return pd.DataFrame(columns)
