"""The alerts of a place in its report: each with its state, its last step, and who acts next."""

from __future__ import annotations

from datetime import date

from fuping.dashboard.components.alert_words import declared_of
from fuping.dashboard.i18n.formats import day
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.reports.content import Column, Row, Section, Table
from fuping.layers.office.alert_register import alerts_of

__all__ = ["alerts_section"]


def alerts_section(reader: Reader, found: Profile) -> Section | None:
    """Return the section; ``None`` where no alert was ever raised for the place."""
    language, today = found.view.language, date.today()
    raised = alerts_of(reader.office, found.view.pack, today=today, level=found.place.level, code=found.place.code)
    if not raised:
        return None
    rows = []
    for one in raised:
        name = f"{declared_of(reader, one)['name'][language]} {one.year}"
        due = day(one.last.due, language) if one.last.due else "–"
        severity = message(f"identification.severity.{one.severity}", language)
        state = message(f"alerts.state.{one.state}", language)
        rows.append(Row((name, severity, state, day(one.last.at, language), one.last.responsible or "–", due)))
    keys = ("indicator", "severity", "state", "since", "responsible", "due")
    shares = (3.0, 1.0, 1.5, 1.5, 1.5, 1.5)
    columns = tuple(
        Column(message(f"alerts.column.{key}", language), share=share) for key, share in zip(keys, shares, strict=True)
    )
    return Section(message("alerts.of_place", language), "", Table(columns, tuple(rows)))
