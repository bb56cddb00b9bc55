"""Estimates with their intervals below one another, on one axis with a line at zero; as SVG, for paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from fuping.dashboard.figures.style import ACCENT
from fuping.dashboard.figures.svg import document, element, text_width, words

__all__ = ["Whisker", "whiskers"]

INK, SOFT = "#1d2422", "#565e5a"

ROW, FOOT, SIZE, MOST_NAME = 14.0, 16.0, 7.5, 0.45
"""Points: a row, the axis below them, the type; and the share of the width that names may take."""


@dataclass(frozen=True)
class Whisker:
    """One estimate: its name, its value, and the ends of its interval; NaN where there is none."""

    name: str
    value: float
    low: float
    high: float


def whiskers(rows: Sequence[Whisker], write: Callable[[float], str], *, width: float, label: str) -> str:
    """Return the picture; the axis holds zero, every estimate and every interval.

    Parameters
    ----------
    rows
        At least one; an estimate that is not finite leaves its row empty.
    write
        What a figure is written as on the axis.
    width
        In points.
    label
        What a reader who cannot see it is told.
    """
    ends = np.array([[one.value, one.low, one.high] for one in rows], dtype=np.float64)
    least = float(np.nanmin(ends, initial=0.0))
    most = float(np.nanmax(ends, initial=0.0))
    span = (most - least) or 1.0
    left = min(max(text_width(one.name, SIZE) for one in rows) + 10, MOST_NAME * width)
    height = len(rows) * ROW + FOOT

    def x(value: float) -> float:
        return round(left + 20 + (width - left - 44) * (value - least) / span, 1)

    floor = len(rows) * ROW
    parts = [element("path", d=f"M{x(0)} 2V{floor}", stroke=SOFT, stroke_width=0.6)]
    for mark in sorted({least, 0.0, most}):
        parts.append(element("path", d=f"M{x(mark)} {floor}v3", stroke=SOFT, stroke_width=0.6))
    # Where figures would lie on each other, zero is the one that stays.
    shown: list[float] = []
    for mark in (0.0, least, most):
        if all(abs(x(mark) - x(other)) > 34 for other in shown):
            parts.append(words(write(mark), x(mark), floor + 11, size=7, fill=SOFT, text_anchor="middle"))
            shown.append(mark)
    for place, one in enumerate(rows):
        middle = place * ROW + ROW / 2
        parts.append(words(one.name, 0, middle + 2.6, size=SIZE, fill=INK))
        if np.isfinite(one.low) and np.isfinite(one.high):
            parts.append(element("path", d=f"M{x(one.low)} {middle}H{x(one.high)}", stroke=ACCENT, stroke_width=1.2))
        if np.isfinite(one.value):
            parts.append(element("circle", cx=x(one.value), cy=middle, r=2.6, fill=ACCENT))
    return document(width, height, *parts, label=label)
