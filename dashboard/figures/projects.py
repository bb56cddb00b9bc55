"""Charts of projects, as plotly figures: when they run, what they cover, what is spent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.figures.comparison import COLOURS, DASHES
from fuping.dashboard.figures.style import ACCENT, QUIET, base_layout, plain
from fuping.dashboard.figures.trend import layout, lines
from fuping.dashboard.i18n.formats import figure
from numpy.typing import NDArray

__all__ = ["bars_by_year", "committed_and_paid", "gantt", "shares_by_year"]

NAME_WIDTH = {"en": 28, "zh": 14}
"""Characters of a project's name in one line."""

ROW_HEIGHT, ROOM = 44, 40

FEW_YEARS = 8
"""Years of an axis below which each is named; else it would be named twice, for its halves."""


def gantt(
    rows: Sequence[tuple[str, int, int, str, bool]], language: str, *, years: Sequence[int]
) -> tuple[dict[str, Any], int]:
    """Return the spans of projects, the first on top, and the height they need in pixels.

    Parameters
    ----------
    rows
        Name, first and last year (both included), what is told beside it, and whether it is looked at.
    years
        First and last year of the axis.
    """
    names = ["<br>".join(_lines(plain(one[0]), NAME_WIDTH[language])) for one in rows]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": [one[1] - 0.5 for one in rows],
        "x": [one[2] - one[1] + 1 for one in rows],
        "text": [plain(one[3]) for one in rows],
        "textposition": "none",
        "marker": {"color": [ACCENT if one[4] else QUIET for one in rows]},
        "width": 0.6,
        "hovertemplate": "%{text}<extra></extra>",
    }
    drawn = base_layout()
    drawn["xaxis"] |= {"range": [years[0] - 0.6, years[-1] + 0.6], "tickformat": "d", "nticks": 8}
    if years[-1] - years[0] < FEW_YEARS:
        drawn["xaxis"]["dtick"] = 1
    drawn["yaxis"] |= {"autorange": "reversed", "showgrid": False}
    deepest = max(name.count("<br>") + 1 for name in names)
    return {"data": [bars], "layout": drawn}, ROOM + len(rows) * max(ROW_HEIGHT, 18 * deepest + 12)


def _lines(name: str, width: int) -> list[str]:
    """Break a name into lines: Latin words and numbers stay whole, Chinese breaks anywhere but at its marks.

    No line begins with a mark that closes, and none ends with one that opens.
    """
    found = [""]
    for piece in re.findall(r"[（《“「]*(?:[!-~–]+ ?|.)[）》”」，。；：、]*", name):
        if found[-1] and len(found[-1] + piece.rstrip()) > width:
            found.append("")
        found[-1] += piece
    return [line.strip() for line in found]


def shares_by_year(
    series: Sequence[tuple[str, NDArray[np.float64]]],
    years: Sequence[int],
    language: str,
    *,
    decimals: int = 1,
    breaks: Sequence[int] = (),
) -> dict[str, Any]:
    """Return lines of percentages over years, one for each name; at most six. ``breaks`` in the series are marked."""
    data: list[dict[str, Any]] = []
    for (name, values), colour, dash in zip(series, COLOURS, DASHES, strict=False):
        data += lines(years, values, breaks, name, colour, "%", decimals, language, width=2, dash=dash)
    inside = [year for year in breaks if years[0] < year <= years[-1]]
    return {"data": data, "layout": layout("%", list(years), inside, language)}


def committed_and_paid(table: pd.DataFrame, names: Mapping[str, str], unit: str, language: str) -> dict[str, Any]:
    """Return amounts by year (rows) as bars beside each other, one for each kind (columns) by its name."""
    data = [
        {
            "type": "bar",
            "name": plain(name),
            "x": [int(year) for year in table.index],
            "y": table[kind].tolist(),
            "text": [figure(float(value), unit, 2, language) for value in table[kind]],
            "textposition": "none",
            "marker": {"color": colour},
            "hovertemplate": f"{plain(name)} %{{x}}: %{{text}}<extra></extra>",
        }
        for (kind, name), colour in zip(names.items(), (QUIET, ACCENT), strict=True)
    ]
    drawn = layout(unit, [int(year) for year in table.index], [], language)
    drawn["yaxis"]["title"] = {"text": unit, "standoff": 8}
    shown = {"showlegend": True, "legend": {"orientation": "h", "y": 1.15}, "barmode": "group", "bargap": 0.3}
    return {"data": data, "layout": drawn | shown}


def bars_by_year(
    years: Sequence[int], values: Sequence[float], unit: str, decimals: int, language: str
) -> dict[str, Any]:
    """Return amounts as bars; a year without a figure has none."""
    bars = {
        "type": "bar",
        "x": list(years),
        "y": [None if np.isnan(value) else float(value) for value in values],
        "text": ["" if np.isnan(value) else figure(value, unit, decimals, language) for value in values],
        "textposition": "none",
        "marker": {"color": ACCENT},
        "hovertemplate": "%{x}: %{text}<extra></extra>",
    }
    drawn = layout(unit, list(years), [], language)
    drawn["yaxis"]["title"] = {"text": unit, "standoff": 8}
    return {"data": [bars], "layout": drawn | {"bargap": 0.3}}
