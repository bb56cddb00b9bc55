"""Where reports are: addresses that carry the language, the indicator and the parts."""

from __future__ import annotations

from typing import Literal, get_args
from urllib.parse import urlencode

from fuping.dashboard.state import ViewState

__all__ = ["FORMS", "Form", "batch_href", "evaluation_href", "event_href", "report_href"]

Form = Literal["pdf", "docx"]

FORMS: tuple[Form, ...] = get_args(Form)


EVENT_PARAMETERS = frozenset(["lang", "event", "storm", "north", "east", "m", "lon", "lat", "zone", "unit", "poverty"])
"""What of a view says which event it is, and what is counted within it."""


def report_href(view: ViewState, code: str, form: Form, *, parts: str = "") -> str:
    """Return the address of a unit's report; with ``parts``, of it as a region made of the units of that level."""
    query = _shown(view) | ({"parts": parts} if parts else {})
    return f"/report/{view.pack}/{code}.{form}?{urlencode(query)}"


def batch_href(view: ViewState, code: str, level: str, form: Form) -> str:
    """Return the address that begins one report for each unit of a level that lies in a unit, as a zip."""
    query = _shown(view) | {"level": level}
    return f"/reports/{view.pack}/{code}.{form}?{urlencode(query)}"


def _shown(view: ViewState) -> dict[str, str]:
    """Return what the maps of a report show, and in which classes."""
    classes = {name: value for name, value in view.class_query().items() if value}
    return {"lang": view.language, "indicator": view.indicator} | classes


def event_href(view: ViewState) -> str:
    """Return the address of the report, as PDF, of the event that a view shows."""
    query = {key: value for key, value in view.to_query().items() if key in EVENT_PARAMETERS}
    return f"/event/{view.pack}.pdf?{urlencode(query)}"


def evaluation_href(view: ViewState, form: Form) -> str:
    """Return the address of the report of the evaluation that a view shows."""
    return f"/evaluation/{view.pack}.{form}{view.href()}"
