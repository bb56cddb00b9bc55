"""Write the content of a report from what the store holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import numpy as np
from fuping.dashboard.components import profile_parts as words
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.source_note import boundary_credit
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.figures.locator import in_country
from fuping.dashboard.i18n.formats import day, number
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.parts import MOST_PARTS, Parts, parts_of
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.queries.profile import Profile, profile
from fuping.dashboard.queries.surroundings import framed, surroundings
from fuping.dashboard.reports.content import Picture, Report
from fuping.dashboard.reports.credits import Credits
from fuping.dashboard.reports.region_sections import region_sections
from fuping.dashboard.reports.unit_sections import unit_map, unit_sections
from fuping.dashboard.state import ViewState
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["report_parts", "write_report"]


def write_report(
    reader: Reader,
    pack: str,
    code: str,
    *,
    language: str,
    indicator: str = "",
    parts: str = "",
    classes: Mapping[str, str] | None = None,
    address: str,
    today: date,
) -> Report:
    """Return the report of a unit.

    Parameters
    ----------
    indicator
        What is mapped and drawn over the years; the pack's first choice where not given.
    parts
        A level below the unit's: the report then is one of a region, with a map and a table of its parts.
    classes
        Parameters of the URL that decide the classes of the indicator's maps; as it is first shown where not given.
    address
        Of the dashboard, without a slash at its end: where the view is seen online.
    today
        The date on the report.

    Raises
    ------
    FupingError
        The pack, the unit, the language, the indicator or the parts are not there, or the parts are too many.
    """
    _check(reader, pack, code, language, indicator)
    query = dict(classes or {}) | {"pack": pack, "unit": code, "indicator": indicator, "lang": language}
    view = ViewState.read(urlencode(query), reader.packs(), reader.catalogue)
    found = profile(reader, view)
    assert found is not None
    part = report_parts(reader, pack, code, parts) if parts else None
    credits = Credits(language)
    sections = list(region_sections(reader, view, found, part, credits)) if part else [unit_map(reader, found, credits)]
    sections += unit_sections(reader, found, credits)
    catalogue = reader.catalogue(pack)
    country = catalogue["pack"]["name"][language]
    seen = f"{address}{page_href('profile', replace(view, unit=code))}"
    boundary = message("paper.boundary_note", language, credit=boundary_credit(catalogue, language))
    return Report(
        language=language,
        kicker=f"{message('paper.region' if part else 'paper.profile', language)} · {country}",
        title=found.place.name,
        other_title=found.place.other_name,
        facts=_facts(reader, found, today),
        locator=_locator(reader, found),
        lead=_lead(reader, found, view),
        sections=tuple(one for one in sections if one),
        sources_title=message("data.sources", language),
        credits=credits.listed(),
        closing=(boundary, message("paper.view", language, url=seen), message("paper.made", language)),
        page=message("paper.page", language, page="{page}", pages="{pages}"),
        footer=f"{found.place.name} · {day(today.isoformat(), language)} · {reader.version(pack)}",
    )


def report_parts(reader: Reader, pack: str, code: str, level: str) -> Parts:
    """Return the parts of a unit at a level.

    Raises
    ------
    FupingError
        It has none there, or more than a report holds.
    """
    place = place_of_code(reader, pack, code, LANGUAGES[0])
    if place is None:
        raise FupingError(
            worded("No unit of {pack!r} has the code {code!r}.", pack=pack, code=code),
            remedy=worded("Look it up on the map page."),
            code=code,
        )
    there = parts_of(reader, pack, place)
    found = next((one for one in there if one.level["id"] == level), None)
    if found is None:
        known = ", ".join(one.level["id"] for one in there) or "none"
        raise FupingError(
            worded("{code} has no parts at level {level!r}.", code=code, level=level),
            remedy=worded("Levels below it: {known}.", known=known),
            level=level,
        )
    if len(found.codes) > MOST_PARTS:
        raise FupingError(
            worded(
                "{code} has {n} parts at level {level!r}; a report or batch holds {most}.",
                code=code,
                n=len(found.codes),
                level=level,
                most=MOST_PARTS,
            ),
            remedy=worded("Choose a higher level, or a unit within it."),
            n=len(found.codes),
        )
    return found


def _check(reader: Reader, pack: str, code: str, language: str, indicator: str) -> None:
    if pack not in reader.packs():
        built = ", ".join(reader.packs()) or "none"
        raise FupingError(
            worded("The pack {pack!r} is not built.", pack=pack),
            remedy=worded("Built: {built}. Run: fuping build {pack}", built=built, pack=pack),
        )
    if language not in LANGUAGES:
        raise FupingError(
            worded("There is no language {language!r}.", language=language),
            remedy=worded("Languages: {languages}.", languages=", ".join(LANGUAGES)),
        )
    shown = [one["id"] for one in reader.catalogue(pack)["indicators"] if one["shown"]]
    if indicator and indicator not in shown:
        raise FupingError(
            worded("The pack {pack!r} has no indicator {indicator!r}.", pack=pack, indicator=indicator),
            remedy=worded("Indicators: {shown}.", shown=", ".join(shown)),
        )
    if place_of_code(reader, pack, code, language) is None:
        raise FupingError(
            worded("No unit of {pack!r} has the code {code!r}.", pack=pack, code=code),
            remedy=worded("Look it up on the map page."),
            code=code,
        )


def _facts(reader: Reader, found: Profile, today: date) -> tuple[tuple[str, str], ...]:
    language = found.view.language
    level = reader.level(found.view.pack, found.place.level)["name"][language]
    above = " › ".join(one.name for one in found.above)
    facts = [
        (message("report.code", language), found.place.code),
        (message("profile.level", language), level),
        (message("profile.lies_in", language), above),
        (message("profile.area", language), words.area_text(found)),
        (message("paper.date", language), day(today.isoformat(), language)),
        (message("paper.build", language), reader.version(found.view.pack)),
    ]
    return tuple(fact for fact in facts if fact[1])


def _locator(reader: Reader, found: Profile) -> Picture | None:
    around = surroundings(reader, found)
    inside = framed(reader, found.view.pack, around.divisions, np.arange(len(around.divisions))).inside
    if not len(inside):
        return None
    country = words.country_name(reader, found)
    label = message("profile.in_country", found.view.language, name=found.place.name, country=country)
    return Picture(in_country(around, inside, label=label), 44, label)


def _lead(reader: Reader, found: Profile, view: ViewState) -> str:
    """Return the figure that is looked at with its rank, or why there is none."""
    language = view.language
    declared = reader.indicator(view.pack, found.view.indicator)
    if not found.benchmarks and not any(run.category for one in found.statuses for run in one.runs):
        return message("profile.none_at_all", language, name=found.place.name)
    told = []
    if not found.asked:
        asked = reader.indicator(view.pack, view.indicator)["name"][language]
        shown = declared["name"][language]
        told.append(message("profile.not_asked", language, asked=asked, name=found.place.name, shown=shown))
    values = reader.values(view.pack, found.view.indicator, found.place.level)
    value = float(values.value[values.years.index(found.view.year), found.at])
    title = message("paper.map", language, indicator=declared["name"][language], year=found.view.year)
    told.append(message("paper.lead", language, title=title, value=figure_text(value, declared, language)))
    mine = next((one for one in found.benchmarks if one.indicator["id"] == found.view.indicator), None)
    if mine and mine.rank:
        scope = found.scope.name if found.scope else words.country_name(reader, found)
        position, of = (number(one, 0, language) for one in (mine.rank.position, mine.rank.of))
        level = words.level_words(reader, view.pack, found.place.level, language)
        ranked = message("panel.rank", language, position=position, of=of, level=level, scope=scope)
        told[-1] += message("format.join", language) + ranked
    return " ".join(told)
