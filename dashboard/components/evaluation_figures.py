"""Results of the evaluation page: the reading, balance, trends, event study, decomposition, robustness, methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.evaluation_identified import reading
from fuping.dashboard.components.evaluation_methods import methods_section
from fuping.dashboard.components.evaluation_words import (
    FAR_APART,
    Scale,
    Subject,
    effect_title,
    estimate_cells,
    interval_told,
    notices_listed,
    refusal_words,
    row_cells,
)
from fuping.dashboard.components.figure import chart, data_table, figure, line_mark
from fuping.dashboard.figures.evaluation import event_study_chart, forest, trend_colours, trends
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.effects import Effects, Refusal
from fuping.dashboard.queries.robustness import Variant
from fuping.spatial.inference import Estimate

__all__ = [
    "balance_cells",
    "balance_figure",
    "effect_figures",
    "group_names",
    "line_key",
    "refused",
    "variant_name",
]


def refused(refusal: Refusal, language: str) -> html.Div:
    """Return why nothing is identified, and what can be done."""
    why, instead = refusal_words(refusal, language)
    return html.Div(
        [html.Strong(message("evaluation.refused_title", language)), html.P(why), html.P(instead)],
        className="refused",
        role="status",
        **data(refused=refusal.code),
    )


APART = 3
"""Column of the standardised difference."""


def balance_cells(balance: pd.DataFrame, names: Mapping[str, str], language: str) -> list[list[str]]:
    """Return the rows of the table of balance: covariate, both means, difference, ratio of variances, missing."""
    return [
        [
            names.get(str(name), str(name)),
            _plain(float(row["treated_mean"]), language),
            _plain(float(row["control_mean"]), language),
            *(
                number(float(row[one]), 2, language) if np.isfinite(row[one]) else "–"
                for one in ("standardised_difference", "variance_ratio")
            ),
            number(int(row["missing"]), 0, language),
        ]
        for name, row in balance.iterrows()
    ]


def balance_figure(
    balance: pd.DataFrame, names: Mapping[str, str], year: int, note: Any, language: str
) -> html.Section:
    """Return how alike treated and comparison units were in the first year."""
    keys = ("covariate", "treated", "compared", "apart", "ratio", "missing_n")
    rows: list[list[Any]] = [list(cells) for cells in balance_cells(balance, names, language)]
    for cells, gap in zip(rows, balance["standardised_difference"], strict=True):
        if abs(gap) > FAR_APART:
            cells[APART] = html.Strong(cells[APART])
    head = [message(f"evaluation.{key}", language) for key in keys]
    title = message("evaluation.balance", language, year=year)
    hint = message("evaluation.balance_how", language)
    return figure("balance", title, data_table(head, rows, "balance"), note, language, hint=hint)


def _plain(value: float, language: str) -> str:
    size = abs(value)
    return number(value, 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4, language)


def group_names(table: pd.DataFrame, subject: Subject, language: str) -> dict[int, str]:
    """Return what the lines of the trends are called, by group."""
    names = {0: message("evaluation.group.comparison", language), -1: message("evaluation.group.treated", language)}
    cohorts = [int(one) for one in table.columns if one > 0]
    return names | {one: message("evaluation.group.since", language, year=one) for one in cohorts}


def line_key(names: Mapping[int, str]) -> html.Ul:
    """Return what the lines of :func:`~fuping.dashboard.figures.evaluation.trends` are, by group."""
    items = [
        html.Li([line_mark(colour, dash, 2.5 if one else 2), names[one]])
        for one, (colour, dash) in trend_colours(list(names)).items()
        if one in names
    ]
    return html.Ul(items, className="key")


def effect_figures(
    found: Effects,
    subject: Subject,
    scale: Scale,
    balance: pd.DataFrame,
    note: Any,
    source: str,
) -> list[Any]:
    """Return the results in the order in which they are to be read.

    Parameters
    ----------
    source
        Of the figures, for the methods paragraph.
    """
    language = scale.language
    parts: list[Any] = [_effect(found, subject, scale, balance, note)]
    names = group_names(found.trends, subject, language)
    label = message("evaluation.trends", language, outcome=subject.outcome)
    starts = [int(one) for one in found.panel.cohorts]
    drawn = trends(found.trends, names, scale.value, suffix=scale.suffix, starts=starts)
    shown = [chart(drawn, label), line_key({int(one): names[int(one)] for one in found.trends.columns})]
    figures = [
        figure("trends", label, shown, note, language, hint=message("evaluation.trends_how", language), saved=True)
    ]
    label = message("evaluation.event", language)
    drawn = event_study_chart(
        found.event.table,
        scale.change,
        x_title=message("evaluation.axis.event", language),
        y_title=scale.of_change,
    )
    hint = message("evaluation.event_how", language)
    table = _event_table(found, scale)
    if len(found.event.table) > 1:
        figures.append(figure("event", label, chart(drawn, label), note, language, hint=hint, table=table, saved=True))
    parts.append(html.Div(figures, className="figures"))
    parts += [_robustness(found, scale, note), *_bacon(found, scale, note), *_bounds(found, scale, note)]
    return [*parts, *methods_section(found, subject, scale, source)]


def _effect(found: Effects, subject: Subject, scale: Scale, balance: pd.DataFrame, note: Any) -> html.Section:
    language, overall = scale.language, found.overall
    title = effect_title(subject, language)
    words = reading(found, subject, scale, balance)
    sections = [
        html.Div([html.H3(message(f"evaluation.reading.{key}", language)), *(html.P(one) for one in sentences)])
        for key, sentences in words.items()
    ]
    ways = list(found.combined.items())
    # With one cohort seen once after its treatment there is one cell, and nothing to add up.
    ways = ways[:1] if len(found.event.table) == 1 and len(found.panel.cohorts) == 1 else ways
    rows = [
        [message(f"evaluation.by.{by}", language), *estimate_cells(combined.overall, scale)] for by, combined in ways
    ]
    cohorts = [
        [message("evaluation.group.since", language, year=int(cohort)), *row_cells(row, scale)]
        for cohort, row in found.combined["group"].table.iterrows()
    ]
    head = [message(f"evaluation.{key}", language) for key in ("added_up", "estimate", "error", "interval")]
    body: list[Any] = [
        html.P(scale.change(overall.value), className="value"),
        html.P(interval_told(overall, scale.change, language), className="facts"),
        *notices_listed(subject),
        html.Div(sections, className="evaluation-reading"),
        data_table(head, rows + (cohorts if len(cohorts) > 1 else []), "effects"),
    ]
    return figure("effect", title, body, note, language)


def _event_table(found: Effects, scale: Scale) -> html.Div:
    language = scale.language
    keys = ("since", "estimate", "error", "interval", "band")
    rows = [
        [
            str(int(time)),  # type: ignore[call-overload]
            *row_cells(row, scale),
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
            rows.append(html.Tr([html.Td([name, small]), html.Td(why, colSpan=4, className="words")]))
        else:
            errors = message(f"evaluation.errors.{one.errors}", language)
            rows.append([[name, small], *estimate_cells(one.found, scale), html.Span(errors, className="words")])
            if np.isfinite(one.found.value):
                drawn.append((name, one.found))
    keys = ("variant_title", "estimate", "error", "interval", "which_errors")
    head = [message(f"evaluation.{key}", language) for key in keys]
    title = message("evaluation.robustness", language)
    picture = forest(drawn, scale.change, x_title=scale.of_change)
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
