"""The lines of a profile over the years, as a plotly figure and as SVG; both draw the same lines alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from fuping.dashboard.figures.paper_trend import PaperSeries, paper_trend
from fuping.dashboard.figures.style import ACCENT
from fuping.dashboard.figures.trend import band, layout, lines
from fuping.dashboard.queries.profile_series import ProfileSeries, Role

__all__ = ["LINES", "profile_trend", "profile_trend_on_paper"]

LINES: dict[Role, tuple[str, float, str]] = {
    "unit": (ACCENT, 2.5, "solid"),
    "peers": ("#85735f", 1.5, "dot"),
    "parent": ("#6572c8", 1.5, "dash"),
    "nation": ("#c2571a", 1.5, "dashdot"),
}
"""Colour, width and dash of each line; each stands out from the light ground and from the dark."""

PAPER_DASHES = {"solid": None, "dot": "1 2.2", "dash": "4 2.5", "dashdot": "5 2 1 2"}


def profile_trend(
    drawn: Sequence[tuple[str, ProfileSeries]], declared: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """Return the plotly figure of named lines."""
    unit, decimals, breaks = declared["unit"][language], declared["decimals"], declared["breaks_in_series"]
    data: list[dict[str, Any]] = []
    for _, one in drawn:
        data += band(one.years, one.lower, one.upper, breaks)
    for name, one in reversed(drawn):
        colour, width, dash = LINES[one.role]
        data += lines(one.years, one.values, breaks, name, colour, unit, decimals, language, width=width, dash=dash)
    years = sorted({year for _, one in drawn for year in one.years})
    return {
        "data": data,
        "layout": layout(unit, years, [one for one in breaks if years[0] < one <= years[-1]], language),
    }


def profile_trend_on_paper(
    drawn: Sequence[tuple[str, ProfileSeries]],
    declared: Mapping[str, Any],
    language: str,
    *,
    width: float,
    height: float,
    label: str,
) -> str:
    """Return the same lines as SVG; ``width`` and ``height`` are in points."""
    series = []
    for name, one in drawn:
        colour, stroke, dash = LINES[one.role]
        banded = bool(np.isfinite(one.lower).any())
        bounds = (one.lower, one.upper) if banded else (None, None)
        series.append(PaperSeries(name, one.years, one.values, colour, stroke * 0.7, PAPER_DASHES[dash], *bounds))
    unit = declared["unit"][language]
    return paper_trend(
        series,
        width=width,
        height=height,
        unit=unit,
        decimals=declared["decimals"],
        breaks=declared["breaks_in_series"],
        language=language,
        label=label,
    )
