"""The map component; its scripts are bundled into ``dist/`` when the distribution is built."""

from fuping.dashboard.components.maplibre.component import MapView, map_props

__all__ = ["MapView", "map_props"]
