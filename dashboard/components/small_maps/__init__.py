"""The same map in several years: side by side, or one over the other with a line to drag."""

from fuping.dashboard.components.small_maps.component import SmallMaps

__all__ = ["SmallMaps"]
