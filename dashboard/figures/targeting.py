"""Charts of targeting, as plotly figures: who gets how much from the poorest on, and what a ranking finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.figures.style import ACCENT, QUIET, base_layout

__all__ = ["curve"]

MOST_POINTS = 400
"""Of a curve; more cannot be seen, and thousands of units would only be slow."""


def curve(
    x: Sequence[float],
    y: Sequence[float],
    *,
    x_title: str,
    y_title: str,
    name: str,
    even: str,
    cut: float | None = None,
) -> dict[str, Any]:
    """Return a curve over the unit square beside its diagonal, both axes in percent.

    Parameters
    ----------
    x, y
        Shares from 0 to 1, ascending.
    name, even
        What the curve and the diagonal are called.
    cut
        Share of the horizontal axis to mark.
    """
    step = max(1, len(x) // MOST_POINTS)
    kept = sorted({*range(0, len(x), step), len(x) - 1})
    lines = [
        ([0, 100], [0, 100], even, {"color": QUIET, "width": 1.5, "dash": "dot"}),
        ([100 * x[at] for at in kept], [100 * y[at] for at in kept], name, {"color": ACCENT, "width": 2.5}),
    ]
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": across,
            "y": up,
            "name": label,
            "line": line,
            "hovertemplate": f"%{{x:.1f}}% → %{{y:.1f}}%<extra>{label}</extra>",
        }
        for across, up, label, line in lines
    ]
    drawn = base_layout(x_title=x_title, y_title=y_title, x_suffix="%", y_suffix="%")
    drawn["xaxis"] |= {"range": [0, 100], "dtick": 20, "showgrid": False}
    drawn["yaxis"] |= {"range": [0, 101], "dtick": 20}
    drawn["margin"]["r"] = 28
    if cut is not None:
        mark = {"type": "line", "x0": 100 * cut, "x1": 100 * cut, "yref": "paper", "y0": 0, "y1": 1}
        drawn["shapes"] = [mark | {"line": {"color": QUIET, "width": 1, "dash": "dash"}}]
    return {"data": data, "layout": drawn}
