"""All units over the years: bands of their quantiles, each unit where they are few, and the series singled out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from fuping.dashboard.figures.comparison import COLOURS, DASHES
from fuping.dashboard.figures.style import QUIET, plain
from fuping.dashboard.figures.trend import BAND, layout, lines, runs
from fuping.dashboard.i18n.formats import figure
from fuping.dashboard.queries.spread import Spread, Track
from numpy.typing import NDArray

__all__ = ["LEAST_FOR_BANDS", "MEDIAN", "MOST_LINES", "OUTER", "QUARTILES", "spread_chart"]

OUTER, QUARTILES, MEDIAN = "rgba(128,130,124,0.16)", "rgba(128,130,124,0.26)", QUIET

MOST_LINES = 60
"""Units that are drawn one by one; more are told by their quantiles alone."""

LEAST_FOR_BANDS = 8


def spread_chart(
    found: Spread,
    tracks: Sequence[Track],
    declared: Mapping[str, Any],
    language: str,
    *,
    names: Sequence[tuple[str, str]],
    median: str,
) -> dict[str, Any]:
    """Return the figure.

    Parameters
    ----------
    tracks
        Series singled out, at most as many as there are colours.
    declared
        The indicator, as the catalogue has it.
    names
        Code and name of each unit looked at; only where they are few.
    median
        What the line of the medians is called.
    """
    years, breaks = found.years, declared["breaks_in_series"]
    unit, decimals = declared["unit"][language], declared["decimals"]
    data: list[dict[str, Any]] = []
    if len(found.places) >= LEAST_FOR_BANDS:
        data += _band(years, found.quantiles[0], found.quantiles[4], breaks, OUTER)
        data += _band(years, found.quantiles[1], found.quantiles[3], breaks, QUARTILES)
    if 1 < len(found.places) <= MOST_LINES:
        data += _units(found, breaks, names, unit, decimals, language)
    if len(found.places) >= LEAST_FOR_BANDS:
        values = found.quantiles[2]
        data += lines(years, values, breaks, median, MEDIAN, unit, decimals, language, width=2, dash="dot")
    for one, colour, dash in reversed(list(zip(tracks, COLOURS, DASHES, strict=False))):
        own = [each.year for each in one.figures]
        low, high = (np.array([getattr(each, end) for each in one.figures]) for end in ("lower", "upper"))
        if one.selected:
            data += _band(own, low, high, breaks, BAND)
        values = np.array([each.value for each in one.figures])
        width = 3.0 if one.selected else 1.75
        data += lines(own, values, breaks, one.place.name, colour, unit, decimals, language, width=width, dash=dash)
    every = sorted({*years, *(each.year for one in tracks for each in one.figures)})
    inside = [year for year in breaks if every[0] < year <= every[-1]]
    drawn = layout(unit, every, inside, language) | {"hovermode": "closest"}
    if declared["kind"] == "index":
        # An index has no zero to start from.
        drawn["yaxis"] |= {"rangemode": "normal"}
    return {"data": data, "layout": drawn}


def _band(
    years: Sequence[int],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    breaks: Sequence[int],
    colour: str,
) -> Iterator[dict[str, Any]]:
    for run in runs(years, (np.isfinite(low) & np.isfinite(high)).tolist(), breaks):
        there = [years[place] for place in run]
        yield {
            "x": there + there[::-1],
            "y": [float(high[place]) for place in run] + [float(low[place]) for place in reversed(run)],
            "fill": "toself",
            "fillcolor": colour,
            "line": {"width": 0 if len(run) > 1 else 9, "color": colour},
            "mode": "lines",
            "hoverinfo": "skip",
            "type": "scatter",
        }


def _units(
    found: Spread, breaks: Sequence[int], names: Sequence[tuple[str, str]], unit: str, decimals: int, language: str
) -> Iterator[dict[str, Any]]:
    for column, (code, name) in zip(found.values.T, names, strict=True):
        for run in runs(found.years, np.isfinite(column).tolist(), breaks):
            yield {
                "x": [found.years[place] for place in run],
                "y": [float(column[place]) for place in run],
                "text": [figure(float(column[place]), unit, decimals, language) for place in run],
                "customdata": [code] * len(run),
                "mode": "lines" if len(run) > 1 else "markers",
                "line": {"color": QUIET, "width": 0.8},
                "marker": {"color": QUIET, "size": 3},
                "opacity": 0.6,
                "hovertemplate": f"%{{x}}: %{{text}}<extra>{plain(name)}</extra>",
                "type": "scatter",
            }
