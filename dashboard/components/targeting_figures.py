"""How well a programme is targeted: the reading in words, the measures, two curves, a map and those missed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current, data
from fuping.dashboard.components.coverage_figures import share_text
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.project_note import list_note, project_note
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.targeting import curve
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.people import people_indicator
from fuping.dashboard.queries.places import chain, place
from fuping.dashboard.queries.register import project_register
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.targeting import Assessment, Treatment
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["targeting_figures", "treatment_name"]

QUADRANTS = ("poorest_reached", "poorest_missed", "others_reached", "others_missed")
COLOURS = ("#0b5d5e", "#c2571a", "#8fb9b4", "#efede8")
"""Of the four kinds of unit; told apart by lightness too."""

MOST_MISSED = 20


def treatment_name(treatment: Treatment, language: str) -> str:
    """Return what is judged, by name."""
    return treatment.name.get(language) or message("targeting.all_projects", language)


def _notes(reader: Reader, view: ViewState, found: Assessment, *, full: bool) -> list[Any]:
    """Return the source notes of what an assessment is made of; lists of projects in short where not ``full``."""
    shown = {found.need.declared["id"]: [found.need.year]}
    if found.treatment.kind == "recipients":
        shown[found.treatment.id] = [found.need.year]
    if found.year_of_people:
        counted = people_indicator(reader, view.pack, found.level, "population")
        if counted:
            shown[counted["id"]] = [found.year_of_people]
    facts = note_facts(reader, view.pack, found.level, shown)
    parts: list[Any] = [source_note(facts, view.language, show_unit=False)]
    if found.treatment.kind == "project":
        everything = project_register(reader, replace(view, extra=())).entries
        entries = [one for one in everything if one.project["id"] in found.treatment.projects]
        parts.insert(0, (project_note if full else list_note)(entries, view.language))
    return parts


def targeting_figures(reader: Reader, view: ViewState, found: Assessment) -> list[Any]:
    """Return everything that is said of an assessment."""
    language = view.language
    parts: list[Any] = [_reading(reader, view, found)]
    parts.append(_measures(reader, view, found, _notes(reader, view, found, full=True)))
    cited = _notes(reader, view, found, full=False)
    curves = [_concentration(view, found, cited), _roc(view, found, cited)]
    parts.append(html.Div([one for one in curves if one is not None], className="figures"))
    if found.treatment.kind == "project":
        parts += [_map(reader, view, found, cited), _missed(reader, view, found, cited)]
    else:
        parts.append(html.P(message("targeting.no_quadrants", language), className="hint"))
    return parts


def _ten(share: float, language: str) -> str:
    return number(round(10 * share), 0, language)


def _reading(reader: Reader, view: ViewState, found: Assessment) -> html.Section:
    language, result, ranked = view.language, found.targeting, found.need
    level = inline(reader.level(view.pack, found.level)["plural"][language], language)
    told = {
        "level": level,
        "cut": ranked.cut,
        "indicator": inline(ranked.declared["name"][language], language),
        "year": ranked.year,
        "name": treatment_name(found.treatment, language),
        "hit_ten": _ten(1 - result.leakage, language),
        "hit": number(result.poor_reached, 0, language),
        "reached": number(result.reached, 0, language),
        "missed": number(result.poor - result.poor_reached, 0, language),
        "poor": number(result.poor, 0, language),
        "hit_share": share_text(1 - result.leakage, language),
        "poor_share": share_text(result.poor_coverage, language),
        "others_share": share_text(result.non_poor_coverage, language),
        "size": share_text(result.poor / result.people, language),
    }
    key = "recipients" if found.treatment.kind == "recipients" else found.counted
    sentences = [message(f"targeting.read.{key}", language, **told)]
    better = result.differential > 0
    sentences.append(message("targeting.read.better" if better else "targeting.read.worse", language))
    left = []
    if found.n_without_rank:
        counts = {"n": found.n_without_rank, "covered": found.n_covered_without_rank, "level": level}
        key = "targeting.left_rank" if found.treatment.kind == "project" else "targeting.left_rank_only"
        left.append(message(key, language, **counts))
    if found.n_without_people:
        left.append(message("targeting.left_people", language, n=found.n_without_people, level=level))
    if found.year_of_people and found.year_of_people != ranked.year:
        left.append(message("targeting.people_of", language, year=found.year_of_people))
    if ranked.unsure:
        left.append(message("targeting.unsure", language, n=number(ranked.unsure, 0, language), level=level))
    warnings = set(ranked.declared["warnings"])
    if found.treatment.kind == "recipients":
        warnings |= set(reader.indicator(view.pack, found.treatment.id)["warnings"])
    if "model_input" in warnings:
        left.append(message("targeting.model_input", language))
    if found.treatment.kind == "project" and not found.treatment.first_year > ranked.year:
        left.append(message("targeting.after", language, year=ranked.year, first=found.treatment.first_year))
    return html.Section(
        [
            html.P(sentences[0], className="lead reading"),
            html.P(sentences[1], className="lead"),
            *(html.P(one, className="hint") for one in left),
            html.P(message("targeting.ecological", language, level=level), className="hint"),
        ],
        **data(figure="reading"),
    )


def _measures(reader: Reader, view: ViewState, found: Assessment, cited: list[Any]) -> html.Section:
    language, result = view.language, found.targeting
    used = int(found.used.sum())
    total = len(found.used)
    rows = [
        ("leakage", share_text(result.leakage, language)),
        ("undercoverage", share_text(result.undercoverage, language)),
        ("differential", _plain(result.differential, language)),
        ("cgh", _plain(found.cgh, language)),
        ("index", _plain(found.index, language)),
        ("auc", _plain(found.auc, language)),
    ]
    kind = found.treatment.kind
    body = [
        html.Tr(
            [
                html.Td(message(f"targeting.{name}", language)),
                html.Td(value),
                html.Td(message(f"targeting.{name}.{kind}", language), className="words"),
            ]
        )
        for name, value in rows
    ]
    head = [message(f"targeting.{name}", language) for name in ("measure", "value", "meaning")]
    level = inline(reader.level(view.pack, found.level)["plural"][language], language)
    hint = message(
        "targeting.n",
        language,
        n=number(used, 0, language),
        total=number(total, 0, language),
        level=level,
        poorest=number(int((found.need.poorest & found.used).sum()), 0, language),
    )
    return figure(
        "measures",
        message("targeting.measures", language),
        data_table(head, body, "measures"),
        cited,
        language,
        hint=hint,
    )


def _plain(value: float, language: str) -> str:
    return "–" if np.isnan(value) else number(value, 2, language)


def _concentration(view: ViewState, found: Assessment, cited: list[Any]) -> html.Section:
    language, kind = view.language, found.treatment.kind
    title = message("targeting.concentration", language)
    counted = message(f"targeting.counted.{found.counted}", language)
    drawn = curve(
        found.curve["people_share"].tolist(),
        found.curve["benefit_share"].tolist(),
        x_title=message("targeting.from_poorest", language, counted=counted),
        y_title=message(f"targeting.share_of.{kind}", language),
        name=treatment_name(found.treatment, language),
        even=message("targeting.even", language),
        cut=found.targeting.poor / found.targeting.people,
    )
    hint = message("targeting.concentration_hint", language)
    return figure("concentration", title, chart(drawn, title, height=340), cited, language, hint=hint, saved=True)


def _roc(view: ViewState, found: Assessment, cited: list[Any]) -> html.Section | None:
    if found.roc is None:
        return None
    language, kind = view.language, found.treatment.kind
    title = message("targeting.roc", language)
    drawn = curve(
        found.roc["non_poor_selected"].tolist(),
        found.roc["poor_selected"].tolist(),
        x_title=message(f"targeting.roc_others.{kind}", language),
        y_title=message(f"targeting.roc_found.{kind}", language),
        name=treatment_name(found.treatment, language),
        even=message("targeting.chance", language),
    )
    hint = message(f"targeting.roc_hint.{kind}", language, auc=_plain(found.auc, language))
    return figure("roc", title, chart(drawn, title, height=340), cited, language, hint=hint, saved=True)


def _map(reader: Reader, view: ViewState, found: Assessment, cited: list[Any]) -> html.Section:
    language, ranked = view.language, found.need
    reached = found.reached
    classes = np.select(
        [~ranked.known, ranked.poorest & reached, ranked.poorest, reached], [-1, 0, 1, 2], default=3
    ).astype(np.int8)[None]
    names = [{one: message(f"targeting.{key}", one) for one in LANGUAGES} for key in QUADRANTS]
    entries = tuple(
        ShownClass(colour, (int((classes == at).sum()),), name=name)
        for at, (colour, name) in enumerate(zip(COLOURS, names, strict=True))
    )
    reasons = np.where(ranked.known, MissingReason.OBSERVED, MissingReason.NOT_COLLECTED).astype(np.uint8)[None]
    missing = ({MissingReason.NOT_COLLECTED: found.n_without_rank} if found.n_without_rank else {},)
    layer = ShownLayer((ranked.year,), classes, entries, missing, ranked.declared["decimals"])
    none = np.full(classes.shape, np.nan)
    values = UnitYearValues(
        (ranked.year,), ranked.value[None], reasons, none, none, np.zeros(classes.shape, dtype=np.uint8)
    )
    title = message("targeting.map", language)
    drawn = thematic_map(
        reader,
        replace(view, level=found.level),
        layer,
        values,
        name="targeting",
        title=title,
        unit=ranked.declared["unit"][language],
        decimals=ranked.declared["decimals"],
        value_name=ranked.declared["name"][language],
    )
    credit = html.Details(
        [html.Summary(message("note.boundaries", language)), boundary_credit(reader.catalogue(view.pack), language)],
        className="source-note",
    )
    return figure("map", title, drawn, [*cited, credit], language)


def _missed(reader: Reader, view: ViewState, found: Assessment, cited: list[Any]) -> html.Section:
    language, ranked = view.language, found.need
    codes = reader.units(view.pack, found.level)["code"]
    missed = np.flatnonzero(ranked.poorest & ~found.reached)
    missed = missed[np.argsort(-ranked.score[missed], kind="stable")]
    unit, decimals = ranked.declared["unit"][language], ranked.declared["decimals"]
    rows = []
    for at in missed[:MOST_MISSED].tolist():
        here = place(reader, view.pack, found.level, codes[at], language)
        above = chain(reader, view.pack, found.level, codes[at], language)
        name = link(view, here.name if here else codes[at], {"unit": codes[at]})
        region = f" {above[1].name}" if above[1:] else ""
        value = written(ranked.value[at], unit, decimals, language)
        rows.append(
            html.Tr([html.Td([name, html.Small(region)]), html.Td(value)], **current(chosen=codes[at] == view.unit))
        )
    level = inline(reader.level(view.pack, found.level)["plural"][language], language)
    hint = message(
        "targeting.missed_hint",
        language,
        n=number(len(missed), 0, language),
        shown=number(min(len(missed), MOST_MISSED), 0, language),
        level=level,
    )
    head = [message("projects.place", language), f"{ranked.declared['name'][language]}, {ranked.year}"]
    table: Any = data_table(head, rows, "missed") if rows else ""
    return figure("missed", message("targeting.missed", language), table, cited, language, hint=hint)
