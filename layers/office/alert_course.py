"""How the loop runs: how many alerts stood in which state on which day, and how long they wait for the next step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd
from fuping.layers.office.alert_moves import STATES
from fuping.layers.office.alert_register import Alert
from fuping.spatial.dynamics.spells import exit_curve

__all__ = ["LEAST_STEPS", "Wait", "states_by_day", "wait_until"]

LEAST_STEPS = 5
"""Fewer alerts that came as far give no median."""

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Wait:
    """How long alerts wait until they first come to a state.

    Parameters
    ----------
    n, n_there
        Alerts, and those of them that came there.
    median, low, high
        Days until half of all came there, with its 95 % interval; NaN where too few came, or fewer than half.
    """

    n: int
    n_there: int
    median: float
    low: float
    high: float


def states_by_day(alerts: Sequence[Alert], days: Sequence[date]) -> pd.DataFrame:
    """Count alerts by their state at the end of days (UTC).

    Returns
    -------
    pandas.DataFrame
        Days × :data:`~fuping.layers.office.alert_moves.STATES`; alerts raised later are not counted yet.
    """
    changes = [
        (step.at[:10], state, change)
        for one in alerts
        for before, step in zip((None, *one.steps), one.steps, strict=False)
        for state, change in ((step.state, 1), (before.state if before else None, -1))
        if state is not None
    ]
    table = pd.DataFrame(changes, columns=["day", "state", "change"])
    by_day = table.pivot_table(index="day", columns="state", values="change", aggfunc="sum", fill_value=0).cumsum()
    wanted = [day.isoformat() for day in days]
    standing = by_day.reindex(sorted({*by_day.index, *wanted})).ffill().reindex(wanted)
    return standing.reindex(columns=list(STATES)).fillna(0).astype("int64").set_axis(list(days))


def wait_until(alerts: Sequence[Alert], state: str, *, now: datetime) -> Wait:
    """Return how long alerts wait from being raised until they first come to a state.

    Notes
    -----
    Those that have not come there yet have waited at least until now: they count as censored (Kaplan & Meier 1958).
    The median of those that came alone would be too short, since the slow ones are still under way.
    """
    begun = [datetime.fromisoformat(one.steps[0].at) for one in alerts]
    came = [next((step.at for step in one.steps if step.state == state), None) for one in alerts]
    ends = [now.astimezone(UTC) if at is None else datetime.fromisoformat(at) for at in came]
    waited = [(end - start).total_seconds() / SECONDS_A_DAY for start, end in zip(begun, ends, strict=True)]
    n_there = sum(at is not None for at in came)
    if n_there < LEAST_STEPS:
        return Wait(len(alerts), n_there, math.nan, math.nan, math.nan)
    table = pd.DataFrame({"duration": waited, "right_censored": [at is None for at in came]})
    curve = exit_curve(table)
    return Wait(len(alerts), n_there, curve.median, curve.median_low, curve.median_high)
