"""An indicator over the area that is looked at: how many units, their span, and the area as a whole."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import html
from fuping.dashboard.components.area_bar import area_name
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.area import area_summary
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState

__all__ = ["area_figures"]


def area_figures(reader: Reader, view: ViewState) -> Any:
    """Return the figures of the area; nothing where the whole country is looked at."""
    found = area_summary(reader, view) if view.drawn or view.within else None
    if found is None:
        return None
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    rows = [
        (message("area.units", language, level=level), number(found.n, 0, language)),
        (message("area.observed", language), number(found.observed, 0, language)),
    ]
    spread = {"area.low": found.low, "area.median": found.median, "area.high": found.high}
    rows += [(message(key, language), figure_text(value, declared, language)) for key, value in spread.items()]
    whole = message("area.whole_none", language)
    if not np.isnan(found.whole):
        whole = figure_text(found.whole, declared, language)
    rows.append((message("area.sum" if found.summed else "area.mean", language), whole))
    shown = rows if found.observed else rows[:2]
    title = f"{area_name(reader, view)}, {view.year}"
    listed = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in shown]
    return html.Section([html.H2(title), html.Dl(listed)], className="area-figures", **data(figure="area"))
