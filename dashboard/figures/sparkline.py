"""A series as a line as high as its words, as SVG: gaps and breaks stay gaps, a lone year is a dot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from fuping.dashboard.figures.style import ACCENT, QUIET
from fuping.dashboard.figures.svg import document, element
from fuping.dashboard.figures.trend import runs
from numpy.typing import ArrayLike

__all__ = ["sparkline"]

WIDTH, HEIGHT, EDGE = 120.0, 30.0, 4.0


def sparkline(years: Sequence[int], values: ArrayLike, *, breaks: Sequence[int], label: str) -> str:
    """Return the picture; across are true years, up is from the least figure to the greatest.

    Parameters
    ----------
    years, values
        The series, NaN where missing; at least one figure.
    breaks
        First years of another definition or method: no line joins what lies on both sides.
    label
        What a reader who cannot see it is told.
    """
    series = np.asarray(values, dtype=np.float64)
    there = np.isfinite(series)
    low, high = float(series[there].min()), float(series[there].max())
    span = years[-1] - years[0] or 1

    def x(place: int) -> float:
        share = (years[place] - years[0]) / span if len(years) > 1 else 0.5
        return round(EDGE + (WIDTH - 2 * EDGE) * share, 1)

    def y(place: int) -> float:
        share = (series[place] - low) / (high - low) if high > low else 0.5
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * float(share), 1)

    parts = []
    for run in runs(years, there.tolist(), breaks):
        if len(run) == 1:
            parts.append(element("circle", cx=x(run[0]), cy=y(run[0]), r=1.6, fill=QUIET))
        else:
            path = "L".join(f"{x(place)} {y(place)}" for place in run)
            parts.append(element("path", d=f"M{path}", fill="none", stroke=QUIET, stroke_width=1.5))
    last = int(np.flatnonzero(there)[-1])
    parts.append(element("circle", cx=x(last), cy=y(last), r=2.8, fill=ACCENT))
    return document(WIDTH, HEIGHT, *parts, label=label)
