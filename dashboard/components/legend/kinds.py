"""What a kind of map adds to the legend: years of a change, two indicators crossed, circles, rings, open classes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from fuping.dashboard.components.legend.label import bounds_label
from fuping.dashboard.i18n.formats import PERCENT, figure, inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.kinds import Kind
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.kinds import map_layer
from fuping.dashboard.queries.shown import MapLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import Classification, printable_decimals, round_sizes
from fuping.spatial.cartography.bivariate import SIDE
from numpy.typing import NDArray

__all__ = ["kind_legend", "kind_title", "kind_words"]

RING = "#8d8e88"
"""Of the sizes in the legend, whatever the parts are."""


def kind_title(reader: Reader, view: ViewState) -> str:
    """Return what the view's map shows, in words."""
    name = reader.indicator(view.pack, view.indicator)["name"][view.language]
    if view.kind == "change":
        return message("kind.change_of", view.language, name=name)
    if view.kind == "rings":
        level = inline(reader.level(view.pack, _ring_level(reader, view))["name"][view.language], view.language)
        return message("kind.rings_of", view.language, name=name, level=level)
    if view.second:
        second = reader.indicator(view.pack, view.second)["name"][view.language]
        return message("kind.pair_of", view.language, first=name, second=second)
    return str(name)


def _change_unit(unit: str, language: str) -> str:
    """Return the unit of a difference."""
    return message("kind.points", language) if unit == PERCENT else unit


def kind_words(kind: Kind, language: str) -> dict[str, str]:
    """Return the legend's own words that are others for a kind of map."""
    if kind == "bivariate":
        return {"classes": message("legend.thirds", language)}
    return {"classes": message("legend.circles", language)} if kind == "symbols" else {}


