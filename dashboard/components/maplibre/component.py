"""The map as a Dash component, over maplibre-gl."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fuping.dashboard.components.area_bar import area_name
from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.components.legend.kinds import kind_title
from fuping.dashboard.drawn import written
from fuping.dashboard.i18n.formats import LOCALES, PERCENT, inline, unit_pattern
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.kinds import KINDS
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import OPACITY, chosen_grid, grid_address
from fuping.dashboard.queries.kinds import map_layer
from fuping.dashboard.queries.land import land_version
from fuping.dashboard.queries.map_layer import class_payload, value_payload
from fuping.dashboard.queries.places import ancestors, outline_level
from fuping.dashboard.queries.shown import ShownLayer
from fuping.dashboard.state import ViewState
from fuping.layers.stores import STATUS_WORDS
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["MapView", "data_urls", "layer_map_props", "map_props"]

MAP_WORDS = ("home", "failed", "retry", "projects", "save", "far", "lasso", "box", "draw_lasso", "draw_box", "file")

FILE_WORDS = ("file_wrong", "file_largest")

GRID_ZOOM = 9
"""Zoom level of 300 metres a pixel, finer than any cell; nearer, the browser enlarges these tiles of a grid."""


class MapView(BrowserComponent):
    """A map whose geometry stays in the browser; it follows the URL's year, unit, area and class.

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
    fineUrl, fineOutlineUrl
        The same, finer, fetched when the reader comes near; none where there is nothing finer.
    unitsUrl, valuesUrl, classesUrl, coverageUrl
        See :mod:`fuping.dashboard.queries.map_layer`.
    drawnUrl
        Units of the area that was drawn; none where none was.
    secondUrl
        Figures of the second indicator of a map of two.
    landUrl
        Land of other countries and the borders on it; none for a pack of the world.
    overlay, locationsUrl
        Project whose coverage is drawn, and the positions of its places; none where none is known.
    star
        ``name`` and ``at`` (longitude, latitude) of a place that is marked with a star, as an epicentre is.
    bounds
        ``[[west, south], [east, north]]`` of the pack's own view.
    frame
        West, south, east and north of what is seen first, where not the country or the selected unit.
    layer
        A layer that the server has worked out, in place of what ``valuesUrl`` and ``classesUrl`` give:
        :func:`fuping.dashboard.queries.map_layer.class_payload` with ``values``, a ``value_payload``.
    grid
        What lies over the units' colours: ``tiles``, ``at`` (addresses of a tile and of the cell at a place),
        ``bounds``, ``maxzoom``, ``name``, and ``opacity`` in per cent where the URL has none.
    wheel
        Whether turning the wheel zooms; not on a page that is itself scrolled.
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
        "fineUrl",
        "fineOutlineUrl",
        "unitsUrl",
        "valuesUrl",
        "secondUrl",
        "drawnUrl",
        "classesUrl",
        "coverageUrl",
        "landUrl",
        "overlay",
        "locationsUrl",
        "star",
        "bounds",
        "frame",
        "layer",
        "grid",
        "wheel",
        "text",
        "ready",
    )


def data_urls(reader: Reader, view: ViewState) -> dict[str, str | None]:
    """Return where the map gets what a view shows."""
    pack, level, indicator = view.pack, view.level, view.indicator
    version = {"v": reader.version(pack)}
    plain = urlencode(version)
    kind = {"kind": view.kind, "base": view.base, "second": view.second} if view.kind != KINDS[0] else {}
    classes = urlencode(
        {name: one for name, one in (view.class_query() | {"k": view.k} | kind).items() if one} | version
    )
    outline = outline_level(reader.catalogue(pack), level, ancestors(reader, pack, level))
    return {
        "geometryUrl": f"/geometry/{pack}/{level}.json?{plain}",
        "outlineUrl": f"/geometry/{pack}/{outline}.json?{plain}" if outline else None,
        "unitsUrl": f"/units/{pack}/{level}.json?{plain}",
        "valuesUrl": f"/values/{pack}/{level}/{indicator}.json?{plain}",
        "secondUrl": f"/values/{pack}/{level}/{view.second}.json?{plain}" if view.second else None,
        "classesUrl": f"/classes/{pack}/{level}/{indicator}.json?{classes}",
        "coverageUrl": f"/coverage/{pack}/{level}.json?{plain}",
        "drawnUrl": _drawn_url(view, version),
    }


def _drawn_url(view: ViewState, version: Mapping[str, str]) -> str | None:
    if not view.drawn:
        return None
    return f"/drawn/{view.pack}/{view.level}.json?{urlencode({'drawn': written(view.drawn), **version})}"


def _fine_urls(reader: Reader, view: ViewState, urls: Mapping[str, str | None]) -> dict[str, str | None]:
    if not reader.has_fine_geometry(view.pack, view.level):
        return {"fineUrl": None, "fineOutlineUrl": None}
    outline = urls["outlineUrl"]
    return {"fineUrl": f"{urls['geometryUrl']}&detail=1", "fineOutlineUrl": f"{outline}&detail=1" if outline else None}


def map_props(reader: Reader, view: ViewState) -> dict[str, Any]:
    """Return the map's properties for a view."""
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    urls = data_urls(reader, view)
    entries = map_layer(reader, view).shown.entries if declared["categories"] else ()
    return (
        urls
        | _fine_urls(reader, view, urls)
        | {
            "title": kind_title(reader, view),
            "language": language,
            "landUrl": _land_url(reader, view),
            "overlay": view.project,
            "locationsUrl": _locations_url(reader, view, [view.project] if view.project else []),
            "bounds": _bounds(reader, view.pack),
            "grid": _grid(reader, view),
            "wheel": True,
            "text": _words(reader, view)
            | _figure_words(declared, language)
            | _kind_words(reader, view)
            | {"categories": [one.name[language] for one in entries if one.name] or None},
        }
    )


