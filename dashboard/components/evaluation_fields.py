"""The steps of the evaluation page: treatment, outcome and period, comparison, method; or the columns of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.evaluation_words import treatment_name
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.upload import column_field
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.border_score import BORDER
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.effects import Choice, EstimatorName
from fuping.dashboard.queries.evaluation_design import (
    AREAS,
    CONTROLS,
    METRICS,
    Design,
    covariate_choices,
    outcome_choices,
    score_choices,
)
from fuping.dashboard.queries.own_panel import NEEDED, PANEL_ROLES, PanelColumns
from fuping.dashboard.queries.treatment import treatment_choices
from fuping.dashboard.state import ViewState

__all__ = ["design_steps", "panel_steps", "source_tabs"]

MOST_OFFERED = 40


def _select(param: str, label: str, value: str, options: Sequence[dict[str, str]], clears: Sequence[str] = ()) -> Field:
    return select_field(param, label, value, list(options), clears=list(clears))


def _step(number: int, title: str, fields: Sequence[Any]) -> html.Li:
    return html.Li([html.H3([html.B(str(number)), " ", title]), html.Div(list(fields), className="fields")])


def source_tabs(reader: Reader, view: ViewState, *, own: bool) -> html.Nav:
    """Return the choice between the pack's figures and a panel of the reader's own."""
    language = view.language
    name = reader.catalogue(view.pack)["pack"]["name"][language]
    tabs = [
        link(view, message("evaluation.of_pack", language, name=name), {"data": ""}, **current(chosen=not own)),
        link(view, message("evaluation.of_own", language), {"data": "own"}, **current(chosen=own)),
    ]
    return html.Nav(tabs, className="source-tabs", **aria(label=message("evaluation.whose", language)))


def _comparison(view: ViewState, choice: Choice) -> list[Field]:
    language = view.language
    controls = [{"value": one, "label": message(f"evaluation.control.{one}", language)} for one in CONTROLS]
    return [_select("control", message("evaluation.compared_with", language), choice.control, controls)]


def _method(
    view: ViewState, choice: Choice, scores: Sequence[dict[str, str]], score: str, *, own: bool = False
) -> list[Field]:
    """Return the choice of a method, and what it needs: what alike means, a score and its cutoff, or a border."""
    language = view.language
    methods = [
        {"value": one, "label": message(f"evaluation.method.{one}", language)} for one in get_args(EstimatorName)
    ]
    fields = [_select("method", message("evaluation.estimator", language), choice.method, methods)]
    if choice.method == "matching":
        metrics = [{"value": one, "label": message(f"evaluation.metric.{one}", language)} for one in METRICS]
        fields.append(_select("metric", message("evaluation.alike_by", language), choice.metric, metrics))
    if choice.method == "discontinuity":
        beside = choice.running == "border"
        none = {"value": "", "label": message(f"evaluation.{'column_score' if own else 'choose_score'}", language)}
        border = {"value": BORDER, "label": message("evaluation.border_score", language)}
        asked, clears = BORDER if beside else score, ["cutoff", "donut", "segment"]
        fields.append(_select("score", message("evaluation.score", language), asked, [none, border, *scores], clears))
        if beside:
            fields.append(_number("donut", message("evaluation.donut", language), choice.donut))
            fields.append(_number("segment", message("evaluation.segment_km", language), choice.segment_km))
        else:
            fields.append(_number("cutoff", message("evaluation.cutoff", language), choice.cutoff))
    return fields


def _number(param: str, label: str, value: float) -> Field:
    return Field(id=f"field-{param}", param=param, label=label, kind="number", value=f"{value:.10g}", step="any")


def _chips(view: ViewState, offered: Sequence[tuple[str, str]], chosen: Sequence[str]) -> html.Details:
    language = view.language
    chips = []
    for name, words in offered[:MOST_OFFERED]:
        inside = name in chosen
        kept = [one for one in chosen if one != name] if inside else [*chosen, name]
        mark = "✓ " if inside else "+ "
        chips.append(link(view, mark + words, {"given": "|".join(kept)}, className="chip", **current(chosen=inside)))
    title = message("evaluation.given", language, n=len(chosen))
    hint = html.P(message("evaluation.given_why", language), className="hint")
    return html.Details(
        [html.Summary(title), hint, html.Div(chips, className="chips")],
        open=bool(chosen),
        className="given",
        **data(fields="given"),
    )


def design_steps(reader: Reader, view: ViewState, design: Design) -> list[Any]:
    """Return the steps of an evaluation of a pack's figures."""
    language = view.language
    treatments = [
        {
            "value": one.id,
            "label": treatment_name(reader, design.pack, one, language),
            "group": message(f"evaluation.kind.{one.kind}", language),
        }
        for one in treatment_choices(reader, design.pack, design.level)
    ]
    clears = ["threshold", "given"]
    first = [_select("treatment", message("evaluation.treatment", language), design.treatment.id, treatments, clears)]
    if design.treatment.kind in ("above", "below"):
        first.append(_number("threshold", message("evaluation.threshold", language), design.threshold))
    outcomes = outcome_choices(reader, design.pack, design.level)
    named = [{"value": one["id"], "label": one["name"][language], "group": one["theme"][language]} for one in outcomes]
    every = next(one for one in outcomes if one["id"] == design.outcome)["levels"][design.level]["years"]
    years = [{"value": str(one), "label": str(one)} for one in every]
    second: list[Any] = [
        _select("outcome", message("evaluation.outcome", language), design.outcome, named, ["from", "to", "given"]),
        html.Div(
            [
                _select("from", message("evaluation.from", language), str(design.years[0]), years),
                _select("to", message("evaluation.to", language), str(design.years[-1]), years),
            ],
            className="pair",
        ),
    ]
    areas = [{"value": one, "label": message(f"evaluation.area.{one}", language)} for one in AREAS]
    third = [
        *_comparison(view, design.choice),
        _select("area", message("evaluation.where", language), design.area, areas),
    ]
    offered = covariate_choices(reader, design.pack, design.level, design.outcome, design.treatment, design.years[0])
    scores = [
        {"value": one["id"], "label": one["name"][language], "group": one["theme"][language]}
        for one in score_choices(reader, design.pack, design.level, design.outcome, design.years[0])
    ]
    steps: tuple[tuple[str, list[Any]], ...] = (
        ("treatment", first),
        ("outcome_step", second),
        ("comparison", third),
        ("method_step", _method(view, design.choice, scores, design.score or "")),
    )
    listed = [
        _step(at, message(f"evaluation.{key}", language), fields) for at, (key, fields) in enumerate(steps, start=1)
    ]
    chips = _chips(view, [(one["id"], one["name"][language]) for one in offered], design.covariates)
    return [html.Ol(listed, className="steps-of"), chips]


def panel_steps(view: ViewState, columns: Sequence[str], chosen: PanelColumns, choice: Choice) -> list[Any]:
    """Return the steps of an evaluation of a reader's own panel."""
    language = view.language
    fields = [
        column_field(
            f"col_{role}",
            message(f"evaluation.column.{role}", language),
            columns,
            getattr(chosen, role),
            language,
            optional=role not in NEEDED,
        )
        for role in PANEL_ROLES
    ]
    listed = [
        _step(1, message("evaluation.columns", language), fields),
        _step(2, message("evaluation.comparison", language), _comparison(view, choice)),
        _step(3, message("evaluation.method_step", language), _method(view, choice, [], "", own=True)),
    ]
    taken = {getattr(chosen, role) for role in PANEL_ROLES}
    offered = [(one, one) for one in columns if one not in taken]
    return [html.Ol(listed, className="steps-of own"), _chips(view, offered, chosen.covariates)]
