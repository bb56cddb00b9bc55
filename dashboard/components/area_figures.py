"""An indicator over the area that is looked at: how many units, their span, and the area as a whole."""

from __future__ import annotations

from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.area_bar import area_name
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import PERCENT, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.area import area_summary
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState

__all__ = ["area_figures"]


QUARTILES = ("low", "lower", "median", "upper", "high")


def area_figures(reader: Reader, view: ViewState) -> Any:
    """Return the figures of the area, folded where that is the whole country; nothing for categories."""
    found = area_summary(reader, view)
    if found is None:
        return None
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    rows = [
        (message("area.units", language, level=level), number(found.n, 0, language)),
        (message("area.observed", language), number(found.observed, 0, language)),
    ]
    whole = message("area.whole_none", language)
    if not np.isnan(found.whole):
        whole = figure_text(found.whole, declared, language)
    rows.append((message("area.sum" if found.summed else "area.mean", language), whole))
    spread = dict(zip(QUARTILES, found.quartiles, strict=True))
    rows += [(message(f"area.{key}", language), figure_text(one, declared, language)) for key, one in spread.items()]
    apart = figure_text(found.deviation, declared, language)
    if declared["unit"][language] == PERCENT:
        apart = message("format.points", language, value=number(found.deviation, declared["decimals"], language))
    rows.append((message("area.deviation", language), apart))
    shown = rows if found.observed else rows[:2]
    listed = html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in shown])
    looked_at = f"{area_name(reader, view)}, {view.year}"
    if not view.within and not view.drawn:
        title = message("area.statistics", language, area=looked_at)
        return html.Details([html.Summary(title), listed], className="area-figures", **data(figure="area"))
    return html.Section([html.H2(looked_at), listed], className="area-figures", **data(figure="area"))
