"""The targeting page: how well a programme reaches the poorest, and whom a budget would reach under a rule."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.need_fields import need_fields
from fuping.dashboard.components.plan_figures import plan_figures
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.targeting_figures import targeting_figures, treatment_name
from fuping.dashboard.i18n.formats import inline
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.plan_download import add_plan_download
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.need import Need
from fuping.dashboard.queries.targeting import (
    COUNTS,
    Treatment,
    assessment,
    chosen_treatment,
    comparable_years,
    ranking_for,
    targeting_level,
    treatments,
)
from fuping.dashboard.state import ViewState
from fuping.spatial.projects.errors import TargetingError

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("targeting")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback and the route of its plans."""
    fill_document(app, reader, "targeting", _content, follows="place")
    add_plan_download(app.server, reader)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    head: list[Any] = [
        html.H1(message("targeting.title", language, name=country)),
        html.P(message("targeting.lead", language), className="lead"),
    ]
    treatment = chosen_treatment(reader, view)
    level = targeting_level(reader, view, treatment)
    ranked = ranking_for(reader, view, treatment, level) if level else None
    if level is None or ranked is None:
        plural = reader.level(view.pack, level or view.level)["plural"][language]
        told = message("need.none", language, level=inline(plural, language))
        return [*head, html.P(told, className="lead"), _refused(reader, view, treatment)]
    head.append(html.Div(_fields(reader, view, treatment, level, ranked), className="fields"))
    meaning = ranked.declared["meaning"][language]
    head.append(html.P(message("targeting.ranked_by", language, meaning=meaning), className="hint"))
    if treatment is None:
        judged: list[Any] = [html.P(message("targeting.nothing", language), className="lead")]
    else:
        judged = _judged(reader, view, treatment, level)
    return [*head, *judged, *plan_figures(reader, view, level, ranked), _refused(reader, view, treatment)]


def _judged(reader: Reader, view: ViewState, treatment: Treatment, level: str) -> list[Any]:
    language = view.language
    try:
        found = assessment(reader, view, treatment, level)
    except TargetingError:
        name = treatment_name(treatment, language)
        return [html.P(message("targeting.nobody", language, name=name), className="lead")]
    return targeting_figures(reader, view, found) if found else []


def _fields(reader: Reader, view: ViewState, treatment: Treatment | None, level: str, ranked: Need) -> list[Field]:
    language = view.language
    fields = []
    if treatment:
        fields.append(
            select_field(
                "treatment",
                message("targeting.treatment", language),
                treatment.id,
                [
                    {
                        "value": one.id,
                        "label": treatment_name(one, language),
                        "group": message(f"targeting.kind.{one.kind}", language),
                    }
                    for one in treatments(reader, view.pack)
                ],
                clears=["ranking_year"],
            )
        )
    allowed = comparable_years(reader, view, treatment, level) if treatment else None
    fields += need_fields(reader, view, level, ranked, allowed=allowed)
    if treatment and treatment.kind == "project":
        fields.append(
            select_field(
                "counted",
                message("targeting.counted", language),
                view.option("counted", COUNTS, COUNTS[0]),
                [{"value": one, "label": message(f"targeting.counted.{one}", language)} for one in COUNTS],
            )
        )
    return fields


def _refused(reader: Reader, view: ViewState, treatment: Treatment | None) -> html.Section:
    """Return what is not offered, and why."""
    language = view.language
    catalogue = reader.catalogue(view.pack)
    reasons = ["households", "incomes"]
    if any(one["kind"] == "status" for one in catalogue["indicators"]) and catalogue["projects"]:
        reasons.insert(0, "designation")
    return html.Section(
        [
            html.H2(message("targeting.refused", language)),
            html.Ul([html.Li(message(f"targeting.refused.{one}", language)) for one in reasons], className="reasons"),
        ],
        **data(figure="refused"),
    )
