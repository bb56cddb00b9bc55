"""The rings of a map as a table: how many units of each part of the country are in which category."""

from __future__ import annotations

from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import data
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import MapLayer
from fuping.dashboard.state import ViewState

__all__ = ["ring_table"]


def ring_table(reader: Reader, view: ViewState, layer: MapLayer) -> list[Any]:
    """Return the table of the view's year, and nothing for another kind of map.

    Categories that no unit is in have no column.
    """
    rings, language = layer.rings, view.language
    if rings is None:
        return []
    counts = rings.counts[layer.shown.years.index(view.year)]
    names = [(one.name or {})[language] for one in layer.shown.entries] + [message("legend.missing", language)]
    columns = np.flatnonzero(counts.any(axis=0)).tolist()
    units = reader.units(view.pack, rings.level)
    order = [at for at in np.lexsort(-counts.T[::-1]).tolist() if counts[at].any()]
    level = reader.level(view.pack, rings.level)["name"][language]
    head = [level, *(names[column] for column in columns), message("table.total", language)]

    def cells(row: Any) -> list[str]:
        return [number(int(row[column]), 0, language) for column in columns] + [number(int(row.sum()), 0, language)]

    body = [
        html.Tr(
            [
                html.Td(link(view, units[f"name_{language}"][at], {"within": units["code"][at], "page": ""})),
                *(html.Td(one) for one in cells(counts[at])),
            ]
        )
        for at in order
    ]
    foot = html.Tr([html.Th(message("table.total", language)), *(html.Th(one) for one in cells(counts.sum(axis=0)))])
    table = html.Table([html.Thead(html.Tr([html.Th(one) for one in head])), html.Tbody(body), html.Tfoot(foot)])
    title = message("table.by_part", language, level=inline(level, language), year=view.year)
    return [html.Details([html.Summary(title), table], open=True, className="parts", **data(figure="rings"))]
