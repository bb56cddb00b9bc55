"""A status over the years: how many units are in each category, stacked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.figures.style import plain
from fuping.dashboard.figures.trend import layout
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.queries.spread import StatusYears

__all__ = ["status_bars"]

LEAST_TOLD = 0.045
"""Share of the tallest bar below which a part is too thin for its number; the table has it."""

EDGE = "rgba(128,130,124,0.8)"


def status_bars(
    found: StatusYears,
    declared: Mapping[str, Any],
    colours: Sequence[str],
    language: str,
    *,
    missing: str,
    listed_only: bool,
) -> dict[str, Any]:
    """Return the figure; ``listed_only`` leaves the last category out, which most units would be in."""
    categories = declared["categories"][:-1] if listed_only else declared["categories"]
    most = max(1, int(found.counts[: len(categories)].sum(axis=0).max()))
    data = [
        _bar(found.years, row.tolist(), category["name"][language], colour, language, most=most)
        for category, row, colour in zip(categories, found.counts, colours, strict=False)
    ]
    if found.missing.any() and not listed_only:
        bar = _bar(found.years, found.missing.tolist(), missing, "rgba(0,0,0,0)", language, most=most)
        bar["marker"] |= {"pattern": {"shape": "/", "fgcolor": EDGE, "size": 5}}
        data.append(bar)
    drawn = layout("", found.years, [], language)
    return {"data": data, "layout": drawn | {"barmode": "stack", "bargap": 0.25, "hovermode": "closest"}}


def _bar(
    years: Sequence[int], counts: list[int], name: str, colour: str, language: str, *, most: int
) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": list(years),
        "y": counts,
        "text": [number(one, 0, language) if one >= LEAST_TOLD * most else "" for one in counts],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "marker": {"color": colour, "line": {"color": EDGE, "width": 0.5}},
        "hovertemplate": f"%{{x}}: %{{y:,}}<extra>{plain(name)}</extra>",
    }
