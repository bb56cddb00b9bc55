"""The figures of clusters over the years: emerging spots, moves between quadrants, Moran's I by year."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.cluster_words import class_name, p_text
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.moran import by_year
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import sentences
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.emerging import Emerging, emerging
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["emerging_figures"]


def emerging_figures(reader: Reader, view: ViewState) -> list[Any]:
    """Return what several years say; why not, where there is one."""
    language = view.language
    found = emerging(reader, view)
    title = message("clusters.years", language)
    head: list[Any] = [html.H2(title)]
    if len(found.years) < 2:
        return [*head, html.P(message("clusters.one_year", language), className="not-told")]
    facts = {"years": year_list(found.years), "n": len(found.years), "permutations": found.permutations}
    words = [message("clusters.years_used", language, **facts)]
    if found.left_out:
        words.append(message("clusters.years_left", language, years=year_list(found.left_out)))
    parts: list[Any] = [*head, html.P(sentences(words, language), className="told"), *_spots(reader, view, found)]
    return [*parts, html.Div([_moves(reader, view, found), _by_year(reader, view, found)], className="figures")]


def _note(reader: Reader, view: ViewState, found: Emerging, *, boundaries: bool = False) -> html.Div:
    credit = boundary_credit(reader.catalogue(view.pack), view.language) if boundaries else ""
    facts = note_facts(reader, view.pack, view.level, {view.indicator: found.years})
    return source_note(facts, view.language, boundaries=credit)


def _spots(reader: Reader, view: ViewState, found: Emerging) -> list[Any]:
    language = view.language
    title = message("clusters.emerging", language)
    if found.layer is None or found.values is None or found.categories is None:
        why = message("clusters.two_years", language, n=len(found.years))
        return [figure("emerging", title, html.P(why, className="not-told"), [], language)]
    drawn = thematic_map(reader, view, found.layer, found.values, name="clusters-emerging", title=title)
    rows = [[(entry.name or {})[language], number(entry.counts[0], 0, language)] for entry in found.layer.entries]
    head = [message("clusters.column.class", language), message("clusters.column.n", language)]
    table = data_table(head, rows, "emerging")
    note = _note(reader, view, found, boundaries=True)
    hint = message("clusters.emerging_hint", language)
    return [figure("emerging", title, drawn, note, language, hint=hint, table=table)]


def _moves(reader: Reader, view: ViewState, found: Emerging) -> html.Section:
    language, matrix = view.language, found.moves
    title = message("clusters.moves", language)
    if matrix is None:
        return figure("lisa-moves", title, [], [], language)
    words = [str(one) for one in matrix.counts.index]
    rows = []
    for word in words:
        counts = matrix.counts.loc[word]
        cells: list[Any] = [
            [
                written(100 * matrix.probability.loc[word, to], "%", 1, language) if counts.sum() else "–",
                html.Small(number(int(counts[to]), 0, language)),
            ]
            for to in words
        ]
        rows.append([class_name(word, language), *cells, number(int(counts.sum()), 0, language)])
    head = [message("clusters.column.from", language), *(class_name(one, language) for one in words)]
    head.append(message("clusters.column.n", language))
    hint = message("clusters.moves_hint", language, n=number(matrix.n_pairs, 0, language))
    table = data_table(head, rows, "transitions")
    return figure("lisa-moves", title, table, _note(reader, view, found), language, hint=hint)


def _by_year(reader: Reader, view: ViewState, found: Emerging) -> html.Section:
    language = view.language
    name, title = message("clusters.moran", language), message("clusters.by_year", language)
    least = 2 / (found.permutations + 1)
    rows = [
        [
            str(year),
            number(row["value"], 3, language),
            number(row["z"], 1, language),
            p_text(row["p_value"], least, language),
            number(int(row["n"]), 0, language),
        ]
        for year, row in found.by_year.iterrows()
    ]
    head = [message("note.year", language), name, "z", "p", message("clusters.column.n", language)]
    drawn = chart(by_year(found.by_year, name=name), title, height=280)
    hint = message("clusters.by_year_hint", language)
    table = data_table(head, rows, "moran-by-year")
    note = _note(reader, view, found)
    return figure("moran-by-year", title, drawn, note, language, hint=hint, table=table, saved=True)
