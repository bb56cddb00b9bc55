"""Results of the measurement page, each with its picture, its table and its note."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.figure import chart, figure
from fuping.dashboard.components.survey_fields import counting_fields
from fuping.dashboard.components.survey_tables import (
    counting_table,
    group_rows,
    interval,
    line_name,
    match_told,
    measure_table,
    refused_text,
    unit_rows,
)
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.components.upload import (
    results_to_take,
)
from fuping.dashboard.figures.measurement import by_cutoff, growth, lorenz, tip
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.deprivations import Counted, read_counting
from fuping.dashboard.queries.measurement import Refused
from fuping.dashboard.queries.survey import ROLES, survey_columns
from fuping.dashboard.queries.survey_map import survey_layer
from fuping.dashboard.queries.survey_results import SurveyResults, survey_file
from fuping.dashboard.queries.uploaded import UploadedTable, UploadError
from fuping.dashboard.state import ViewState

__all__ = ["counting_choice", "survey_figures"]


def counting_choice(view: ViewState, table: UploadedTable) -> list[Any]:
    """Return the choice of deprivations, as far as it can be read, so that a fault in it can be mended."""
    columns = survey_columns(view, table.columns)
    try:
        counting = read_counting(view, table.columns)
    except UploadError:
        counting = read_counting(replace(view, extra=tuple(one for one in view.extra if one[0] != "dw")), table.columns)
    taken = {getattr(columns, role) for role in ROLES}
    return [
        html.H2(message("measurement.multidimensional", view.language)),
        html.P(message("measurement.multidimensional_why", view.language), className="hint"),
        *counting_fields(view, table, counting, taken),
    ]


def _note(found: SurveyResults, table: UploadedTable, language: str) -> html.Div:
    rows = found.rows
    told = message(
        "measurement.note",
        language,
        name=table.name,
        n=number(len(rows.welfare), 0, language),
        missing=number(rows.n_missing, 0, language),
        year=rows.year or message("measurement.no_year", language),
    )
    return html.Div(told, className="source-note")


def survey_figures(reader: Reader, view: ViewState, table: UploadedTable, found: SurveyResults) -> list[Any]:
    """Return the results in the page's order."""
    language, note = view.language, _note(found, table, view.language)
    line = line_name(found.lines[0], found.measures.line_values[0], language)
    text = survey_file(found, table, version("fuping"))
    return [
        figure(
            "measures",
            message("measurement.measures", language),
            measure_table(found.measures, language),
            note,
            language,
            hint=message("measurement.measures_how", language),
        ),
        results_to_take("measurement", text, f"{table.name.rsplit('.', 1)[0]}_measured.csv", language),
        *_units(reader, view, found, note, line),
        html.Div(_charts(found, note, language, line), className="figures"),
        *_groups(found, note, language, line),
        *counting_choice(view, table),
        *(_counted(found.counted, note, language) if found.counted is not None else []),
    ]


def _units(reader: Reader, view: ViewState, found: SurveyResults, note: Any, line: str) -> list[Any]:
    language = view.language
    if found.by_unit is None:
        return []
    title = message("measurement.by_unit", language, line=line)
    if isinstance(found.by_unit, Refused):
        return [figure("units", title, html.P(refused_text(found.by_unit, language)), note, language)]
    by_unit, match = found.by_unit, found.match
    labels = [str(one) for one in by_unit.table.index]
    names, codes = list(labels), [""] * len(labels)
    parts: list[Any] = []
    if match is not None and match.usable:
        units = reader.units(view.pack, match.level)
        for at, place in enumerate(match.places):
            if place >= 0:
                names[at], codes[at] = str(units[f"name_{language}"][place]), str(units["code"][place])
        shown = replace(view, level=match.level)
        layer, values = survey_layer(reader, view.pack, match, by_unit.table, found.rows.year)
        plural = reader.level(view.pack, match.level)["plural"][language]
        parts = [
            thematic_map(
                reader,
                shown,
                layer,
                values,
                name="survey",
                title=message("measurement.measure.headcount", language),
                unit="%",
                decimals=max(layer.decimals, 1),
            ),
            match_told(match, inline(plural, language), language),
        ]
    else:
        country = reader.catalogue(view.pack)["pack"]["name"][language]
        parts = [html.P(message("measurement.no_match", language, country=country), className="hint")]
    small, outside = by_unit.n_small, by_unit.n_outside
    told = [message("measurement.by_unit_how", language)]
    if small:
        counts = {"small": number(small, 0, language), "n": number(len(labels), 0, language)}
        told.append(message("measurement.n_small", language, least=by_unit.least, **counts))
    if outside:
        told.append(message("measurement.n_outside", language, n=number(outside, 0, language)))
    hint = " ".join(told) if language == "en" else "".join(told)
    body = [*parts, unit_rows(by_unit, names, codes, view, "units")]
    return [figure("units", title, body, note, language, hint=hint)]


