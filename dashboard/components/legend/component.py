"""The legend: classes with their counts by year, the missing ones with why, the overlay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.components.area_bar import area_name
from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.components.legend.grid import grid_legend
from fuping.dashboard.components.legend.kinds import kind_legend, kind_words
from fuping.dashboard.components.legend.label import class_label
from fuping.dashboard.i18n.formats import LOCALES, difference, figure, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.area import looked_at
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import MapLayer, ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.missing import MissingReason, reason_counts
from fuping.spatial.projects.locations import kind_of

__all__ = ["Legend", "layer_legend", "legend_props"]


class Legend(BrowserComponent):
    """The legend of a map; it follows the URL's ``year`` and ``only``.

    Parameters
    ----------
    title, unit
        Name and unit of what is shown.
    years
        The m years.
    entries
        For each class: ``label``, ``hint``, ``colour``, ``counts`` (m), and whether it is what lies ``outside`` of all.
    beyond
        What lies outside every class, below and above: each with ``label`` and ``counts`` (m).
    missing
        ``label``, ``counts`` (m), ``reasons``: each with ``label`` and ``counts`` (m).
    overlay
        ``label``, ``note``, ``counts`` (year → units); ``None`` without one.
    grid
        What lies over the units' colours: see :func:`~fuping.dashboard.components.legend.grid.grid_legend`.
    spans, notes, matrix, circles, unsure
        What a kind of map adds: see :mod:`fuping.dashboard.components.legend.kinds`.
    text
        The legend's own words, and the ``locale`` of its numbers.
    """

    names = (
        "title",
        "unit",
        "years",
        "entries",
        "beyond",
        "missing",
        "overlay",
        "grid",
        "spans",
        "notes",
        "matrix",
        "circles",
        "unsure",
        "text",
    )


def _hint(entry: ShownClass, unit: str, decimals: int, language: str, *, signed: bool) -> str:
    if entry.outside:
        return message("legend.outside_hint", language)
    if entry.name is not None or (entry.lower is None and entry.upper is None):
        return ""
    bounds = {
        key: (difference if signed else figure)(bound, unit, decimals, language)
        for key, bound in (("lower", entry.lower), ("upper", entry.upper))
        if bound is not None
    }
    if entry.with_lower:
        return message("legend.from", language, **bounds)
    key = "between" if len(bounds) == 2 else "up_to" if "upper" in bounds else "over"
    return message(f"legend.{key}", language, **bounds)


def legend_props(reader: Reader, view: ViewState, layer: MapLayer) -> dict[str, Any]:
    """Return the legend's properties for a view; units are counted in the area that is looked at."""
    language = view.language
    declared = reader.indicator(view.pack, view.indicator)
    is_status = bool(declared["categories"])
    inside = looked_at(reader, view)
    shown = layer.shown
    missing = [reason_counts(row[inside & (row != MissingReason.OBSERVED)]) for row in layer.reason]
    plural = reader.level(view.pack, view.level)["plural"][language]
    props = layer_legend(
        shown,
        language,
        title=declared["name"][language],
        unit="" if is_status else declared["unit"][language],
        counts=[(shown.classes[:, inside] == place).sum(axis=1).tolist() for place in range(len(shown.entries))],
        missing=missing,
        counted=area_name(reader, view) if view.drawn or view.within else plural,
        signed=view.kind == "change",
    )
    text = props["text"] | kind_words(view.kind, language)
    over = {"overlay": _overlay(reader, view), "grid": grid_legend(reader, view)}
    return props | kind_legend(reader, view, layer, inside) | over | {"text": text}


def layer_legend(
    layer: ShownLayer,
    language: str,
    *,
    title: str,
    unit: str,
    counted: str,
    counts: Sequence[Sequence[int]] | None = None,
    missing: Sequence[Mapping[MissingReason, int]] | None = None,
    signed: bool = False,
) -> dict[str, Any]:
    """Return the legend's properties for any layer.

    Parameters
    ----------
    title, unit
        Name and unit of what is shown; no unit for categories.
    counted
        What the counts count: the plural of the level, or an area.
    counts, missing
        Units of each class by year, and missing ones of each year by reason, where not those of the whole layer.
    signed
        Whether the figures are differences.
    """
    missing = layer.missing if missing is None else missing
    reasons = sorted({reason for year in missing for reason in year})
    named = any(entry.name for entry in layer.entries)
    return {
        "title": title,
        "unit": unit,
        "years": list(layer.years),
        "entries": [
            {
                "label": class_label(entry, unit, layer.decimals, language, signed=signed),
                "hint": _hint(entry, unit, layer.decimals, language, signed=signed),
                "colour": entry.colour,
                "outside": entry.outside,
                "counts": list(counts[place] if counts is not None else entry.counts),
            }
            for place, entry in enumerate(layer.entries)
        ],
        "beyond": None,
        "missing": {
            "label": message("legend.missing", language),
            "counts": [sum(year.values()) for year in missing],
            "reasons": [
                {
                    "label": message(f"vocabulary.reason.{int(reason)}", language),
                    "counts": [year.get(reason, 0) for year in missing],
                }
                for reason in reasons
            ],
        },
        "overlay": None,
        "grid": None,
        "spans": None,
        "notes": None,
        "matrix": None,
        "circles": None,
        "unsure": None,
        "text": {
            "locale": LOCALES[language].replace("_", "-"),
            "classes": message("legend.categories" if named else "legend.classes", language),
            "units": counted,
            "hint": message("legend.hint", language),
            "missingHint": message("legend.missing_hint", language),
            "shown": message("legend.shown", language, n="{n}", total="{total}"),
            "none": message("legend.none", language, total="{total}"),
        },
    }


def _overlay(reader: Reader, view: ViewState) -> dict[str, Any] | None:
    if view.project is None:
        return None
    project = next(one for one in reader.catalogue(view.pack)["projects"] if one["id"] == view.project)
    years, covered = reader.coverage(view.pack, view.project, view.level)
    key = "overlay.named" if years else "overlay.other_level"
    level = inline(reader.level(view.pack, project["level"])["plural"][view.language], view.language)
    note = message(key, view.language, named=project["named_units"], total=project["total_units"], level=level)
    drawn = Counter(kind_of(shape) for _, shape in reader.locations(view.pack, view.project))
    told = [message(f"overlay.drawn.{kind}", view.language, n=number(n, 0, view.language)) for kind, n in drawn.items()]
    note = message("format.join", view.language).join([note, *told])
    return {
        "label": project["name"][view.language],
        "note": note,
        "counts": {str(year): int(row.sum()) for year, row in zip(years, covered, strict=True)},
    }
