"""A map within a page: a layer that the page has worked out, with its legend beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.legend import Legend, grid_legend, layer_legend
from fuping.dashboard.components.maplibre import MapView, layer_map_props
from fuping.dashboard.components.timeline import Timeline, timeline_props
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["thematic_map"]


def thematic_map(
    reader: Reader,
    view: ViewState,
    layer: ShownLayer,
    values: UnitYearValues,
    *,
    name: str,
    title: str,
    unit: str = "",
    decimals: int = 1,
    value_name: str = "",
    frame: Sequence[float] | None = None,
    projects: Sequence[str] = (),
    star: Mapping[str, Any] | None = None,
) -> html.Div:
    """Return the map of a layer at the view's level; with several years it has a timeline.

    Parameters
    ----------
    layer, values, title, unit, decimals, value_name, frame, projects, star
        As in :func:`fuping.dashboard.components.maplibre.layer_map_props`.
    name
        Of the map among those of the page.
    """
    told: dict[str, Any] = {
        "title": title,
        "unit": unit,
        "decimals": decimals,
        "value_name": value_name,
        "frame": frame,
        "projects": projects,
        "star": star,
    }
    plural = reader.level(view.pack, view.level)["plural"][view.language]
    legend = layer_legend(layer, view.language, title=title, unit=unit, counted=plural)
    legend["grid"] = grid_legend(reader, view)
    bar = Timeline(id=f"{name}-timeline", **timeline_props(layer.years, view.language))
    return html.Div(
        [
            html.Div(
                [MapView(id=f"{name}-map", **layer_map_props(reader, view, layer, values, **told))], className="stage"
            ),
            html.Div([Legend(id=f"{name}-legend", **legend)], className="thematic-legend"),
            *([html.Div(bar, className="thematic-time")] if len(layer.years) > 1 else []),
            html.P(message("map.select", view.language), className="hint"),
        ],
        className="thematic-map",
    )
