"""The alerts of one place, as its profile shows them: each with its state and all that was done."""

from __future__ import annotations

from datetime import date
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.alert_case import history
from fuping.dashboard.components.alert_words import declared_of, due_words, figure_words, state_mark
from fuping.dashboard.components.figure import figure
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.watch_table import severity_mark
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.profile import Profile
from fuping.layers.office.alert_register import alerts_of

__all__ = ["alerts_of_place"]


def alerts_of_place(reader: Reader, found: Profile) -> list[html.Section]:
    """Return the alerts of the profile's place; nothing where none was ever raised."""
    view, today = found.view, date.today()
    raised = alerts_of(reader.office, view.pack, today=today, level=found.place.level, code=found.place.code)
    if not raised:
        return []
    language = view.language
    items: list[Any] = []
    for one in raised:
        declared = declared_of(reader, one)
        opened = html.A(
            [declared["name"][language], f" {one.year}"], href=f"{page_href('alerts', view)}&alert={one.id}&state=all"
        )
        head = html.P(
            [severity_mark(one.severity, language), opened, *figure_words(one, declared, language)]
            + [state_mark(one.state, language)]
            + ([due_words(one, today, language)] if one.last.due else []),
            className="alert-head",
        )
        told = html.Details([html.Summary(message("alerts.history", language)), history(reader, one, language)])
        items.append(html.Li([head, told]))
    title = message("alerts.of_place", language)
    hint = message("alerts.of_place_hint", language)
    return [figure("alerts", title, html.Ul(items, className="place-alerts"), [], language, hint=hint)]
