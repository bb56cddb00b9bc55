"""Flows of units between statuses, as a Sankey diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.figures.status import OUTLINE
from fuping.dashboard.figures.style import QUIET, base_layout, plain
from fuping.dashboard.queries.flows import Flow

__all__ = ["sankey"]


def sankey(
    years: Sequence[int], flows: Sequence[Flow], names: Sequence[str], colours: Sequence[str], missing: str
) -> dict[str, Any]:
    """Return the flows between statuses in some years.

    Parameters
    ----------
    names, colours
        Of the statuses, in the order of their places.
    missing
        What status -1 is called.
    """
    order = [*range(len(names)), -1]
    keys = [
        (year, state)
        for year in years
        for state in order
        if any((year, state) in ((one.first_year, one.before), (one.year, one.after)) for one in flows)
    ]
    at = {key: place for place, key in enumerate(keys)}
    colour = dict(enumerate(colours)) | {-1: QUIET}
    called = {place: plain(one) for place, one in enumerate(names)} | {-1: missing}
    sizes = [_through(flows, key) for key in keys]
    data = {
        "type": "sankey",
        "arrangement": "snap",
        "node": {
            "label": [f"{size:,}" for size in sizes],
            "color": [colour[state] for _, state in keys],
            "customdata": [f"{year} · {called[state]}" for year, state in keys],
            "x": [0.001 + 0.998 * years.index(year) / (len(years) - 1) for year, _ in keys],
            "y": _heights(keys, sizes),
            "line": OUTLINE,
            "thickness": 14,
            "pad": 14,
            "hovertemplate": "%{customdata}: %{value:,}<extra></extra>",
        },
        "link": {
            "source": [at[one.first_year, one.before] for one in flows],
            "target": [at[one.year, one.after] for one in flows],
            "value": [one.n for one in flows],
            "color": [_faint(colour[one.before]) for one in flows],
            "customdata": [
                f"{called[one.before]} ({one.first_year}) → {called[one.after]} ({one.year})" for one in flows
            ],
            "hovertemplate": "%{customdata}: %{value:,}<extra></extra>",
        },
    }
    layout = base_layout() | {"margin": {"l": 8, "r": 8, "t": 24, "b": 8}}
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= {"visible": False}
    last = len(years) - 1
    layout["annotations"] = [
        {
            "x": place / last,
            "y": 1,
            "yshift": 18,
            "xref": "paper",
            "yref": "paper",
            "text": f"<b>{year}</b>",
            "showarrow": False,
            "xanchor": "left" if place == 0 else "right" if place == last else "center",
        }
        for place, year in enumerate(years)
    ]
    return {"data": [data], "layout": layout}


def _through(flows: Sequence[Flow], key: tuple[int, int]) -> int:
    into = sum(one.n for one in flows if (one.year, one.after) == key)
    return into or sum(one.n for one in flows if (one.first_year, one.before) == key)


def _heights(keys: Sequence[tuple[int, int]], sizes: Sequence[int]) -> list[float]:
    """Place the nodes of a year one below the other, in the order of the statuses and by their size."""
    places = []
    for place, (year, _) in enumerate(keys):
        column = [at for at, key in enumerate(keys) if key[0] == year]
        whole = sum(sizes[at] for at in column) or 1
        above = sum(sizes[at] for at in column if at < place)
        room = 0.06 * (len(column) - 1)
        before = column.index(place) * 0.06
        places.append(min(0.999, max(0.001, before + (1 - room) * (above + sizes[place] / 2) / whole)))
    return places


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.38)"
