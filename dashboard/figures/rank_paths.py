"""Ranks over the years, the first at the top; each unit a line with its name at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from fuping.dashboard.figures.style import ACCENT, GRID, QUIET, plain
from fuping.dashboard.figures.trend import layout, runs
from fuping.dashboard.i18n.formats import figure, number
from fuping.dashboard.queries.rank_paths import RankPath, RankPaths

__all__ = ["rank_chart"]

HEIGHT = 360
"""Pixels that the labels are kept apart for."""

LABEL = 15

LONG_AXIS = 40
"""Ranks beyond this are drawn on a logarithmic axis, so that the first ones stay apart."""

MARKED = 12
"""With more years the marks would hide the lines."""

LATIN_LETTERS, CHINESE_LETTERS = 17, 9
"""Longest name at the end of a line."""


def rank_chart(found: RankPaths, declared: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the figure."""
    breaks = [year for year in declared["breaks_in_series"] if found.years[0] < year <= found.years[-1]]
    known = np.concatenate([one.ranks[np.isfinite(one.ranks)] for one in found.paths])
    low, high = float(known.min()), float(known.max())
    logarithmic = high > LONG_AXIS and low < LONG_AXIS / 4
    data: list[dict[str, Any]] = []
    for one in sorted(found.paths, key=lambda path: path.selected):
        data += _path(found, one, declared, language)
    drawn = layout("", found.years, breaks, language) | {"hovermode": "closest"}
    pad = max(0.6, 0.04 * (high - low))
    edges = (np.log10([low * 0.85, high * 1.18]) if logarithmic else np.array([low - pad, high + pad])).tolist()
    drawn["yaxis"] |= {
        "type": "log" if logarithmic else "linear",
        "range": edges[::-1],
        "autorange": False,
        "tickformat": ",d",
        "gridcolor": GRID,
        "rangemode": "normal",
    }
    if logarithmic:
        ticks = [one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if low <= one <= high]
        drawn["yaxis"] |= {"tickmode": "array", "tickvals": ticks}
    drawn["margin"] = drawn["margin"] | {"r": 136, "t": 24}
    # Lines reach the top, so what is said of a break stands above it.
    drawn["annotations"] = [one | {"yanchor": "bottom"} for one in drawn["annotations"]]
    drawn["annotations"] += _labels(found, edges, logarithmic=logarithmic, language=language)
    return {"data": data, "layout": drawn}


def _path(found: RankPaths, one: RankPath, declared: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    unit, decimals = declared["unit"][language], declared["decimals"]
    for run in runs(found.years, np.isfinite(one.ranks).tolist(), declared["breaks_in_series"]):
        texts = [
            f"{number(one.ranks[at], 0, language)} / {number(found.n[at], 0, language)} · "
            f"{figure(float(one.values[at]), unit, decimals, language)}"
            for at in run
        ]
        yield {
            "type": "scatter",
            "mode": "lines+markers" if one.selected or len(run) == 1 or len(found.years) <= MARKED else "lines",
            "x": [found.years[at] for at in run],
            "y": [float(one.ranks[at]) for at in run],
            "text": texts,
            "customdata": [one.unit.code] * len(run),
            "line": {"color": ACCENT if one.selected else QUIET, "width": 3 if one.selected else 1.5},
            "opacity": 1 if one.selected else 0.75,
            "marker": {"color": ACCENT if one.selected else QUIET, "size": 8 if one.selected else 5},
            "hovertemplate": f"%{{x}}: %{{text}}<extra>{plain(one.unit.name)}</extra>",
        }


def _labels(found: RankPaths, edges: list[float], *, logarithmic: bool, language: str) -> Iterator[dict[str, Any]]:
    at = found.years.index(found.year)
    shown = [one for one in found.paths if np.isfinite(one.ranks[at])]
    ranks = np.array([one.ranks[at] for one in shown])
    heights = (edges[1] - (np.log10(ranks) if logarithmic else ranks)) / (edges[1] - edges[0])
    for one, height in zip(shown, _apart(heights, LABEL / HEIGHT), strict=True):
        text = f"{number(one.ranks[at], 0, language)} {_short(one.unit.name)}"
        yield {
            "x": 1.01,
            "xref": "paper",
            "xanchor": "left",
            "y": height,
            "yref": "paper",
            "yanchor": "middle",
            "text": f"<b>{plain(text)}</b>" if one.selected else plain(text),
            "font": {"size": 11},
            "showarrow": False,
        }


def _apart(heights: np.ndarray[Any, np.dtype[np.float64]], gap: float) -> list[float]:
    """Return heights pushed apart to at least ``gap``, within 0 to 1, in the same order; the highest comes first.

    >>> [round(one, 2) for one in _apart(np.array([0.9, 0.89, 0.1]), 0.05)]
    [0.9, 0.85, 0.1]
    """
    order = np.argsort(-heights, kind="stable")
    placed = np.empty(len(heights))
    above = 1 + gap
    for place in order:
        above = min(float(heights[place]), above - gap)
        placed[place] = above
    below = -gap
    for place in order[::-1]:
        below = max(float(placed[place]), below + gap)
        placed[place] = below
    return placed.tolist()


def _short(name: str) -> str:
    most = CHINESE_LETTERS if any(ord(one) > 0x2E80 for one in name) else LATIN_LETTERS
    return name if len(name) <= most else f"{name[: most - 1]}…"
