"""Lines, distribution and ranks of a trends page, each with its key, its table and its note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.field import select_field
from fuping.dashboard.components.figure import chart, data_table, figure, line_mark
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.components.yearly_change import unit_cell
from fuping.dashboard.figures.comparison import COLOURS, DASHES
from fuping.dashboard.figures.distribution import distribution
from fuping.dashboard.figures.rank_paths import HEIGHT, rank_chart
from fuping.dashboard.figures.spread import LEAST_FOR_BANDS, MEDIAN, MOST_LINES, OUTER, QUARTILES, spread_chart
from fuping.dashboard.i18n.formats import difference, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.rank_paths import RANKED, RankPath, RankPaths, rank_paths
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.spread import Spread, Track
from fuping.dashboard.state import ViewState

__all__ = ["distribution_figure", "lines_figure", "names_of", "rank_figure", "selected_place", "spread_note"]


def names_of(reader: Reader, view: ViewState, found: Spread) -> list[tuple[str, str]]:
    """Return code and name of each unit looked at."""
    units = reader.units(view.pack, view.level)
    codes, names = units["code"], units[f"name_{view.language}"]
    return [(codes[at], names[at]) for at in found.places]


def selected_place(reader: Reader, view: ViewState, found: Spread) -> int | None:
    """Return which of the units looked at is selected."""
    codes = reader.units(view.pack, view.level)["code"]
    if view.unit not in codes:
        return None
    at = np.flatnonzero(found.places == codes.index(view.unit))
    return int(at[0]) if len(at) else None


def spread_note(reader: Reader, view: ViewState, found: Spread, years: Sequence[int] | None = None) -> Any:
    """Return the note on the figures of the units looked at, in some of the years or all."""
    shown = {view.indicator: list(found.years if years is None else years)}
    facts = note_facts(reader, view.pack, view.level, shown, unit=[int(one) for one in found.places])
    return source_note(facts, view.language)


def lines_figure(reader: Reader, view: ViewState, found: Spread, singled: Sequence[Track]) -> Any:
    """Return the lines over the years."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    several = len(found.places)
    names = names_of(reader, view, found) if several <= MOST_LINES else []
    median = message("trends.median", language, n=number(several, 0, language), level=level)
    drawn = spread_chart(found, singled, declared, language, names=names, median=median)
    title = message("trends.lines", language, unit=declared["unit"][language])
    key = _lines_key(found, singled, median, language)
    hints = [message("trends.lines_many" if several > MOST_LINES else "trends.lines_few", language, level=level)]
    if several == 1:
        hints = []
    if any(np.isfinite(one.lower) for track in singled if track.selected for one in track.figures):
        hints.append(message("trends.band_selected", language))
    if declared["aggregation"] == "extensive" and several > 1:
        hints.append(message("trends.totals", language))
    table = _years_table(found, singled, declared, language)
    body = [chart(drawn, title, height=380), key]
    note = spread_note(reader, view, found)
    return figure("lines", title, body, note, language, hint=" ".join(hints), table=table, saved=True)


def _lines_key(found: Spread, singled: Sequence[Track], median: str, language: str) -> html.Ul:
    rows = []
    for one, colour, dash in zip(singled, COLOURS, DASHES, strict=False):
        name = html.B(one.place.name) if one.selected else one.place.name
        rows.append(html.Li([line_mark(colour, dash, 3 if one.selected else 1.75), name]))
    if len(found.places) >= LEAST_FOR_BANDS:
        rows.append(html.Li([line_mark(MEDIAN, "dot", 2), median]))
        for key, colour in (("trends.quartiles", QUARTILES), ("trends.deciles", OUTER)):
            rows.append(html.Li([html.I(style={"background": colour}), message(key, language)]))
    return html.Ul(rows, className="key")


