"""The figures of the ecology page: the map of grades, what the index is made of, ranks, weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.assessment import makeup, rank_bands
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.ecology import GRADES, Assessment, choices_of
from fuping.dashboard.queries.figures_at import Latest, cells_of
from fuping.dashboard.queries.graded import graded_layer
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import sequential

__all__ = ["grade_map", "incomplete_words", "makeup_figure", "note_of", "ranks_figure", "unit_names", "weights_table"]

MOST_BANDS = 80


def unit_names(reader: Reader, view: ViewState, level: str) -> list[str]:
    """Return the names of a level's units in the view's language."""
    return [str(one) for one in reader.units(view.pack, level)[f"name_{view.language}"]]


def note_of(reader: Reader, view: ViewState, level: str, used: tuple[Latest, ...], unit: int | None = None) -> Any:
    """Return the note on the sources of the indicators that an assessment used."""
    shown = {one.indicator["id"]: [one.year] for one in used}
    return source_note(note_facts(reader, view.pack, level, shown, unit=unit), view.language, show_unit=False)


def grade_map(reader: Reader, view: ViewState, found: Assessment) -> html.Section:
    """Return the map of grades."""
    language, level = view.language, found.framework["level"]
    there = len(found.breaks) + 1
    names = [{one: message(f"ecology.grade.{grade}", one) for one in ("en", "zh")} for grade in GRADES[:there]]
    value = found.index.table["index"].to_numpy() if found.index else []
    year = max(one.year for one in found.used)
    # From least safe, dark, to safest, light: what asks for attention stands out.
    layer, values = graded_layer(year, found.grades, value, names, sequential(there, ramp="worse")[::-1])
    drawn = thematic_map(
        reader,
        replace(view, level=level),
        layer,
        values,
        name="ecology",
        title=message("ecology.map", language),
        decimals=2,
        value_name=message("ecology.index", language),
    )
    grading = choices_of(view, found.framework).grading
    hint = message(f"ecology.map_hint.{grading if found.breaks == (0.2, 0.4, 0.6, 0.8) else 'fifths'}", language)
    missing = int((np.asarray(found.grades) < 0).sum())
    if missing:
        hint += " " + message("ecology.without", language, n=number(missing, 0, language))
    return figure(
        "grades", message("ecology.map", language), drawn, note_of(reader, view, level, found.used), language, hint=hint
    )


def makeup_figure(reader: Reader, view: ViewState, found: Assessment) -> html.Section:
    """Return the scores of the selected unit beside those of the middle one."""
    language, level = view.language, found.framework["level"]
    title = message("ecology.makeup", language)
    codes = reader.units(view.pack, level)["code"]
    at = codes.index(view.unit) if view.unit in codes else None
    if at is None or found.index is None:
        return figure("makeup", title, html.P(message("ecology.select", language), className="hint ask"), [], language)
    scores = found.index.scores
    names = [one.indicator["name"][language] for one in found.used]
    mine, middle = scores.iloc[at], scores.median()
    name = unit_names(reader, view, level)[at]
    told = found.index.table.iloc[at]
    if np.isnan(told["index"]):
        told_why = html.P(incomplete_words(reader, view, found, at))
        return figure("makeup", title, told_why, note_of(reader, view, level, found.used, at), language)
    grade = message(f"ecology.grade.{GRADES[int(found.grades[at])]}", language)
    lead = message("ecology.unit", language, name=name, index=number(told["index"], 2, language), grade=grade)
    most = 1.0 if scores.max().max() <= 1 else float(np.nanmax(scores.to_numpy()))
    words = (name, message("ecology.middle", language))
    drawn = makeup(names, mine.tolist(), middle.tolist(), most=most, words=words)
    drawn["layout"]["xaxis"]["title"]["text"] = message("ecology.score", language)
    weights = found.index.indicators["weight_overall"]
    cells = cells_of(reader, view.pack, level, codes[at])
    rows = [
        [
            label,
            message(f"ecology.dimension.{found.index.indicators.at[one.indicator['id'], 'dimension']}", language),
            number(mine[one.indicator["id"]], 2, language),
            number(middle[one.indicator["id"]], 2, language),
            number(100 * weights[one.indicator["id"]], 1, language),
            number(mine[one.indicator["id"]] * weights[one.indicator["id"]], 3, language),
            number(cells[one.indicator["id"]], 1, language) if one.indicator["id"] in cells else "",
        ]
        for label, one in zip(names, found.used, strict=True)
    ]
    heads = ("indicator", "dimension", "score", "middle", "weight", "contribution", "cells")
    table = data_table([message(f"ecology.head.{one}", language) for one in heads], rows, "makeup")
    body = [html.P(lead, className="lead"), chart(drawn, title, height=60 + 34 * len(names))]
    note = note_of(reader, view, level, found.used, at)
    hint = message("ecology.makeup_hint", language)
    return figure("makeup", title, body, note, language, hint=hint, table=table, saved=True)


def incomplete_words(reader: Reader, view: ViewState, found: Assessment, at: int) -> str:
    """Return why a unit has no index: what is missing there, with the cells of its grid where too few lie in it."""
    language, level = view.language, found.framework["level"]
    cells = cells_of(reader, view.pack, level, reader.units(view.pack, level)["code"][at])
    lacking = []
    for one in found.used:
        name, known = one.indicator["name"][language], cells.get(one.indicator["id"])
        if np.isnan(one.value[at]):
            few = {"name": name, "n": number(known, 1, language)} if known is not None else {}
            lacking.append(message("ecology.few_cells", language, **few) if few else name)
    names = message("format.join", language).join(lacking)
    return message("ecology.incomplete", language, name=unit_names(reader, view, level)[at], names=names)


def ranks_figure(reader: Reader, view: ViewState, found: Assessment) -> html.Section:
    """Return the ranks under the choices made, with those that other choices would give."""
    language, level = view.language, found.framework["level"]
    title = message("ecology.ranks", language)
    if found.ranks is None:
        return figure("ranks", title, html.P(message("ecology.no_ranks", language), className="hint"), [], language)
    table = found.ranks.table.assign(name=unit_names(reader, view, level)).dropna(subset=["rank"]).sort_values("rank")
    ties = table["rank"].to_numpy()
    n = len(table)
    wanted = set(np.linspace(0, n - 1, min(n, MOST_BANDS)).round().astype(int).tolist())
    chosen_row = list(table.index).index(view.unit) if view.unit in table.index else None
    kept = sorted(wanted | ({chosen_row} if chosen_row is not None else set()))
    part = table.iloc[kept]
    drawn = rank_bands(
        ties[kept].tolist(),
        part["highest"].tolist(),
        part["lowest"].tolist(),
        part["name"].tolist(),
        chosen=kept.index(chosen_row) if chosen_row is not None else None,
        titles=(message("ecology.rank_now", language), message("ecology.rank_other", language)),
    )
    width = (table["lowest"] - table["highest"]) / n
    firm = number(100 * float((width <= 0.1).mean()), 0, language)
    ways = number(found.ranks.ranks.shape[1], 0, language)
    lead = message("ecology.firm", language, share=firm, ways=ways)
    if chosen_row is not None:
        mine = table.iloc[chosen_row]
        ranks = {key: number(mine[key], 0, language) for key in ("rank", "highest", "lowest")}
        lead += " " + message("ecology.rank_of", language, name=mine["name"], n=number(n, 0, language), **ranks)
    body = [html.P(lead, className="lead"), chart(drawn, title, height=320)]
    note = note_of(reader, view, level, found.used)
    return figure("ranks", title, body, note, language, hint=message("ecology.ranks_hint", language), saved=True)


def weights_table(reader: Reader, view: ViewState, found: Assessment) -> html.Section:
    """Return every indicator with its direction, weight, year and why it is there."""
    language, level = view.language, found.framework["level"]
    declared = {one["indicator"]: one for one in found.framework["indicators"]}
    rows = []
    if found.index is None:
        return html.Section()
    for one in found.used:
        name = one.indicator["id"]
        told = found.index.indicators.loc[name]
        label = link(view, one.indicator["name"][language], {"indicator": name, "level": level})
        cells = [
            html.Th(label, scope="row"),
            html.Td(message(f"ecology.dimension.{told['dimension']}", language), className="words"),
            html.Td(message(f"ecology.direction.{told['direction']}", language), className="words"),
            html.Td(number(100 * told["weight_overall"], 1, language)),
            html.Td(number(int(np.isfinite(one.value).sum()), 0, language)),
            html.Td(str(one.year)),
            html.Td(declared[name]["why"][language], className="words"),
        ]
        rows.append(html.Tr(cells, **current(chosen=name == view.indicator)))
    heads = ("indicator", "dimension", "direction", "weight", "known", "year", "why")
    table = data_table([message(f"ecology.head.{one}", language) for one in heads], rows, "weights")
    title = message("ecology.indicators", language)
    hint = message(f"ecology.weights_hint.{choices_of(view, found.framework).weights}", language)
    return figure("indicators", title, table, note_of(reader, view, level, found.used), language, hint=hint)
