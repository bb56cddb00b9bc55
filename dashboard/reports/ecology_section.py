"""Ecological safety in a report: of a unit its grade and what makes it up, of a region the grades of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from fuping.dashboard.components.ecology_figures import incomplete_words
from fuping.dashboard.components.profile_parts import level_words, plain_figure
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.ecology import GRADES, Assessment, assess, choices_of, framework_of
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.reports.assessed import (
    MOST_ROWS,
    Places,
    assessment_note,
    cells_text,
    count_words,
    label_of,
    left_out_words,
    mapped,
    places_of,
    unit_in_year,
)
from fuping.dashboard.reports.content import Column, Row, Section, Table
from fuping.dashboard.reports.credits import Credits
from fuping.dashboard.reports.report_map import Grading
from fuping.spatial.cartography import sequential

__all__ = ["ecology_sections"]


def ecology_sections(reader: Reader, found: Profile, credits: Credits) -> list[Section]:
    """Return the sections; none where the pack declares no framework or nothing of its level lies in the unit."""
    view, language = found.view, found.view.language
    framework = framework_of(reader, view.pack)
    places = places_of(reader, found, framework["level"]) if framework else np.array([], dtype=np.int64)
    if framework is None or not len(places):
        return []
    assessed = assess(reader, view, framework)
    title = message("ecology.title", language)
    if assessed.refused or assessed.index is None:
        told = message(f"ecology.refused.{assessed.refused}", language, **assessed.detail)
        return [Section(title, left_out_words(assessed.left_out, language), lead=told)]
    if found.place.level == framework["level"]:
        return [_unit(reader, found, assessed, places, credits)]
    return _parts(reader, found, assessed, places, credits)


def _unit(reader: Reader, found: Profile, assessed: Assessment, places: Places, credits: Credits) -> Section:
    view, language, at = found.view, found.view.language, found.at
    assert assessed.index is not None
    index = float(assessed.index.table["index"].iloc[at])
    if np.isnan(index):
        lead = incomplete_words(reader, view, assessed, at)
    else:
        grade = message(f"ecology.grade.{GRADES[int(assessed.grades[at])]}", language)
        shown = {"index": number(index, 2, language), "grade": grade}
        lead = message("ecology.unit", language, name=found.place.name, **shown)
        lead += _rank_words(found, assessed)
    declared = assessed.index.indicators
    rows = []
    for one in assessed.used:
        name = one.indicator["id"]
        # From the worst figure of all places, which scores 0, to the best.
        ends = [float(np.nanmin(one.value)), float(np.nanmax(one.value))]
        ends = ends if declared.at[name, "direction"] == "positive" else ends[::-1]
        score = float(assessed.index.scores[name].iloc[at])
        rows.append(
            Row(
                (
                    one.indicator["name"][language],
                    message(f"ecology.dimension.{declared.at[name, 'dimension']}", language),
                    plain_figure(float(one.value[at]), one.indicator, language),
                    unit_in_year(one.indicator, one.year, language),
                    *(plain_figure(end, one.indicator, language) for end in ends),
                    number(score, 2, language) if np.isfinite(score) else "–",
                    number(100 * float(declared.at[name, "weight_overall"]), 1, language),
                    cells_text(reader, found, name, language),
                )
            )
        )
    columns = (
        Column(message("ecology.head.indicator", language), share=2.6),
        Column(message("ecology.head.dimension", language), share=1.2),
        Column(message("paper.figure", language), align="right"),
        Column(message("paper.unit_year", language), share=1.5),
        Column(message("risk.zero", language), align="right"),
        Column(message("paper.one", language), align="right"),
        Column(message("ecology.head.score", language), align="right", share=0.8),
        Column(message("ecology.head.weight", language), align="right", share=0.8),
        Column(message("ecology.head.cells", language), align="right", share=1.4),
    )
    hint = _how(reader, found, assessed)
    note = assessment_note(reader, found, assessed.framework, places, assessed, credits)
    return Section(message("ecology.title", language), hint, Table(columns, tuple(rows)), note, lead)


def _rank_words(found: Profile, assessed: Assessment) -> str:
    """Return the rank of the unit, and those that other choices would give it."""
    if assessed.ranks is None or np.isnan(assessed.ranks.table["rank"].iloc[found.at]):
        return ""
    language, table = found.view.language, assessed.ranks.table
    ranks = {key: number(float(table[key].iloc[found.at]), 0, language) for key in ("rank", "highest", "lowest")}
    n = number(int(table["rank"].notna().sum()), 0, language)
    return " " + message("ecology.rank_of", language, name=found.place.name, n=n, **ranks)


def _how(reader: Reader, found: Profile, assessed: Assessment) -> str:
    """Return how figures become an index, and the index grades."""
    language, chosen = found.view.language, choices_of(found.view, assessed.framework)
    picked = {
        "scale": chosen.scale,
        "weights": chosen.weights,
        "aggregate": chosen.aggregation,
        "grades": chosen.grading,
    }
    words = {key: inline(message(f"ecology.{key}.{one}", language), language) for key, one in picked.items()}
    level = level_words(reader, found.view.pack, assessed.framework["level"], language)
    told = [message("paper.ecology_how", language, n=number(_graded(assessed), 0, language), level=level, **words)]
    if assessed.ranks is not None:
        ways = number(assessed.ranks.ranks.shape[1], 0, language)
        told.append(message("paper.ecology_ways", language, ways=ways))
    return " ".join(told)


def _graded(assessed: Assessment) -> int:
    return int((np.asarray(assessed.grades) >= 0).sum())


def _parts(reader: Reader, found: Profile, assessed: Assessment, places: Places, credits: Credits) -> list[Section]:
    language, level = found.view.language, assessed.framework["level"]
    there = len(assessed.breaks) + 1
    names = [message(f"ecology.grade.{grade}", language) for grade in GRADES[:there]]
    missing = message("paper.no_index", language)
    grades = np.asarray(assessed.grades, dtype=np.int64)
    plural = level_words(reader, found.view.pack, level, language)
    title = message("paper.ecology_parts", language, level=plural)
    colours = sequential(there, ramp="worse")[::-1]
    drawn, how = mapped(
        reader, found, level, places, Grading(message("ecology.map", language), grades, names, colours, missing)
    )
    lead = count_words(grades[places], names, missing, language)
    hint = f"{_how(reader, found, assessed)} {how}"
    first = Section(
        title, hint, drawn, assessment_note(reader, found, assessed.framework, places, assessed, credits), lead
    )
    table = _worst(reader, found, assessed, places)
    return [first, table] if table else [first]


def _worst(reader: Reader, found: Profile, assessed: Assessment, places: Places) -> Section | None:
    assert assessed.index is not None
    language, level = found.view.language, assessed.framework["level"]
    table, ranks = assessed.index.table, assessed.ranks
    index = table["index"].to_numpy()
    known = places[np.isfinite(index[places])]
    if not len(known):
        return None
    worst = known[np.argsort(index[known], kind="stable")][:MOST_ROWS]
    dimensions = [one for one in ("pressure", "state", "response") if one in table.columns]
    rows = []
    for at in worst:
        rank = ranks.table.iloc[at] if ranks is not None else {}
        cells = [label_of(reader, found, level, int(at)), number(index[at], 2, language)]
        cells.append(message(f"ecology.grade.{GRADES[int(assessed.grades[at])]}", language))
        cells += [number(rank["rank"], 0, language), _span(rank, language)] if ranks is not None else []
        cells += [number(float(table[one].iloc[at]), 2, language) for one in dimensions]
        rows.append(Row(tuple(cells)))
    columns = [
        Column(message("table.unit", language), share=2.4),
        Column(message("ecology.index", language), align="right"),
        Column(message("ecology.head.grade", language), share=1.4),
    ]
    if ranks is not None:
        n = number(_graded(assessed), 0, language)
        columns.append(Column(message("paper.rank", language, n=n), align="right"))
        columns.append(Column(message("paper.ranks", language), align="right", share=1.4))
    columns += [Column(message(f"ecology.dimension.{one}", language), align="right") for one in dimensions]
    title = message("paper.ecology_worst", language, n=number(len(worst), 0, language))
    hint = message("paper.ecology_worst_hint", language)
    return Section(title, hint, Table(tuple(columns), tuple(rows)))


def _span(rank: Mapping[str, Any], language: str) -> str:
    return f"{number(rank['highest'], 0, language)}–{number(rank['lowest'], 0, language)}"
