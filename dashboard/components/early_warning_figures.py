"""The thresholds of early warning: what each means for the places looked at, and for the selected one."""

from __future__ import annotations

from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components.ecology_figures import unit_names
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.overlay_figures import poor_words
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.early_warning import WarningRecord, reached, warning_thresholds
from fuping.dashboard.queries.event import Event
from fuping.dashboard.queries.figures_at import Poverty
from fuping.dashboard.queries.people import people_indicator
from fuping.dashboard.queries.sources import NoteFacts, note_facts
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = ["event_warnings", "warning_facts", "warning_figure", "warning_hint", "warning_of_unit", "warning_table"]

Told = tuple[list[str], list[list[str]]]


def warning_table(
    reader: Reader, pack: str, found: WarningRecord, among: NDArray[np.bool_], language: str,
    *, poor: NDArray[np.bool_] | None = None,
) -> Told:  # fmt: skip
    """Return the heads and cells of the thresholds over some units.

    Parameters
    ----------
    poor
        Which units count as poor: then the part of the people reached who live there is told.
    """
    plural = reader.level(pack, found.declared["level"])["plural"][language]
    counted = bool(found.people.year)
    head = [message("warning.threshold", language), message("warning.from", language)]
    head.append(message("warning.places", language, plural=plural, n=found.seasons))
    head += [message("warning.people", language), message("warning.people_a_year", language)] if counted else []
    head += [message("warning.poor_share", language)] if counted and poor is not None else []
    poorer = reached(found, among & poor) if poor is not None else ()
    rows = []
    for at, one in enumerate(reached(found, among)):
        row = [str(one.threshold["name"][language]), number(one.threshold["wind"], 1, language)]
        row.append(number(one.units, 0, language))
        row += [number(one.people, 0, language), number(one.people_a_year, 0, language)] if counted else []
        if counted and poor is not None:
            part = 100 * poorer[at].people_a_year / one.people_a_year if one.people_a_year else np.nan
            row.append(number(part, 1, language) if np.isfinite(part) else "–")
        rows.append(row)
    return head, rows


def warning_of_unit(found: WarningRecord, at: int, language: str) -> Told:
    """Return the heads and cells of the thresholds at one unit."""
    heads = float(found.people.heads[at])
    head = [message("warning.threshold", language), message("warning.from", language)]
    head += [message("warning.times", language, n=found.seasons), message("warning.period", language)]
    head.append(message("warning.last", language))
    head += [message("warning.people_a_year", language)] if np.isfinite(heads) else []
    rows = []
    for one, times, last in zip(found.thresholds, found.times[:, at].tolist(), found.last[:, at].tolist(), strict=True):
        row = [str(one["name"][language]), number(one["wind"], 1, language), number(times, 0, language)]
        row += [number(found.seasons / times, 1, language) if times else "–", str(last) if times else "–"]
        row += [number(heads * times / found.seasons, 0, language)] if np.isfinite(heads) else []
        rows.append(row)
    return head, rows


def warning_hint(found: WarningRecord, language: str) -> str:
    """Return how the thresholds are read, and where they are written down."""
    reference = found.declared["early_warning"]["reference"][language]
    span = {"first": found.declared["first_season"], "last": found.declared["last_season"]}
    told = [message("warning.hint", language, reference=reference, **span)]
    told += [message("warning.people_hint", language, year=found.people.year)] if found.people.year else []
    return " ".join(told)


def warning_facts(reader: Reader, pack: str, found: WarningRecord, unit: int | None = None) -> NoteFacts:
    """Return what is said of the winds and the people behind the thresholds."""
    level = found.declared["level"]
    shown = {found.declared["figures"][0]["indicator"]: [found.declared["last_season"]]}
    counted = people_indicator(reader, pack, level, "population")
    if counted is not None and found.people.year:
        shown[counted["id"]] = [found.people.year]
    return note_facts(reader, pack, level, shown, unit=unit)


def event_warnings(reader: Reader, view: ViewState, event: Event) -> str:
    """Return in how many units a storm reaches each threshold, the gravest first; empty for another event."""
    thresholds = warning_thresholds(event.declared)
    if not thresholds:
        return ""
    language = view.language
    told = []
    for one in reversed(thresholds):
        n = number(int((event.amount >= one["wind"]).sum()), 0, language)
        told.append(message("format.count", language, name=one["name"][language], n=n))
    met = message("format.join", language).join(told)
    return message("warning.event", language, met=met)


def warning_figure(reader: Reader, view: ViewState, found: WarningRecord, poverty: Poverty | None) -> html.Section:
    """Return the thresholds over the country, with the part of poor places in it, and at the selected place."""
    language, level = view.language, found.declared["level"]
    codes = reader.units(view.pack, level)["code"]
    everywhere = np.ones(len(codes), dtype=bool)
    poor = poverty.poor if poverty is not None and len(poverty.poor) == len(codes) else None
    told = warning_table(reader, view.pack, found, everywhere, language, poor=poor)
    body: list[Any] = [data_table(*told, "early-warning")]
    if view.unit in codes:
        at = codes.index(view.unit)
        body.append(html.H3(unit_names(reader, view, level)[at]))
        body.append(data_table(*warning_of_unit(found, at, language), "early-warning-unit"))
    note = source_note(warning_facts(reader, view.pack, found), language, show_unit=False)
    title = message("warning.title", language)
    hint = [warning_hint(found, language)]
    if poverty is not None and poor is not None and found.people.year:
        living = number(100 * found.people.total(poor) / found.people.total(everywhere), 1, language)
        hint.append(message("warning.poor", language, share=living, poor=poor_words(poverty, language)))
    return figure("early-warning", title, body, note, language, hint=" ".join(hint))
