"""A line of a chart as its key shows it: colour, width and dashes as plotly draws them."""

from __future__ import annotations

from fuping.dashboard.components import html

__all__ = ["line_mark"]

DASHES = {
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
    for place, run in enumerate(DASHES[dash]):
        stops.append(f"{'transparent' if place % 2 else colour} {at}{'px' if at else ''} {at + run}px")
        at += run
    background = colour if dash == "solid" else f"repeating-linear-gradient(90deg, {', '.join(stops)})"
    return html.I(style={"background": background, "height": f"{width}px", "width": f"{LENGTH}px"})
