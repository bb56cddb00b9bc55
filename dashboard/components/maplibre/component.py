"""The map as a Dash component, over maplibre-gl."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.i18n.formats import LOCALES, unit_pattern
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import ancestors, outline_level
from fuping.dashboard.state import ViewState
from fuping.layers.stores import STATUS_WORDS
from fuping.spatial.cube.missing import MissingReason

__all__ = ["MapView", "data_urls", "map_props"]


class MapView(BrowserComponent):
    """A choropleth whose geometry stays in the browser; it follows the URL's year, unit, area and class.

    Parameters
    ----------
    id
        Of the component.
    title
        What the map shows.
    language
        Of the names in the tooltip.
    geometryUrl, outlineUrl
        TopoJSON of the units (properties ``code`` and ``i``) and of the borders above them.
    unitsUrl, valuesUrl, classesUrl, coverageUrl
        See :mod:`fuping.dashboard.queries.map_layer`.
    overlay
        Project whose coverage is drawn.
    bounds
        ``[[west, south], [east, north]]`` of the pack's own view.
    text
        Its words, the ``locale`` and ``decimals`` of its numbers, and the ``pattern`` of their unit.
    ready
        Set to true once the first picture is complete.
    """

    names = (
        "title",
        "language",
        "geometryUrl",
        "outlineUrl",
        "unitsUrl",
        "valuesUrl",
        "classesUrl",
        "coverageUrl",
        "overlay",
        "bounds",
        "text",
        "ready",
    )


def data_urls(reader: Reader, view: ViewState) -> dict[str, str | None]:
    """Return where the map gets what a view shows."""
    pack, level, indicator = view.pack, view.level, view.indicator
    version = {"v": reader.version(pack)}
    plain = urlencode(version)
    classes = urlencode({"scheme": view.scheme, "k": view.k} | version)
    outline = outline_level(reader.catalogue(pack), level, ancestors(reader, pack, level))
    return {
        "geometryUrl": f"/geometry/{pack}/{level}.json?{plain}",
        "outlineUrl": f"/geometry/{pack}/{outline}.json?{plain}" if outline else None,
        "unitsUrl": f"/units/{pack}/{level}.json?{plain}",
        "valuesUrl": f"/values/{pack}/{level}/{indicator}.json?{plain}",
        "classesUrl": f"/classes/{pack}/{level}/{indicator}.json?{classes}",
        "coverageUrl": f"/coverage/{pack}/{level}.json?{plain}",
    }


def map_props(reader: Reader, view: ViewState) -> dict[str, Any]:
    """Return the map's properties for a view."""
    language = view.language
    catalogue = reader.catalogue(view.pack)
    declared = reader.indicator(view.pack, view.indicator)
    west, south, east, north = catalogue["pack"]["bounds"]
    text = {word: message(f"map.{word}", language) for word in ("home", "failed", "retry", "projects")}
    text["interval"] = message("map.interval", language, interval="{interval}")
    controls = {
        "NavigationControl.ZoomIn": message("map.zoom_in", language),
        "NavigationControl.ZoomOut": message("map.zoom_out", language),
    }
    return data_urls(reader, view) | {
        "title": declared["name"][language],
        "language": language,
        "overlay": view.project,
        "bounds": [[west, south], [east, north]],
        "text": text
        | {
            "controls": controls,
            "locale": LOCALES[language].replace("_", "-"),
            "decimals": declared["decimals"],
            "pattern": unit_pattern(declared["unit"][language], language),
            "categories": [one["name"][language] for one in declared["categories"]] or None,
            "statuses": ["", *(message(f"vocabulary.status.{word}", language) for word in STATUS_WORDS[1:])],
            "reasons": [message(f"vocabulary.reason.{int(one)}", language) for one in MissingReason],
            "missing": message("legend.missing", language),
            "join": message("format.join", language),
            "projectNames": {one["id"]: one["name"][language] for one in catalogue["projects"]},
        },
    }
