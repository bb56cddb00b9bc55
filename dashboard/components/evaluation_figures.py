"""Results of the evaluation page: the reading, balance, trends, event study, decomposition, robustness, methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from dash import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.evaluation_methods import citations, methods_paragraph
from fuping.dashboard.components.evaluation_words import (
    FAR_APART,
    Scale,
    Subject,
    interval_told,
    reading,
    refusal_words,
)
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.snippet import copyable
from fuping.dashboard.figures.evaluation import event_study_chart, forest, trend_colours, trends, twin_chart
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.effects import Effects, Refusal, Twin
from fuping.dashboard.queries.results_file import ResultRow, result_rows, results_text
from fuping.dashboard.queries.robustness import Variant
from fuping.spatial.inference import Estimate

__all__ = ["balance_figure", "effect_figures", "effects_file", "refused", "twin_figures"]

BORDERS = {"solid": "solid", "dot": "dotted"}


def refused(refusal: Refusal, language: str) -> html.Div:
    """Return why nothing is identified, and what can be done."""
    why, instead = refusal_words(refusal, language)
    return html.Div(
        [html.Strong(message("evaluation.refused_title", language)), html.P(why), html.P(instead)],
        className="refused",
        role="status",
        **data(refused=refusal.code),
    )


def balance_figure(
    balance: pd.DataFrame, names: Mapping[str, str], year: int, note: Any, language: str
) -> html.Section:
    """Return how alike treated and comparison units were in the first year."""
    keys = ("covariate", "treated", "compared", "apart", "ratio", "missing_n")
    rows = []
    for name, row in balance.iterrows():
        gap = float(row["standardised_difference"])
        far = abs(gap) > FAR_APART
        cell = number(gap, 2, language) if np.isfinite(gap) else "–"
        rows.append(
            [
                names.get(str(name), str(name)),
                _plain(float(row["treated_mean"]), language),
                _plain(float(row["control_mean"]), language),
                html.Strong(cell) if far else cell,
                number(float(row["variance_ratio"]), 2, language) if np.isfinite(row["variance_ratio"]) else "–",
                number(int(row["missing"]), 0, language),
            ]
        )
    head = [message(f"evaluation.{key}", language) for key in keys]
    title = message("evaluation.balance", language, year=year)
    hint = message("evaluation.balance_how", language)
    return figure("balance", title, data_table(head, rows, "balance"), note, language, hint=hint)


def _plain(value: float, language: str) -> str:
    size = abs(value)
    return number(value, 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4, language)


def _group_names(table: pd.DataFrame, subject: Subject, language: str) -> dict[int, str]:
    names = {0: message("evaluation.group.comparison", language), -1: message("evaluation.group.treated", language)}
    cohorts = [int(one) for one in table.columns if one > 0]
    return names | {one: message("evaluation.group.since", language, year=one) for one in cohorts}


def _key(table: pd.DataFrame, names: Mapping[int, str]) -> html.Ul:
    styles = trend_colours([int(one) for one in table.columns])
    items = [
        html.Li([html.I(style={"borderTop": f"3px {BORDERS.get(dash, 'dashed')} {colour}", "height": "0"}), names[one]])
        for one, (colour, dash) in styles.items()
        if one in table.columns
    ]
    return html.Ul(items, className="key")


def effect_figures(
    found: Effects,
    subject: Subject,
    scale: Scale,
    balance: pd.DataFrame,
    told: Sequence[str],
    note: Any,
    source: str,
) -> list[Any]:
    """Return the results in the order in which they are to be read.

    Parameters
    ----------
    told
        What a reader must know first.
    source
        Of the figures, for the methods paragraph.
    """
    language = scale.language
    parts: list[Any] = [_effect(found, subject, scale, balance, told, note)]
    names = _group_names(found.trends, subject, language)
    label = message("evaluation.trends", language, outcome=subject.outcome)
    starts = [int(one) for one in found.panel.cohorts]
    drawn = trends(found.trends, names, scale.value, suffix=scale.suffix, starts=starts)
    shown = [chart(drawn, label), _key(found.trends, names)]
    figures = [
        figure("trends", label, shown, note, language, hint=message("evaluation.trends_how", language), saved=True)
    ]
    label = message("evaluation.event", language)
    drawn = event_study_chart(
        found.event.table,
        scale.change,
        x_title=message("evaluation.axis.event", language),
        y_title="",
        suffix=scale.suffix,
    )
    hint = message("evaluation.event_how", language)
    table = _event_table(found, scale)
    if len(found.event.table) > 1:
        figures.append(figure("event", label, chart(drawn, label), note, language, hint=hint, table=table, saved=True))
    parts.append(html.Div(figures, className="figures"))
    parts += [_robustness(found, scale, note), *_bacon(found, scale, note), *_bounds(found, scale, note)]
    return [*parts, *_methods(found, subject, scale, source)]


def _effect(
    found: Effects, subject: Subject, scale: Scale, balance: pd.DataFrame, told: Sequence[str], note: Any
) -> html.Section:
    language, overall = scale.language, found.overall
    title = message("evaluation.association" if subject.associated else "evaluation.effect", language)
    words = reading(found, subject, scale, balance)
    sections = [
        html.Div([html.H3(message(f"evaluation.reading.{key}", language)), *(html.P(one) for one in sentences)])
        for key, sentences in words.items()
    ]
    ways = list(found.combined.items())
    # With one cohort seen once after its treatment there is one cell, and nothing to add up.
    ways = ways[:1] if len(found.event.table) == 1 and len(found.panel.cohorts) == 1 else ways
    rows = [[message(f"evaluation.by.{by}", language), *_cells(combined.overall, scale)] for by, combined in ways]
    cohorts = [
        [message("evaluation.group.since", language, year=int(cohort)), *_cells_of(row, scale)]
        for cohort, row in found.combined["group"].table.iterrows()
    ]
    head = [message(f"evaluation.{key}", language) for key in ("added_up", "estimate", "error", "interval")]
    body: list[Any] = [
        html.P(scale.change(overall.value), className="value"),
        html.P(interval_told(overall, scale.change, language), className="facts"),
        *([html.Ul([html.Li(one) for one in told], className="notices")] if told else []),
        html.Div(sections, className="evaluation-reading"),
        data_table(head, rows + (cohorts if len(cohorts) > 1 else []), "effects"),
    ]
    return figure("effect", title, body, note, language)


def _cells(found: Estimate, scale: Scale) -> list[str]:
    between = "–"
    if np.isfinite(found.low) and np.isfinite(found.high):
        between = f"{scale.bare(found.low)} – {scale.bare(found.high)}"
    return [scale.bare(found.value), scale.bare(found.se), between]


def _cells_of(row: pd.Series, scale: Scale) -> list[str]:
    return [scale.bare(row["att"]), scale.bare(row["se"]), f"{scale.bare(row['low'])} – {scale.bare(row['high'])}"]


def _event_table(found: Effects, scale: Scale) -> html.Div:
    language = scale.language
    keys = ("since", "estimate", "error", "interval", "band")
    rows = [
        [
            str(int(time)),  # type: ignore[call-overload]
            *_cells_of(row, scale),
            f"{scale.bare(row['band_low'])} – {scale.bare(row['band_high'])}",
        ]
        for time, row in found.event.table.iterrows()
        if not row["reference"]
    ]
    return data_table([message(f"evaluation.{key}", language) for key in keys], rows, "event")


def variant_name(one: Variant, language: str) -> str:
    """Return what another estimate is called."""
    return message(f"evaluation.variant.{one.key}", language, **one.values)


def _robustness(found: Effects, scale: Scale, note: Any) -> html.Section:
    language = scale.language
    rows: list[Any] = []
    drawn: list[tuple[str, Estimate]] = []
    for one in found.variants:
        name = variant_name(one, language)
        small = html.Small(message(f"evaluation.variant_why.{one.key}", language, **one.values))
        if isinstance(one.found, Refusal):
            why = html.Span(refusal_words(one.found, language)[0], className="none")
            rows.append(html.Tr([html.Td([name, small]), html.Td(why, colSpan=3, className="words")]))
        else:
            rows.append([[name, small], *_cells(one.found, scale)])
            if np.isfinite(one.found.value):
                drawn.append((name, one.found))
    head = [message(f"evaluation.{key}", language) for key in ("variant_title", "estimate", "error", "interval")]
    title = message("evaluation.robustness", language)
    picture = forest(drawn, scale.change, x_title="", suffix=scale.suffix)
    body = [chart(picture, title, height=60 + 30 * len(drawn)), data_table(head, rows, "robustness")]
    hint = message("evaluation.robustness_how", language)
    return figure("robustness", title, body, note, language, hint=hint, saved=True)


def _bacon(found: Effects, scale: Scale, note: Any) -> list[Any]:
    language, parts = scale.language, found.decomposition
    if parts is None:
        return []
    rows = [
        [message(f"evaluation.bacon.{kind}", language), number(100 * float(weight), 1, language) + "%"]
        for kind, weight in parts.weights.items()
    ]
    key = "bacon_warns" if parts.already_treated_weight > 0.005 else "bacon_clean"
    told = message(
        f"evaluation.{key}",
        language,
        share=number(100 * parts.already_treated_weight, 1, language),
        coefficient=scale.change(parts.coefficient),
    )
    head = [message("evaluation.bacon_part", language), message("evaluation.bacon_weight", language)]
    title = message("evaluation.bacon_title", language)
    return [figure("bacon", title, [html.P(told), data_table(head, rows, "bacon")], note, language)]


def _bounds(found: Effects, scale: Scale, note: Any) -> list[Any]:
    language, bounds = scale.language, found.bounds
    if bounds is None:
        return []
    rows = [
        [number(float(m), 1, language), f"{scale.bare(row['low'])} – {scale.bare(row['high'])}"]  # type: ignore[arg-type]
        for m, row in bounds.table.iterrows()
    ]
    head = [message("evaluation.bounds_m", language), message("evaluation.interval", language)]
    title, hint = message("evaluation.bounds_title", language), message("evaluation.bounds_how", language)
    return [figure("bounds", title, data_table(head, rows, "bounds"), note, language, hint=hint)]


def _methods(found: Effects | Twin, subject: Subject, scale: Scale, source: str) -> list[Any]:
    language = scale.language
    return [
        html.H2(message("evaluation.methods_title", language)),
        html.Div(copyable(methods_paragraph(found, subject, scale, source), language), className="prose-copy"),
        html.H2(message("evaluation.citations", language)),
        html.Div(copyable(citations(found), language), className="prose-copy", **data(figure="citations")),
    ]


def twin_figures(found: Twin, name: str, subject: Subject, scale: Scale, note: Any, source: str) -> list[Any]:
    """Return one treated unit beside its synthetic twin."""
    language, twin = scale.language, found.found
    start = float(found.panel.cohort[~found.panel.never_treated][0])
    names = (name, message("evaluation.twin", language))
    drawn = twin_chart(twin.path, names, scale.value, suffix=scale.suffix, start=start)
    title = message("evaluation.twin_title", language, name=name)
    told = message(
        "evaluation.twin_told",
        language,
        effect=scale.change(twin.effect),
        before=scale.value(twin.rmspe_before),
        ratio=number(twin.rmspe_ratio, 1, language),
    )
    p = "" if np.isnan(twin.p_value) else message("evaluation.twin_p", language, p=number(twin.p_value, 3, language))
    key = html.Ul(
        [
            html.Li([html.I(style={"borderTop": f"3px {BORDERS.get(dash, 'dashed')} {colour}", "height": "0"}), words])
            for words, (colour, dash) in zip(names, trend_colours([int(start)]).values(), strict=True)
        ],
        className="key",
    )
    weights = twin.weights[twin.weights > 0.005]
    rows = [[str(unit), number(100 * float(weight), 1, language) + "%"] for unit, weight in weights.items()]
    head = [message("evaluation.donor", language), message("evaluation.bacon_weight", language)]
    body = [html.P([told, " ", p]), chart(drawn, title), key, data_table(head, rows, "donors")]
    hint = message("evaluation.twin_how", language)
    return [
        figure("twin", title, body, note, language, hint=hint, saved=True),
        *_methods(found, subject, scale, source),
    ]


def effects_file(found: Effects, subject: Subject, scale: Scale, source: str) -> str:
    """Return the results as a text to save."""
    rows = [result_rows("effect", "all", by, one.overall) for by, one in found.combined.items()]
    for table, by in (("time since treatment", "dynamic"), ("cohort", "group"), ("period", "calendar")):
        for label, row in found.combined[by].table.iterrows():
            value, se, low, high = (float(row[name]) for name in ("att", "se", "low", "high"))
            rows.append(ResultRow(table, f"{label:g}", "att", value, se, low, high))
    for one in found.variants:
        note = refusal_words(one.found, "en")[0] if isinstance(one.found, Refusal) else ""
        rows.append(result_rows("robustness", variant_name(one, "en"), "att", one.found, note))
    facts = {
        "treatment": subject.treatment,
        "outcome": f"{subject.outcome} ({scale.unit})" if scale.unit else subject.outcome,
        "methods": methods_paragraph(found, subject, scale, source),
        "works": citations(found).replace("\n", " | "),
    }
    return results_text(facts, rows)
