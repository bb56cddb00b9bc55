"""The Moran scatter plot, and Moran's I by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.figures.style import ACCENT, GRID, QUIET, base_layout, plain

__all__ = ["by_year", "scatter"]

SYMBOLS = {"HH": "circle", "LL": "square", "HL": "diamond", "LH": "x", "not significant": "circle"}


def scatter(
    table: pd.DataFrame,
    names: Sequence[str],
    words: Mapping[str, str],
    colours: Mapping[str, str],
    *,
    slope: float,
    selected: str | None,
    x_title: str,
    y_title: str,
) -> dict[str, Any]:
    """Return each unit's standardised value beside the mean of its neighbours' ones; the line has the slope I.

    Parameters
    ----------
    table
        Of units that were tested: ``z``, ``lag_z`` and ``moran``, index unit.
    names
        Of those units.
    words, colours
        Of the classes.
    """
    called = np.array([plain(one) for one in names], dtype=object)
    data: list[dict[str, Any]] = []
    for word, text in words.items():
        rows = (table["moran"] == word).to_numpy()
        quiet = word == "not significant"
        marker = {
            "color": QUIET if quiet else colours[word],
            "symbol": SYMBOLS[word],
            "size": 4 if quiet else 7,
            "opacity": 0.45 if quiet else 0.9,
            "line": {"color": QUIET, "width": 0 if quiet else 0.6},
        }
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": table.loc[rows, "z"].round(4).tolist(),
                "y": table.loc[rows, "lag_z"].round(4).tolist(),
                "text": called[rows].tolist(),
                "name": text,
                "marker": marker,
                "hovertemplate": f"%{{text}}: %{{x:.2f}}, %{{y:.2f}}<extra>{plain(text)}</extra>",
            }
        )
    # The quiet ones first, so that they hide nothing.
    data.sort(key=lambda one: one["marker"]["size"])
    ends = np.array([table["z"].min(), table["z"].max()])
    data.append(
        {
            "type": "scatter",
            "mode": "lines",
            "x": ends.tolist(),
            "y": (slope * ends).tolist(),
            "line": {"color": ACCENT, "width": 2},
            "hoverinfo": "skip",
        }
    )
    if selected in table.index:
        one = table.loc[selected]
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [one["z"]],
                "y": [one["lag_z"]],
                "text": [called[table.index.get_loc(selected)]],
                "textposition": "top center",
                "marker": {"color": "rgba(0,0,0,0)", "size": 15, "line": {"color": "#c2571a", "width": 3}},
                "hoverinfo": "skip",
            }
        )
    layout = base_layout(x_title=x_title, y_title=y_title) | {"hovermode": "closest"}
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= {"zeroline": True, "zerolinecolor": QUIET, "zerolinewidth": 1, "gridcolor": GRID}
    return {"data": data, "layout": layout}


def by_year(table: pd.DataFrame, *, name: str) -> dict[str, Any]:
    """Return Moran's I by year; hollow where it is not distinguishable from chance.

    Parameters
    ----------
    table
        Index year; ``value`` and ``p_value``.
    """
    sure = table["p_value"] <= 0.05
    points = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [int(year) for year in table.index],
        "y": table["value"].tolist(),
        "line": {"color": ACCENT, "width": 2},
        "marker": {"color": ACCENT, "size": 8, "symbol": ["circle" if one else "circle-open" for one in sure]},
        "hovertemplate": f"%{{x}}: %{{y:.3f}}<extra>{plain(name)}</extra>",
    }
    layout = base_layout(y_title=name)
    years = [int(year) for year in table.index]
    layout["xaxis"] |= {"tickformat": "d", "showgrid": False, "range": [years[0] - 0.5, years[-1] + 0.5]}
    layout["xaxis"] |= {"tickvals": years} if len(years) <= 6 else {"nticks": 6}
    layout["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    return {"data": [points], "layout": layout}
