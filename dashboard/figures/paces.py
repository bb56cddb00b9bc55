"""The pace that a target requires beside the one observed, a dot for each unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.figures.style import ACCENT, GRID, QUIET, base_layout, plain
from fuping.spatial.cartography import STATUS_COLOURS

__all__ = ["VERDICT_COLOURS", "paces"]

VERDICT_COLOURS = {"on track": ACCENT, "not distinguishable": QUIET, "off track": STATUS_COLOURS["at_risk"]}
SYMBOLS = {"on track": "circle", "not distinguishable": "circle-open", "off track": "diamond"}


def paces(
    table: pd.DataFrame,
    words: dict[str, str],
    names: Sequence[str],
    *,
    selected: int | None,
    x_title: str,
    y_title: str,
    decimals: int,
) -> dict[str, Any]:
    """Return the change a year that the target requires beside the one observed; on the line both are equal.

    Parameters
    ----------
    table
        Of units that have both; ``required``, ``pace``, ``verdict``.
    words
        Name of each verdict that is drawn.
    names
        Of the units of ``table``.
    selected
        Row of the unit looked at.
    """
    data: list[dict[str, Any]] = []
    called = np.array([plain(one) for one in names], dtype=object)
    for verdict, word in words.items():
        rows = (table["verdict"] == verdict).to_numpy()
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": table.loc[rows, "required"].tolist(),
                "y": table.loc[rows, "pace"].tolist(),
                "text": called[rows].tolist(),
                "name": word,
                "marker": {
                    "color": VERDICT_COLOURS[verdict],
                    "symbol": SYMBOLS[verdict],
                    "size": 6,
                    "opacity": 0.7,
                },
                "hovertemplate": f"%{{text}}: %{{x:.{decimals}f}} → %{{y:.{decimals}f}}<extra>{plain(word)}</extra>",
            }
        )
    if selected is not None:
        one = table.iloc[selected]
        mark = {"color": "rgba(0,0,0,0)", "size": 14, "line": {"color": "#c2571a", "width": 3}}
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [one["required"]],
                "y": [one["pace"]],
                "text": [called[selected]],
                "textposition": "top center",
                "marker": mark,
                "hoverinfo": "skip",
            }
        )
    ends = [float(table["required"].min()), float(table["required"].max())]
    layout = base_layout(x_title=x_title, y_title=y_title)
    equal = {"x0": ends[0], "y0": ends[0], "x1": ends[1], "y1": ends[1], "line": {"color": QUIET, "dash": "dash"}}
    layout["shapes"] = [{"type": "line"} | equal]
    layout["xaxis"] |= {"zeroline": True, "zerolinecolor": GRID}
    layout["yaxis"] |= {"zeroline": True, "zerolinecolor": GRID}
    return {"data": data, "layout": layout}
