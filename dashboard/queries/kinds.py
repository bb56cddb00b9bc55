"""What the map draws, by the kind of map: classes of figures, of changes, of two indicators, circles, or rings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.kinds import KINDS, Kind, refused
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.change import change_layer
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.pair import pair_layer
from fuping.dashboard.queries.rings import ring_layer
from fuping.dashboard.queries.shown import Circles, MapLayer, ShownClass, ShownLayer, shown_layer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import DIRECTIONS, largest_radius, sequential, unsure_classes

__all__ = ["KindChoice", "kind_choices", "map_layer", "years_shown"]

INK = 70_000.0
"""Square pixels that all circles may cover: about an eighth of a map on a desk."""


@dataclass(frozen=True)
class KindChoice:
    """A kind of map, and why it is not offered where it is not: a word of ``fuping.dashboard.kinds.refused``."""

    kind: Kind
    refused: str | None


def kind_choices(reader: Reader, view: ViewState) -> list[KindChoice]:
    """Return all kinds of map for a view."""
    catalogue, declared = reader.catalogue(view.pack), reader.indicator(view.pack, view.indicator)
    return [KindChoice(one, refused(catalogue, declared, view.level, one)) for one in KINDS]


def years_shown(reader: Reader, view: ViewState) -> dict[str, list[int]]:
    """Return each indicator that the map shows with the years of it that are shown."""
    layer = map_layer(reader, view)
    if not layer.others or view.year not in layer.shown.years:
        return {view.indicator: [view.year]}
    other = layer.others[layer.shown.years.index(view.year)]
    return {view.indicator: [view.year], view.second: [other]} if view.second else {view.indicator: [other, view.year]}


def map_layer(reader: Reader, view: ViewState) -> MapLayer:
    """Return what the map of a view draws."""
    drawn = ViewState(
        pack=view.pack,
        indicator=view.indicator,
        level=view.level,
        year=0,
        scheme=view.scheme,
        k=view.k,
        limits=view.own_limits,
        kind=view.kind,
        base=view.base,
        second=view.second,
    )
    return _layer(reader, reader.version(view.pack), drawn)


@once(maxsize=512)
def _layer(reader: Reader, version: str, view: ViewState) -> MapLayer:
    return LAYERS[view.kind](reader, view)


def _figures(reader: Reader, view: ViewState) -> MapLayer:
    """Return classes of figures, with those that their intervals leave open."""
    layer = shown_layer(reader, view)
    values = reader.values(view.pack, view.indicator, view.level)
    unsure = None
    if values.has_interval and not any(one.name for one in layer.entries):
        breaks = _bounds(layer)
        unsure = unsure_classes(values.lower, values.upper, breaks=breaks)
    return MapLayer(layer, values.reason, unsure=unsure)


def _bounds(layer: ShownLayer) -> list[float]:
    """Return where one class ends and the next, or what is outside every class, begins."""
    lowest = [
        float(np.nextafter(one.lower, -np.inf)) for one in layer.entries if one.with_lower and one.lower is not None
    ]
    return lowest + [one.upper for one in layer.entries if one.upper is not None]


def _symbols(reader: Reader, view: ViewState) -> MapLayer:
    """Return circles: one class of all that have a figure."""
    plain = shown_layer(reader, view)
    declared = reader.indicator(view.pack, view.indicator)
    values = reader.values(view.pack, view.indicator, view.level)
    there = ~np.isnan(values.value)
    colour = sequential(5, ramp=DIRECTIONS[declared["direction"]])[3]
    name = {one: message("kind.with_figure", one) for one in LANGUAGES}
    entry = ShownClass(colour, tuple(there.sum(axis=1).tolist()), name=name)
    shown = ShownLayer(values.years, np.where(there, 0, -1).astype(np.int8), (entry,), plain.missing, plain.decimals)
    greatest = float(values.value[there].max()) if there.any() else 0.0
    return MapLayer(shown, values.reason, circles=Circles(greatest, largest_radius(values.value, ink=INK)))


LAYERS: dict[Kind, Callable[[Reader, ViewState], MapLayer]] = {
    "choropleth": _figures,
    "change": change_layer,
    "bivariate": pair_layer,
    "symbols": _symbols,
    "rings": ring_layer,
}
