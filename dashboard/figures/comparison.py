"""Several places over the years, as a plotly figure; told apart by colour and by dash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from fuping.dashboard.figures.trend import layout, lines
from fuping.dashboard.queries.unit import Observation

__all__ = ["COLOURS", "DASHES", "comparison"]

COLOURS = ("#0b8384", "#c2571a", "#6572c8", "#b04a86", "#7a7d1a", "#85735f")
"""Of the lines, in order; each stands out from the light surface and from the dark one."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def comparison(
    series: Sequence[tuple[str, Sequence[Observation]]], declared: dict[str, Any], language: str
) -> dict[str, Any]:
    """Return the figure.

    Parameters
    ----------
    series
        Name and figures of each place; one without figures keeps its colour and has no line.
    declared
        The indicator, as the catalogue has it.
    """
    unit, decimals, breaks = declared["unit"][language], declared["decimals"], declared["breaks_in_series"]
    data: list[dict[str, Any]] = []
    for (name, figures), colour, dash in zip(series, COLOURS, DASHES, strict=False):
        years, values = [one.year for one in figures], np.array([one.value for one in figures], dtype=float)
        data += lines(years, values, breaks, name, colour, unit, decimals, language, width=2, dash=dash)
    every_year = sorted({one.year for _, figures in series for one in figures})
    inside = [year for year in breaks if every_year[0] < year <= every_year[-1]]
    return {"data": data, "layout": layout(unit, every_year, inside, language)}
