"""The legend: classes with their counts, the missing ones with why, the overlay."""

from fuping.dashboard.components.legend.component import Legend, layer_legend, legend_props
from fuping.dashboard.components.legend.label import class_label

__all__ = ["Legend", "class_label", "layer_legend", "legend_props"]
