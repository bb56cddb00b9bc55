"""Results of matching: how alike units are before and after, and their changes by year."""

from __future__ import annotations

from typing import Any

import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.evaluation_reading import Names, called, design_effect, share
from fuping.dashboard.components.evaluation_words import Scale, Subject, row_cells
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.figures.designs import love_chart
from fuping.dashboard.figures.evaluation import event_study_chart
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.designs import Matched

__all__ = ["matched_figures"]

GAPS = ("standardised_difference", "variance_ratio")


def matched_figures(found: Matched, names: Names, subject: Subject, scale: Scale, note: Any) -> list[Any]:
    """Return the effect among the matched, how alike they are, and the effect by time since treatment."""
    language, part = scale.language, found.found
    report, after = part.matches.report, part.matches.balance
    leads = part.table[(part.table.index < 0) & ~part.table["reference"]]
    apart = int(((leads["low"] > 0) | (leads["high"] < 0)).sum())
    fragile = [
        message(
            "evaluation.fragile.matched",
            language,
            n=number(report.matched, 0, language),
            of=number(report.n_left, 0, language),
            controls=number(part.matches.pairs["control"].nunique(), 0, language),
            outside=share(part.overlap.treated_outside, language),
        ),
        message(
            "evaluation.fragile.still_apart",
            language,
            gap=number(float(after["standardised_difference"].abs().max()), 2, language),
        ),
        message("evaluation.fragile.leads", language, n=apart, of=len(leads))
        if len(leads)
        else message("evaluation.fragile.untested", language, year=int(found.panel.periods[0])),
        message("evaluation.fragile.not_yet", language, n=len(found.panel.cohorts))
        if len(found.panel.cohorts) > 1
        else "",
        *(
            message("evaluation.fragile.cohort_alone", language, year=int(one), n=number(n, 0, language))
            for one, n in part.left_out.items()
        ),
    ]
    title = message("evaluation.event", language)
    drawn = event_study_chart(
        part.table,
        scale.change,
        x_title=message("evaluation.axis.event", language),
        y_title=scale.of_change,
    )
    head = [message(f"evaluation.{key}", language) for key in ("since", "estimate", "error", "interval")]
    rows = [[str(at), *row_cells(row, scale)] for at, row in part.table.iterrows() if not row["reference"]]
    event = figure(
        "event",
        title,
        chart(drawn, title),
        note,
        language,
        hint=message("evaluation.matched_how", language),
        table=data_table(head, rows, "event"),
        saved=True,
    )
    return [
        design_effect(found, subject, scale, note, fragile),
        _love(part.before, after, names, note, language),
        event,
    ]


def _love(before: pd.DataFrame, after: pd.DataFrame, names: Names, note: Any, language: str) -> html.Section:
    gaps = [table["standardised_difference"].fillna(0.0) for table in (before, after)]
    labels = [called(names, one) for one in before.index]
    title = message("evaluation.alike_after", language)
    drawn = love_chart(labels, gaps[0].tolist(), gaps[1].tolist(), x_title=message("evaluation.apart", language))
    bare = Scale("", 2, language).bare
    rows = [
        [
            label,
            *(bare(float(table.loc[one, key])) for key in GAPS for table in (before, after)),
        ]
        for label, one in zip(labels, before.index, strict=True)
    ]
    keys = ("covariate", "apart_before", "apart_after", "ratio_before", "ratio_after")
    table = data_table([message(f"evaluation.{key}", language) for key in keys], rows, "alike")
    hint = message("evaluation.alike_how", language)
    body = [chart(drawn, title, height=70 + 30 * len(labels)), table]
    return figure("alike", title, body, note, language, hint=hint, saved=True)
