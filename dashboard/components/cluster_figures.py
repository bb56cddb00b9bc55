"""The figures of clusters in one year: what the tests say, the two maps, the scatter plot, the units found."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.cluster_words import class_name, control_words
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.pager import pager
from fuping.dashboard.components.source_note import boundary_credit, source_note
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.moran import scatter
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.clusters import (
    HOT,
    MORAN,
    Clusters,
    class_colours,
    class_layer,
    year_values,
)
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.queries.watching import unit_names
from fuping.dashboard.state import ViewState

__all__ = ["cluster_maps", "cluster_table", "moran_plot"]

ROWS = 50
CALLED = ("HH", "LL", "HL", "LH")


def _note(reader: Reader, view: ViewState, *, boundaries: bool = False) -> html.Div:
    credit = boundary_credit(reader.catalogue(view.pack), view.language) if boundaries else ""
    facts = note_facts(reader, view.pack, view.level, {view.indicator: [view.year]})
    return source_note(facts, view.language, boundaries=credit)


def cluster_maps(reader: Reader, view: ViewState, found: Clusters) -> html.Div:
    """Return the maps of local Moran and of Gi*."""
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    values = year_values(reader.values(view.pack, view.indicator, view.level), view.year)
    drawn = []
    for name, words in (("moran", MORAN), ("hot", HOT)):
        layer = class_layer(found.table[name], words, values, declared["direction"])
        title = message(f"clusters.map.{name}", language)
        picture = thematic_map(
            reader,
            view,
            layer,
            values,
            name=f"clusters-{name}",
            title=title,
            unit=declared["unit"][language],
            decimals=declared["decimals"],
            value_name=declared["name"][language],
        )
        hint = message(f"clusters.map_hint.{name}", language)
        drawn.append(
            figure(f"clusters-{name}", title, picture, _note(reader, view, boundaries=True), language, hint=hint)
        )
    return html.Div(drawn, className="figures")


def moran_plot(reader: Reader, view: ViewState, found: Clusters) -> html.Section:
    """Return the Moran scatter plot, the selected unit marked."""
    language = view.language
    tested = found.table[found.table["lag_z"].notna()]
    codes = reader.units(view.pack, view.level)["code"]
    names = dict(zip(codes, unit_names(reader, view.pack, view.level, language)[0], strict=True))
    words = {word: class_name(word, language) for word in (*CALLED, "not significant")}
    colours = class_colours(reader.indicator(view.pack, view.indicator)["direction"])
    title = message("clusters.scatter", language)
    drawn = scatter(
        tested,
        [names[code] for code in tested.index],
        words,
        colours,
        slope=float(found.moran["value"]),
        selected=view.unit,
        x_title=message("clusters.scatter_own", language),
        y_title=message("clusters.scatter_around", language),
    )
    counts = tested["moran"].value_counts()
    key = []
    for word, text in words.items():
        mark = html.I(style={"background": colours[word]}, className="outlined")
        key.append(html.Li([mark, f"{text} {number(int(counts.get(word, 0)), 0, language)}"]))
    hint = message("clusters.scatter_hint", language, n=number(len(tested), 0, language))
    body = [chart(drawn, title, height=380), html.Ul(key, className="key")]
    return figure("moran-scatter", title, body, _note(reader, view), language, hint=hint, saved=True)


def cluster_table(reader: Reader, view: ViewState, found: Clusters) -> html.Section:
    """Return the units that are called a cluster or an outlier, the farthest from the mean first."""
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    title = message("clusters.table", language)
    order = {word: place for place, word in enumerate(CALLED)}
    called = found.table[found.table["moran"].isin(CALLED)]
    called = called.assign(order=called["moran"].map(order), far=-called["gi"].abs()).sort_values(["order", "far"])
    if called.empty:
        body: list[Any] = [html.P(message("clusters.none_found", language), className="not-told")]
        return figure("clusters-table", title, body, _note(reader, view), language)
    codes = reader.units(view.pack, view.level)["code"]
    at = {code: place for place, code in enumerate(codes)}
    names, above = unit_names(reader, view.pack, view.level, language)
    pages = -(-len(called) // ROWS)
    page = round(view.amount("part", 1, low=1, high=pages))
    colours = class_colours(declared["direction"])
    unit, decimals = declared["unit"][language], declared["decimals"]
    rows = []
    for code, one in called.iloc[(page - 1) * ROWS : page * ROWS].iterrows():
        place = at[str(code)]
        swatch = html.I(className="swatch", style={"background": colours[one["moran"]]})
        cells: list[Any] = [
            [link(view, names[place], {"unit": str(code)}), html.Small(above[place])],
            [swatch, class_name(one["moran"], language)],
            written(one["value"], unit, decimals, language),
            written(one["around"], unit, decimals, language),
            number(one["local"], 2, language),
            number(one["gi"], 2, language),
            number(one["p"], 3, language),
            number(one["p_adjusted"], 3, language),
        ]
        rows.append(html.Tr([html.Td(cell) for cell in cells], **current(chosen=code == view.unit)))
    columns = ("unit", "class", "value", "around", "local", "gi", "p", "adjusted")
    head = [message(f"clusters.column.{one}", language) for one in columns]
    table = data_table(head, rows, "clustered")
    sizes = {word: number(int((called["moran"] == word).sum()), 0, language) for word in CALLED}
    counts = listed([f"{class_name(word, language)} {n}" for word, n in sizes.items()], language)
    facts = {"n": number(len(called), 0, language), "of": number(found.n, 0, language), "counts": counts}
    told = message("clusters.table_words", language, **facts)
    body = [html.P(told, className="told"), table, html.P(pager(view, page, pages), className="pager watch-foot")]
    return figure("clusters-table", title, body, _note(reader, view), language, hint=control_words(reader, view, found))
