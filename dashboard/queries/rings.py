"""What the units of each part of the country are made up of, as rings: how many are in which category, by year."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import ancestors, outline_level
from fuping.dashboard.queries.shown import Circles, MapLayer, Rings, shown_layer
from fuping.dashboard.state import ViewState
from fuping.spatial.cartography import largest_radius

__all__ = ["ring_layer"]

INK = 40_000.0
"""Square pixels that all rings may cover; they lie closer together than the circles of units."""


def ring_layer(reader: Reader, view: ViewState) -> MapLayer:
    """Return the categories of a status with their counts in each part of the country that is drawn with borders."""
    shown = shown_layer(reader, view)
    above = ancestors(reader, view.pack, view.level)
    level = outline_level(reader.catalogue(view.pack), view.level, above)
    if level is None:
        raise ValueError("rings are drawn where there is a level above")
    places = {code: at for at, code in enumerate(reader.units(view.pack, level)["code"])}
    of = np.array([places.get(code, -1) for code in above[level]])
    inside = of >= 0
    k = len(shown.entries)
    counts = np.zeros((len(shown.years), len(places), k + 1), dtype=np.int64)
    year = np.arange(len(shown.years))[:, None]
    classes = np.where(shown.classes < 0, k, shown.classes)[:, inside]
    np.add.at(counts, (year, of[inside], classes), 1)
    totals = counts.sum(axis=2)
    size = Circles(float(totals.max()), largest_radius(totals, ink=INK))
    reason = reader.values(view.pack, view.indicator, view.level).reason
    return MapLayer(shown, reason, rings=Rings(level, counts, size))
