"""Alerts by state over time, one state upon the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from fuping.dashboard.figures.status import OUTLINE
from fuping.dashboard.figures.style import base_layout, plain

__all__ = ["states_over_time"]


def states_over_time(by_day: pd.DataFrame, names: Mapping[str, str], colours: Mapping[str, str]) -> dict[str, Any]:
    """Return how many alerts stood in each state at the end of each day.

    Parameters
    ----------
    by_day
        Days × states.
    names, colours
        Of each state, in the order in which they are piled up.
    """
    days = [day.isoformat() for day in by_day.index]
    bars = [
        {
            "type": "bar",
            "x": days,
            "y": by_day[state].tolist(),
            "name": name,
            "marker": {"color": colours[state], "line": OUTLINE},
            "hovertemplate": f"%{{x}} · %{{y:,}}<extra>{plain(name)}</extra>",
        }
        for state, name in names.items()
    ]
    layout = base_layout() | {"barmode": "stack", "bargap": 0.15}
    every = max(1, len(days) // 5)
    layout["xaxis"] |= {"type": "category", "showgrid": False, "tickangle": 0, "tickvals": days[::every]}
    layout["yaxis"] |= {"nticks": 5, "rangemode": "tozero"}
    return {"data": bars, "layout": layout}
