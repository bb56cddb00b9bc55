"""Where one unit stands among its peers: each peer a tick on one line, the median a bar, the unit a dot; as SVG."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.figures.style import ACCENT, QUIET
from fuping.dashboard.figures.svg import document, element
from numpy.typing import ArrayLike

__all__ = ["strip"]

WIDTH, HEIGHT, EDGE = 120.0, 16.0, 5.0


def strip(peers: ArrayLike, value: float, *, label: str) -> str:
    """Return the picture; its line runs from the least figure to the greatest.

    Parameters
    ----------
    peers
        Figures of the peers, without those that are missing.
    value
        The unit's own.
    label
        What a reader who cannot see it is told.
    """
    others = np.asarray(peers, dtype=np.float64)
    every = np.append(others, value)
    low, high = float(every.min()), float(every.max())
    span = high - low or 1.0

    def at(one: float) -> str:
        return f"{EDGE + (WIDTH - 2 * EDGE) * ((one - low) / span if high > low else 0.5):.1f}"

    middle = HEIGHT / 2
    parts = [element("path", d=f"M{EDGE} {middle}H{WIDTH - EDGE}", stroke=QUIET, stroke_width=0.6, opacity=0.6)]
    ticks = "".join(f"M{at(one)} {middle - 3.5}v7" for one in sorted(set(others.tolist())))
    parts.append(element("path", d=ticks or "M0 0", stroke=QUIET, stroke_width=0.8, opacity=0.55))
    if len(others):
        x = at(float(np.median(others)))
        parts.append(element("path", d=f"M{x} {middle - 6.5}v13", stroke=QUIET, stroke_width=2))
    parts.append(element("circle", cx=at(value), cy=middle, r=4, fill=ACCENT, stroke="#ffffff", stroke_width=1))
    return document(WIDTH, HEIGHT, *parts, label=label)
