"""Disaster risk in a report: of a unit its scores and what they are made of, of a region the grades of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from fuping.dashboard.components.profile_parts import level_words, plain_figure
from fuping.dashboard.components.risk_figures import GRADES
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.people import Headcount, headcount
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.queries.risk import GRADE_BREAKS, Risk, risk_of
from fuping.dashboard.reports.assessed import (
    MOST_ROWS,
    Places,
    assessment_note,
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
from fuping.dashboard.reports.storm_section import storm_sections
from fuping.spatial.cartography import sequential

__all__ = ["risk_sections", "unassessed_names"]

DIMENSIONS = ("hazard", "vulnerability", "coping")


def risk_sections(reader: Reader, found: Profile, credits: Credits) -> list[Section]:
    """Return the sections; none where the pack declares no composite or nothing of its level lies in the unit."""
    risk = risk_of(reader, found.view.pack)
    places = places_of(reader, found, risk.composite["level"]) if risk else np.array([], dtype=np.int64)
    if risk is None or not len(places):
        return []
    language, title = found.view.language, message("risk.title", found.view.language)
    more = [*_unassessed(risk, language), *storm_sections(reader, found, places, credits)]
    if risk.result is None:
        join = message("format.join", language)
        names = join.join(message(f"risk.dimension.{one}", language) for one in risk.lacking)
        told = message("risk.lacking", language, names=names)
        return [Section(title, left_out_words(risk.left_out, language), lead=told), *more]
    if found.place.level == risk.composite["level"]:
        return [_unit(reader, found, risk, places, credits), *more]
    return [*_parts(reader, found, risk, places, credits), *more]


def unassessed_names(risk: Risk, language: str) -> list[str]:
    """Return the names of the hazards that no figure tells of."""
    # Where a sentence follows they end as one does.
    return [one["name"][language].rstrip(".：") for one in risk.unassessed]


def _unassessed(risk: Risk, language: str) -> list[Section]:
    """Return the hazards that no figure tells of, each with the reason: a low score says nothing of them."""
    if not risk.unassessed:
        return []
    columns = (Column(message("paper.hazard", language)), Column(message("paper.hazard_why", language), share=3.6))
    reasons = [one["why"][language] for one in risk.unassessed]
    rows = tuple(Row(cells) for cells in zip(unassessed_names(risk, language), reasons, strict=True))
    title = message("risk.unassessed", language, n=number(len(rows), 0, language))
    return [Section(title, message("paper.unassessed", language), Table(columns, rows))]


def _grade_names(language: str) -> list[str]:
    edges = (0.0, *GRADE_BREAKS, 10.0)
    ends = zip(GRADES, edges, edges[1:], strict=False)
    return [message(f"risk.grade.{one}", language, low=f"{low:g}", high=f"{high:g}") for one, low, high in ends]


def _unit(reader: Reader, found: Profile, risk: Risk, places: Places, credits: Credits) -> Section:
    assert risk.result is not None
    language, at = found.view.language, found.at
    told = risk.result.table.iloc[at]
    facts = {
        "name": found.place.name,
        "missing": number(100 * told["missing"], 0, language),
        "age": number(told["age"], 0, language) if np.isfinite(told["age"]) else "–",
        "unreliability": number(told["unreliability"], 1, language),
    }
    if np.isfinite(told["risk"]):
        lead = message("risk.unit_score", language, risk=number(told["risk"], 1, language), **facts)
        assert risk.grades is not None
        lead += " " + message("paper.risk_grade", language, grade=_grade_names(language)[int(risk.grades[at])])
    else:
        lead = message("risk.unit_none", language, **facts)
    columns = (
        Column(message("risk.part", language), share=3.4),
        Column(message("paper.figure", language), align="right"),
        Column(message("paper.unit_year", language), share=1.7),
        Column(message("risk.zero", language), align="right"),
        Column(message("risk.ten", language), align="right"),
        Column(message("risk.score", language), align="right"),
        Column(message("ecology.middle", language), align="right"),
    )
    hint = f"{message('paper.risk_how', language)} {message('risk.hint.risk', language)}"
    note = assessment_note(reader, found, risk.composite, places, risk, credits)
    return Section(message("risk.title", language), hint, Table(columns, tuple(_rows(found, risk))), note, lead)


def _rows(found: Profile, risk: Risk) -> list[Row]:
    """Return each dimension, its categories and their indicators, and the composite."""
    assert risk.result is not None
    language, at = found.view.language, found.at
    scores, categories = risk.result.table, risk.result.categories
    declared = {one["indicator"]: one for one in risk.composite["indicators"]}

    def scored(name: str, column: Any, *, marked: bool) -> Row:
        own, middle = float(column.iloc[at]), float(column.median())
        cells = (name, "", "", "", "", _score(own, language), _score(middle, language))
        return Row(cells, marked)

    rows = []
    for dimension in DIMENSIONS:
        rows.append(scored(message(f"risk.dimension.{dimension}", language), scores[dimension], marked=True))
        for key in [one for one in categories.columns if one[0] == dimension]:
            own = [one for one in risk.used if _category(declared[one.indicator["id"]]) == key]
            name = declared[own[0].indicator["id"]]["category"][language]
            rows.append(scored(f"· {name}", categories[key], marked=False))
            for one in own:
                limits = declared[one.indicator["id"]]
                ends = (limits["low"], limits["high"])
                ends = ends if limits["direction"] == "positive" else ends[::-1]
                told = unit_in_year(one.indicator, one.year, language)
                figure = plain_figure(float(one.value[at]), one.indicator, language)
                shown = [plain_figure(end, one.indicator, language) for end in ends]
                rows.append(Row((f"·· {one.indicator['name'][language]}", figure, told, *shown, "", "")))
    rows.append(scored(message("risk.dimension.risk", language), scores["risk"], marked=True))
    return rows


def _category(declared: Mapping[str, Any]) -> tuple[str, str]:
    return declared["dimension"], declared["category"]["en"]


def _score(value: float, language: str) -> str:
    return number(value, 1, language) if np.isfinite(value) else "–"


def _parts(reader: Reader, found: Profile, risk: Risk, places: Places, credits: Credits) -> list[Section]:
    assert risk.grades is not None
    language, level = found.view.language, risk.composite["level"]
    names, missing = _grade_names(language), message("paper.no_score", language)
    grades = risk.grades.astype(np.int64)
    grading = Grading(
        message("risk.dimension.risk", language), grades, names, sequential(len(names), ramp="worse"), missing
    )
    drawn, how = mapped(reader, found, level, places, grading)
    plural = level_words(reader, found.view.pack, level, language)
    hint = f"{message('paper.risk_how', language)} {message('risk.hint.risk', language)} {how}"
    note = assessment_note(reader, found, risk.composite, places, risk, credits)
    lead = count_words(grades[places], names, missing, language)
    first = Section(message("paper.risk_parts", language, level=plural), hint, drawn, note, lead)
    table = _worst(reader, found, risk, places)
    return [first, table] if table else [first]


def _worst(reader: Reader, found: Profile, risk: Risk, places: Places) -> Section | None:
    assert risk.result is not None
    language, level = found.view.language, risk.composite["level"]
    table = risk.result.table
    score = table["risk"].to_numpy()
    known = places[np.isfinite(score[places])]
    if not len(known):
        return None
    worst = known[np.argsort(-score[known], kind="stable")][:MOST_ROWS]
    people = headcount(reader, found.view.pack, level)
    keys = ("risk", *DIMENSIONS, "unreliability")
    rows = []
    for at in worst:
        cells = [
            label_of(reader, found, level, int(at)),
            *(_score(float(table[key].iloc[at]), language) for key in keys),
        ]
        cells.append(number(100 * float(table["missing"].iloc[at]), 0, language))
        cells += [_heads(people, at, language)] if people.year else []
        rows.append(Row(tuple(cells)))
    columns = [Column(message("table.unit", language), share=2.2)]
    columns += [Column(message(f"risk.short.{key}", language), align="right") for key in keys]
    columns.append(Column(message("paper.missing_share", language), align="right"))
    columns += [Column(message("risk.people", language), str(people.year), "right", 1.2)] if people.year else []
    title = message("paper.risk_worst", language, n=number(len(worst), 0, language))
    return Section(title, message("risk.hint.unreliability", language), Table(tuple(columns), tuple(rows)))


def _heads(people: Headcount, at: int, language: str) -> str:
    heads = float(people.heads[at])
    return number(heads, 0, language) if np.isfinite(heads) else "–"
