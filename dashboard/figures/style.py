"""What every chart has in common: type, grid, margins and ground; colours follow the page's theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["ACCENT", "GRID", "QUIET", "base_layout", "plain", "room_behind"]

ACCENT, QUIET, GRID = "#0b8384", "#8f918c", "rgba(128,128,120,0.25)"
"""What is looked at, what it stands beside, and the lines behind; each is seen on the light ground and on the dark."""


def base_layout(*, x_title: str = "", y_title: str = "", x_suffix: str = "", y_suffix: str = "") -> dict[str, Any]:
    """Return a plotly layout to add to.

    Parameters
    ----------
    x_title, y_title
        What the axes show, with the unit; none where the title of the figure says it.
    x_suffix, y_suffix
        Behind each tick, ``"%"`` say.
    """
    axis: dict[str, Any] = {
        "zeroline": False,
        "fixedrange": True,
        "gridcolor": GRID,
        "separatethousands": True,
        "automargin": True,
    }
    # Away from the axes, so that the first year does not touch the lowest figure, nor a name its bar.
    below, beside = {"ticklabelstandoff": 6}, {"ticklabelstandoff": 3}
    return {
        "margin": {"l": 64 if y_title else 48, "r": 12, "t": 8, "b": 50 if x_title else 34},
        "showlegend": False,
        "xaxis": axis | below | {"ticksuffix": x_suffix, "title": {"text": x_title, "standoff": 8}},
        "yaxis": axis | beside | {"ticksuffix": y_suffix, "title": {"text": y_title, "standoff": 8}},
        "font": {"family": "inherit", "size": 12, "color": "#565e5a"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"font": {"family": "inherit"}},
    }


def room_behind(year: int, years: Sequence[int]) -> bool:
    """Return whether there is more room behind a year than before it: there words beside it are not cut."""
    return year <= (years[0] + years[-1]) / 2


def plain(name: str) -> str:
    """Return a name as plotly shows it unread: without its tags and placeholders.

    >>> plain("A <b> %{x}")
    'A ‹b› % {x}'
    """
    return name.replace("<", "‹").replace(">", "›").replace("%{", "% {")
