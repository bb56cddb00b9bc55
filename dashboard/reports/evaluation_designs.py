"""The charts of an evaluation on paper: trends, effects by time, and those of each other design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from fuping.dashboard.components.evaluation_cutoff import jump_rows
from fuping.dashboard.components.evaluation_reading import Names, called
from fuping.dashboard.components.evaluation_words import Scale, Subject, row_cells
from fuping.dashboard.figures.evaluation import trend_colours
from fuping.dashboard.figures.paper_designs import paper_jump, paper_love
from fuping.dashboard.figures.paper_trend import PaperSeries, paper_trend
from fuping.dashboard.figures.whiskers import Whisker, whiskers
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.designs import Jump, Matched, Other, Twin, Weighted
from fuping.dashboard.reports.content import Column, Picture, Row, Section, Table

__all__ = ["WIDTH_MM", "WIDTH_POINTS", "columns", "design_sections", "event_sections", "trend_section"]

WIDTH_MM, WIDTH_POINTS = 174.0, 493.0

TREND_POINTS, JUMP_POINTS = 150.0, 190.0

DASHES = {"solid": None, "dot": "2 2"}


def columns(keys: Sequence[str], language: str) -> tuple[Column, ...]:
    """Return the columns of a table whose first holds names."""
    first, *others = (message(f"evaluation.{key}", language) for key in keys)
    return (Column(first, share=2.6), *(Column(one, align="right") for one in others))


def trend_section(
    table: pd.DataFrame, names: Mapping[int, str], subject: Subject, scale: Scale, note: str, hint: str
) -> Section:
    """Return the outcome of groups by year, or by year since treatment.

    Parameters
    ----------
    table
        A column for each group; 0 is the comparison.
    names
        Of the groups.
    """
    years = [int(one) for one in table.index]
    lines = [
        PaperSeries(names[one], years, table[one].to_numpy(float), colour, 1.4, DASHES.get(dash, "5 3"))
        for one, (colour, dash) in trend_colours([int(one) for one in table.columns]).items()
    ]
    label = message("evaluation.trends", scale.language, outcome=subject.outcome)
    drawn = paper_trend(
        lines,
        width=WIDTH_POINTS,
        height=TREND_POINTS,
        unit=scale.unit,
        decimals=scale.decimals,
        breaks=(),
        language=scale.language,
        label=label,
    )
    return Section(label, hint, Picture(drawn, WIDTH_MM, label), note)


def event_sections(table: pd.DataFrame, scale: Scale, note: str, hint: str) -> list[Section]:
    """Return effects by time since treatment, drawn and as a table."""
    language = scale.language
    label = message("evaluation.event", language)
    times = [str(int(time)) for time in table.index]
    points = [
        Whisker(time, row["att"], row["low"], row["high"])
        for time, (_, row) in zip(times, table.iterrows(), strict=True)
    ]
    rows = tuple(
        Row((time, *row_cells(row, scale)))
        for time, (_, row) in zip(times, table.iterrows(), strict=True)
        if not row["reference"]
    )
    picture = Picture(whiskers(points, scale.change, width=WIDTH_POINTS, label=label), WIDTH_MM, label)
    heads = columns(("since", "estimate", "error", "interval"), language)
    return [
        Section(label, hint, picture, note),
        Section(message("evaluation.since", language), body=Table(heads, rows)),
    ]


def design_sections(found: Other, names: Names, subject: Subject, scale: Scale, note: str) -> list[Section]:
    """Return what the page draws of a design, with its tables."""
    if isinstance(found, Twin):
        return [_twin(found, names, subject, scale, note)]
    if isinstance(found, Weighted):
        return [_weighted(found, subject, scale, note)]
    if isinstance(found, Matched):
        how = message("evaluation.matched_how", scale.language)
        event = event_sections(found.found.table, scale, note, how) if len(found.found.table) > 1 else []
        return [_alike(found, names, note, scale.language), *event]
    return _jump(found, names, subject, scale, note)


def _twin(found: Twin, names: Names, subject: Subject, scale: Scale, note: str) -> Section:
    language, path = scale.language, found.found.path
    named = {1: called(names, found.found.unit), 0: message("evaluation.twin", language)}
    table = pd.DataFrame({1: path["observed"], 0: path["synthetic"]}, index=path.index)
    return trend_section(table, named, subject, scale, note, message("evaluation.twin_how", language))


def _weighted(found: Weighted, subject: Subject, scale: Scale, note: str) -> Section:
    language, path = scale.language, found.found.path
    named = {1: message("evaluation.group.treated", language), 0: message("evaluation.weighted_controls", language)}
    table = pd.DataFrame({1: path["treated"], 0: path["synthetic"]}, index=path.index)
    hint = message("evaluation.weighted_how", language)
    if len(found.found.cohorts) > 1:
        hint += " " + message("evaluation.weighted_since", language)
    return trend_section(table, named, subject, scale, note, hint)


def _alike(found: Matched, names: Names, note: str, language: str) -> Section:
    before, after = (
        table["standardised_difference"].fillna(0.0) for table in (found.found.before, found.found.matches.balance)
    )
    title = message("evaluation.alike_after", language)
    drawn = paper_love(
        [called(names, one) for one in before.index],
        before.tolist(),
        after.tolist(),
        x_title=message("evaluation.apart", language),
        width=WIDTH_POINTS,
        label=title,
    )
    return Section(title, message("evaluation.alike_how", language), Picture(drawn, WIDTH_MM, title), note)


def _jump(found: Jump, names: Names, subject: Subject, scale: Scale, note: str) -> list[Section]:
    language, cut = scale.language, found.found
    score = called(names, found.score)
    title = message("evaluation.jump", language, outcome=subject.outcome, score=score)
    hint = message("evaluation.jump_how", language)
    if found.border is not None:
        hint += " " + message("evaluation.beside.jump_how", language)
    drawn = paper_jump(
        cut.bins,
        cut.lines,
        cutoff=found.cutoff,
        reach=cut.bandwidth,
        x_title=score,
        unit=scale.unit,
        decimals=scale.decimals,
        language=language,
        width=WIDTH_POINTS,
        height=JUMP_POINTS,
        label=title,
    )
    rows = tuple(Row(tuple(cells)) for cells in jump_rows(found, names, subject, language))
    heads = columns(("covariate", "estimate", "error", "interval"), language)
    before = message("evaluation.jumps_before", language, year=int(np.min(found.panel.periods)))
    return [
        Section(title, hint, Picture(drawn, WIDTH_MM, title), note),
        Section(before, message("evaluation.jumps_how", language), Table(heads, rows), note),
    ]
