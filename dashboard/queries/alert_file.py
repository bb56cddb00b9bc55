"""The register of alerts as files: a table of alerts, one of their steps, and what must travel with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES
from fuping.dashboard.queries.alert_register import alert_place
from fuping.dashboard.queries.cache import Reader
from fuping.layers.export.indicator import metadata
from fuping.layers.office.alert_register import Alert

__all__ = ["alert_facts", "alert_records", "alert_table", "step_table"]

COLUMNS = (
    *("alert", "pack", "level", "code", "name_en", "name_zh", "lies_in_en", "lies_in_zh", "indicator", "indicator_en"),
    *("indicator_zh", "unit", "year", "value", "lower", "upper", "severity", "evidence", "warning_line"),
    *("guarantee_line", "beyond", "lines_from", "lines_year", "since", "cause", "later_years", "state", "raised_at"),
    *("raised_by", "last_step", "last_step_at", "last_step_by", "last_note", "responsible", "due", "overdue"),
    *("n_steps", "build", "sources", "licences"),
)

STEP_COLUMNS = ("alert", "kind", "state", "at", "who", "note", "responsible", "due")


def alert_table(reader: Reader, alerts: Sequence[Alert], today: date) -> pd.DataFrame:
    """Return one row an alert; every row says its figure, lines, build, sources and licences.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`COLUMNS`; words are those of the web API, times UTC, ``sources`` and ``licences`` joined by
        semicolons.
    """
    rows = [_row(reader, one, today) for one in alerts]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(reader: Reader, one: Alert, today: date) -> tuple[Any, ...]:
    evidence, lines = one.evidence, one.evidence["lines"]
    (english, in_english), (chinese, in_chinese) = (alert_place(reader, one, language) for language in LANGUAGES)
    names = (english, chinese, in_english, in_chinese)
    known = {each["id"]: each for each in reader.catalogue(one.pack)["indicators"]}
    declared: Mapping[str, Any] = known.get(one.indicator, {"name": {"en": "", "zh": ""}, "unit": {"en": ""}})
    return (
        *(one.id, one.pack, one.level, one.code, *names, one.indicator, declared["name"]["en"]),
        *(declared["name"]["zh"], declared["unit"]["en"], one.year, one.value, evidence["low"], evidence["high"]),
        *(one.severity, evidence["evidence"], lines["warning"], lines["guarantee"], lines["beyond"], lines["source"]),
        *(lines["year"], evidence["since"], one.cause, ";".join(str(each["year"]) for each in one.later), one.state),
        *(one.steps[0].at, one.steps[0].who, one.last.kind, one.last.at, one.last.who, one.last.note),
        *(one.last.responsible, one.last.due or "", one.overdue(today), len(one.steps), evidence["build"]),
        "; ".join(each["citation"] for each in evidence["sources"]),
        "; ".join(dict.fromkeys(each["licence"] for each in evidence["sources"])),
    )


def step_table(alerts: Sequence[Alert]) -> pd.DataFrame:
    """Return one row a step, with the id of its alert; columns :data:`STEP_COLUMNS`."""
    rows = [
        (one.id, step.kind, step.state, step.at, step.who, step.note, step.responsible, step.due or "")
        for one in alerts
        for step in one.steps
    ]
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def alert_records(alerts: Sequence[Alert]) -> list[dict[str, Any]]:
    """Return alerts with all their steps and evidence, as JSON can hold them."""
    return [asdict(one) for one in alerts]


def alert_facts(reader: Reader, pack: str, alerts: Sequence[Alert], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must travel with a register: what was asked for, and each indicator's meaning, sources and licences.

    Parameters
    ----------
    asked
        The filter.
    """
    years: dict[tuple[str, str], set[int]] = {}
    for one in alerts:
        years.setdefault((one.indicator, one.level), set()).update(one.years)
    known = {one["id"]: one for one in reader.catalogue(pack)["indicators"]}
    return {
        "pack": pack,
        "build": reader.version(pack),
        "asked": {key: value for key, value in asked.items() if value},
        "n_alerts": len(alerts),
        "indicators": [
            metadata(reader.store, pack, indicator, level=level, years=found)
            for (indicator, level), found in years.items()
            if level in known.get(indicator, {"levels": {}})["levels"]
        ],
    }
