"""The fields of the identification page: what is looked at, and the rule of who is poor."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.field import Field, indicator_field, level_field
from fuping.dashboard.i18n.formats import unit_pattern
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import sentences
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.identification import Identified
from fuping.dashboard.queries.rule import MOST_READINGS, RuleChoice, rule_sentence
from fuping.dashboard.state import ViewState

__all__ = ["RULE_PARAMETERS", "lines_of", "number_text", "rule_part", "what_fields"]

RULE_PARAMETERS = ("beyond", "line", "leave", "risk", "readings", "evidence")
"""What the rule adds to the URL."""

LINES = ("line", "leave", "risk")


def number_text(value: float) -> str:
    """Return a number as a field holds it."""
    return f"{value:.10g}"


def what_fields(reader: Reader, view: ViewState) -> html.Div:
    """Return the fields of the indicator and the level; another indicator begins with its own rule."""
    chosen: Any = indicator_field(reader, view)
    chosen.clears = [*chosen.clears, *RULE_PARAMETERS, "target", "by", "clock", "counted", "part"]
    return html.Div([chosen, level_field(reader, view, several_only=True)], className="fields")


def lines_of(rule: RuleChoice) -> dict[str, float]:
    """Return the three lines by their parameters."""
    return {"line": rule.enter, "leave": rule.leave, "risk": rule.risk}


def rule_part(reader: Reader, view: ViewState, found: Identified) -> list[Any]:
    """Return the rule's fields, the rule in words, and what was wrong with it."""
    rule, language = found.rule, view.language
    if rule is None:
        return []
    declared = reader.indicator(view.pack, view.indicator)
    unit, decimals = declared["unit"][language], declared["decimals"]
    pattern = unit_pattern(unit, language).format(value="").strip().lstrip("×").strip()
    values = lines_of(rule)
    fields = [
        Field(
            id=f"field-{name}",
            param=name,
            label=message(f"identification.field.{name}", language, unit=pattern),
            kind="number",
            value=number_text(values[name]),
            step="any",
            clears=["part"],
        )
        for name in LINES
    ]
    fields.append(_select(view, "readings", [str(one) for one in range(1, MOST_READINGS + 1)], str(rule.readings)))
    if declared["direction"] == "neutral":
        fields.insert(0, _choice(view, "beyond", ("above", "below"), rule.beyond))
    if found.values.has_interval:
        fields.append(_choice(view, "evidence", ("point", "interval"), rule.evidence))
    said: list[Any] = [message("identification.rule", language, rule=rule_sentence(rule, unit, decimals, language))]
    said.append(message(f"identification.origin.{rule.origin}", language))
    if declared["direction"] == "neutral":
        said.append(message("identification.neutral", language))
    back = link(view, message("identification.rule_reset", language), dict.fromkeys(RULE_PARAMETERS, ""))
    if any(name in dict(view.extra) for name in RULE_PARAMETERS):
        said.append(back)
    # Sentences stand apart in English and do not in Chinese.
    spaced = [part for one in said for part in (one, sentences(("", ""), language))]
    alerts = [html.P(message(f"identification.problem.{name}", language), role="alert") for name in rule.problems]
    return [html.Div(fields, className="fields rule"), html.P(spaced, className="lead rule-words"), *alerts]


def _choice(view: ViewState, param: str, known: tuple[str, ...], value: str) -> Field:
    language = view.language
    options = [{"value": one, "label": message(f"identification.{param}_choice.{one}", language)} for one in known]
    label = message(f"identification.field.{param}", language, unit="")
    return Field(
        id=f"field-{param}", param=param, label=label, kind="select", value=value, options=options, clears=["part"]
    )


def _select(view: ViewState, param: str, known: list[str], value: str) -> Field:
    options = [{"value": one, "label": one} for one in known]
    label = message(f"identification.field.{param}", view.language, unit="")
    return Field(
        id=f"field-{param}", param=param, label=label, kind="select", value=value, options=options, clears=["part"]
    )
