"""The map as a Dash component, over maplibre-gl."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

__all__ = ["MapView"]

PACKAGE = "fuping.dashboard.components.maplibre"


class MapView(Component):
    """A choropleth whose geometry stays in the browser.

    Parameters
    ----------
    id
        Of the component.
    title
        What the map shows, for screen readers.
    geometryUrl, outlineUrl
        TopoJSON of the units (properties ``code`` and ``i``) and of the borders above them.
    dataUrl
        JSON of all years of one indicator; see :func:`fuping.dashboard.queries.layer.map_layer`.
    workerUrl
        Where our server has maplibre's worker.
    year
        The year shown; a change touches feature state only.
    selected
        Code of the selected unit; set by a click.
    overlay
        Whether project coverage is drawn.
    bounds
        ``[[west, south], [east, north]]`` of the first view.
    labels
        Maplibre's own words, translated.
    """

    _children_props: list[str] = []  # noqa: RUF012 - Dash reads these from the class
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "fuping_map"
    _type = "MapView"

    def __init__(self, **given: Any) -> None:
        names = ["id", "title", "geometryUrl", "outlineUrl", "dataUrl", "workerUrl"]
        names += ["year", "selected", "overlay", "bounds", "labels"]
        self._prop_names = names
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = names
        self.available_wildcard_properties: list[str] = []
        super().__init__(**given)
