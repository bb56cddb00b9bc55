"""The simulator: a budget and a rule, whom it would reach, the rules side by side, the map of a plan, and its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.coverage_figures import count_text, share_text
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.i18n.formats import compact, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.need import Need
from fuping.dashboard.queries.people import people_indicator
from fuping.dashboard.queries.plan import LEAST, MOST, RULES, Plan, PlanRule, plan
from fuping.dashboard.queries.plan_layer import plan_layer
from fuping.dashboard.queries.sources import NoteFacts, note_facts
from fuping.dashboard.state import ViewState

__all__ = ["plan_figures"]


def plan_figures(reader: Reader, view: ViewState, level: str, ranked: Need) -> list[Any]:
    """Return the simulator for the units of a level."""
    language = view.language
    plural = inline(reader.level(view.pack, level)["plural"][language], language)
    head: list[Any] = [
        html.H2(message("targeting.plan", language)),
        html.P(message("targeting.plan_hint", language, level=plural), className="hint"),
    ]
    asked = {rule: plan(reader, view, level, ranked, rule) for rule in RULES}
    plans = {rule: one for rule, one in asked.items() if one is not None}
    if not plans:
        return [*head, html.P(message("targeting.no_people", language, level=plural), className="lead")]
    chosen = plans[view.option("rule", list(plans), next(iter(plans)))]  # type: ignore[index]
    facts = _facts(reader, view, level, ranked, chosen)
    parts = [
        *head,
        html.Div(_fields(view, chosen, list(plans)), className="fields"),
        *_reading(view, chosen, plural),
    ]
    if len(plans) < len(RULES):
        parts.append(html.P(message("targeting.no_poor_rule", language, level=plural), className="hint"))
    return [*parts, _rules(view, chosen, plans, facts), _map(reader, view, level, ranked, chosen, facts)]


def _facts(reader: Reader, view: ViewState, level: str, ranked: Need, chosen: Plan) -> NoteFacts:
    shown = {ranked.declared["id"]: [ranked.year]}
    for counted, year in chosen.years.items():
        declared = people_indicator(reader, view.pack, level, counted)
        if declared:
            shown[declared["id"]] = [year]
    return note_facts(reader, view.pack, level, shown)


def _fields(view: ViewState, chosen: Plan, known: list[PlanRule]) -> list[Field]:
    language = view.language
    fields = [
        select_field(
            "rule",
            message("targeting.rule", language),
            chosen.rule,
            [{"value": one, "label": message(f"targeting.rule.{one}", language)} for one in known],
        )
    ]
    for param, value in (("budget", chosen.budget), ("transfer", chosen.transfer)):
        if param == "budget" or chosen.rule == "geographic":
            fields.append(
                Field(
                    id=f"field-{param}",
                    param=param,
                    label=message(f"targeting.{param}", language),
                    kind="number",
                    value=f"{value:.15g}",
                    min=LEAST,
                    max=MOST,
                    step="any",
                )
            )
    return fields


def _reading(view: ViewState, chosen: Plan, plural: str) -> list[Any]:
    language = view.language
    told = {
        "spent": compact(round(chosen.spent), "", 0, language),
        "units": number(len(chosen.reached), 0, language),
        "all": number(len(chosen.table), 0, language),
        "level": plural,
        "people": compact(round(chosen.table["people_reached"].sum()), "", 0, language),
        "poorest": share_text(chosen.poorest_share, language),
    }
    lines = [html.P(message("targeting.plan_reaches", language, **told), className="lead reading")]
    if chosen.knows_poor:
        poor = {
            "poor": compact(round(chosen.table["poor_reached"].sum()), "", 0, language),
            "share": share_text(chosen.poor_reached_share, language),
            "not_poor": share_text(chosen.not_poor_share, language),
            "cost": number(chosen.cost_per_poor, 2, language),
        }
        lines.append(html.P(message("targeting.plan_poor", language, **poor), className="lead"))
    else:
        lines.append(html.P(message("targeting.plan_no_poor", language, level=plural), className="lead"))
    if chosen.budget - chosen.spent >= 1:
        rest = compact(round(chosen.budget - chosen.spent), "", 0, language)
        lines.append(html.P(message("targeting.unspent", language, rest=rest), className="hint"))
    if chosen.n_left_out:
        lines.append(
            html.P(message("targeting.plan_left", language, n=chosen.n_left_out, level=plural), className="hint")
        )
    lines.append(html.P(message("targeting.plan_limits", language), className="hint"))
    return lines


def _rules(view: ViewState, chosen: Plan, plans: Mapping[PlanRule, Plan], facts: NoteFacts) -> html.Section:
    language = view.language
    rows = []
    keys = ["rule", "n_units", "n_people", "n_poor", "poor_share", "not_poor", "cost", "to_poorest"]
    if not chosen.knows_poor:
        # That the poor are not counted is told above; columns without a figure would say it again for each rule.
        keys = [key for key in keys if key not in ("n_poor", "poor_share", "not_poor", "cost")]
    for rule, one in plans.items():
        cells: dict[str, Any] = {
            "rule": link(view, message(f"targeting.rule.{rule}", language), {"rule": rule}),
            "n_units": number(len(one.reached), 0, language),
            "n_people": number(one.table["people_reached"].sum(), 0, language),
            "n_poor": count_text(one.table["poor_reached"].sum(min_count=1), language),
            "poor_share": share_text(one.poor_reached_share, language),
            "not_poor": share_text(one.not_poor_share, language),
            "cost": "–" if np.isnan(one.cost_per_poor) else number(one.cost_per_poor, 2, language),
            "to_poorest": share_text(one.poorest_share, language),
        }
        rows.append(html.Tr([html.Td(cells[key]) for key in keys], **current(chosen=rule == chosen.rule)))
    head = [message(f"targeting.{key}", language) for key in keys]
    return figure(
        "rules",
        message("targeting.rules", language),
        data_table(head, rows, "rules"),
        source_note(facts, language, show_unit=False),
        language,
        hint=message("targeting.rules_hint", language),
    )


def _map(reader: Reader, view: ViewState, level: str, ranked: Need, chosen: Plan, facts: NoteFacts) -> html.Section:
    language = view.language
    layer, values = plan_layer(reader, view.pack, level, chosen, ranked.year)
    each = message("targeting.per_resident", language)
    title = message(f"targeting.rule.{chosen.rule}", language)
    drawn = thematic_map(
        reader,
        replace(view, level=level),
        layer,
        values,
        name="plan",
        title=title if chosen.rule == "geographic" else f"{title}: {inline(each, language)}",
        decimals=2,
        value_name=each if chosen.rule == "geographic" else "",
    )
    take = html.A(
        message("targeting.take", language),
        href=f"/plan/{view.pack}/{level}.csv{view.href()}",
        download="",
        className="button",
    )
    credit = boundary_credit(reader.catalogue(view.pack), language)
    return figure(
        "plan",
        message("targeting.plan_map", language),
        [drawn, html.P([take, html.Span(message("targeting.take_what", language))], className="hint take-plan")],
        source_note(facts, language, boundaries=credit, show_unit=False),
        language,
    )
