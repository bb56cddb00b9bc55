"""Change against the starting level, with the line through it; and a measure of dispersion with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from fuping.dashboard.figures.style import ACCENT, GRID, QUIET, base_layout, plain
from fuping.dashboard.figures.trend import BAND, layout, runs
from fuping.dashboard.i18n.formats import number, unit_pattern
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.draw_level import DrawingLevel
from numpy.typing import ArrayLike

__all__ = ["dispersion", "scatter"]

FIT = "#c2571a"

LEAST_TICKS = 3


def scatter(
    found: DrawingLevel,
    declared: Mapping[str, Any],
    language: str,
    *,
    names: Mapping[int, tuple[str, str]],
    selected: int | None,
    change_unit: str,
) -> dict[str, Any]:
    """Return the scatter: the figure at the start across, the average change a year upwards.

    Parameters
    ----------
    names
        Position of a unit → its code and name.
    selected
        Position of the selected unit.
    change_unit
        What the change is in.
    """
    unit, decimals = declared["unit"][language], declared["decimals"]
    texts = [plain(names[int(at)][1]) for at in found.places]
    # The browser writes the figures: for thousands of units it is quicker, and a third of the bytes.
    start = unit_pattern(unit, language).format(value=f"%{{x:,.{max(decimals, 0)}f}}")
    told = f"%{{text}}<br>{found.first}: {start}<br>%{{y:+,.{max(decimals, 0) + 1}f}} {change_unit}<extra></extra>"
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": _short(found.start),
            "y": _short(found.change),
            "text": texts,
            "customdata": [names[int(at)][0] for at in found.places],
            "marker": {"color": QUIET, "size": 6 if len(texts) < 100 else 4, "opacity": 0.5},
            "hovertemplate": told,
        },
        _fit(found),
    ]
    if selected in found.places:
        at = int(np.flatnonzero(found.places == selected)[0])
        marker = {"color": ACCENT, "size": 12, "line": {"color": "#ffffff", "width": 1.5}}
        one = {"x": [float(found.start[at])], "y": [float(found.change[at])], "text": [texts[at]], "marker": marker}
        data.append({"type": "scatter", "mode": "markers", "hovertemplate": told, **one})
    x_title = message("trends.start_axis", language, year=found.first, unit=unit)
    y_title = message("trends.change_axis", language, unit=change_unit)
    drawn = base_layout(x_title=x_title, y_title=y_title)
    drawn["yaxis"] |= {"zeroline": True, "zerolinecolor": QUIET, "zerolinewidth": 1, "nticks": 6}
    drawn["xaxis"] |= {"nticks": 6, "gridcolor": GRID}
    if found.log:
        drawn["xaxis"] |= {"type": "log", **_log_ticks(found.start)}
    return {"data": data, "layout": drawn | {"hovermode": "closest"}}


def _short(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    # Four digits are more than a screen has pixels, and a third of the bytes.
    return [float(f"{one:.4g}") for one in values]


def _log_ticks(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    decades = range(int(np.floor(np.log10(values.min()))), int(np.ceil(np.log10(values.max()))) + 1)
    ticks: list[float] = []
    for steps in ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8), np.arange(1, 10, 0.5)):
        every = [float(step) * 10.0**decade for decade in decades for step in steps]
        ticks = [one for one in every if values.min() <= one <= values.max()]
        if len(ticks) >= LEAST_TICKS:
            break
    return {"tickmode": "array", "tickvals": ticks}


def _fit(found: DrawingLevel) -> dict[str, Any]:
    ends = np.array([found.start.min(), found.start.max()])
    scale = 100 if found.log else 1
    level = np.log(ends) if found.log else ends
    line = scale * (found.beta.intercept.value + found.beta.slope.value * level)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": ends.tolist(),
        "y": line.tolist(),
        "line": {"color": FIT, "width": 2},
        "hoverinfo": "skip",
    }


def dispersion(
    years: Sequence[int],
    value: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    breaks: Sequence[int],
    decimals: int,
    language: str,
) -> dict[str, Any]:
    """Return a measure over the years, with its interval."""
    middle, ends = np.asarray(value, dtype=float), (np.asarray(low, dtype=float), np.asarray(high, dtype=float))
    data = list(_measure(years, middle, *ends, breaks=breaks, decimals=decimals, language=language))
    inside = [year for year in breaks if years[0] < year <= years[-1]]
    drawn = layout("", list(years), inside, language)
    drawn["yaxis"] |= {"tickformat": ",~g"}
    return {"data": data, "layout": drawn}


def _measure(
    years: Sequence[int],
    value: np.ndarray[Any, np.dtype[np.float64]],
    low: np.ndarray[Any, np.dtype[np.float64]],
    high: np.ndarray[Any, np.dtype[np.float64]],
    *,
    breaks: Sequence[int],
    decimals: int,
    language: str,
) -> Iterator[dict[str, Any]]:
    for run in runs(years, np.isfinite(value).tolist(), breaks):
        there = [years[at] for at in run]
        yield {
            "type": "scatter",
            "mode": "lines",
            "x": there + there[::-1],
            "y": [float(high[at]) for at in run] + [float(low[at]) for at in reversed(run)],
            "fill": "toself",
            "fillcolor": BAND,
            "line": {"width": 0 if len(run) > 1 else 4, "color": BAND},
            "hoverinfo": "skip",
        }
        texts = [
            f"{number(value[at], decimals, language)} "
            + message(
                "trends.from_to",
                language,
                low=number(low[at], decimals, language),
                high=number(high[at], decimals, language),
            )
            for at in run
        ]
        yield {
            "type": "scatter",
            "mode": "lines+markers",
            "x": there,
            "y": [float(value[at]) for at in run],
            "text": texts,
            "line": {"color": ACCENT, "width": 2},
            "marker": {"color": ACCENT, "size": 6},
            "hovertemplate": "%{x}: %{text}<extra></extra>",
        }
