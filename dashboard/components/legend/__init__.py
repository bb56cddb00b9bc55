"""The legend: classes with their counts, the missing ones with why, the overlay."""

from fuping.dashboard.components.legend.component import Legend, legend_props

__all__ = ["Legend", "legend_props"]
