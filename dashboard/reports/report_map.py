"""The maps of a report: one indicator over units of a level, or grades that an assessment gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from fuping.dashboard.components.legend import class_label
from fuping.dashboard.figures.atlas import CROSSED, Inset, MapKey, Mark, atlas
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.land import land_polygons
from fuping.dashboard.queries.places import ancestors, outline_level
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.queries.shown import shown_layer
from fuping.dashboard.queries.surroundings import framed
from fuping.dashboard.reports.content import Picture
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = ["HEIGHT", "Grading", "graded_map", "report_map"]

WIDTH_MM, POINT_MM = 174.0, 25.4 / 72

HEIGHT = 300.0
"""Points; a third of an A4 page."""

NAMED_AT_MOST = 60
"""More names than this would not be read."""

Drawn = tuple[Picture | None, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Grading:
    """Grades of the units of a level, as a map shows them.

    Parameters
    ----------
    title
        What they are grades of.
    classes
        One a unit of the level, counted from 0; -1 where it has none.
    names, colours
        Of the grades.
    missing
        What a unit without a grade is said to be.
    """

    title: str
    classes: NDArray[np.int64]
    names: Sequence[str]
    colours: Sequence[str]
    missing: str


def report_map(
    reader: Reader,
    view: ViewState,
    units: NDArray[np.int64],
    *,
    detail: int = 0,
    selected: int | None = None,
    scope: str,
) -> Drawn:
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
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    layer = shown_layer(reader, view)
    classes = layer.classes[layer.years.index(view.year)]
    shown = []
    colours = [CROSSED if entry.outside else entry.colour for entry in layer.entries]
    for place, entry in enumerate(layer.entries):
        count = int((classes[units] == place).sum())
        if count or not declared["categories"]:
            label = class_label(entry, declared["unit"][language], layer.decimals, language)
            shown.append((colours[place], label, number(count, 0, language)))
    rows = [*shown, *_missing_row(classes[units], message("legend.missing", language), language)]
    unit = "" if declared["categories"] else declared["unit"][language]
    key = MapKey(f"{declared['name'][language]}, {view.year}", unit, rows)
    fill = [None if one < 0 else colours[one] for one in classes]
    label = message("paper.map_alt", language, scope=scope, indicator=declared["name"][language], year=view.year)
    return _drawn(reader, view, units, fill, key, label, detail=detail, selected=selected)


def graded_map(
    reader: Reader, view: ViewState, units: NDArray[np.int64], grading: Grading, *, scope: str, height: float = HEIGHT,
    least_named: int = -1, marks: Sequence[Mark] = (),
) -> Drawn:  # fmt: skip
    """Return the map of grades over units of the view's level, as :func:`report_map` does of an indicator.

    Parameters
    ----------
    least_named
        Units of a lower grade get no name.
    marks
        Places with a star.
    """
    language = view.language
    rows: list[tuple[str | None, str, str]] = [
        (colour, name, number(int((grading.classes[units] == place).sum()), 0, language))
        for place, (name, colour) in enumerate(zip(grading.names, grading.colours, strict=True))
    ]
    key = MapKey(grading.title, "", [*rows, *_missing_row(grading.classes[units], grading.missing, language)])
    fill = [None if one < 0 else grading.colours[one] for one in grading.classes]
    label = message("paper.grades_alt", language, scope=scope, title=grading.title)
    named = grading.classes >= least_named
    return _drawn(reader, view, units, fill, key, label, height=height, named=named, marks=marks)


def _missing_row(classes: NDArray[np.int64], label: str, language: str) -> list[tuple[str | None, str, str]]:
    missing = int((classes < 0).sum())
    return [(None, label, number(missing, 0, language))] if missing else []


def _drawn(
    reader: Reader, view: ViewState, units: NDArray[np.int64], fill: Sequence[str | None], key: MapKey, label: str, *,
    detail: int = 0, selected: int | None = None, height: float = HEIGHT, named: NDArray[np.bool_] | None = None,
    marks: Sequence[Mark] = (),
) -> Drawn:  # fmt: skip
    pack = view.pack
    shapes = level_shapes(reader, pack, view.level, detail=detail)
    names = reader.units(pack, view.level)[f"name_{view.language}"]
    parted = framed(reader, pack, shapes, units)
    if not len(parted.inside):
        return None, ()
    above = outline_level(reader.catalogue(pack), view.level, ancestors(reader, pack, view.level))
    higher = level_shapes(reader, pack, above, detail=detail) if above else shapes[:0]
    written = [names[at] if named is None or named[at] else "" for at in parted.inside]
    drawn = atlas(
        shapes[parted.inside],
        [fill[at] for at in parted.inside],
        width=WIDTH_MM / POINT_MM,
        height=height,
        label=label,
        context=higher if higher is not shapes else shapes[:0],
        beside=land_polygons(reader, pack),
        borders=shapes[:0],
        selected=shapes[selected] if selected in parted.inside else None,
        names=written if sum(map(bool, written)) <= NAMED_AT_MOST else (),
        key=key,
        insets=[Inset(names[at], shapes[[at]], [fill[at]], at == selected) for at in parted.outside],
        marks=marks,
    )
    return Picture(drawn, WIDTH_MM, label), tuple(names[at] for at in parted.outside)
