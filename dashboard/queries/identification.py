"""Who is poor in each year: as a pack declares it, or by a rule that the reader sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.rule import RuleChoice, rule_choice
from fuping.dashboard.queries.shown import ShownClass, ShownLayer, shown_layer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import STATUS_COLOURS
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.dynamics.status import StatusHistory, StatusRule, status_history
from numpy.typing import NDArray

__all__ = ["Identified", "State", "identified", "identify", "refusal", "signed"]

ORDINARY = "not_designated"
WORDS = ("not poor", "at risk", "poor", "exited", "relapsed")
COLOURS = {word: word.replace(" ", "_") for word in WORDS} | {"not poor": ORDINARY}
POOR = ("poor", "relapsed")


@dataclass(frozen=True)
class State:
    """One status: its name and colour, whether it is a kind of poverty, and whether it is the ordinary one."""

    key: str
    name: Mapping[str, str]
    colour: str
    poor: bool
    ordinary: bool


@dataclass(frozen=True, eq=False)
class Identified:
    """Status of n units in m years.

    Parameters
    ----------
    states
        In order; ``codes`` are their places.
    codes
        int8, shape (m, n); -1 where missing.
    history
        Of the rule, or of being poor as declared; ``None`` where no category means poverty.
    layer, values
        For the map, and the figures behind it.
    rule
        ``None`` where the status is declared.
    """

    years: tuple[int, ...]
    states: tuple[State, ...]
    codes: NDArray[np.int8]
    history: StatusHistory | None
    layer: ShownLayer
    values: UnitYearValues
    rule: RuleChoice | None


def refusal(reader: Reader, view: ViewState) -> str | None:
    """Return why nothing can be identified: ``one_unit``, ``count`` or ``no_figures``; ``None`` where it can."""
    declared = reader.indicator(view.pack, view.indicator)
    if reader.level(view.pack, view.level)["n_units"] == 1:
        return "one_unit"
    if declared["aggregation"] == "extensive":
        return "count"
    return None if declared["levels"].get(view.level, {}).get("n_values", 0) else "no_figures"


def signed(values: UnitYearValues, codes: list[Any], sign: int) -> tuple[pd.DataFrame, dict[str, pd.DataFrame | None]]:
    """Return figures as a panel in which higher is poorer, and ``low`` and ``high`` of their intervals, if any."""

    def panel(table: NDArray[np.float64]) -> pd.DataFrame:
        return pd.DataFrame(sign * table, index=list(values.years), columns=codes)

    if not values.has_interval:
        return panel(values.value), {"low": None, "high": None}
    low, high = (values.lower, values.upper) if sign == 1 else (values.upper, values.lower)
    return panel(values.value), {"low": panel(low), "high": panel(high)}


def identified(reader: Reader, view: ViewState) -> Identified:
    """Return the status of all units of the view's level; ask :func:`refusal` first."""
    declared = reader.indicator(view.pack, view.indicator)
    rule = None if declared["categories"] else rule_choice(reader, view)
    return identify(reader, view.pack, reader.version(view.pack), view.indicator, view.level, rule)


@once(maxsize=32)
def identify(
    reader: Reader, pack: str, version: str, indicator: str, level: str, rule: RuleChoice | None
) -> Identified:
    """Return the status by a rule, or as declared where there is none."""
    values = reader.values(pack, indicator, level)
    codes = reader.units(pack, level)["code"]
    if rule is None:
        return _as_declared(reader, ViewState(pack, indicator, level, values.years[-1]), values, codes)
    panel, bounds = signed(values, codes, rule.sign)
    lines = {name: rule.sign * getattr(rule, name) for name in ("leave", "enter", "risk")}
    applied = StatusRule(
        exit_below=lines["leave"],
        enter_at=lines["enter"],
        at_risk_from=lines["risk"],
        readings=rule.readings,
        evidence=rule.evidence,
    )
    history = status_history(panel, applied, start="not poor", **bounds)
    states = tuple(
        State(
            word,
            {language: message(f"identification.state.{word.replace(' ', '_')}", language) for language in LANGUAGES},
            STATUS_COLOURS[COLOURS[word]],
            word in POOR,
            COLOURS[word] == ORDINARY,
        )
        for word in WORDS
    )
    words = history.status.to_numpy()
    coded = np.full(words.shape, -1, dtype=np.int8)
    for place, word in enumerate(WORDS):
        coded[words == word] = place
    entries = tuple(
        ShownClass(state.colour, tuple((coded == place).sum(axis=1).tolist()), name=dict(state.name))
        for place, state in enumerate(states)
    )
    missing = tuple(reason_counts(row[row != MissingReason.OBSERVED]) for row in values.reason)
    layer = ShownLayer(values.years, coded, entries, missing, 0)
    return Identified(values.years, states, coded, history, layer, values, rule)


def _as_declared(reader: Reader, view: ViewState, values: UnitYearValues, codes: list[Any]) -> Identified:
    categories = reader.indicator(view.pack, view.indicator)["categories"]
    layer = shown_layer(reader, view)
    states = tuple(
        State(str(one["code"]), one["name"], entry.colour, one["colour"] in POOR, one["colour"] == ORDINARY)
        for one, entry in zip(categories, layer.entries, strict=True)
    )
    history = None
    if any(state.poor for state in states):
        poor_at = [place for place, state in enumerate(states) if state.poor]
        poor = np.where(layer.classes < 0, np.nan, np.isin(layer.classes, poor_at))
        panel = pd.DataFrame(poor, index=list(values.years), columns=codes)
        # To be poor is 1 and not to be is 0: the rule reads what is declared and decides nothing itself.
        history = status_history(panel, StatusRule(exit_below=1, enter_at=1), start="not poor")
    return Identified(values.years, states, layer.classes, history, layer, values, None)