def _years_table(found: Spread, singled: Sequence[Track], declared: Any, language: str) -> Any:
    decimals = declared["decimals"]

    def text(value: float) -> str:
        return number(value, decimals, language) if np.isfinite(value) else "–"

    own = [{one.year: one.value for one in track.figures} for track in singled]
    years = sorted({*found.years, *(year for each in own for year in each)})
    bands = len(found.places) >= LEAST_FOR_BANDS
    rows = []
    for year in years:
        at = found.years.index(year) if year in found.years else None
        cells = [str(year), *(text(each.get(year, float("nan"))) for each in own)]
        if bands:
            cells += [text(float(one)) if at is not None else "–" for one in (found.quantiles[:, at or 0])]
        counts = (found.n[at], found.expected[at] - found.n[at]) if at is not None else (0, 0)
        rows.append([*cells, *(number(int(one), 0, language) for one in counts)])
    head = [message("note.year", language), *(track.place.name for track in singled)]
    if bands:
        head += [message(f"trends.share.{one}", language) for one in ("p10", "p25", "p50", "p75", "p90")]
    return data_table(
        [*head, message("trends.with_figure", language), message("trends.without", language)], rows, "years"
    )


def distribution_figure(reader: Reader, view: ViewState, found: Spread) -> Any:
    """Return the distribution of each year, or why there is none."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    title = message("trends.distribution", language, unit=declared["unit"][language])
    if len(found.places) < 2 or not found.n.any():
        refused = html.P(message("trends.refused.one_unit", language), className="told-why")
        return figure("distribution", title, refused, [], language)
    names, selected = names_of(reader, view, found), selected_place(reader, view, found)
    drawn = distribution(found, declared, language, unit_of=names, selected=selected)
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    hint = message(
        "trends.box_hint" if len(found.places) >= LEAST_FOR_BANDS else "trends.strip_hint", language, level=level
    )
    note = spread_note(reader, view, found)
    return figure("distribution", title, chart(drawn, title, height=340), note, language, hint=hint, saved=True)


def rank_figure(reader: Reader, view: ViewState, found: Spread) -> Any:
    """Return the ranks over the years with the units that they are of, or why there are none."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    title = message("trends.ranks", language)
    paths = rank_paths(reader, view, found)
    if isinstance(paths, str):
        refused = html.P(message(f"trends.refused.{paths}", language), className="told-why")
        return figure("ranks", title, refused, [], language)
    options = [
        {"value": one, "label": message(f"trends.ranked.{one}", language)}
        for one in RANKED
        if one != "around" or selected_place(reader, view, found) is not None
    ]
    label = message("trends.ranked", language)
    field = select_field("ranked", label, paths.ranked, options)
    drawn = rank_chart(paths, declared, language)
    side = message(f"trends.from.{'low' if paths.from_low else 'high'}", language)
    hint = message("trends.ranks_hint", language, side=side, year=paths.year)
    body = [
        html.Div(field, className="fields"),
        chart(drawn, title, height=HEIGHT + 40),
        _paths_table(view, paths, declared),
    ]
    note = spread_note(reader, view, found, paths.years)
    return figure("ranks", title, body, note, language, hint=hint, saved=True)


def _paths_table(view: ViewState, paths: RankPaths, declared: Any) -> Any:
    """Return the same units as a table: figures and ranks of two years that one definition of the series covers."""
    language = view.language
    last = paths.years.index(paths.year)
    since = max((year for year in declared["breaks_in_series"] if year <= paths.year), default=paths.years[0])
    first = next(at for at, year in enumerate(paths.years) if year >= since)
    rows = [
        html.Tr(
            [
                html.Td(unit_cell(view, one.unit)),
                *(html.Td(text) for text in _path_texts(one, first, last, declared, language)),
            ],
            **current(chosen=one.selected),
        )
        for one in paths.paths
    ]
    years = [str(paths.years[at]) for at in dict.fromkeys((first, last))]
    head = [message("overview.unit", language), *years]
    head += [message("overview.change", language)] if first < last else []
    head += [message("trends.rank_of", language, year=year) for year in years]
    return data_table(head, rows, "ranks")


def _path_texts(one: RankPath, first: int, last: int, declared: Any, language: str) -> list[str]:
    decimals = declared["decimals"]

    def text(value: float, digits: int) -> str:
        return number(float(value), digits, language) if np.isfinite(value) else "–"

    ends = list(dict.fromkeys((first, last)))
    change = float(one.values[last] - one.values[first])
    changed = [difference(change, "", decimals, language) if np.isfinite(change) else "–"] if first < last else []
    values, ranks = ([text(row[at], digits) for at in ends] for row, digits in ((one.values, decimals), (one.ranks, 0)))
    return [*values, *changed, *ranks]
