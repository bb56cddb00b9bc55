"""The form by which an alert goes on to its next step."""

from fuping.dashboard.components.alert_form.component import AlertForm, step_form

__all__ = ["AlertForm", "step_form"]
