"""The figures of the register: where alerts are open, how many stood in which state, and how long steps take."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.alert_words import STATE_COLOURS
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.source_note import boundary_credit
from fuping.dashboard.components.thematic_map import thematic_map
from fuping.dashboard.figures.alert_states import states_over_time
from fuping.dashboard.i18n.formats import day, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.alert_loop import course, open_map
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office.alert_course import LEAST_STEPS, Wait
from fuping.layers.office.alert_register import Alert

__all__ = ["alert_loop", "alert_map"]


def alert_map(reader: Reader, view: ViewState, alerts: tuple[Alert, ...], today: date) -> list[html.Section]:
    """Return the map of open alerts; nothing where none is open."""
    drawn = open_map(reader, view, alerts, today)
    if drawn is None:
        return []
    language = view.language
    title = message("alerts.map", language)
    picture = thematic_map(
        reader, drawn.view, drawn.layer, drawn.values,
        name="alerts", title=title, decimals=0, value_name=message("alerts.n_open", language),
    )  # fmt: skip
    words = [message("alerts.map_hint", language, n=number(drawn.n, 0, language))]
    if drawn.n_elsewhere:
        words.append(message("alerts.map_elsewhere", language, n=number(drawn.n_elsewhere, 0, language)))
    credit = html.P(boundary_credit(reader.catalogue(view.pack), language), className="hint")
    return [figure("alert-map", title, picture, credit, language, hint=" ".join(words))]


def alert_loop(view: ViewState, alerts: tuple[Alert, ...]) -> list[html.Section]:
    """Return how the loop runs; nothing where nothing was raised."""
    language = view.language
    found = course(alerts, datetime.now(UTC))
    if found is None:
        return []
    names = {state: message(f"alerts.state.{state}", language) for state in STATE_COLOURS}
    rows = [
        [day(at.isoformat(), language), *(number(int(found.by_day.loc[at, state]), 0, language) for state in names)]
        for at in reversed(found.by_day.index)
    ]
    title = message("alerts.loop", language)
    key = html.Ul(
        [
            html.Li([html.I(style={"background": STATE_COLOURS[one]}, className="outlined"), names[one]])
            for one in names
        ],
        className="key",
    )
    body: list[Any] = [
        chart(states_over_time(found.by_day, names, STATE_COLOURS), title, height=260),
        key,
        html.Ul([html.Li(_wait(state, wait, language)) for state, wait in found.waits.items()], className="told-list"),
    ]
    head = [message("alerts.day", language), *names.values()]
    table = data_table(head, rows, "alert-states")
    note = html.P(message("alerts.loop_note", language), className="hint")
    hint = message("alerts.loop_hint", language)
    return [figure("alert-loop", title, body, note, language, hint=hint, table=table, saved=True)]


def _wait(state: str, wait: Wait, language: str) -> str:
    counts = {"n": number(wait.n, 0, language), "there": number(wait.n_there, 0, language)}
    if wait.n_there < LEAST_STEPS:
        return message(f"alerts.wait_few.{state}", language, least=LEAST_STEPS, **counts)
    if np.isnan(wait.median):
        return message(f"alerts.wait_long.{state}", language, **counts)
    low, high = (number(one, 1, language) if np.isfinite(one) else "?" for one in (wait.low, wait.high))
    median = number(wait.median, 1, language)
    return message(f"alerts.wait.{state}", language, median=median, low=low, high=high, **counts)
