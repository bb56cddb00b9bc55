"""The legend of a grid over the map: its classes, where it is from, and the way to take it away."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from fuping.dashboard.components.legend.label import bounds_label
from fuping.dashboard.i18n.formats import PERCENT
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import chosen_grid, grid_address, painting, source_of
from fuping.dashboard.state import ViewState

__all__ = ["grid_legend"]


def grid_legend(reader: Reader, view: ViewState) -> dict[str, Any] | None:
    """Return the section of the grid that a view lays over the map, or nothing.

    Returns
    -------
    dict
        ``title``, ``unit``, ``entries`` (each ``label`` and ``colour``), ``note`` (publisher, year, licence), ``href``
        of the whole grid and the words ``take`` that lead there.
    """
    grid = chosen_grid(reader, view)
    if grid is None:
        return None
    language, source = view.language, source_of(reader, view.pack, grid)
    colours = painting(grid).colours
    told = [source["publisher"][language], str(grid["year"]), source["licence"]]
    note = [grid["note"][language]] if grid["note"] else []
    return {
        "title": grid["name"][language],
        "unit": grid["unit"][language] if grid["unit"] else "",
        "entries": [
            {"label": label, "colour": colour} for label, colour in zip(_labels(grid, language), colours, strict=True)
        ],
        "note": message("format.join", language).join([*told, *note]),
        "href": f"{grid_address(view.pack, grid)}.tif",
        "take": message("grid.take", language),
    }


def _labels(grid: Mapping[str, Any], language: str) -> list[str]:
    """Return the classes of a grid in short, in their order."""
    if grid["kind"] == "class":
        return [one["name"][language] for one in grid["classes"]]
    # Breaks are told with the decimals that they have, which may be fewer than those of a figure.
    decimals = max((len(f"{one:g}".partition(".")[2]) for one in grid["breaks"]), default=0)
    unit = "" if grid["unit"][language] == PERCENT else grid["unit"][language]
    bounds = itertools.pairwise([None, *grid["breaks"], None])
    return [bounds_label(low, high, unit, decimals, language) for low, high in bounds]
