"""Series over the years as SVG, for paper: names stand at the ends of their lines; gaps and breaks stay open."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from fuping.dashboard.figures.style import QUIET, room_behind
from fuping.dashboard.figures.svg import document, element, words, wrapped
from fuping.dashboard.figures.trend import runs
from fuping.dashboard.i18n.formats import compact
from fuping.dashboard.i18n.messages import message
from numpy.typing import NDArray

__all__ = ["PaperSeries", "mark_decimals", "paper_trend", "ticks"]

INK, SOFT, GRID = "#1d2422", "#565e5a", "#dad7cf"

LEFT, RIGHT, TOP, BOTTOM = 40.0, 122.0, 10.0, 18.0

NAME_STEP = 10.0
"""Least distance between the baselines of two names."""


@dataclass(frozen=True, eq=False)
class PaperSeries:
    """One line.

    Parameters
    ----------
    name
        Written at its end.
    years, values
        m years and m figures, NaN where missing.
    colour, width, dash
        Of the line.
    lower, upper
        m bounds of an interval each, where there is one.
    """

    name: str
    years: Sequence[int]
    values: NDArray[np.float64]
    colour: str
    width: float = 1.2
    dash: str | None = None
    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None


def ticks(top: float, *, most: int = 5) -> list[float]:
    """Return round numbers from 0 to the first that is not below ``top``.

    >>> ticks(23.0), ticks(0.7)
    ([0.0, 5.0, 10.0, 15.0, 20.0, 25.0], [0.0, 0.2, 0.4, 0.6000000000000001, 0.8])
    """
    power = 10.0 ** math.floor(math.log10(top / most))
    step = next(size * power for size in (1, 2, 5, 10) if size * power * most >= top * (1 - 1e-9))
    return [step * number for number in range(math.ceil(top / step - 1e-9) + 1)]


def paper_trend(
    series: Sequence[PaperSeries],
    *,
    width: float,
    height: float,
    unit: str,
    decimals: int,
    breaks: Sequence[int],
    language: str,
    label: str,
) -> str:
    """Return the picture; the axis begins at zero, or at the least figure where one is below it.

    Parameters
    ----------
    series
        The first is drawn last, over the others; at least one figure among them all.
    width, height
        In points.
    breaks
        Years in which a series begins anew: no line crosses them.
    """
    years = sorted({year for one in series for year in one.years})
    tops = [one.upper if one.upper is not None else one.values for one in series]
    high = max(float(np.nanmax(top)) for top in tops if np.isfinite(top).any())
    low = min(float(np.nanmin(one.values)) for one in series if np.isfinite(one.values).any())
    marks = ticks(high) if high > 0 else [0.0]
    if low < 0:
        marks = [-one for one in reversed(ticks(-low)[1:])] + marks
    inner_w, inner_h = width - LEFT - RIGHT, height - TOP - BOTTOM
    first, span = years[0], max(years[-1] - years[0], 1)
    floor, rise = marks[0], (marks[-1] - marks[0]) or 1.0

    def x(year: float) -> float:
        return round(LEFT + 8 + (inner_w - 16) * ((year - first) / span if len(years) > 1 else 0.5), 1)

    def y(value: float) -> float:
        return round(TOP + inner_h * (1 - (value - floor) / rise), 1)

    parts = []
    shown = mark_decimals(marks, decimals)
    for mark in marks:
        line = {"stroke": SOFT if mark == 0 else GRID, "stroke_width": 0.5}
        parts.append(element("path", d=f"M{LEFT} {y(mark)}H{LEFT + inner_w}", **line))
        text = compact(mark, unit, shown, language) + ("%" if unit == "%" else "")
        parts.append(words(text, LEFT - 4, y(mark) + 2.4, size=7, fill=SOFT, text_anchor="end"))
    for year in _year_ticks(years):
        parts.append(words(str(year), x(year), height - 5, size=7, fill=SOFT, text_anchor="middle"))
    for year in (one for one in breaks if years[0] < one <= years[-1]):
        at = x(year - 0.5)
        parts.append(
            element("path", d=f"M{at} {TOP}v{inner_h}", stroke=QUIET, stroke_width=0.6, stroke_dasharray="3 2")
        )
        aside, anchor = (3, "start") if room_behind(year, years) else (-3, "end")
        told = message("chart.break", language, year=year)
        parts.append(words(told, at + aside, TOP + 6, size=6.5, fill=SOFT, text_anchor=anchor))
    ends = []
    for one in reversed(series):
        parts.append(_line(one, x, y, breaks))
        there = np.flatnonzero(np.isfinite(one.values))
        if len(there):
            ends.append((y(float(one.values[there[-1]])), one))
    return document(width, height, *parts, *_end_names(ends, LEFT + inner_w + 4, height), label=label)


def mark_decimals(marks: Sequence[float], most: int) -> int:
    """Return the fewest decimals that tell marks apart, at most those of the figures.

    >>> mark_decimals([0.0, 0.5], 2), mark_decimals([0.0, 5.0], 2)
    (1, 0)
    """
    return next((places for places in range(most) if all(round(one, places) == one for one in marks)), max(most, 0))


def _year_ticks(years: Sequence[int]) -> list[int]:
    if len(years) <= 8:
        return list(years)
    step = math.ceil((years[-1] - years[0]) / 6)
    return [year for year in range(years[0], years[-1] + 1) if (years[-1] - year) % step == 0]


def _line(one: PaperSeries, x: Callable[[float], float], y: Callable[[float], float], breaks: Sequence[int]) -> str:
    parts = []
    there = np.isfinite(one.values)
    if one.lower is not None and one.upper is not None:
        both = (np.isfinite(one.lower) & np.isfinite(one.upper)).tolist()
        for run in runs(one.years, both, breaks):
            outline = [(one.years[at], one.upper[at]) for at in run]
            outline += [(one.years[at], one.lower[at]) for at in reversed(run)]
            drawn = "L".join(f"{x(year)} {y(float(value))}" for year, value in outline)
            edge = {"stroke": one.colour, "stroke_width": 2 if len(run) == 1 else 0, "stroke_opacity": 0.25}
            parts.append(element("path", d=f"M{drawn}Z", fill=one.colour, fill_opacity=0.18, **edge))
    for run in runs(one.years, there.tolist(), breaks):
        points = [(x(one.years[at]), y(float(one.values[at]))) for at in run]
        line = {"stroke": one.colour, "stroke_width": one.width, "stroke_dasharray": one.dash, "fill": "none"}
        if len(run) > 1:
            parts.append(
                element("path", d="M" + "L".join(f"{a} {b}" for a, b in points), stroke_linejoin="round", **line)
            )
        if len(run) == 1 or len(one.years) <= 12:
            parts += [element("circle", cx=a, cy=b, r=one.width + 0.7, fill=one.colour) for a, b in points]
    return element("g", *parts) if parts else ""


def _end_names(ends: Sequence[tuple[float, PaperSeries]], x: float, height: float) -> list[str]:
    """Write each name beside the end of its line, pushed down where two would meet."""
    parts, free = [], 0.0
    rows = [(at, one, wrapped(one.name, RIGHT - 8, 7)[:2]) for at, one in sorted(ends, key=lambda end: end[0])]
    needed = sum(NAME_STEP + 8 * (len(lines) - 1) for *_, lines in rows)
    for at, one, lines in rows:
        tall = NAME_STEP + 8 * (len(lines) - 1)
        base = max(free, min(at + 2.4, height - BOTTOM - needed + NAME_STEP))
        weight = 700 if one.width > 1.5 else None
        for number, line in enumerate(lines):
            parts.append(words(line, x, round(base + 8 * number, 1), size=7, fill=one.colour, font_weight=weight))
        free, needed = base + tall, needed - tall
    return parts
