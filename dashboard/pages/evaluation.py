"""The evaluation page: a design in steps, refused where it identifies nothing, else estimated, read and cited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash
import numpy as np
import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.coverage_only import coverage_only
from fuping.dashboard.components.evaluation_designs import designs_told
from fuping.dashboard.components.evaluation_expected import expected
from fuping.dashboard.components.evaluation_fields import design_steps, panel_steps, source_tabs
from fuping.dashboard.components.evaluation_figures import balance_figure, effect_figures, refused
from fuping.dashboard.components.evaluation_file import effects_file
from fuping.dashboard.components.evaluation_results import design_figures
from fuping.dashboard.components.evaluation_subject import (
    evaluation_facts,
    evaluation_names,
    pack_scale,
    pack_subject,
    pack_works,
)
from fuping.dashboard.components.evaluation_words import Scale, Subject, notices
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.survey_tables import match_told
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.components.upload import (
    PageParts,
    fault,
    fill_upload_document,
    results_to_take,
    upload_document,
)
from fuping.dashboard.i18n.formats import inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.refusals import told_in
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.border_score import BORDER
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.code_match import match_codes
from fuping.dashboard.queries.effects import Choice, Effects, Refusal
from fuping.dashboard.queries.evaluation import COMPARISON, EXCLUDED, TREATED, Evaluation, evaluate
from fuping.dashboard.queries.evaluation_design import evaluation_level, read_choice, read_design
from fuping.dashboard.queries.group_map import group_layer
from fuping.dashboard.queries.own_panel import OwnEvaluation, PanelColumns, evaluate_own, panel_columns
from fuping.dashboard.queries.places import place
from fuping.dashboard.queries.uploaded import MEGABYTE, UploadedTable, UploadError
from fuping.dashboard.reports.links import evaluation_href
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

LIMIT = 20 * MEGABYTE


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL and the file."""
    return upload_document("evaluation")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks."""
    fill_upload_document(app, reader, "evaluation", _content, limit=LIMIT)


def _content(reader: Reader, view: ViewState, table: UploadedTable | None) -> PageParts:
    language = view.language
    own = view.option("data", ["own"], "") == "own"
    head: list[Any] = [
        html.H1(message("evaluation.title", language)),
        html.P(message("evaluation.lead", language), className="lead"),
        source_tabs(reader, view, own=own),
    ]
    if own:
        return PageParts(head, _own(reader, view, table) if table else expected(language))
    design = read_design(reader, view)
    if design is None:
        return PageParts(head, coverage_only(reader, view, evaluation_level(reader, view.pack)), asks=False)
    here = replace(view, level=design.level)
    return PageParts(
        [*head, *design_steps(reader, view, design)], _of_pack(reader, here, evaluate(reader, design)), asks=False
    )


def _of_pack(reader: Reader, view: ViewState, found: Evaluation) -> list[Any]:
    language, design = view.language, found.design
    facts = evaluation_facts(reader, design)
    note = source_note(facts, language)
    parts: list[Any] = designs_told(view, found.carried, design.choice)
    if isinstance(found.result, Refusal):
        parts.append(refused(found.result, language))
    parts.append(_group_map(reader, view, found, note))
    if len(found.balance):
        names = {one: reader.indicator(design.pack, one)["name"][language] for one in map(str, found.balance.index)}
        parts.append(balance_figure(found.balance, names, design.years[0], note, language))
    if isinstance(found.result, Refusal):
        return [*parts, _on_paper(view)]
    subject, scale = pack_subject(reader, found, language), pack_scale(reader, design, language)
    source = pack_works(facts)
    if isinstance(found.result, Effects):
        results = effect_figures(found.result, subject, scale, found.balance, note, source)
    else:
        results = design_figures(found.result, evaluation_names(reader, found, language), subject, scale, note, source)
    text = effects_file(found.result, subject, scale, source)
    return [
        results[0],
        *parts,
        *results[1:],
        _on_paper(view),
        results_to_take("evaluation", text, "evaluation.csv", language, own=False),
    ]


def _on_paper(view: ViewState) -> html.P:
    """Return where the report of this evaluation is."""
    language = view.language
    pdf, word = html.A("PDF", href=evaluation_href(view, "pdf")), html.A("Word", href=evaluation_href(view, "docx"))
    return html.P([message("evaluation.report", language), " ", pdf, " · ", word], **data(paper="evaluation"))


def _group_map(reader: Reader, view: ViewState, found: Evaluation, note: Any) -> html.Section:
    language, design = view.language, found.design
    layer, values = group_layer(found.group, design.years[-1])
    counts = {
        name: number(int((found.group == code).sum()), 0, language)
        for name, code in (("treated", TREATED), ("comparison", COMPARISON), ("left_out", EXCLUDED))
    }
    told = [
        html.Li(message(f"evaluation.out.{why}", language, n=number(n, 0, language)))
        for why, n in found.why_out.items()
    ]
    title = message("evaluation.map", language)
    body: list[Any] = [
        html.P(message("evaluation.counts", language, **counts)),
        html.Ul(told),
        *_selected(reader, view, found),
    ]
    body.append(thematic_map(reader, view, layer, values, name="groups", title=title))
    hint = message("evaluation.map_how", language, years=year_list(design.years))
    return figure("groups", title, body, note, language, hint=hint)


def _selected(reader: Reader, view: ViewState, found: Evaluation) -> list[Any]:
    """Return what the selected unit is in this evaluation, and its outcomes."""
    language, design = view.language, found.design
    here = place(reader, design.pack, design.level, view.unit or "", language)
    if here is None:
        return []
    at = reader.units(design.pack, design.level)["code"].index(here.code)
    declared = reader.indicator(design.pack, design.outcome)
    scale = Scale(declared["unit"][language], declared["decimals"], language)
    values = reader.values(design.pack, design.outcome, design.level)
    years = design.years if len(design.years) <= 6 else (design.years[0], design.years[-1])
    figures = [scale.value(float(values.value[values.years.index(year), at])) for year in years]
    series = listed([f"{year}: {one}" for year, one in zip(years, figures, strict=True)], language)
    group = ("treated", "comparison", "left_out")[int(found.group[at])]
    first = found.treated.first[at]
    key = "selected_since" if np.isfinite(first) else "selected"
    words = message(
        f"evaluation.{key}",
        language,
        name=here.name,
        group=message(f"evaluation.group.{group}", language),
        year=int(first) if np.isfinite(first) else 0,
        series=series,
    )
    return [html.P(words, className="selected", **data(selected=here.code))]


def _own(reader: Reader, view: ViewState, table: UploadedTable) -> list[Any]:
    language, choice = view.language, read_choice(view)
    columns = panel_columns(view, table.columns)
    parts = panel_steps(view, table.columns, columns, choice)
    try:
        found = evaluate_own(table, columns, choice, reader, view.pack)
    except UploadError as error:
        return [*parts, fault(error, language)]
    n = len(found.panel.units) if found.panel is not None else 0
    left_out = len(found.panel.report.unmatched_left) if found.panel is not None else 0
    told = message(
        "evaluation.own_note",
        language,
        name=table.name,
        n=number(n, 0, language),
        left_out=number(left_out, 0, language),
    )
    note = html.Div(told, className="source-note")
    if found.n_zero:
        zero = message("evaluation.zero_never", language, n=number(found.n_zero, 0, language))
        parts.append(html.P(zero, className="hint"))
    if found.panel is not None:
        parts += [html.P(told_in(one, language), className="hint") for one in found.panel.report.notes]
    parts += designs_told(view, found.carried, choice)
    if isinstance(found.result, Refusal):
        parts.append(refused(found.result, language))
    return parts + _own_results(reader, view, found, columns, choice, table, note)


def _own_results(
    reader: Reader,
    view: ViewState,
    found: OwnEvaluation,
    columns: PanelColumns,
    choice: Choice,
    table: UploadedTable,
    note: Any,
) -> list[Any]:
    language, panel = view.language, found.panel
    if panel is None:
        return []
    about: list[Any] = _own_map(reader, view, found, note)
    if len(found.balance):
        about.append(balance_figure(found.balance, {}, int(panel.periods[0]), note, language))
    about += _left_out(found, note, language)
    if isinstance(found.result, Refusal):
        return about
    subject = Subject(
        message("evaluation.own_treatment", language),
        str(columns.outcome),
        message("evaluation.own_units", language),
        columns.covariates,
        left_out=len(panel.report.unmatched_left),
        score=message("evaluation.border_km", language) if choice.running == "border" else str(columns.score or ""),
    )
    scale = Scale("", 4, language)
    source = message("evaluation.own_source", language, name=table.name)
    subject = replace(subject, notices=tuple(notices(None, found.result, found.balance, language)))
    if isinstance(found.result, Effects):
        results = effect_figures(found.result, subject, scale, found.balance, note, source)
    else:
        names = {f"x.{one}": one for one in columns.covariates} | {BORDER: message("evaluation.border_km", language)}
        results = design_figures(found.result, names, subject, scale, note, source)
    text = effects_file(found.result, subject, scale, source)
    name = f"{table.name.rsplit('.', 1)[0]}_evaluated.csv"
    return [results[0], *about, *results[1:], results_to_take("evaluation", text, name, language)]


def _left_out(found: OwnEvaluation, note: Any, language: str) -> list[Any]:
    lost = found.panel.report.unmatched_left if found.panel is not None else ()
    if not lost:
        return []
    rows = [[one.code, told_in(one.detail, language)] for one in lost[:100]]
    head = [message("evaluation.column.unit", language), message("evaluation.why_out", language)]
    title = message("evaluation.left_out_title", language, n=number(len(lost), 0, language))
    return [figure("left-out", title, data_table(head, rows, "left-out"), note, language)]


def _own_map(reader: Reader, view: ViewState, found: OwnEvaluation, note: Any) -> list[Any]:
    """Return the map of a reader's units where their codes are those of the pack that is open."""
    language, panel = view.language, found.panel
    if panel is None:
        return []
    match = match_codes(reader, view.pack, pd.Index(panel.units.astype(str)))
    if match is None or not match.usable:
        return []
    n = len(reader.units(view.pack, match.level)["code"])
    group, known = np.full(n, COMPARISON, dtype=np.int8), np.zeros(n, dtype=bool)
    here = match.places >= 0
    at = match.places[here]
    group[at] = np.where(panel.never_treated[here], COMPARISON, TREATED)
    known[at] = True
    layer, values = group_layer(group, int(panel.periods[-1]), known=known)
    title = message("evaluation.map", language)
    plural = reader.level(view.pack, match.level)["plural"][language]
    body = [
        thematic_map(reader, replace(view, level=match.level), layer, values, name="groups", title=title),
        match_told(match, inline(plural, language), language),
    ]
    return [figure("groups", title, body, note, language)]