def _charts(found: SurveyResults, note: Any, language: str, line: str) -> list[Any]:
    people = message("measurement.axis.people", language)
    parts = []
    if found.lorenz is not None:
        label = message("measurement.lorenz", language)
        drawn = lorenz(found.lorenz, language, people=people, welfare=message("measurement.axis.welfare", language))
        hint = message("measurement.lorenz_how", language)
        parts.append(figure("lorenz", label, chart(drawn, label), note, language, hint=hint, saved=True))
    label = message("measurement.tip", language, line=line)
    drawn = tip(found.tip, language, people=people, gap=message("measurement.axis.gap", language))
    hint = message("measurement.tip_how", language)
    parts.append(figure("tip", label, chart(drawn, label), note, language, hint=hint, saved=True))
    if found.growth is not None:
        label = message("measurement.growth", language, first=found.first_year, last=found.rows.year)
        drawn = growth(found.growth, language, people=people, rate=message("measurement.axis.growth", language))
        hint = message("measurement.growth_how", language)
        parts.append(figure("growth", label, chart(drawn, label), note, language, hint=hint, saved=True))
    return parts


def _groups(found: SurveyResults, note: Any, language: str, line: str) -> list[Any]:
    if found.parts is None:
        return []
    title = message("measurement.by_group", language, line=line)
    if isinstance(found.parts, Refused):
        return [figure("groups", title, html.P(refused_text(found.parts, language)), note, language)]
    by_group, inequality = found.parts
    body: list[Any] = [group_rows(by_group.table, found.least, language)]
    if inequality is not None and inequality.total.value > 0:
        share = 100 * inequality.between.value / inequality.total.value
        told = message(
            "measurement.between",
            language,
            share=number(share, 1, language),
            between=number(inequality.between.value, 4, language),
            interval=interval(inequality.between.low, inequality.between.high, 4, language),
            within=number(inequality.within.value, 4, language),
            total=number(inequality.total.value, 4, language),
        )
        body.append(html.P(told))
    hint = message("measurement.by_group_how", language)
    return [figure("groups", title, body, note, language, hint=hint)]


def _counted(found: Counted | Refused, note: Any, language: str) -> list[Any]:
    title = message("measurement.counted", language)
    if isinstance(found, Refused):
        return [figure("counted", title, html.P(refused_text(found, language)), note, language)]
    told = [html.P(message("measurement.incomplete", language, n=number(found.n_incomplete, 0, language)))]
    label = message("measurement.cutoffs", language)
    rows = [(k, h.value, m0.value) for k, (h, m0) in found.by_cutoff.items()]
    drawn = by_cutoff(
        rows,
        found.measures.k,
        language,
        cutoff=message("measurement.axis.cutoff", language),
        share=message("measurement.axis.share", language),
    )
    order: list[Any] = []
    if len(found.orders):
        listed = [
            html.Li(
                message(
                    "measurement.order_at",
                    language,
                    k=number(100 * float(k), 0, language),
                    rho="–" if np.isnan(row["spearman"]) else number(row["spearman"], 2, language),
                )
            )
            for k, row in found.orders.iterrows()
        ]
        kept = found.robust_share
        share = "–" if np.isnan(kept) else number(100 * kept, 0, language) + "%"
        order = [
            html.P(message("measurement.order", language)),
            html.Ul(listed),
            html.P(message("measurement.order_kept", language, share=share)),
        ]
    hint = message("measurement.cutoffs_how", language)
    return [
        figure("counted", title, [*counting_table(found, language), *told], note, language),
        figure("cutoffs", label, [chart(drawn, label), *order], note, language, hint=hint, saved=True),
    ]
