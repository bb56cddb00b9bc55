"""Results of a discontinuity: the effect, the picture, and what should not jump."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.components.evaluation_reading import Names, called, design_effect, share
from fuping.dashboard.components.evaluation_words import Scale, Subject, estimate_cells
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.figures.designs import discontinuity_chart
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.designs import Jump
from fuping.spatial.inference import Estimate

__all__ = ["cutoff_figures"]


def cutoff_figures(found: Jump, names: Names, subject: Subject, scale: Scale, note: Any) -> list[Any]:
    """Return the effect at the cutoff, its picture, and the jumps of what was settled before."""
    language, cut = scale.language, found.found
    score = called(names, found.score)
    density = "crowded" if cut.density.p_value < 0.05 else "not_crowded"
    first = found.before.iloc[0]
    fragile = [
        message(
            "evaluation.fragile.near",
            language,
            h=number(cut.bandwidth, 2, language),
            left=number(cut.n_left, 0, language),
            right=number(cut.n_right, 0, language),
        ),
        message(f"evaluation.fragile.{density}", language, p=number(cut.density.p_value, 3, language)),
        message(
            "evaluation.fragile.jump_before",
            language,
            year=int(found.panel.periods[0]),
            jump=scale.change(float(first["jump"])),
            low=scale.change(float(first["low"])),
            high=scale.change(float(first["high"])),
        )
        if np.isfinite(first["jump"])
        else "",
        message("evaluation.fragile.fuzzy", language, share=share(cut.first_stage, language)) if cut.fuzzy else "",
        message("evaluation.fragile.unscored", language, n=found.n_unscored) if found.n_unscored else "",
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
        hint=message("evaluation.jump_how", language),
        saved=True,
    )
    rows = [
        [called(names, one) if one else subject.outcome, *_jump_cells(row, language)]
        for one, row in found.before.iterrows()
    ]
    head = [message(f"evaluation.{key}", language) for key in ("covariate", "estimate", "error", "interval")]
    before = figure(
        "before",
        message("evaluation.jumps_before", language, year=int(found.panel.periods[0])),
        data_table(head, rows, "before"),
        note,
        language,
        hint=message("evaluation.jumps_how", language),
    )
    return [design_effect(found, subject, scale, note, fragile), picture, before]


def _jump_cells(row: pd.Series, language: str) -> list[str]:
    found = Estimate(row["jump"], row["low"], row["high"], row["se"], int(row["n"]), 0.95, "robust")
    return estimate_cells(found, Scale("", 2, language))
