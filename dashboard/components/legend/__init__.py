"""The legend: classes with their counts, the missing ones with why, the overlay."""

from fuping.dashboard.components.legend.component import Legend, layer_legend, legend_props
from fuping.dashboard.components.legend.grid import grid_legend
from fuping.dashboard.components.legend.label import class_label

__all__ = ["Legend", "class_label", "grid_legend", "layer_legend", "legend_props"]