def kind_legend(reader: Reader, view: ViewState, layer: MapLayer, inside: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the properties that the view's kind of map adds to the legend.

    Parameters
    ----------
    inside
        bool, shape (n,); the units that are counted.

    Returns
    -------
    dict
        ``title``; ``spans`` (m), said instead of the year; ``notes`` (m), each several lines; ``matrix``: ``columns``
        and ``rows``, each with ``title`` and a label for each place, and a ``label`` for each of the nine ``cells``;
        ``beyond``: what lies below and above closed limits;
        ``circles``: ``radius``, ``colour``, and ``sizes`` with ``share`` of the radius and ``label``; ``unsure``:
        ``label``, ``note``, ``counts`` (m) and ``open`` (m), what is said of figures without an interval.
    """
    props: dict[str, Any] = {"title": kind_title(reader, view)}
    if view.kind == "change":
        return props | _change(reader, view, layer) | {"unsure": _unsure(reader, view, layer, inside)}
    if view.kind == "bivariate":
        return props | _pair(reader, view, layer)
    if view.kind == "symbols":
        return props | {"circles": _circles(reader, view, layer)}
    if view.kind == "rings":
        return props | {"circles": _rings(reader, view, layer)}
    return props | {"unsure": _unsure(reader, view, layer, inside), "beyond": _beyond(reader, view, layer, inside)}


def _beyond(reader: Reader, view: ViewState, layer: MapLayer, inside: NDArray[np.bool_]) -> list[dict[str, Any]] | None:
    """Return how many figures lie below and above closed limits; None where limits are not closed."""
    entries, language = layer.shown.entries, view.language
    if not entries or not entries[-1].outside:
        return None
    lowest, highest = entries[0].lower, entries[-2].upper
    if lowest is None or highest is None:
        raise ValueError("closed limits have a first and a last")
    figures = reader.values(view.pack, view.indicator, view.level).value[:, inside]
    unit = reader.indicator(view.pack, view.indicator)["unit"][language]
    return [
        {
            "label": message(key, language, bound=figure(bound, unit, layer.shown.decimals, language)),
            "counts": there.sum(axis=1).tolist(),
        }
        for key, bound, there in (
            ("legend.below", lowest, figures < lowest),
            ("legend.above", highest, figures > highest),
        )
    ]


def _change(reader: Reader, view: ViewState, layer: MapLayer) -> dict[str, Any]:
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    neutral = declared["direction"] == "neutral" and not declared["categories"]
    always = [message("kind.neutral", language)] if neutral else []
    notes = [
        always + ([message("panel.change_break", language, year=year_list(crossed))] if crossed else [])
        for crossed in layer.crossed
    ]
    spans = [f"{base} → {year}" for base, year in zip(layer.others, layer.shown.years, strict=True)]
    unit = "" if declared["categories"] else _change_unit(declared["unit"][language], language)
    return {"unit": unit, "spans": spans, "notes": notes}


def _pair(reader: Reader, view: ViewState, layer: MapLayer) -> dict[str, Any]:
    language = view.language
    first, second = (reader.indicator(view.pack, one) for one in (view.indicator, view.second or ""))
    pair = layer.pair
    if pair is None:
        raise ValueError("a layer of two indicators has a pair")
    sides = {}
    for side, declared, found, places in (
        ("columns", first, pair.first, pair.columns),
        ("rows", second, pair.second, pair.rows),
    ):
        labels = _labels(reader, view, declared, found)
        at = dict(zip(places, labels, strict=True))
        name, unit = declared["name"][language], declared["unit"][language]
        sides[side] = {"title": name, "unit": unit, "labels": [at.get(place, "") for place in range(SIDE)]}
    words = (first["name"][language], second["name"][language])
    cells = [
        {"label": f"{words[0]} {sides['columns']['labels'][column]}; {words[1]} {sides['rows']['labels'][row]}"}
        if column in pair.columns and row in pair.rows
        else None
        for row in range(SIDE)
        for column in range(SIDE)
    ]
    years = list(zip(layer.shown.years, layer.others, strict=True))
    notes = [
        [] if year == other else [message("kind.nearest", language, name=words[1], other=other, year=year)]
        for year, other in years
    ]
    spans = [str(year) if year == other else f"{year} / {other}" for year, other in years]
    return {"unit": "", "spans": spans, "notes": notes, "matrix": sides | {"cells": cells, "years": list(layer.others)}}


def _labels(reader: Reader, view: ViewState, declared: dict[str, Any], found: Classification) -> list[str]:
    values = reader.values(view.pack, declared["id"], view.level).value
    decimals = printable_decimals(values, declared=declared["decimals"])
    bounds = [None, *found.breaks, None]
    unit = declared["unit"][view.language]
    return [bounds_label(bounds[place], bounds[place + 1], unit, decimals, view.language) for place in range(found.k)]


def _circles(reader: Reader, view: ViewState, layer: MapLayer) -> dict[str, Any] | None:
    circles, language = layer.circles, view.language
    if circles is None or circles.greatest <= 0:
        return None
    unit = reader.indicator(view.pack, view.indicator)["unit"][language]
    sizes = [
        {"share": math.sqrt(size / circles.greatest), "label": figure(size, unit, 0 if size >= 1 else 2, language)}
        for size in round_sizes(circles.greatest)
    ]
    note = message("kind.area", language)
    return {"radius": circles.radius, "colour": layer.shown.entries[0].colour, "sizes": sizes, "note": note}


def _ring_level(reader: Reader, view: ViewState) -> str:
    rings = map_layer(reader, view).rings
    if rings is None:
        raise ValueError("a layer of rings has rings")
    return rings.level


def _rings(reader: Reader, view: ViewState, layer: MapLayer) -> dict[str, Any] | None:
    rings, language = layer.rings, view.language
    if rings is None or rings.size.greatest <= 0:
        return None
    level = inline(reader.level(view.pack, view.level)["plural"][language], language)
    sizes = [
        {
            "share": math.sqrt(size / rings.size.greatest),
            "label": message("kind.ring_size", language, n=number(size, 0, language), level=level),
        }
        for size in round_sizes(rings.size.greatest)
        if size >= 1
    ]
    part = inline(reader.level(view.pack, rings.level)["name"][language], language)
    note = message("kind.ring_note", language, level=level, part=part)
    return {"radius": rings.size.radius, "colour": RING, "sizes": sizes, "note": note}


def _unsure(reader: Reader, view: ViewState, layer: MapLayer, inside: NDArray[np.bool_]) -> dict[str, Any] | None:
    if layer.unsure is None:
        return None
    language = view.language
    values = reader.values(view.pack, view.indicator, view.level)
    kind = "change" if view.kind == "change" else "class"
    bare = ~np.isnan(values.value) & (np.isnan(values.lower) | np.isnan(values.upper))
    rows = [values.at(year) for year in layer.shown.years]
    if kind == "change":
        earlier = [values.at(year) for year in layer.others]
        bare = (bare[rows] | bare[earlier]) & (layer.reason == 0)
    else:
        bare = bare[rows]
    return {
        "label": message(f"legend.unsure.{kind}", language),
        "note": message(f"legend.unsure_note.{kind}", language),
        "counts": layer.unsure[:, inside].sum(axis=1).tolist(),
        "open": [
            message("legend.no_interval", language, n=int(count)) if count else ""
            for count in bare[:, inside].sum(axis=1).tolist()
        ],
    }
