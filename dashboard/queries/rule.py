"""The rule that a reader sets: on which side of which lines a unit is poor, at risk, and out of poverty again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from fuping.dashboard.i18n.formats import figure
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import sentences
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["MOST_READINGS", "RuleChoice", "line_text", "rule_choice", "rule_sentence"]

WORST_SHARE = 0.75
"""Without a declared limit the line begins where the worst quarter of the first year does."""

NEAR = 0.1
"""Share of the line within which a unit is at risk by default."""

MOST_READINGS = 5


@dataclass(frozen=True)
class RuleChoice:
    """The rule of the URL, in the indicator's own unit.

    Parameters
    ----------
    beyond
        On which side of the line a unit is poor.
    enter, leave, risk
        Lines of entry, exit and risk.
    readings
        In a row beyond the line of exit that leaving takes.
    evidence
        Whether the value decides or the whole interval.
    origin
        Where ``enter`` is from: ``declared`` (the middle of the pack's class limits), ``quartile`` or ``set``.
    problems
        ``leave`` and ``risk`` where the URL has them on the wrong side of ``enter``, which then stands for them.
    """

    beyond: Literal["above", "below"]
    enter: float
    leave: float
    risk: float
    readings: int
    evidence: Literal["point", "interval"]
    origin: Literal["declared", "quartile", "set"]
    problems: tuple[str, ...] = ()

    @property
    def sign(self) -> int:
        """1 where higher is poorer, else -1."""
        return 1 if self.beyond == "above" else -1


def rule_choice(reader: Reader, view: ViewState) -> RuleChoice:
    """Return the rule of the URL; what it does not set is the indicator's own, else taken from the figures."""
    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    side = "below" if declared["direction"] == "higher_is_better" else "above"
    # What has no direction of its own gets one from the reader.
    beyond: Any = side if declared["direction"] != "neutral" else view.option("beyond", ("above", "below"), side)
    sign = 1 if beyond == "above" else -1
    breaks = declared["class_breaks"]
    given = float(breaks[len(breaks) // 2]) if breaks else _worst_quarter(values, sign)
    enter = _amount(view, "line", given)
    problems = []
    lines = {}
    near = float(np.round(enter - sign * abs(enter) * NEAR, declared["decimals"] + 1))
    for name, otherwise in (("leave", enter), ("risk", near)):
        lines[name] = _amount(view, name, otherwise)
        if sign * lines[name] > sign * enter:
            problems.append(name)
            lines[name] = enter
    evidence: Any = view.option("evidence", ("point", "interval") if values.has_interval else ("point",), "point")
    return RuleChoice(
        beyond=beyond,
        enter=enter,
        leave=lines["leave"],
        risk=lines["risk"],
        readings=int(view.option("readings", [str(one) for one in range(1, MOST_READINGS + 1)], "1")),
        evidence=evidence,
        origin="set" if enter != given else "declared" if breaks else "quartile",
        problems=tuple(problems),
    )


def line_text(value: float, unit: str, decimals: int, language: str) -> str:
    """Return a line with its unit; a whole number without decimals."""
    return figure(value, unit, 0 if value == round(value) else decimals, language)


def rule_sentence(rule: RuleChoice, unit: str, decimals: int, language: str) -> str:
    """Return the rule in words, as the page and the file that is taken away say it."""
    told = partial(line_text, unit=unit, decimals=decimals, language=language)
    side = message(f"identification.beyond.{rule.beyond}", language)
    words = [message("identification.rule_enter", language, side=side, line=told(rule.enter))]
    if rule.leave == rule.enter and rule.readings == 1:
        words.append(message("identification.rule_plain", language))
    else:
        words.append(message("identification.rule_leave", language, line=told(rule.leave), n=rule.readings))
    if rule.risk != rule.enter:
        words.append(message("identification.rule_risk", language, line=told(rule.risk)))
    words.append(message(f"identification.evidence.{rule.evidence}", language))
    return sentences(words, language)


def _amount(view: ViewState, name: str, otherwise: float) -> float:
    return view.amount(name, otherwise, low=-1e15, high=1e15)


def _worst_quarter(values: UnitYearValues, sign: int) -> float:
    row = next(one for one in values.value if np.isfinite(one).any())
    line = sign * float(np.nanquantile(sign * row, WORST_SHARE))
    return float(f"{line:.2g}")
