"""The distribution of each year: a box of its quartiles with whiskers, and each unit where they are few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from fuping.dashboard.figures.spread import LEAST_FOR_BANDS, MOST_LINES
from fuping.dashboard.figures.style import ACCENT, QUIET, plain
from fuping.dashboard.figures.trend import layout
from fuping.dashboard.i18n.formats import figure, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.spread import Spread
from fuping.dashboard.queries.years import rhythm
from numpy.typing import NDArray

__all__ = ["distribution"]

COUNTED = 8
"""With more years the numbers of units would run into each other; the table has them."""

POINTED = 12
"""With more years the points would fill the picture; the boxes remain."""


def distribution(
    found: Spread,
    declared: Mapping[str, Any],
    language: str,
    *,
    unit_of: Sequence[tuple[str, str]],
    selected: int | None,
) -> dict[str, Any]:
    """Return the figure.

    Parameters
    ----------
    unit_of
        Code and name of each unit looked at.
    selected
        Which of them is selected.
    """
    rows = [row for row, n in enumerate(found.n) if n]
    years = [found.years[row] for row in rows]
    breaks = [year for year in declared["breaks_in_series"] if years[0] < year <= years[-1]]
    unit, decimals = declared["unit"][language], declared["decimals"]
    # The mark of a break stands half a year before it, where a wide box would cover it.
    width = min(0.5 * rhythm(years), 0.8) if breaks else 0.5 * rhythm(years)
    data: list[dict[str, Any]] = []
    if len(found.places) >= LEAST_FOR_BANDS:
        data += [_boxes(found, rows, width), _read(found, rows, unit, decimals, language)]
    few = len(found.places) <= MOST_LINES and len(rows) <= POINTED
    for row in rows:
        data += _points(found, row, width, few=few, unit_of=unit_of, unit=unit, decimals=decimals, language=language)
    if selected is not None:
        data.append(_selected(found, rows, selected, unit_of[selected], unit, decimals, language))
    drawn = layout(unit, years, breaks, language) | {"hovermode": "closest"}
    drawn["xaxis"] |= {"range": [years[0] - 1.4 * width, years[-1] + 1.4 * width]}
    drawn["yaxis"] |= {"rangemode": "normal" if declared["kind"] == "index" else "tozero"}
    if len(years) <= COUNTED:
        drawn["margin"] = drawn["margin"] | {"t": 28}
        drawn["annotations"] += [_count(found, row, language) for row in rows]
    return {"data": data, "layout": drawn}


def _boxes(found: Spread, rows: list[int], width: float) -> dict[str, Any]:
    low, first, middle, third, high = found.quantiles[:, rows]
    return {
        "type": "box",
        "x": [found.years[row] for row in rows],
        "q1": first.tolist(),
        "median": middle.tolist(),
        "q3": third.tolist(),
        "lowerfence": low.tolist(),
        "upperfence": high.tolist(),
        "width": width,
        "line": {"color": QUIET, "width": 1.5},
        "fillcolor": "rgba(128,130,124,0.18)",
        "hoverinfo": "skip",
    }


def _read(found: Spread, rows: list[int], unit: str, decimals: int, language: str) -> dict[str, Any]:
    """Return marks without a picture that tell the box of a year when pointed at."""
    texts = []
    for row in rows:
        parts = {
            name: figure(float(found.quantiles[place, row]), unit, decimals, language)
            for place, name in enumerate(("p10", "p25", "p50", "p75", "p90"))
        }
        n, expected = number(int(found.n[row]), 0, language), number(int(found.expected[row]), 0, language)
        texts.append(message("trends.box", language, year=found.years[row], n=n, expected=expected, **parts))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [found.years[row] for row in rows],
        "y": found.quantiles[2, rows].tolist(),
        "marker": {"color": QUIET, "size": 7, "symbol": "diamond"},
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
    }


def _points(
    found: Spread,
    row: int,
    width: float,
    *,
    few: bool,
    unit_of: Sequence[tuple[str, str]],
    unit: str,
    decimals: int,
    language: str,
) -> Iterator[dict[str, Any]]:
    """Yield the units of a year: all where they are few, else the lowest and the highest."""
    figures = found.values[row]
    there = np.flatnonzero(np.isfinite(figures))
    ordered = there[np.argsort(figures[there], kind="stable")]
    shown = ordered if few else ordered[[0, -1]]
    # Points of neighbouring height stand side by side: a fixed zigzag, so that the same figures look the same.
    steps: NDArray[np.float64] = (np.arange(len(shown)) % 5 - 2) / 5 if few else np.zeros(len(shown))
    yield {
        "type": "scatter",
        "mode": "markers",
        "x": (found.years[row] + width * 0.8 * steps).tolist(),
        "y": figures[shown].tolist(),
        "marker": {"color": QUIET, "size": 5, "opacity": 0.75},
        "customdata": [unit_of[at][0] for at in shown],
        "text": [f"{plain(unit_of[at][1])}: {figure(float(figures[at]), unit, decimals, language)}" for at in shown],
        "hovertemplate": f"{found.years[row]} · %{{text}}<extra></extra>",
    }


def _selected(
    found: Spread, rows: list[int], at: int, named: tuple[str, str], unit: str, decimals: int, language: str
) -> dict[str, Any]:
    there = [row for row in rows if np.isfinite(found.values[row, at])]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [found.years[row] for row in there],
        "y": [float(found.values[row, at]) for row in there],
        "marker": {"color": ACCENT, "size": 10, "line": {"color": "#ffffff", "width": 1}},
        "text": [figure(float(found.values[row, at]), unit, decimals, language) for row in there],
        "hovertemplate": f"%{{x}}: %{{text}}<extra>{plain(named[1])}</extra>",
    }


def _count(found: Spread, row: int, language: str) -> dict[str, Any]:
    n, expected = (number(int(one[row]), 0, language) for one in (found.n, found.expected))
    whole = found.n[row] == found.expected[row]
    text = message("trends.n", language, n=n) if whole else message("trends.n_of", language, n=n, expected=expected)
    place = {"x": found.years[row], "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {**place, "text": text, "showarrow": False, "font": {"size": 11}}
