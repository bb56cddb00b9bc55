"""The legend: classes with their counts, the missing ones with why, the overlay."""

from fuping.dashboard.components.legend.component import Legend, class_label, layer_legend, legend_props

__all__ = ["Legend", "class_label", "layer_legend", "legend_props"]
