"""Charts of assessments: what an index is made of, how sure the ranks are, how often a wind comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.figures.style import ACCENT, QUIET, base_layout, plain

__all__ = ["curve", "makeup", "rank_bands"]

Figure = dict[str, Any]


def makeup(
    names: Sequence[str], scores: Sequence[float], middle: Sequence[float], *, most: float, words: tuple[str, str]
) -> Figure:
    """Return bars of one unit's scores, top down, with a mark where the middle unit stands.

    Parameters
    ----------
    most
        End of the axis.
    words
        Name of the unit, and what the mark is.
    """
    rows = [plain(name) for name in names]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": rows,
        "x": list(scores),
        "name": plain(words[0]),
        "marker": {"color": ACCENT},
        "width": 0.55,
        "hovertemplate": "%{x:.2f}<extra>" + plain(words[0]) + "</extra>",
    }
    marks = {
        "type": "scatter",
        "mode": "markers",
        "y": rows,
        "x": list(middle),
        "name": plain(words[1]),
        "marker": {"symbol": "line-ns", "size": 16, "line": {"width": 2.5, "color": QUIET}},
        "hovertemplate": "%{x:.2f}<extra>" + plain(words[1]) + "</extra>",
    }
    layout = base_layout()
    layout["yaxis"] |= {"autorange": "reversed", "gridcolor": "rgba(0,0,0,0)"}
    layout["xaxis"] |= {"range": [0, most]}
    return {"data": [bars, marks], "layout": layout}


def rank_bands(
    rank: Sequence[float],
    highest: Sequence[float],
    lowest: Sequence[float],
    names: Sequence[str],
    *,
    chosen: int | None,
    titles: tuple[str, str],
) -> Figure:
    """Return, for some units in the order of their rank, the ranks that other choices give.

    Parameters
    ----------
    chosen
        Place of the selected unit among them.
    """
    colours = [ACCENT if place == chosen else QUIET for place in range(len(rank))]
    sizes = [9 if place == chosen else 5 for place in range(len(rank))]
    # Plotly's white edge would leave nothing of so small a dot.
    marker: dict[str, Any] = {"color": colours, "size": sizes, "line": {"width": 0}}
    drawn: list[Figure] = []
    for place in sorted(range(len(rank)), key=lambda one: one == chosen):
        line = {"color": colours[place], "width": 4 if place == chosen else 1.5}
        drawn.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [rank[place]] * 2,
                "y": [highest[place], lowest[place]],
                "line": line,
                "hoverinfo": "skip",
            }
        )
    drawn.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": list(rank),
            "y": list(rank),
            "marker": marker,
            "customdata": [[plain(name), low, high] for name, low, high in zip(names, highest, lowest, strict=True)],
            "hovertemplate": "%{customdata[0]}: %{x:.0f} (%{customdata[1]:.0f}–%{customdata[2]:.0f})<extra></extra>",
        }
    )
    layout = base_layout(x_title=titles[0], y_title=titles[1])
    layout["yaxis"] |= {"autorange": "reversed"}
    return {"data": drawn, "layout": layout}


def curve(
    periods: Sequence[float],
    amounts: Sequence[float],
    *,
    lines: Sequence[tuple[float, str]],
    titles: tuple[str, str],
) -> Figure:
    """Return how large an amount comes once in how many years.

    Parameters
    ----------
    lines
        Amounts with a meaning, and their names.
    """
    points = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(periods),
        "y": list(amounts),
        "line": {"color": ACCENT, "width": 2},
        "marker": {"color": ACCENT, "size": 5},
        "hovertemplate": "%{y:.0f} · %{x:.1f}<extra></extra>",
    }
    layout = base_layout(x_title=titles[0], y_title=titles[1])
    top = max([*amounts, *(one for one, _ in lines)]) * 1.08
    ticks = [one for one in (0.2, 0.5, 1, 2, 5, 10, 20, 50) if not periods or one <= max(periods) * 1.1]
    layout["xaxis"] |= {"type": "log", "tickvals": ticks, "ticktext": [f"{one:g}" for one in ticks]}
    layout["yaxis"] |= {"range": [0, top]}
    layout["shapes"] = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at,
         "line": {"color": QUIET, "width": 1, "dash": "dot"}}
        for at, _ in lines
    ]  # fmt: skip
    layout["annotations"] = [
        {"xref": "paper", "x": 0.01, "y": at, "text": plain(name), "showarrow": False, "xanchor": "left",
         "yanchor": "bottom", "font": {"size": 11, "color": QUIET}}
        for at, name in lines
    ]  # fmt: skip
    return {"data": [points], "layout": layout}
