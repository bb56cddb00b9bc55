"""The map of a report: one indicator over units of a level, as the map page colours it."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.components.legend import class_label
from fuping.dashboard.figures.atlas import Inset, MapKey, atlas
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import ancestors, outline_level
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.queries.surroundings import framed
from fuping.dashboard.reports.content import Picture
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = ["report_map"]

WIDTH_MM, POINT_MM = 174.0, 25.4 / 72

HEIGHT = 300.0
"""Points; a third of an A4 page."""

NAMED_AT_MOST = 60
"""More names than this would not be read."""


def report_map(
    reader: Reader,
    view: ViewState,
    units: NDArray[np.int64],
    *,
    detail: int = 0,
    selected: int | None = None,
    scope: str,
) -> tuple[Picture | None, tuple[str, ...]]:
    """Return the map and the names of the units drawn in insets; no map where no unit has a boundary.

    Parameters
    ----------
    view
        Its indicator, level and year are drawn, in its language.
    units
        Places, in the level, of those drawn.
    selected
        Place of the one that is outlined.
    scope
        What the units lie in, by name.
    """
    language, pack = view.language, view.pack
    declared = reader.indicator(pack, view.indicator)
    layer = shown_layer(reader, view)
    row = layer.years.index(view.year)
    shapes = level_shapes(reader, pack, view.level, detail=detail)
    names = reader.units(pack, view.level)[f"name_{language}"]
    fill = [None if one < 0 else layer.entries[one].colour for one in layer.classes[row]]
    parted = framed(reader, pack, shapes, units)
    if not len(parted.inside):
        return None, ()
    counts = [
        (
            entry.colour,
            class_label(entry, declared["unit"][language], layer.decimals, language),
            int((layer.classes[row][units] == place).sum()),
        )
        for place, entry in enumerate(layer.entries)
    ]
    shown = [
        (colour, label, number(count, 0, language))
        for colour, label, count in counts
        if count or not declared["categories"]
    ]
    missing = int((layer.classes[row][units] < 0).sum())
    rows = [*shown, *([(None, message("legend.missing", language), number(missing, 0, language))] if missing else [])]
    unit = "" if declared["categories"] else declared["unit"][language]
    above = outline_level(reader.catalogue(pack), view.level, ancestors(reader, pack, view.level))
    higher = level_shapes(reader, pack, above, detail=detail) if above else shapes[:0]
    label = message("paper.map_alt", language, scope=scope, indicator=declared["name"][language], year=view.year)
    drawn = atlas(
        shapes[parted.inside],
        [fill[at] for at in parted.inside],
        width=WIDTH_MM / POINT_MM,
        height=HEIGHT,
        label=label,
        context=higher if higher is not shapes else shapes[:0],
        borders=shapes[:0],
        selected=shapes[selected] if selected in parted.inside else None,
        names=[names[at] for at in parted.inside] if len(parted.inside) <= NAMED_AT_MOST else (),
        key=MapKey(f"{declared['name'][language]}, {view.year}", unit, rows),
        insets=[Inset(names[at], shapes[[at]], [fill[at]], at == selected) for at in parted.outside],
    )
    return Picture(drawn, WIDTH_MM, label), tuple(names[at] for at in parted.outside)
