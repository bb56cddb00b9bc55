"""Charts of other designs: an outcome on both sides of a cutoff, how alike units are before and after matching."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from fuping.dashboard.figures.style import ACCENT, QUIET, base_layout, plain

__all__ = ["discontinuity_chart", "love_chart"]

Told = Callable[[float], str]
"""Writes a figure of the outcome."""


def _upright(x: float) -> dict[str, Any]:
    line = {"color": QUIET, "width": 1, "dash": "dash"}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": line}


def discontinuity_chart(
    bins: pd.DataFrame, lines: pd.DataFrame, told: Told, *, x_title: str, suffix: str, cutoff: float, reach: float
) -> dict[str, Any]:
    """Return means of the outcome by bins of the score, and the local line on each side.

    Parameters
    ----------
    reach
        How far from the cutoff the lines run; twice as far is drawn, as what lies beyond does not count.
    """
    near = bins[(bins["score"] - cutoff).abs() <= 2 * reach]
    data: list[dict[str, Any]] = []
    for right, colour in ((False, QUIET), (True, ACCENT)):
        side = near[near["right"] == right]
        data.append(
            {
                "x": side["score"].tolist(),
                "y": side["outcome"].tolist(),
                "text": [
                    f"{told(y)} (n={n})" for y, n in zip(side["outcome"].tolist(), side["n"].tolist(), strict=True)
                ],
                "mode": "markers",
                "marker": {"color": colour, "size": 6, "opacity": 0.7},
                "hovertemplate": "%{x:.4~g}: %{text}<extra></extra>",
                "type": "scatter",
            }
        )
        line = lines[lines["right"] == right]
        data.append(
            {
                "x": line["score"].tolist(),
                "y": line["outcome"].tolist(),
                "mode": "lines",
                "line": {"color": colour, "width": 3},
                "hoverinfo": "skip",
                "type": "scatter",
            }
        )
    drawn = base_layout(x_title=x_title, y_suffix=suffix)
    drawn["xaxis"] |= {"showgrid": False, "nticks": 7}
    drawn["yaxis"] |= {"nticks": 5}
    drawn["shapes"] = [_upright(cutoff)]
    return {"data": data, "layout": drawn}


def love_chart(
    names: Sequence[str], before: Sequence[float], after: Sequence[float], *, x_title: str
) -> dict[str, Any]:
    """Return absolute standardised differences before (open) and after matching (full), a covariate a row."""
    at = list(range(len(names), 0, -1))
    marks = (("circle-open", QUIET, before), ("circle", ACCENT, after))
    data = [
        {
            "x": [abs(one) for one in values],
            "y": at,
            "mode": "markers",
            "marker": {"symbol": symbol, "color": colour, "size": 9},
            "hovertemplate": "%{x:.2f}<extra></extra>",
            "type": "scatter",
        }
        for symbol, colour, values in marks
    ]
    drawn = base_layout(x_title=x_title)
    drawn["yaxis"] |= {"tickmode": "array", "tickvals": at, "ticktext": [plain(name) for name in names]}
    drawn["yaxis"] |= {"showgrid": False, "range": [0.4, len(names) + 0.6]}
    drawn["xaxis"] |= {"rangemode": "tozero", "nticks": 6}
    drawn["shapes"] = [_upright(0.1)]
    return {"data": data, "layout": drawn}
