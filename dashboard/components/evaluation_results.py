"""Results of the other designs: a twin, weighted controls, matched units, a cutoff."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.evaluation_cutoff import cutoff_figures
from fuping.dashboard.components.evaluation_figures import line_key
from fuping.dashboard.components.evaluation_matched import matched_figures
from fuping.dashboard.components.evaluation_methods import methods_section
from fuping.dashboard.components.evaluation_reading import Names, called, design_effect, share
from fuping.dashboard.components.evaluation_words import Scale, Subject
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.figures.evaluation import trends, twin_chart
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.designs import Matched, Other, Twin, Weighted

__all__ = ["design_figures"]

MOST_DONORS = 12
"""Controls that are named; the rest are summed up."""


def design_figures(found: Other, names: Names, subject: Subject, scale: Scale, note: Any, source: str) -> list[Any]:
    """Return the results of a design in the order in which they are to be read."""
    if isinstance(found, Twin):
        parts = _twin(found, names, scale, note)
    elif isinstance(found, Weighted):
        parts = _weighted(found, names, subject, scale, note)
    elif isinstance(found, Matched):
        parts = matched_figures(found, names, subject, scale, note)
    else:
        parts = cutoff_figures(found, names, subject, scale, note)
    return [*parts, *methods_section(found, subject, scale, source)]


def _weights(weights: pd.Series, names: Names, language: str) -> html.Div:
    rows = [[called(names, unit), share(float(weight), language)] for unit, weight in weights.head(MOST_DONORS).items()]
    if len(weights) > MOST_DONORS:
        rest = message("evaluation.other_donors", language, n=number(len(weights) - MOST_DONORS, 0, language))
        rows.append([rest, share(float(weights.iloc[MOST_DONORS:].sum()), language)])
    head = [message("evaluation.donor", language), message("evaluation.bacon_weight", language)]
    return data_table(head, rows, "donors")


def _twin(found: Twin, names: Names, scale: Scale, note: Any) -> list[Any]:
    language, twin = scale.language, found.found
    start = float(found.panel.cohort[~found.panel.never_treated][0])
    labels = (called(names, twin.unit), message("evaluation.twin", language))
    title = message("evaluation.twin_title", language, name=labels[0])
    told = message(
        "evaluation.twin_told",
        language,
        effect=scale.change(twin.effect),
        before=scale.value(twin.rmspe_before),
        ratio=number(twin.rmspe_ratio, 1, language),
    )
    p = "" if np.isnan(twin.p_value) else message("evaluation.twin_p", language, p=number(twin.p_value, 3, language))
    drawn = twin_chart(twin.path, labels, scale.value, suffix=scale.suffix, start=start)
    body = [
        html.P([told, " ", p]),
        chart(drawn, title),
        line_key({int(start): labels[0], 0: labels[1]}),
        _weights(twin.weights, names, language),
    ]
    return [figure("twin", title, body, note, language, hint=message("evaluation.twin_how", language), saved=True)]


def _weighted(found: Weighted, names: Names, subject: Subject, scale: Scale, note: Any) -> list[Any]:
    language, sdid = scale.language, found.found
    several = len(sdid.cohorts) > 1
    before = sdid.path[sdid.path["before"]]
    miss = float(np.sqrt(((before["treated"] - before["synthetic"]) ** 2).mean()))
    years = [f"{year} ({share(float(w), language)})" for year, w in sdid.period_weights.items() if w > 0.005]
    fragile = [
        message(
            "evaluation.fragile.weights",
            language,
            n=number(int((sdid.weights > 0.005).sum()), 0, language),
            largest=share(float(sdid.weights.iloc[0]), language),
            years=listed(years, language),
        ),
        message("evaluation.fragile.path", language, miss=scale.value(miss)),
        message(f"evaluation.fragile.{sdid.variance}", language),
        *(
            message("evaluation.fragile.cohort_left_out", language, year=int(one), n=number(n, 0, language))
            for one, n in sdid.left_out.items()
        ),
    ]
    labels = (message("evaluation.group.treated", language), message("evaluation.weighted_controls", language))
    # Years since the treatment begin at 0 in every cohort.
    key, start = (1, 0) if several else (int(sdid.cohorts.index[0]), int(sdid.cohorts.index[0]))
    path = pd.DataFrame({key: sdid.path["treated"], 0: sdid.path["synthetic"]}, index=sdid.path.index)
    title = message("evaluation.trends", language, outcome=subject.outcome)
    drawn = trends(path, {key: labels[0], 0: labels[1]}, scale.value, suffix=scale.suffix, starts=[start])
    body = [
        chart(drawn, title),
        line_key({key: labels[0], 0: labels[1]}),
        _weights(sdid.weights, names, language),
    ]
    hint = message("evaluation.weighted_how", language)
    if several:
        hint += " " + message("evaluation.weighted_since", language)
    return [
        design_effect(found, subject, scale, note, fragile),
        *([_cohorts(sdid.cohorts, scale, note)] if several else []),
        figure("weighted", title, body, note, language, hint=hint, saved=True),
    ]


def _cohorts(table: pd.DataFrame, scale: Scale, note: Any) -> html.Section:
    """Return each cohort's effect and its share in the whole."""
    language = scale.language
    rows = [
        [
            message("evaluation.group.since", language, year=int(first)),  # type: ignore[call-overload]
            scale.bare(float(row["att"])),
            number(int(row["n_treated"]), 0, language),
            number(int(row["n_after"]), 0, language),
            share(float(row["share"]), language),
        ]
        for first, row in table.iterrows()
    ]
    keys = ("cohort", "estimate", "cohort_units", "cohort_after", "bacon_weight")
    head = [message(f"evaluation.{key}", language) for key in keys]
    title, hint = message("evaluation.cohorts_title", language), message("evaluation.cohorts_how", language)
    return figure("cohorts", title, data_table(head, rows, "cohorts"), note, language, hint=hint)
