"""The report of an evaluation: the effect and how it is read, groups, balance, trends, robustness, methods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from fuping.dashboard.components.evaluation_figures import balance_cells, group_names, variant_name
from fuping.dashboard.components.evaluation_identified import reading
from fuping.dashboard.components.evaluation_methods import citations, methods_paragraph
from fuping.dashboard.components.evaluation_reading import identified
from fuping.dashboard.components.evaluation_subject import (
    evaluation_facts,
    evaluation_names,
    pack_scale,
    pack_subject,
    pack_works,
)
from fuping.dashboard.components.evaluation_words import (
    FAR_APART,
    Scale,
    Subject,
    effect_title,
    estimate_cells,
    interval_told,
    refusal_words,
)
from fuping.dashboard.components.navigation import PAGES
from fuping.dashboard.components.source_note import boundary_credit
from fuping.dashboard.figures.whiskers import Whisker, whiskers
from fuping.dashboard.i18n.formats import day, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import clauses
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.designs import Other, Twin
from fuping.dashboard.queries.effects import Effects, Refusal
from fuping.dashboard.queries.evaluation import COMPARISON, EXCLUDED, TREATED, Evaluation
from fuping.dashboard.queries.group_map import group_layer
from fuping.dashboard.reports.content import Column, Picture, Report, Row, Section, Table
from fuping.dashboard.reports.credits import Credits
from fuping.dashboard.reports.evaluation_designs import (
    WIDTH_MM,
    WIDTH_POINTS,
    columns,
    design_sections,
    event_sections,
    trend_section,
)
from fuping.dashboard.reports.report_map import Grading, graded_map
from fuping.dashboard.state import ViewState
from fuping.spatial.inference import Estimate

__all__ = ["write_evaluation"]


def write_evaluation(reader: Reader, view: ViewState, found: Evaluation, *, address: str, today: date) -> Report:
    """Return the report; of a design that is refused, the reason and whom it would have compared.

    Parameters
    ----------
    view
        Of the evaluation page.
    address, today
        As of :func:`fuping.dashboard.reports.build.write_report`.
    """
    language, design = view.language, found.design
    view = replace(view, level=design.level)
    catalogue, credits = reader.catalogue(view.pack), Credits(language)
    facts = evaluation_facts(reader, design)
    note = credits.note(facts)
    subject, scale = pack_subject(reader, found, language), pack_scale(reader, design, language)
    about = [_groups(reader, view, found), *_balance(reader, found, note, language)]
    if isinstance(found.result, Refusal):
        why, instead = refusal_words(found.result, language)
        lead, sections = " ".join([message("evaluation.refused_title", language), why, instead]), about
    else:
        lead = _lead(found.result, scale)
        sections = [
            *_effect(found, subject, scale, note),
            *about,
            *_drawn(reader, found, subject, scale, note),
            *_methods(found.result, subject, scale, pack_works(facts)),
        ]
    title = message("paper.evaluation_title", language, treatment=subject.treatment, outcome=subject.outcome)
    seen = f"{address}{PAGES['evaluation'].path}{view.href()}"
    boundary = message("paper.boundary_note", language, credit=boundary_credit(catalogue, language))
    return Report(
        language=language,
        kicker=f"{message('paper.evaluation', language)} · {catalogue['pack']['name'][language]}",
        title=title,
        other_title="",
        facts=_facts(reader, found, language, today),
        locator=None,
        lead=lead,
        sections=tuple(sections),
        sources_title=message("data.sources", language),
        credits=credits.listed(),
        closing=(boundary, message("paper.view", language, url=seen), message("paper.made", language)),
        page=message("paper.page", language, page="{page}", pages="{pages}"),
        footer=f"{title} · {day(today.isoformat(), language)} · {reader.version(view.pack)}",
    )


def _facts(reader: Reader, found: Evaluation, language: str, today: date) -> tuple[tuple[str, str], ...]:
    design = found.design
    counts = {
        name: number(int((found.group == code).sum()), 0, language)
        for name, code in (("treated", TREATED), ("comparison", COMPARISON), ("left_out", EXCLUDED))
    }
    return (
        (message("paper.years", language), year_list(design.years)),
        (reader.level(design.pack, design.level)["plural"][language], message("evaluation.counts", language, **counts)),
        (message("paper.date", language), day(today.isoformat(), language)),
        (message("paper.build", language), reader.version(design.pack)),
    )


def _lead(result: Effects | Other, scale: Scale) -> str:
    if isinstance(result, Twin):
        return scale.change(result.found.effect)
    join = " " if scale.language == "en" else ""
    return scale.change(result.overall.value) + join + interval_told(result.overall, scale.change, scale.language)


def _effect(found: Evaluation, subject: Subject, scale: Scale, note: str) -> list[Section]:
    """Return the estimates, what a reader must know first, and how they are read."""
    language, result = scale.language, found.result
    if isinstance(result, Effects):
        told = reading(result, subject, scale, found.balance)
        named = [(message(f"evaluation.by.{by}", language), one.overall) for by, one in result.combined.items()]
    elif isinstance(result, Twin | Refusal):
        told, named = {}, []
    else:
        told, named = identified(result, subject, language), [(message("evaluation.overall", language), result.overall)]
    join = " " if language == "en" else ""
    table = Table(columns(("added_up", "estimate", "error", "interval"), language), _rows(named, scale))
    sections = [Section(effect_title(subject, language), body=table, note=note, hint=join.join(subject.notices))]
    sections = sections if named else []
    return sections + [
        Section(message(f"evaluation.reading.{key}", language), lead=join.join(sentences))
        for key, sentences in told.items()
    ]


def _rows(named: list[tuple[str, Estimate]], scale: Scale) -> tuple[Row, ...]:
    return tuple(Row((name, *estimate_cells(one, scale))) for name, one in named)


def _groups(reader: Reader, view: ViewState, found: Evaluation) -> Section:
    language, design = view.language, found.design
    layer, _ = group_layer(found.group, design.years[-1])
    names = [(one.name or {})[language] for one in layer.entries]
    colours = [one.colour for one in layer.entries]
    title = message("evaluation.map", language)
    grading = Grading(title, layer.classes[0].astype(np.int64), names, colours, message("legend.missing", language))
    country = reader.catalogue(view.pack)["pack"]["name"][language]
    drawn, _ = graded_map(reader, view, np.arange(len(found.group)), grading, scope=country, least_named=len(names))
    out = [
        message(f"evaluation.out.{why}", language, n=number(n, 0, language)) for why, n in found.why_out.items() if n
    ]
    hint = message("evaluation.map_how", language, years=year_list(design.years))
    return Section(title, hint, drawn, clauses(out, language))


def _balance(reader: Reader, found: Evaluation, note: str, language: str) -> list[Section]:
    if not len(found.balance):
        return []
    names = evaluation_names(reader, found, language) | {
        one: reader.indicator(found.design.pack, one)["name"][language] for one in map(str, found.balance.index)
    }
    keys = ("covariate", "treated", "compared", "apart", "ratio", "missing_n")
    rows = tuple(
        Row(tuple(cells), bool(abs(gap) > FAR_APART))
        for cells, gap in zip(
            balance_cells(found.balance, names, language), found.balance["standardised_difference"], strict=True
        )
    )
    title = message("evaluation.balance", language, year=found.design.years[0])
    return [Section(title, message("evaluation.balance_how", language), Table(columns(keys, language), rows), note)]


def _drawn(reader: Reader, evaluation: Evaluation, subject: Subject, scale: Scale, note: str) -> list[Section]:
    """Return the charts of the design: of differences trends, the event study and the effect estimated otherwise."""
    language, found = scale.language, evaluation.result
    if isinstance(found, Refusal):
        return []
    if not isinstance(found, Effects):
        return design_sections(found, evaluation_names(reader, evaluation, language), subject, scale, note)
    names, how = group_names(found.trends, subject, language), message("evaluation.trends_how", language)
    sections = [trend_section(found.trends, names, subject, scale, note, how)]
    if len(found.event.table) > 1:
        sections += event_sections(found.event.table, scale, note, message("evaluation.event_how", language))
    named = [(variant_name(one, language), one.found) for one in found.variants]
    there = [(name, one) for name, one in named if isinstance(one, Estimate) and np.isfinite(one.value)]
    refused = [f"{name}: {refusal_words(one, language)[0]}" for name, one in named if isinstance(one, Refusal)]
    title = message("evaluation.robustness", language)
    if there:
        points = [Whisker(name, one.value, one.low, one.high) for name, one in there]
        picture = Picture(whiskers(points, scale.change, width=WIDTH_POINTS, label=title), WIDTH_MM, title)
        sections.append(Section(title, message("evaluation.robustness_how", language), picture, note))
        table = Table(columns(("variant_title", "estimate", "error", "interval"), language), _rows(there, scale))
        sections.append(Section(message("evaluation.variant_title", language), body=table, note=" ".join(refused)))
    return sections


def _methods(result: Effects | Other, subject: Subject, scale: Scale, source: str) -> list[Section]:
    language = scale.language
    works = tuple(Row((one,)) for one in citations(result).splitlines())
    return [
        Section(message("evaluation.methods_title", language), lead=methods_paragraph(result, subject, scale, source)),
        Section(message("evaluation.citations", language), body=Table((Column(""),), works)),
    ]
