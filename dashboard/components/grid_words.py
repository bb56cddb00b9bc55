"""The cell of a grid in words, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fuping.dashboard.i18n.formats import figure, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.grids import Cell

__all__ = ["cell_text", "place_text"]

PLACES = 2
"""Decimals of a degree: about a kilometre, the finest cell."""


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
