"""Charts of status over the years: how many are in which, who comes and goes, and how long it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from fuping.dashboard.figures.style import ACCENT, GRID, QUIET, base_layout, plain
from fuping.spatial.cartography import STATUS_COLOURS

__all__ = ["CHANGE_COLOURS", "OUTLINE", "changes", "counts_by_year", "exit_steps"]

CHANGE_COLOURS = {
    "entry": STATUS_COLOURS["poor"],
    "relapse": STATUS_COLOURS["relapsed"],
    "exit": STATUS_COLOURS["exited"],
}

OUTLINE = {"color": QUIET, "width": 0.6}


def counts_by_year(
    years: Sequence[int], counts: Sequence[tuple[str, str, Sequence[int]]], language: str
) -> dict[str, Any]:
    """Return units in each status by year, one upon the other.

    Parameters
    ----------
    counts
        Name, colour and units by year of each status, lowest first.
    """
    bars = [
        {
            "type": "bar",
            "x": [str(year) for year in years],
            "y": list(units),
            "name": name,
            "marker": {"color": colour, "line": OUTLINE},
            "hovertemplate": f"%{{x}} · %{{y:,}}<extra>{plain(name)}</extra>",
        }
        for name, colour, units in counts
    ]
    return {"data": bars, "layout": _by_year(years) | {"barmode": "stack", "bargap": 0.25}}


def changes(table: pd.DataFrame, names: dict[str, str]) -> dict[str, Any]:
    """Return entries and relapses upwards and exits downwards, by year.

    Parameters
    ----------
    table
        Index year; ``entry``, ``relapse`` and ``exit``.
    """
    bars = []
    for kind, name in names.items():
        sign = -1 if kind == "exit" else 1
        bars.append(
            {
                "type": "bar",
                "x": [str(year) for year in table.index],
                "y": (sign * table[kind]).tolist(),
                "text": [f"{n:,}" for n in table[kind]],
                "textposition": "none",
                "name": name,
                "marker": {"color": CHANGE_COLOURS[kind], "line": OUTLINE},
                "hovertemplate": f"%{{x}} · %{{text}}<extra>{plain(name)}</extra>",
            }
        )
    layout = _by_year(list(table.index)) | {"barmode": "relative", "bargap": 0.25}
    most = int(table[list(names)].to_numpy().sum(axis=1).max(initial=1))
    step = _step(most)
    ticks = [one for one in range(-step * 4, step * 5, step) if abs(one) <= most * 1.2]
    layout["yaxis"] |= {"tickmode": "array", "tickvals": ticks, "ticktext": [f"{abs(one):,}" for one in ticks]}
    layout["yaxis"] |= {"zeroline": True, "zerolinecolor": QUIET, "zerolinewidth": 1}
    return {"data": bars, "layout": layout}


def _step(most: int) -> int:
    """Return a round step of which at most four reach the largest bar."""
    size = 10 ** (len(str(most)) - 1)
    return next(step for step in (size // 4, size // 2, size, 2 * size, 5 * size) if step >= 1 and 4 * step >= most)


def _by_year(years: Sequence[int]) -> dict[str, Any]:
    layout = base_layout()
    shown = list(years) if len(years) <= 10 else list(years)[:: max(1, len(years) // 7)]
    layout["xaxis"] |= {"type": "category", "showgrid": False, "tickangle": 0}
    layout["xaxis"]["tickvals"] = [str(year) for year in shown]
    layout["yaxis"] |= {"nticks": 5}
    return layout


def exit_steps(table: pd.DataFrame, *, x_title: str, y_title: str, name: str) -> dict[str, Any]:
    """Return the share of spells still going on, as steps with their band.

    Parameters
    ----------
    table
        Of :class:`fuping.spatial.dynamics.spells.ExitCurve`.
    """
    start = table if 0 in table.index else pd.concat([pd.DataFrame({"survival": 1, "low": 1, "high": 1}, [0]), table])
    x = [int(one) for one in start.index]
    share = (100 * start["survival"]).tolist()
    # Where nobody is left there is no interval; the band ends with the last that exists.
    band = start[start["low"].notna()]
    there = [int(one) for one in band.index]
    step: dict[str, Any] = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    edge = {"shape": "hv", "width": 0}
    data = [
        step | {"x": there, "y": (100 * band["low"]).tolist(), "line": edge},
        step
        | {
            "x": there,
            "y": (100 * band["high"]).tolist(),
            "line": edge,
            "fill": "tonexty",
            "fillcolor": "rgba(11,131,132,0.2)",
        },
        step
        | {
            "x": x,
            "y": share,
            "line": {"shape": "hv", "color": ACCENT, "width": 2},
            "hoverinfo": "all",
            "hovertemplate": f"%{{x}}: %{{y:.1f}}%<extra>{plain(name)}</extra>",
        },
    ]
    layout = base_layout(x_title=x_title, y_title=y_title, y_suffix="%")
    layout["yaxis"] |= {"range": [0, 104], "nticks": 6}
    layout["xaxis"] |= {"range": [0, max(x) + 0.5], "rangemode": "tozero", "showgrid": False, "tickformat": "d"}
    layout["shapes"] = [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 50, "y1": 50, "line": {"color": GRID, "dash": "dot"}}
    ]
    return {"data": data, "layout": layout}
