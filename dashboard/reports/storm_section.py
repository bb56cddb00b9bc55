"""Cyclones in a report: the people by the wind once in ten years, and the thresholds of early warning."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.components.early_warning_figures import (
    warning_facts,
    warning_hint,
    warning_of_unit,
    warning_table,
)
from fuping.dashboard.components.risk_figures import wind_class
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.early_warning import WarningRecord, warning_record
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.queries.risk import Exposed, exposed_people
from fuping.dashboard.reports.assessed import Places
from fuping.dashboard.reports.content import Column, Row, Section, Table
from fuping.dashboard.reports.credits import Credits
from numpy.typing import NDArray

__all__ = ["storm_sections"]


def storm_sections(reader: Reader, found: Profile, places: Places, credits: Credits) -> list[Section]:
    """Return who lives where which wind comes, and how often the warning thresholds were reached; none without storms.

    Parameters
    ----------
    places
        Of the units, in the level of the storm catalogue: one is the unit itself.
    """
    record = warning_record(reader, found.view.pack)
    if record is None:
        return []
    level = record.declared["level"]
    among = np.zeros(record.times.shape[1], dtype=bool)
    among[places] = True
    exposed = exposed_people(reader, found.view.pack, level, None, among)
    alone = found.place.level == level
    made = [] if alone or exposed is None else [_exposed(reader, found, level, exposed)]
    lead = _wind_words(found, record, exposed) if alone and exposed is not None else ""
    return [*made, _warnings(reader, found, record, among, lead, credits)]


def _wind_words(found: Profile, record: WarningRecord, exposed: Exposed) -> str:
    """Return the wind once in ten years at the unit, and who lives there."""
    language = found.view.language
    wind = float(exposed.wind.value[found.at])
    if not np.isfinite(wind):
        return ""
    if wind:
        told = message("paper.wind_ten", language, wind=figure_text(wind, dict(exposed.wind.indicator), language))
    else:
        told = message("paper.wind_none", language, least=number(record.declared["least_wind"], 1, language))
    heads = sum(one for one in exposed.people if np.isfinite(one))
    if not exposed.people_year or exposed.uncounted:
        return f"{told} {message('risk.no_people', language)}"
    people = {"people": number(heads, 0, language), "year": exposed.people_year}
    return f"{told} {message('paper.people_exposed', language, **people)}"


def _exposed(reader: Reader, found: Profile, level: str, exposed: Exposed) -> Section:
    language, counted = found.view.language, bool(exposed.people_year)
    rows = []
    for (low, high), units, heads in zip(exposed.bounds, exposed.units, exposed.people, strict=True):
        cells = [wind_class(low, high, language), number(units, 0, language)]
        rows.append(Row((*cells, number(heads, 0, language)) if counted else tuple(cells)))
    plural = reader.level(found.view.pack, level)["plural"][language]
    columns = [Column(message("risk.wind_ten", language), share=2), Column(plural, align="right")]
    columns += [Column(message("risk.people", language), str(exposed.people_year), "right")] if counted else []
    told = [message("risk.exposed_hint", language)]
    if not counted:
        told.append(message("risk.no_people", language))
    elif exposed.uncounted:
        told.append(message("risk.uncounted", language, n=number(exposed.uncounted, 0, language)))
    return Section(message("risk.exposed", language), " ".join(told), Table(tuple(columns), tuple(rows)))


def _warnings(
    reader: Reader, found: Profile, record: WarningRecord, among: NDArray[np.bool_], lead: str, credits: Credits
) -> Section:
    language, pack = found.view.language, found.view.pack
    alone = found.place.level == record.declared["level"]
    head, rows = (
        warning_of_unit(record, found.at, language) if alone else warning_table(reader, pack, record, among, language)
    )
    columns = (Column(head[0], share=1.6), *(Column(one, align="right") for one in head[1:]))
    table = Table(columns, tuple(Row(tuple(row)) for row in rows))
    note = credits.note(warning_facts(reader, pack, record, found.at if alone else None))
    return Section(message("warning.title", language), warning_hint(record, language), table, note, lead)
