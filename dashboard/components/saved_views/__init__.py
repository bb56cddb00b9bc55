"""Views that a reader keeps, each with a note."""

from fuping.dashboard.components.saved_views.component import SavedViews, saved_views

__all__ = ["SavedViews", "saved_views"]
