"""Charts of an evaluation: outcomes over time, effects by time since treatment, the effect estimated otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from fuping.dashboard.figures.comparison import COLOURS, DASHES
from fuping.dashboard.figures.style import ACCENT, QUIET, base_layout, plain
from fuping.spatial.inference import Estimate

__all__ = ["event_study_chart", "forest", "trend_colours", "trends", "twin_chart"]

Told = Callable[[float], str]
"""Writes a figure of the outcome."""


def trend_colours(groups: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return colour and dash of each group; the comparison, 0, is quiet and dotted."""
    others = [one for one in groups if one != 0]
    styles = dict(zip(others, zip(COLOURS, DASHES, strict=True), strict=False))
    return styles | {0: (QUIET, "dot")}


def _zero_line(drawn: dict[str, Any], axis: str) -> None:
    drawn[axis] |= {"zeroline": True, "zerolinecolor": QUIET, "zerolinewidth": 1.5}


def trends(
    table: pd.DataFrame, names: dict[int, str], told: Told, *, suffix: str, starts: Sequence[int]
) -> dict[str, Any]:
    """Return mean outcomes by period and group; a line stands before each first treatment within the periods."""
    data = []
    for group, (colour, dash) in trend_colours([int(one) for one in table.columns]).items():
        if group not in table.columns:
            continue
        values = table[group].tolist()
        data.append(
            {
                "x": table.index.tolist(),
                "y": values,
                "text": [told(one) for one in values],
                "name": names[group],
                "mode": "lines+markers",
                "line": {"color": colour, "width": 2.5 if group else 2, "dash": dash},
                "marker": {"color": colour, "size": 7},
                "hovertemplate": f"%{{x}}: %{{text}}<extra>{plain(names[group])}</extra>",
                "type": "scatter",
            }
        )
    drawn = base_layout(y_suffix=suffix)
    years = table.index.tolist()
    drawn["xaxis"] |= {"tickformat": "d", "showgrid": False}
    drawn["xaxis"] |= {"tickmode": "array", "tickvals": years} if len(years) <= 6 else {"nticks": 7}
    drawn["yaxis"] |= {"nticks": 5}
    line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "line": {"color": QUIET, "width": 1, "dash": "dash"}}
    drawn["shapes"] = [{**line, "x0": year - 0.5, "x1": year - 0.5} for year in starts[:6] if year > years[0]]
    return {"data": data, "layout": drawn}


def event_study_chart(table: pd.DataFrame, told: Told, *, x_title: str, y_title: str) -> dict[str, Any]:
    """Return effects by time since treatment: thick bars are pointwise intervals, thin ones the simultaneous band."""
    shown = table[~table["reference"]]
    before = shown.index < 0
    data: list[dict[str, Any]] = []
    for chosen, colour, symbol in ((before, QUIET, "circle-open"), (~before, ACCENT, "circle")):
        part = shown[chosen]
        common = {"x": part.index.tolist(), "y": part["att"].tolist(), "type": "scatter", "mode": "markers"}
        for low, high, width, cap in (("band_low", "band_high", 1, 5), ("low", "high", 4, 0)):
            bars = {
                "type": "data",
                "symmetric": False,
                "array": (part[high] - part["att"]).tolist(),
                "arrayminus": (part["att"] - part[low]).tolist(),
                "color": colour,
                "thickness": width,
                "width": cap,
            }
            data.append(common | {"error_y": bars, "marker": {"color": colour, "size": 1}, "hoverinfo": "skip"})
        text = [f"{told(a)} ({told(b)} – {told(c)})" for a, b, c in part[["att", "low", "high"]].to_numpy()]
        marker = {"color": colour, "size": 9, "symbol": symbol}
        data.append(common | {"text": text, "marker": marker, "hovertemplate": "%{x}: %{text}<extra></extra>"})
    drawn = base_layout(x_title=x_title, y_title=y_title)
    _zero_line(drawn, "yaxis")
    drawn["xaxis"] |= {"tickformat": "d", "showgrid": False, "tickmode": "array", "tickvals": shown.index.tolist()}
    if len(shown) > 16:
        drawn["xaxis"] |= {"tickmode": "auto", "nticks": 10}
    return {"data": data, "layout": drawn}


def forest(rows: Sequence[tuple[str, Estimate]], told: Told, *, x_title: str) -> dict[str, Any]:
    """Return the effect estimated otherwise, a row each, the first at the top."""
    at = list(range(len(rows), 0, -1))
    found = [one for _, one in rows]
    bars = {
        "type": "data",
        "symmetric": False,
        "array": [max(one.high - one.value, 0) if one.high == one.high else 0 for one in found],
        "arrayminus": [max(one.value - one.low, 0) if one.low == one.low else 0 for one in found],
        "color": ACCENT,
        "thickness": 2,
        "width": 0,
    }
    drawn = base_layout(x_title=x_title)
    _zero_line(drawn, "xaxis")
    drawn["yaxis"] |= {"tickmode": "array", "tickvals": at, "ticktext": [plain(name) for name, _ in rows]}
    drawn["yaxis"] |= {"showgrid": False, "range": [0.4, len(rows) + 0.6]}
    marks = {
        "x": [one.value for one in found],
        "y": at,
        "text": [told(one.value) for one in found],
        "mode": "markers",
        "error_x": bars,
        "marker": {"color": ACCENT, "size": [10, *[7] * (len(rows) - 1)]},
        "hovertemplate": "%{text}<extra></extra>",
        "type": "scatter",
    }
    return {"data": [marks], "layout": drawn}


def twin_chart(path: pd.DataFrame, names: tuple[str, str], told: Told, *, suffix: str, start: float) -> dict[str, Any]:
    """Return a treated unit's outcome beside that of its synthetic twin."""
    table = pd.DataFrame({int(start): path["observed"], 0: path["synthetic"]}, index=path.index)
    return trends(table, {int(start): names[0], 0: names[1]}, told, suffix=suffix, starts=[int(start)])
