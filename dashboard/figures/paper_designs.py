"""Charts of other designs as SVG, for paper: an outcome on both sides of a cutoff, how alike units are once matched."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from fuping.dashboard.figures.paper_trend import mark_decimals
from fuping.dashboard.figures.style import ACCENT, QUIET
from fuping.dashboard.figures.svg import document, element, text_width, words
from fuping.dashboard.i18n.formats import compact

__all__ = ["paper_jump", "paper_love", "round_marks"]

INK, SOFT, GRID = "#1d2422", "#565e5a", "#dad7cf"

LEFT, RIGHT, TOP, BOTTOM = 46.0, 8.0, 8.0, 30.0

ROW, FOOT, SIZE, MOST_NAME = 14.0, 28.0, 7.5, 0.45
"""Points: a covariate's row, the axis below the rows, the type; and the share of the width that names may take."""

ALIKE = 0.1
"""Standard deviations up to which groups are called alike."""


def round_marks(low: float, high: float, *, most: int = 6) -> list[float]:
    """Return round numbers within an interval, at most so many.

    >>> round_marks(-12.0, 31.0), round_marks(0.31, 0.55)
    ([-10.0, 0.0, 10.0, 20.0, 30.0], [0.35, 0.4, 0.45, 0.5, 0.55])
    """
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(size * power for size in (1, 2, 5, 10) if size * power * most >= span * (1 - 1e-9))
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(at * step, places) for at in range(first, last + 1)]


def paper_jump(
    bins: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    cutoff: float,
    reach: float,
    x_title: str,
    unit: str,
    decimals: int,
    language: str,
    width: float,
    height: float,
    label: str,
) -> str:
    """Return means of the outcome by bins of the score, and the local line on each side.

    Parameters
    ----------
    bins, lines, cutoff, reach
        As of :func:`fuping.dashboard.figures.designs.discontinuity_chart`.
    unit, decimals
        Of the outcome.
    width, height
        In points.
    label
        What a reader who cannot see it is told.
    """
    near = bins[(bins["score"] - cutoff).abs() <= 2 * reach]
    seen = pd.concat([near[["score", "outcome"]], lines[["score", "outcome"]]])
    (west, low), (east, high) = (getattr(seen, end)().tolist() for end in ("min", "max"))
    inner_w, inner_h = width - LEFT - RIGHT, height - TOP - BOTTOM

    def x(value: float) -> float:
        return round(LEFT + 6 + (inner_w - 12) * (value - west) / ((east - west) or 1.0), 1)

    def y(value: float) -> float:
        return round(TOP + 4 + (inner_h - 8) * (1 - (value - low) / ((high - low) or 1.0)), 1)

    floor = TOP + inner_h
    parts = []
    marks = round_marks(low, high, most=5)
    places = mark_decimals(marks, decimals)
    for mark in marks:
        parts.append(element("path", d=f"M{LEFT} {y(mark)}H{LEFT + inner_w}", stroke=GRID, stroke_width=0.5))
        told = compact(mark, unit, places, language) + ("%" if unit == "%" else "")
        parts.append(words(told, LEFT - 4, y(mark) + 2.4, size=7, fill=SOFT, text_anchor="end"))
    for mark in round_marks(west, east, most=7):
        parts.append(element("path", d=f"M{x(mark)} {floor}v3", stroke=SOFT, stroke_width=0.5))
        told = f"{mark:g}".replace("-", "−")
        parts.append(words(told, x(mark), floor + 10, size=7, fill=SOFT, text_anchor="middle"))
    parts.append(words(x_title, LEFT + inner_w / 2, height - 5, size=7, fill=SOFT, text_anchor="middle"))
    dashed = {"stroke": QUIET, "stroke_width": 0.8, "stroke_dasharray": "3 2"}
    parts.append(element("path", d=f"M{x(cutoff)} {TOP}V{floor}", **dashed))
    for right, colour in ((False, QUIET), (True, ACCENT)):
        side = near.loc[near["right"] == right, ["score", "outcome"]].to_numpy()
        parts += [element("circle", cx=x(a), cy=y(b), r=2, fill=colour, fill_opacity=0.7) for a, b in side.tolist()]
        drawn = "L".join(
            f"{x(a)} {y(b)}" for a, b in lines.loc[lines["right"] == right, ["score", "outcome"]].to_numpy()
        )
        parts.append(element("path", d=f"M{drawn}", stroke=colour, stroke_width=1.8, fill="none"))
    return document(width, height, *parts, label=label)


def paper_love(
    names: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    *,
    x_title: str,
    width: float,
    label: str,
) -> str:
    """Return absolute standardised differences before (open) and after matching (full), a covariate a row.

    Parameters
    ----------
    width
        In points.
    label
        What a reader who cannot see it is told.
    """
    gaps = [np.abs(np.asarray(values, dtype=np.float64)) for values in (before, after)]
    most = max(ALIKE, *(float(values.max(initial=0.0)) for values in gaps))
    left = min(max(text_width(name, SIZE) for name in names) + 10, MOST_NAME * width)
    floor, height = len(names) * ROW, len(names) * ROW + FOOT

    def x(value: float) -> float:
        return round(left + 10 + (width - left - 24) * value / most, 1)

    parts = [element("path", d=f"M{x(0)} 2V{floor}", stroke=SOFT, stroke_width=0.6)]
    parts.append(element("path", d=f"M{x(ALIKE)} 2V{floor}", stroke=QUIET, stroke_width=0.8, stroke_dasharray="3 2"))
    for mark in round_marks(0.0, most):
        parts.append(element("path", d=f"M{x(mark)} {floor}v3", stroke=SOFT, stroke_width=0.6))
        parts.append(words(f"{mark:g}", x(mark), floor + 11, size=7, fill=SOFT, text_anchor="middle"))
    parts.append(words(x_title, (left + width) / 2, height - 5, size=7, fill=SOFT, text_anchor="middle"))
    for place, (name, first, last) in enumerate(zip(names, *gaps, strict=True)):
        middle = place * ROW + ROW / 2
        parts.append(words(name, 0, middle + 2.6, size=SIZE, fill=INK))
        parts.append(element("circle", cx=x(first), cy=middle, r=2.6, fill="none", stroke=QUIET, stroke_width=1.2))
        parts.append(element("circle", cx=x(last), cy=middle, r=2.6, fill=ACCENT))
    return document(width, height, *parts, label=label)
