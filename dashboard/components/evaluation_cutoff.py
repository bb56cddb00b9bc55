"""Results of a discontinuity: the effect, the picture, and what should not jump."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.evaluation_reading import Names, called, design_effect, share
from fuping.dashboard.components.evaluation_words import Scale, Subject, estimate_cells
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.figures.designs import discontinuity_chart
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.designs import Jump
from fuping.spatial.inference import Estimate

__all__ = ["cutoff_figures", "jump_rows"]

MOST_SEGMENTS = 12
"""Segments of a border that are listed; the rest are summed up."""


def cutoff_figures(found: Jump, names: Names, subject: Subject, scale: Scale, note: Any) -> list[Any]:
    """Return the effect at the cutoff, its picture, and the jumps of what was settled before."""
    language, cut = scale.language, found.found
    score = called(names, found.score)
    density = "crowded" if cut.density.p_value < 0.05 else "not_crowded"
    about = "fragile" if found.border is None else "beside"
    first = found.before.iloc[0]
    fragile = [
        message(
            f"evaluation.{about}.near",
            language,
            h=number(cut.bandwidth, 2 if found.border is None else 1, language),
            left=number(cut.n_left, 0, language),
            right=number(cut.n_right, 0, language),
        ),
        *_beside(found, language),
        message(f"evaluation.{about}.{density}", language, p=number(cut.density.p_value, 3, language)),
        message(
            f"evaluation.{about}.jump_before",
            language,
            year=int(found.panel.periods[0]),
            jump=scale.change(float(first["jump"])),
            low=scale.change(float(first["low"])),
            high=scale.change(float(first["high"])),
        )
        if np.isfinite(first["jump"])
        else "",
        message("evaluation.fragile.fuzzy", language, share=share(cut.first_stage, language)) if cut.fuzzy else "",
        message(f"evaluation.{about}.unscored", language, n=number(found.n_unscored, 0, language))
        if found.n_unscored
        else "",
    ]
    title = message("evaluation.jump", language, outcome=subject.outcome, score=score)
    drawn = discontinuity_chart(
        cut.bins, cut.lines, scale.value, x_title=score, suffix=scale.suffix, cutoff=found.cutoff, reach=cut.bandwidth
    )
    picture = figure(
        "jump",
        title,
        chart(drawn, title),
        note,
        language,
        hint=" ".join(
            [message("evaluation.jump_how", language)]
            + ([message("evaluation.beside.jump_how", language)] if found.border is not None else [])
        ),
        saved=True,
    )
    rows = jump_rows(found, names, subject, language)
    head = [message(f"evaluation.{key}", language) for key in ("covariate", "estimate", "error", "interval")]
    before = figure(
        "before",
        message("evaluation.jumps_before", language, year=int(found.panel.periods[0])),
        data_table(head, rows, "before"),
        note,
        language,
        hint=message("evaluation.jumps_how", language),
    )
    return [design_effect(found, subject, scale, note, fragile), picture, *_segments(found, note, language), before]


def _beside(found: Jump, language: str) -> list[str]:
    """Return what a reader must know of distances to a border."""
    border = found.border
    if border is None:
        return []
    points = "given_points" if border.given_points else "points"
    told = [
        message("evaluation.beside.touching", language, n=number(border.n_touching, 0, language)),
        message(f"evaluation.beside.{points}", language),
    ]
    if border.donut:
        hole = number(border.n_hole, 0, language)
        told.append(message("evaluation.beside.donut", language, n=hole, km=f"{border.donut:g}"))
    return told


def _segments(found: Jump, note: Any, language: str) -> list[Any]:
    """Return the segments of a border with the units near each: a comparison needs both sides."""
    border = found.border
    if border is None:
        return []
    table = border.segments
    both = (table["treated"] > 0) & (table["untreated"] > 0)
    key = "within" if border.within else "across"
    told = message(
        f"evaluation.beside.{key}",
        language,
        km=number(border.km, 0, language),
        n=number(len(table), 0, language),
        both=number(int(both.sum()), 0, language),
    )
    most = table.assign(n=table["treated"] + table["untreated"]).sort_values("n", ascending=False, kind="stable")
    rows = [
        [number(float(row[name]), 0, language) for name in ("km", "treated", "untreated")]
        for _, row in most.head(MOST_SEGMENTS).iterrows()
    ]
    if len(most) > MOST_SEGMENTS:
        rest = most.iloc[MOST_SEGMENTS:].sum()
        name = message("evaluation.beside.others", language, n=number(len(most) - MOST_SEGMENTS, 0, language))
        cells = [number(float(rest[key]), 0, language) for key in ("km", "treated", "untreated")]
        rows.append([f"{name}: {cells[0]}", *cells[1:]])
    head = [message(f"evaluation.beside.{name}", language) for name in ("km", "treated", "untreated")]
    title, hint = message("evaluation.beside.title", language), message("evaluation.beside.how", language)
    return [figure("border", title, [html.P(told), data_table(head, rows, "border")], note, language, hint=hint)]


def jump_rows(found: Jump, names: Names, subject: Subject, language: str) -> list[list[str]]:
    """Return the jumps of what was settled before: name, estimate, error and interval."""
    return [
        [called(names, one) if one else subject.outcome, *_jump_cells(row, language)]
        for one, row in found.before.iterrows()
    ]


def _jump_cells(row: pd.Series, language: str) -> list[str]:
    found = Estimate(row["jump"], row["low"], row["high"], row["se"], int(row["n"]), 0.95, "robust")
    return estimate_cells(found, Scale("", 2, language))
