"""A long form in sections, sent whole."""

from fuping.dashboard.components.draft_form.component import DraftForm

__all__ = ["DraftForm"]
