"""The timeline over the years that an indicator has."""

from fuping.dashboard.components.timeline.component import Timeline, timeline_props

__all__ = ["Timeline", "timeline_props"]
