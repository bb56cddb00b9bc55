"""Fuping: an open spatial information system for poverty monitoring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuping.layers.country import Country

__all__ = ["open"]


def open(pack: str, *, root: Path | None = None) -> Country:
    """Open a built pack: its boundaries, cubes and reports; see :class:`fuping.layers.country.Country`."""
    # Only when it is called: the command starts without geopandas and xarray.
    from fuping.layers.country import open_country

    return open_country(pack, root=root)
