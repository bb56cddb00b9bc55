"""Lines of a chart as its key shows them: colour, width and dashes as plotly draws them."""

from __future__ import annotations

from collections.abc import Iterable

from fuping.dashboard.components import html
from fuping.dashboard.figures.comparison import COLOURS, DASHES

__all__ = ["line_mark", "series_key"]

RUNS = {
    "solid": (1, 0),
    "dot": (3, 3),
    "dash": (9, 9),
    "longdash": (15, 15),
    "dashdot": (9, 3, 3, 3),
    "longdashdot": (15, 6, 3, 6),
}
"""Pixels drawn and left out in turn; plotly's own for lines of up to 3 pixels."""

LENGTH = 30


def line_mark(colour: str, dash: str, width: float) -> html.I:
    """Return a piece of a line.

    Parameters
    ----------
    colour
        As CSS writes it.
    dash
        Plotly's name of the dashes.
    width
        Pixels.

    Examples
    --------
    >>> line_mark("red", "dot", 2).style["background"]
    'repeating-linear-gradient(90deg, red 0 3px, transparent 3px 6px)'
    """
    stops, at = [], 0
    for place, run in enumerate(RUNS[dash]):
        stops.append(f"{'transparent' if place % 2 else colour} {at}{'px' if at else ''} {at + run}px")
        at += run
    background = colour if dash == "solid" else f"repeating-linear-gradient(90deg, {', '.join(stops)})"
    return html.I(style={"background": background, "height": f"{width}px", "width": f"{LENGTH}px"})


def series_key(names: Iterable[str]) -> html.Ul:
    """Return the key of lines that have the colours and dashes of comparisons in turn."""
    lines = zip(names, COLOURS, DASHES, strict=False)
    return html.Ul([html.Li([line_mark(colour, dash, 2), name]) for name, colour, dash in lines], className="key")
