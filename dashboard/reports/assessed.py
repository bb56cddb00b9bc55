"""What the sections on ecology and risk share: the units they are of, what is left out, what a grid cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from fuping.dashboard.components.profile_parts import level_words
from fuping.dashboard.i18n.formats import PERCENT, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.figures_at import Latest, NotUsed, cells_of, least_cells
from fuping.dashboard.queries.parts import parts_of
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.queries.scope import named
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.reports.content import Picture
from fuping.dashboard.reports.credits import Credits
from fuping.dashboard.reports.report_map import Grading, graded_map
from numpy.typing import NDArray

__all__ = [
    "MOST_ROWS",
    "assessment_note",
    "cells_text",
    "count_words",
    "label_of",
    "left_out_words",
    "mapped",
    "places_of",
    "unit_in_year",
]

MOST_ROWS = 12
"""Units in a table of the worst: it stands on one page."""

Places = NDArray[np.int64]


def places_of(reader: Reader, found: Profile, level: str) -> Places:
    """Return the places, in the level of an assessment, of the profile's unit or its parts; none where it has none."""
    if found.place.level == level:
        return np.array([found.at])
    parts = next((one for one in parts_of(reader, found.view.pack, found.place) if one.level["id"] == level), None)
    inside = set(parts.codes) if parts else set()
    codes = reader.units(found.view.pack, level)["code"]
    return np.array([at for at, code in enumerate(codes) if code in inside], dtype=np.int64)


def label_of(reader: Reader, found: Profile, level: str, at: int) -> str:
    """Return the name of a part, with what it lies in where that is not the place that the report is of."""
    unit = named(reader, found.view, level, at)
    lies_in = unit.parent if unit.parent != found.place.name else ""
    return unit.name + (message("format.bracket", found.view.language, text=lies_in) if lies_in else "")


def mapped(reader: Reader, found: Profile, level: str, places: Places, grading: Grading) -> tuple[Picture | None, str]:
    """Return the map of grades of the parts, and how it is read."""
    language = found.view.language
    view = replace(found.view, level=level)
    drawn, apart = graded_map(reader, view, places, grading, scope=found.place.name)
    plural = level_words(reader, view.pack, level, language)
    hint = message("paper.grades_hint", language, level=plural, scope=found.place.name)
    if apart:
        hint += " " + message("paper.map_outside", language, names=listed(apart, language))
    return drawn, hint


def count_words(classes: Places, names: Sequence[str], missing: str, language: str) -> str:
    """Return how many units have each grade, and how many have none."""
    counts = [int((classes == place).sum()) for place in range(len(names))]
    told = [(name, n) for name, n in zip(names, counts, strict=True)]
    told += [(missing, int((classes < 0).sum()))] if (classes < 0).any() else []
    parts = [message("format.count", language, name=name, n=number(n, 0, language)) for name, n in told]
    return message("format.join", language).join(parts)


def left_out_words(left: Sequence[NotUsed], language: str) -> str:
    """Return which declared indicators are left out, why, and what loads them; empty where none is."""
    join = message("format.join", language)
    told = []
    for key, some in (
        ("ecology.not_loaded", [one for one in left if one.commands]),
        ("ecology.no_figures", [one for one in left if not one.commands]),
    ):
        if some:
            told.append(message(key, language, names=join.join(one.indicator["name"][language] for one in some)))
            told += dict.fromkeys(command for one in some for command in one.commands)
    return " ".join(told)


def unit_in_year(indicator: Mapping[str, Any], year: int, language: str) -> str:
    """Return the unit and the year of a figure; a figure in per cent carries its own sign."""
    unit = indicator["unit"][language]
    return str(year) if unit == PERCENT else message("paper.unit_in_year", language, unit=unit, year=year)


def cells_text(reader: Reader, found: Profile, indicator: str, language: str) -> str:
    """Return how many cells of its grid the unit covers, and how many it must; a dash where it is off no grid."""
    least = least_cells(reader, found.view.pack).get(indicator)
    cells = cells_of(reader, found.view.pack, found.place.level, found.place.code).get(indicator)
    if least is None or cells is None:
        return "–"
    return message("paper.cells", language, cells=number(cells, 1, language), least=f"{least:g}")


def _coarse_words(reader: Reader, found: Profile, level: str, places: Places, used: Sequence[Latest]) -> str:
    """Return what a coarse grid cannot say, and how many of the units are refused a figure for want of cells."""
    language, pack = found.view.language, found.view.pack
    least = least_cells(reader, pack)
    gridded = [one.indicator["id"] for one in used if one.indicator["id"] in least]
    if not gridded:
        return ""
    codes = reader.units(pack, level)["code"]
    covered = [cells_of(reader, pack, level, codes[at]) for at in places]
    refused = sum(any(cells.get(name, 0.0) < least[name] for name in gridded) for cells in covered)
    counts = {"n": number(refused, 0, language), "of": number(len(places), 0, language)}
    told = message("paper.coarse", language)
    if found.place.level == level:
        return told + (" " + message("paper.coarse_unit", language) if refused else "")
    return (
        f"{told} {message('paper.coarse_parts', language, level=level_words(reader, pack, level, language), **counts)}"
    )


class Judged(Protocol):
    """An assessment: the figures it used, and the declared indicators that it left out."""

    @property
    def used(self) -> Sequence[Latest]:
        """Indicators with their latest figures."""

    @property
    def left_out(self) -> Sequence[NotUsed]:
        """Indicators without figures."""


def assessment_note(
    reader: Reader, found: Profile, declared: Mapping[str, Any], places: Places, judged: Judged, credits: Credits
) -> str:
    """Return what stands under an assessment: its own note, what a grid cannot say, what is left out, the sources.

    Parameters
    ----------
    declared
        The framework or the composite, as the pack declares it.
    """
    language, level = found.view.language, declared["level"]
    shown = {one.indicator["id"]: [one.year] for one in judged.used}
    parts = (
        declared["note"][language],
        _coarse_words(reader, found, level, places, judged.used),
        left_out_words(judged.left_out, language),
        credits.note(note_facts(reader, found.view.pack, level, shown, unit=places.tolist())),
    )
    return " ".join(one for one in parts if one)
