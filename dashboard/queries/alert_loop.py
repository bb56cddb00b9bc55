"""What the figures of the register draw: open alerts by place, states over time, and how long steps take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.layers.office.alert_course import Wait, states_by_day, wait_until
from fuping.layers.office.alert_moves import SEVERITIES
from fuping.layers.office.alert_register import Alert
from fuping.spatial.cube.values import UnitYearValues

__all__ = ["CALM", "SEVERITY_COLOURS", "Course", "OpenMap", "course", "open_map"]

SEVERITY_COLOURS = {"red": "#8c2d04", "orange": "#d0772a", "yellow": "#eabf6a"}
"""From dark to light, so that they are told apart without hue."""

CALM = "#d9dcd5"

MOST_DAYS = 40
"""Days that the picture of states over time shows at most."""

WAITS = ("checked", "closed")


@dataclass(frozen=True, eq=False)
class OpenMap:
    """The gravest open alert of each place.

    Parameters
    ----------
    view
        At the level that has most of the open alerts.
    layer, values
        Severity, and how many are open in each place, in one column.
    n, n_elsewhere
        Open alerts that are drawn, and those of other levels.
    """

    view: ViewState
    layer: ShownLayer
    values: UnitYearValues
    n: int
    n_elsewhere: int


def open_map(reader: Reader, view: ViewState, alerts: Sequence[Alert], today: date) -> OpenMap | None:
    """Return the map of open alerts; ``None`` where none is open, or its level cannot be drawn."""
    still = [one for one in alerts if one.state != "closed"]
    sizes = {one["id"]: one["n_units"] for one in reader.catalogue(view.pack)["levels"]}
    by_level = Counter(one.level for one in still if sizes.get(one.level, 0) > 1)
    if not by_level:
        return None
    level = by_level.most_common(1)[0][0]
    codes = reader.units(view.pack, level)["code"]
    at = {code: place for place, code in enumerate(codes)}
    order: tuple[str, ...] = SEVERITIES
    calm = len(order)
    worst = np.full((1, len(codes)), calm, dtype=np.int8)
    n_open = np.zeros((1, len(codes)))
    for one in still:
        if one.level == level and one.code in at:
            place = at[one.code]
            worst[0, place] = min(worst[0, place], order.index(one.severity))
            n_open[0, place] += 1
    entries = [
        ShownClass(colour, (int((worst == place).sum()),), name=_names(f"identification.severity.{severity}"))
        for place, (severity, colour) in enumerate(SEVERITY_COLOURS.items())
    ]
    entries.append(ShownClass(CALM, (int((worst == calm).sum()),), name=_names("alerts.no_open")))
    layer = ShownLayer((today.year,), worst, tuple(entries), ({},), 0)
    nothing = np.full_like(n_open, np.nan)
    none = np.zeros_like(n_open, dtype=np.uint8)
    values = UnitYearValues((today.year,), n_open, none, nothing, nothing, none)
    drawn = int(n_open.sum())
    return OpenMap(replace(view, level=level), layer, values, drawn, len(still) - drawn)


def _names(key: str) -> dict[str, str]:
    return {language: message(key, language) for language in LANGUAGES}


@dataclass(frozen=True, eq=False)
class Course:
    """How the loop runs.

    Parameters
    ----------
    by_day
        Days × states: how many alerts stood in each.
    waits
        State → how long alerts wait until they first come there.
    """

    by_day: pd.DataFrame
    waits: Mapping[str, Wait]


def course(alerts: Sequence[Alert], now: datetime) -> Course | None:
    """Return how the loop runs; ``None`` where nothing was raised."""
    if not alerts:
        return None
    first = min(date.fromisoformat(one.steps[0].at[:10]) for one in alerts)
    span = max((now.date() - first).days, 0)
    step = -(-span // MOST_DAYS) or 1
    days = [now.date() - timedelta(days=back) for back in range(0, span + 1, step)][::-1]
    return Course(states_by_day(alerts, days), {state: wait_until(alerts, state, now=now) for state in WAITS})