def layer_map_props(
    reader: Reader,
    view: ViewState,
    layer: ShownLayer,
    values: UnitYearValues,
    *,
    title: str,
    unit: str = "",
    decimals: int = 1,
    value_name: str = "",
    frame: Sequence[float] | None = None,
    projects: Sequence[str] = (),
    star: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the map's properties for a layer that was worked out, at the view's level.

    Parameters
    ----------
    layer, values
        Its classes, and the figures that the tooltip tells; of the same years.
    title
        What the map shows.
    unit, decimals
        Of the figures.
    value_name
        What a figure is called beside its category; without it a category is told alone.
    frame
        West, south, east and north of what is seen first; the country, or the selected unit, where not given.
    projects
        Whose places are drawn over it.
    star
        ``name`` and ``at`` (longitude, latitude) of a place to be marked.
    """
    kept = ("geometryUrl", "outlineUrl", "unitsUrl")
    language = view.language
    pattern = unit_pattern(unit, language)
    return {name: url for name, url in data_urls(reader, view).items() if name in kept} | {
        "title": title,
        "language": language,
        "landUrl": _land_url(reader, view),
        "bounds": _bounds(reader, view.pack),
        "frame": frame,
        "locationsUrl": _locations_url(reader, view, projects),
        "star": star,
        "grid": _grid(reader, view),
        "wheel": False,
        "layer": class_payload(layer) | {"values": value_payload(values, decimals=decimals)},
        "text": _words(reader, view)
        | {
            "decimals": decimals,
            "pattern": pattern,
            "categories": [entry.name[language] for entry in layer.entries if entry.name] or None,
            "beside": f"{value_name}: {pattern}" if value_name else "",
        },
    }


def _figure_words(declared: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return how the figures of an indicator are written."""
    return {
        "name": declared["name"][language],
        "decimals": declared["decimals"],
        "pattern": unit_pattern(declared["unit"][language], language),
        "codes": {str(one["code"]): one["name"][language] for one in declared["categories"]} or None,
    }


def _kind_words(reader: Reader, view: ViewState) -> dict[str, Any]:
    """Return what the view's kind of map says besides."""
    language = view.language
    words: dict[str, Any] = {"kind": view.kind, "second": None}
    if view.second:
        words["second"] = _figure_words(reader.indicator(view.pack, view.second), language)
    if view.kind == "rings":
        plural = inline(reader.level(view.pack, view.level)["plural"][language], language)
        words["ring"] = message("map.ring", language, n="{n}", level=plural)
        words["ringPart"] = message("map.ring_part", language, name="{name}", n="{n}", share="{share}")
    if view.kind == "change":
        unit = reader.indicator(view.pack, view.indicator)["unit"][language]
        points = message("format.points", language, value="{value}")
        words["difference"] = points if unit == PERCENT else unit_pattern(unit, language)
        words["crossed"] = message("panel.change_break", language, year="{year}")
    return words


def _locations_url(reader: Reader, view: ViewState, projects: Sequence[str]) -> str | None:
    drawn = [one for one in projects if reader.locations(view.pack, one)]
    if not drawn:
        return None
    return f"/locations/{view.pack}/{','.join(drawn)}.json?v={reader.version(view.pack)}"


def _land_url(reader: Reader, view: ViewState) -> str | None:
    version = land_version(reader, view.pack)
    return f"/land/{view.pack}.json?v={version}" if version else None


def _grid(reader: Reader, view: ViewState) -> dict[str, Any] | None:
    grid = chosen_grid(reader, view)
    if grid is None:
        return None
    address, version = grid_address(view.pack, grid), reader.version(view.pack)
    return {
        "tiles": f"{address}/{{z}}/{{x}}/{{y}}.png?v={version}",
        "at": f"{address}/at?lang={view.language}&v={version}",
        "bounds": grid["bounds"],
        "maxzoom": GRID_ZOOM,
        "name": grid["name"][view.language],
        "opacity": OPACITY,
    }


def _bounds(reader: Reader, pack: str) -> list[list[float]]:
    west, south, east, north = reader.catalogue(pack)["pack"]["bounds"]
    return [[west, south], [east, north]]


def _words(reader: Reader, view: ViewState) -> dict[str, Any]:
    language = view.language
    text: dict[str, Any] = {word: message(f"map.{word}", language) for word in MAP_WORDS}
    controls = {
        "NavigationControl.ZoomIn": message("map.zoom_in", language),
        "NavigationControl.ZoomOut": message("map.zoom_out", language),
    }
    text |= {word: message(f"map.{word}", language, name="{name}", n="{n}") for word in FILE_WORDS}
    projects = reader.catalogue(view.pack)["projects"]
    return text | {
        "interval": message("map.interval", language, interval="{interval}"),
        "controls": controls,
        "locale": LOCALES[language].replace("_", "-"),
        "statuses": ["", *(message(f"vocabulary.status.{word}", language) for word in STATUS_WORDS[1:])],
        "reasons": [message(f"vocabulary.reason.{int(one)}", language) for one in MissingReason],
        "missing": message("legend.missing", language),
        "outside": message("legend.outside", language),
        "unsure": message(f"legend.unsure_note.{'change' if view.kind == 'change' else 'class'}", language),
        "place": _heading(reader, view),
        "join": message("format.join", language),
        "projectNames": {one["id"]: one["name"][language] for one in projects},
    }


def _heading(reader: Reader, view: ViewState) -> str:
    """Return which units of which area the map is of, for a saved picture."""
    language = view.language
    level = reader.level(view.pack, view.level)["plural"][language]
    return message("map.heading", language, level=level, area=area_name(reader, view))
