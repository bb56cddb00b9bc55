"""The sections of a region: a map and a table of its parts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from fuping.dashboard.components import profile_parts as words
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.parts import Parts
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.queries.side_by_side import (
    FigureColumn,
    FigureTable,
    figure_table,
    latest_year,
    numeric_indicators,
)
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.reports.content import Column, Row, Section, Table
from fuping.dashboard.reports.credits import Credits
from fuping.dashboard.reports.unit_sections import figure_columns, map_section
from fuping.dashboard.reports.wide_tables import side_by_side
from fuping.dashboard.state import ViewState, levels_with_figures
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["region_sections"]


def region_sections(reader: Reader, view: ViewState, found: Profile, parts: Parts, credits: Credits) -> list[Section]:
    """Return the map of the parts and their table.

    Raises
    ------
    FupingError
        No indicator has a figure at the level of the parts.
    """
    pack, language, level = view.pack, view.language, parts.level["id"]
    every = reader.units(pack, level)["code"]
    at = [every.index(code) for code in parts.codes]
    numeric = numeric_indicators(reader, pack, level)
    given = [
        one["id"]
        for one in reader.catalogue(pack)["indicators"]
        if one["shown"] and level in levels_with_figures(reader.catalogue(pack), one)
    ]
    if not given:
        raise FupingError(
            worded("No indicator has figures at level {level!r}.", level=level),
            remedy=worded("Choose another level for the parts."),
        )
    chosen = reader.indicator(pack, view.indicator if view.indicator in given else given[0])
    year = latest_year(reader, pack, chosen["id"], level, at)
    query = f"pack={pack}&indicator={chosen['id']}&level={level}&year={year}&lang={language}"
    below = ViewState.read(query, reader.packs(), reader.catalogue).classed_as(view)
    mapped = map_section(reader, below, np.array(at), credits, scope=found.place.name)
    rest = [one for one in numeric if one["id"] != chosen["id"]]
    columns = [FigureColumn(one, latest_year(reader, pack, one["id"], level, at)) for one in (chosen, *rest)]
    there = [one for one in columns if _known(reader, pack, one, level, at)]
    absent = [one.indicator["name"][language] for one in columns if one not in there]
    table = figure_table(reader, pack, level, parts.codes, there or columns[:1], language)
    listing = _table(reader, view, parts, table, absent if there else [], credits)
    return [mapped, *side_by_side(listing, 2, language)]


def _known(reader: Reader, pack: str, column: FigureColumn, level: str, at: Sequence[int]) -> bool:
    values = reader.values(pack, column.indicator["id"], level)
    return bool(np.isfinite(values.value[values.years.index(column.year)][list(at)]).any())


def _table(
    reader: Reader, view: ViewState, parts: Parts, table: FigureTable, absent: Sequence[str], credits: Credits
) -> Section:
    language, chosen = view.language, table.columns[0].indicator
    plural = words.level_words(reader, view.pack, parts.level["id"], language)
    title = message("paper.parts", language, n=number(len(parts.codes), 0, language), level=plural)
    key = "paper.parts_status_hint" if chosen["categories"] else "paper.parts_hint"
    hint = message(key, language, indicator=chosen["name"][language])
    if chosen["id"] != view.indicator:
        asked = reader.indicator(view.pack, view.indicator)["name"][language]
        told = message("paper.parts_other", language, asked=asked, level=plural, shown=chosen["name"][language])
        hint = f"{told} {hint}"
    order = {float(one["code"]): -place for place, one in enumerate(chosen["categories"])}

    def height(row: tuple[object, tuple[object, ...]]) -> tuple[bool, float]:
        value = row[1][0].value  # type: ignore[attr-defined]
        return math.isnan(value), -(order.get(value, value) if order else value)

    rows = tuple(
        Row(
            (
                number(place, 0, language),
                one.name,
                *(
                    words.cell_text(cell, column.indicator, language)
                    for cell, column in zip(cells, table.columns, strict=True)
                ),
            )
        )
        for place, (one, cells) in enumerate(sorted(table.rows, key=height), start=1)
    )
    columns = (
        Column(message("table.rank", language), align="right", share=0.45),
        Column(message("table.unit", language), share=2.1),
        *figure_columns(table, language),
    )
    every = reader.units(view.pack, parts.level["id"])["code"]
    shown = {column.indicator["id"]: [column.year] for column in table.columns}
    at = [every.index(code) for code in parts.codes]
    facts = note_facts(reader, view.pack, parts.level["id"], shown, unit=at)
    left_out = message("paper.parts_left_out", language, names=listed(absent, language)) if absent else ""
    note = " ".join(one for one in (words.missing_words(table, language), left_out, credits.note(facts)) if one)
    return Section(title, hint, Table(columns, rows), note)
