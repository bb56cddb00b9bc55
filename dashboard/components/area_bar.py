"""Where one looks: the area the map is drawn for, and the way back up."""

from __future__ import annotations

from typing import Any

from dash import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import chain, place_of_code
from fuping.dashboard.state import ViewState

__all__ = ["area_bar"]


def area_bar(reader: Reader, view: ViewState) -> list[Any]:
    """Return the trail from the country to the area; empty where the whole country is looked at."""
    area = place_of_code(reader, view.pack, view.within or "", view.language)
    if area is None or view.within is None:
        return []
    above = chain(reader, view.pack, area.level, area.code, view.language)
    name = reader.catalogue(view.pack)["pack"]["name"][view.language]
    steps: list[Any] = [link(view, name, {"within": "", "page": ""})]
    for one in above:
        if reader.level(view.pack, one.level)["n_units"] > 1:
            steps.append(link(view, one.name, {"within": one.code, "page": ""}))
    trail: list[Any] = []
    for step in steps:
        trail += [step, html.Span("›", **aria(hidden="true"))]
    close = message("panel.whole", view.language)
    return [
        *trail,
        html.Strong(area.name),
        link(view, "✕", {"within": "", "page": ""}, title=close, className="close", **aria(label=close)),
    ]
