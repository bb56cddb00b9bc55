"""A grid over the map in words: its classes, the cell at a place, where that is."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from fuping.dashboard.components.legend.label import bounds_label
from fuping.dashboard.i18n.formats import figure, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.grids import Cell

__all__ = ["cell_text", "class_labels", "place_text"]

PLACES = 2
"""Decimals of a degree: about a kilometre, the finest cell."""


def class_labels(grid: Mapping[str, Any], language: str) -> list[str]:
    """Return the classes of a grid in short, in their order."""
    if grid["kind"] == "class":
        return [one["name"][language] for one in grid["classes"]]
    bounds = [None, *grid["breaks"], None]
    unit, decimals = grid["unit"][language], _decimals(grid)
    pairs = itertools.pairwise(bounds)
    return [bounds_label(low, high, unit, decimals, language) for low, high in pairs]


def _decimals(grid: Mapping[str, Any]) -> int:
    """Return as many decimals as the breaks have: ``4 – 8 °C`` where figures are told as 5.3 °C."""
    return max((len(f"{one:g}".partition(".")[2]) for one in grid["breaks"]), default=0)


def cell_text(grid: Mapping[str, Any], cell: Cell, language: str) -> str:
    """Return what a cell holds: the name of its class, or its number with its unit."""
    if cell.place is None:
        return message("grid.no_data", language)
    if grid["kind"] == "class":
        return str(grid["classes"][cell.place]["name"][language])
    return figure(cell.value, grid["unit"][language], grid["decimals"], language)


def place_text(cell: Cell, language: str) -> str:
    """Return where a cell was read: ``34.12° N · 104.56° E``."""
    lat = number(abs(cell.lat), PLACES, language)
    lon = number(abs(cell.lon), PLACES, language)
    north = message("grid.north" if cell.lat >= 0 else "grid.south", language, degrees=lat)
    east = message("grid.east" if cell.lon >= 0 else "grid.west", language, degrees=lon)
    return f"{north}{message('format.join', language)}{east}"
