"""What is said of an event, on its page and in its report on paper: title, lead, classes, tables, caveats."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.components.early_warning_figures import event_warnings
from fuping.dashboard.components.ecology_figures import unit_names
from fuping.dashboard.components.overlay_figures import poor_words
from fuping.dashboard.i18n.formats import day, inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.event import Event, Within
from fuping.dashboard.queries.people import headcount, people_indicator
from fuping.dashboard.queries.scenario import INTENSITIES, WINDS
from fuping.dashboard.queries.sources import NoteFacts, note_facts
from fuping.dashboard.state import ViewState

__all__ = [
    "caveats",
    "class_label",
    "event_lead",
    "event_title",
    "hardest",
    "wind_facts",
    "within_facts",
    "within_hint",
    "within_table",
]

FORCE = dict(zip(WINDS, (14, 12, 10, 8, 6), strict=True))

ROMAN = dict(zip(INTENSITIES, ("X", "IX", "VIII", "VII", "VI"), strict=True))


def event_title(event: Event, language: str) -> str:
    """Return which event it is."""
    if event.storm is not None:
        key = "scenario.title_moved" if any(event.moved) else "scenario.title_storm"
        return message(key, language, date=day(event.storm.begins, language), id=event.storm.id)
    lon, lat = event.place
    magnitude = number(event.magnitude, 1, language)
    where = {"lon": number(float(lon or 0), 2, language), "lat": number(float(lat or 0), 2, language)}
    return message("scenario.title_quake", language, m=magnitude, **where)


def event_lead(reader: Reader, view: ViewState, event: Event, found: Within) -> str:
    """Return how many units and people it reaches, where it is strongest, and which warnings it would have met."""
    language = view.language
    heads = sum(band.people for band in found.bands)
    names = unit_names(reader, view, event.level)
    most = float(np.nanmax(event.amount))
    parts = [
        message(
            f"scenario.lead_{event.kind}",
            language,
            units=number(found.units, 0, language),
            plural=inline(reader.level(view.pack, event.level)["plural"][language], language),
            worst=names[int(np.nanargmax(event.amount))],
            most=number(most, 0 if event.kind == "wind" else 1, language),
        )
    ]
    if np.isfinite(heads) and heads:
        parts.append(message("scenario.lead_people", language, people=number(heads, 0, language)))
    warned = event_warnings(reader, view, event)
    return " ".join([*parts, warned] if warned else parts)


def class_label(event: Event, least: float, language: str) -> str:
    """Return a class of wind or of intensity in words."""
    if event.kind == "wind":
        return message("scenario.force", language, force=FORCE[least], wind=number(least, 1, language))
    return message("scenario.degree", language, degree=ROMAN[int(least)])


def within_table(reader: Reader, view: ViewState, event: Event, found: Within) -> tuple[list[str], list[list[str]]]:
    """Return the heads and cells of who and what lies within each class; last the projects, where the pack has some."""
    language = view.language
    named = {one["id"]: one["name"][language] for one in reader.catalogue(view.pack)["projects"]}
    counted, poorest, poverty = "people" in found.told, "poor" in found.told, found.poverty
    quake = event.kind == "intensity" and event.relation is not None and event.relation.along != event.relation.across
    head = [
        message(f"scenario.amount.{event.kind}", language),
        str(reader.level(view.pack, event.level)["plural"][language]),
    ]
    head += [message("risk.poor_units", language)] if poverty else []
    head += [message("risk.people" if not quake else "scenario.people_along", language)] if counted else []
    head += [message("scenario.people_across", language)] if counted and quake else []
    head += [message("risk.people_poor", language)] if counted and poverty else []
    head += [message("scenario.poor_people", language)] if poorest else []
    head += [message("page.projects", language)] if named else []
    rows = []
    for band, low in zip(found.bands, found.lower, strict=True):
        row = [class_label(event, band.least, language), number(band.units, 0, language)]
        row += [number(band.poor_units, 0, language)] if poverty else []
        row += [number(band.people, 0, language)] if counted else []
        row += [number(low.people, 0, language)] if counted and quake else []
        row += [number(band.people_poor_units, 0, language)] if counted and poverty else []
        row += [number(band.poor_people, 0, language)] if poorest else []
        row += [message("format.join", language).join(named[one] for one in band.projects) or "0"] if named else []
        rows.append(row)
    return head, rows


def within_hint(found: Within, language: str) -> str:
    """Return which units count as poor, and whose people are not counted."""
    parts = []
    if found.poverty:
        parts.append(message("risk.poor_are", language, poor=poor_words(found.poverty, language)))
    if "people" not in found.told:
        parts.append(message("risk.no_people", language))
    elif found.told.get("uncounted"):
        parts.append(message("risk.uncounted", language, n=number(found.told["uncounted"], 0, language)))
    return " ".join(parts)


def within_facts(reader: Reader, view: ViewState, event: Event, found: Within) -> NoteFacts | None:
    """Return what is said of the people and the poverty counted; ``None`` where neither is."""
    shown: dict[str, list[int]] = {}
    for kind, year in (("population", "people"), ("poor_population", "poor")):
        declared = people_indicator(reader, view.pack, event.level, kind)  # type: ignore[arg-type]
        if declared is not None and year in found.told:
            shown[declared["id"]] = [found.told[year]]
    if found.poverty:
        shown[found.poverty.figures.indicator["id"]] = [found.poverty.figures.year]
    return note_facts(reader, view.pack, event.level, shown) if shown else None


def wind_facts(reader: Reader, view: ViewState, event: Event) -> NoteFacts:
    """Return what is said of the winds of the record."""
    years = reader.indicator(view.pack, "cyclone_wind_10yr")["levels"][event.level]["years"]
    return note_facts(reader, view.pack, event.level, {"cyclone_wind_10yr": years})


def hardest(reader: Reader, view: ViewState, event: Event, most: int) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heads, and the place and cells of each of the units that are hit hardest."""
    language, level = view.language, event.level
    names, people = unit_names(reader, view, level), headcount(reader, view.pack, level)
    head = [reader.level(view.pack, level)["name"][language], message(f"scenario.amount.{event.kind}", language)]
    head += [message("scenario.across", language)] if event.kind == "intensity" else []
    head += [message("risk.people", language)] if people.year else []
    rows = []
    for at in np.argsort(np.nan_to_num(event.amount), kind="stable")[::-1][:most].tolist():
        cells = [names[at], number(float(event.amount[at]), 1, language)]
        cells += [number(float(event.least[at]), 1, language)] if event.kind == "intensity" else []
        if people.year:
            heads = float(people.heads[at])
            cells.append(number(heads, 0, language) if np.isfinite(heads) else message("risk.no_score", language))
        rows.append((at, cells))
    return head, rows


def caveats(event: Event, language: str) -> list[str]:
    """Return what the event cannot say."""
    if event.kind == "wind":
        declared = event.declared or {}
        facts = {
            "factor": f"{declared.get('surface_factor', 0):g}",
            "pressure": f"{declared.get('environmental_pressure', 0):g}",
        }
        told = [message("scenario.caveat.wind", language, **facts), message("scenario.caveat.rain", language)]
        if any(event.moved):
            told.append(message("scenario.caveat.moved", language))
    else:
        relation = event.relation
        sigma = number(relation.sigma, 1, language) if relation and np.isfinite(relation.sigma) else ""
        told = [message("scenario.caveat.shape", language)]
        told += [message("scenario.caveat.sigma", language, sigma=sigma)] if sigma else []
        told.append(message("scenario.caveat.ground", language))
        told += [message("scenario.caveat.california", language)] if relation and relation.id == "california" else []
    told += [message("scenario.caveat.middle", language), message("scenario.caveat.not_loss", language)]
    return told
