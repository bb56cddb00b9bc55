"""The map over maplibre-gl."""

from fuping.dashboard.components.maplibre.component import MapView, layer_map_props, map_props

__all__ = ["MapView", "layer_map_props", "map_props"]
