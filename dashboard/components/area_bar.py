"""Where one looks: the area the map is drawn for, and the way back up."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.area import drawn_members
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import chain, place_of_code
from fuping.dashboard.state import ViewState

__all__ = ["area_bar", "area_name"]


def area_name(reader: Reader, view: ViewState) -> str:
    """Return what the area that is looked at is called: a unit, an area that was drawn, or the country."""
    language = view.language
    unit = place_of_code(reader, view.pack, view.within or "", language)
    name = unit.name if unit else str(reader.catalogue(view.pack)["pack"]["name"][language])
    return message("area.drawn_in", language, name=name) if view.drawn else name


def area_bar(reader: Reader, view: ViewState) -> list[Any]:
    """Return the trail from the country to the area, and the area that was drawn; empty where all is looked at."""
    return [*_trail(reader, view), *_drawn(reader, view)]


def _trail(reader: Reader, view: ViewState) -> list[Any]:
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
    return [*trail, html.Strong(area.name), _close(view, "panel.whole", "within")]


def _drawn(reader: Reader, view: ViewState) -> list[Any]:
    if not view.drawn:
        return []
    language = view.language
    counted = message(
        "area.drawn",
        language,
        n=number(int(drawn_members(reader, view.pack, view.level, view.drawn).sum()), 0, language),
        level=inline(reader.level(view.pack, view.level)["plural"][language], language),
    )
    return [html.Strong(counted, className="drawn"), _close(view, "area.undraw", "drawn")]


def _close(view: ViewState, key: str, parameter: str) -> Any:
    words = message(key, view.language)
    return link(view, "✕", {parameter: "", "page": ""}, title=words, className="close", **aria(label=words))
