"""A unit's series beside its peers, as a plotly figure; gaps stay gaps, and a lone year is a dot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from fuping.dashboard.figures.style import base_layout, plain, room_behind
from fuping.dashboard.i18n.formats import figure
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.unit import Series
from fuping.dashboard.queries.years import rhythm

__all__ = ["band", "layout", "lines", "runs", "trend"]

LINE, PEERS, BREAK, BAND = "#0b6b6c", "#8f918c", "#8f918c", "rgba(11,107,108,0.18)"


def runs(years: Sequence[int], there: Sequence[bool], breaks: Sequence[int]) -> list[list[int]]:
    """Return the places that a line may join: neighbours in the series' rhythm, both there, no break between.

    >>> runs([2010, 2011, 2012, 2015, 2016], [True, True, False, True, True], [2016])
    [[0, 1], [3], [4]]
    """
    step = rhythm(years)
    found: list[list[int]] = []
    for place, year in enumerate(years):
        if not there[place]:
            continue
        before = found[-1][-1] if found else None
        joined = before is not None and year - years[before] <= step
        if joined and before is not None and not any(years[before] < one <= year for one in breaks):
            found[-1].append(place)
        else:
            found.append([place])
    return found


def trend(series: Series, declared: dict[str, Any], language: str, *, name: str, peers: str) -> dict[str, Any]:
    """Return the figure.

    Parameters
    ----------
    declared
        The indicator, as the catalogue has it.
    name, peers
        What the two lines are called.
    """
    years = [one.year for one in series.figures]
    values = np.array([one.value for one in series.figures])
    breaks = declared["breaks_in_series"]
    unit, decimals = declared["unit"][language], declared["decimals"]
    data: list[dict[str, Any]] = []
    lower, upper = (np.array([getattr(one, bound) for one in series.figures]) for bound in ("lower", "upper"))
    data += band(years, lower, upper, breaks)
    if np.isfinite(series.peers).any():
        data += lines(years, series.peers, breaks, peers, PEERS, unit, decimals, language, width=1.5, dash="dot")
    data += lines(years, values, breaks, name, LINE, unit, decimals, language, width=2.5, dash="solid")
    inside = [year for year in breaks if years[0] < year <= years[-1]]
    return {"data": data, "layout": layout(unit, years, inside, language)}


def lines(
    years: Sequence[int],
    values: np.ndarray[Any, np.dtype[np.float64]],
    breaks: Sequence[int],
    name: str,
    colour: str,
    unit: str,
    decimals: int,
    language: str,
    *,
    width: float,
    dash: str,
) -> Iterator[dict[str, Any]]:
    """Yield a trace for each run of a series, so that no line bridges a gap or a break."""
    for run in runs(years, np.isfinite(values).tolist(), breaks):
        yield {
            "x": [years[place] for place in run],
            "y": [float(values[place]) for place in run],
            "text": [figure(float(values[place]), unit, decimals, language) for place in run],
            "name": name,
            "mode": "markers" if len(run) == 1 else "lines+markers" if len(years) <= 12 else "lines",
            "line": {"color": colour, "width": width, "dash": dash},
            "marker": {"color": colour, "size": 2 * width + 2},
            "hovertemplate": f"%{{x}}: %{{text}}<extra>{plain(name)}</extra>",
            "type": "scatter",
        }


def band(
    years: Sequence[int],
    lower: np.ndarray[Any, np.dtype[np.float64]],
    upper: np.ndarray[Any, np.dtype[np.float64]],
    breaks: Sequence[int],
) -> Iterator[dict[str, Any]]:
    """Yield the interval of a series for each run of years that have one."""
    for run in runs(years, (np.isfinite(lower) & np.isfinite(upper)).tolist(), breaks):
        there = [years[place] for place in run]
        yield {
            "x": there + there[::-1],
            "y": [float(upper[place]) for place in run] + [float(lower[place]) for place in reversed(run)],
            "fill": "toself",
            "fillcolor": BAND,
            "line": {"width": 0 if len(run) > 1 else 3, "color": BAND},
            "mode": "lines",
            "hoverinfo": "skip",
            "type": "scatter",
        }


def layout(unit: str, years: Sequence[int], breaks: Sequence[int], language: str) -> dict[str, Any]:
    """Return the layout of a chart over years; ``breaks`` are those to mark."""
    ticks = {"tickmode": "array", "tickvals": list(years)} if len(years) <= 5 else {"nticks": 6}
    edge = max(0.5, 0.03 * (years[-1] - years[0]))
    mark = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "line": {"color": BREAK, "width": 1, "dash": "dash"}}
    note = {"yref": "paper", "y": 1, "showarrow": False, "yanchor": "top", "font": {"size": 11}}
    drawn = base_layout(y_suffix=unit if unit == "%" else "")
    drawn["xaxis"] |= {"tickformat": "d", "showgrid": False, "range": [years[0] - edge, years[-1] + edge]} | ticks
    drawn["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    drawn["shapes"] = [{**mark, "x0": year - 0.5, "x1": year - 0.5} for year in breaks]
    sides = [(year, -0.4, "left") if room_behind(year, years) else (year, -0.6, "right") for year in breaks]
    drawn["annotations"] = [
        {**note, "x": year + aside, "xanchor": anchor, "text": message("chart.break", language, year=year)}
        for year, aside, anchor in sides
    ]
    return drawn | {"hovermode": "x"}
