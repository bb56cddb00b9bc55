"""The figure of what changed: indicators of the framework that have several years, and those that have one only."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.ecology import Assessment
from fuping.dashboard.queries.ecology_years import yearly_changes
from fuping.dashboard.queries.figures_at import Latest
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["years_figure"]


def years_figure(reader: Reader, view: ViewState, found: Assessment) -> html.Section:
    """Return how the indicators with several years changed, and which have one year, so that the index has one too."""
    language, level = view.language, found.framework["level"]
    several, single = yearly_changes(reader, view.pack, found.framework, found.used)
    title, join = message("ecology.years", language), message("format.join", language)
    body: list[Any] = []
    if several:
        rows = []
        for one in several:
            name = link(view, one.indicator["name"][language], {"indicator": one.indicator["id"], "level": level})
            ends = ((one.before, one.first), (one.after, one.last))
            cells: list[Any] = [
                [figure_text(value, one.indicator, language), html.Small(f" {year}")] for value, year in ends
            ]
            counts = [number(n, 0, language) for n in (one.safer, one.less_safe, one.same)]
            rows.append(
                html.Tr(
                    [
                        html.Th(name, scope="row"),
                        *(html.Td(cell) for cell in (*cells, *counts)),
                    ]
                )
            )
        keys = ["ecology.head.indicator", "ecology.head.before", "ecology.head.after"]
        keys += ["ecology.head.safer", "ecology.head.less_safe", "ecology.head.same"]
        body.append(data_table([message(key, language) for key in keys], rows, "ecology-years"))
    if single:
        named = join.join(_with_year(one, language) for one in single)
        told = {"n": number(len(single), 0, language), "all": number(len(found.used), 0, language), "names": named}
        body.append(html.P(message("ecology.one_year", language, **told)))
    facts = {one.indicator["id"]: [one.first, one.last] for one in several}
    note: Any = source_note(note_facts(reader, view.pack, level, facts), language, show_unit=False) if facts else []
    hint = message("ecology.years_hint", language) if several else ""
    return figure("ecology-years", title, body, note, language, hint=hint)


def _with_year(one: Latest, language: str) -> str:
    """Return an indicator's name with its year, where the name does not tell it already."""
    name, year = str(one.indicator["name"][language]), str(one.year)
    return name if year in name else name + message("format.bracket", language, text=year)
