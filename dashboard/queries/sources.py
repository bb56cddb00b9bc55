"""Where figures come from: what the note under every figure says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.stores import STATUS_WORDS

__all__ = ["NoteFacts", "SourceUse", "classed_facts", "note_facts"]


@dataclass(frozen=True)
class SourceUse:
    """A source and the years that come from it."""

    source: Mapping[str, Any]
    years: tuple[int, ...]


@dataclass(frozen=True)
class NoteFacts:
    """What is said of a figure.

    Parameters
    ----------
    uses
        Sources with their years.
    years
        All years shown.
    units
        Units of measure by language, one for each indicator that has another.
    statuses
        Word of the vocabulary → number of figures shown with it.
    warnings
        Words of the vocabulary.
    figures
        The view of each indicator at its latest year shown, of the unit where there is one: how it was made.
    names
        Of those indicators, by language.
    """

    uses: tuple[SourceUse, ...]
    years: tuple[int, ...]
    units: tuple[Mapping[str, str], ...]
    statuses: Mapping[str, int]
    warnings: tuple[str, ...]
    figures: tuple[ViewState, ...]
    names: tuple[Mapping[str, str], ...]


def note_facts(
    reader: Reader,
    pack: str,
    level: str,
    shown: Mapping[str, Sequence[int]],
    *,
    unit: int | Sequence[int] | None = None,
) -> NoteFacts:
    """Return what is said of the figures of some indicators in some years.

    Parameters
    ----------
    shown
        Indicator → its years.
    unit
        Place of the only unit shown, or places of those shown; all units of the level where not given.
    """
    named = {one["id"]: one for one in reader.catalogue(pack)["sources"]}
    years_of: dict[str, set[int]] = {}
    statuses: dict[str, int] = {}
    warnings: dict[str, None] = {}
    units: dict[str, Mapping[str, str]] = {}
    for indicator, years in shown.items():
        declared = reader.indicator(pack, indicator)
        values = reader.values(pack, indicator, level)
        by_year = declared["levels"][level]["sources"]
        rows = [values.years.index(year) for year in years]
        shown_units = slice(None) if unit is None else np.atleast_1d(unit)
        codes = values.status[rows][:, shown_units][values.reason[rows][:, shown_units] == 0]
        for code, count in zip(*np.unique(codes, return_counts=True), strict=True):
            word = STATUS_WORDS[int(code)]
            statuses[word] = statuses.get(word, 0) + int(count)
        used = {source: None for year in years for source in by_year[str(year)]}
        for year in years:
            for source in by_year[str(year)]:
                years_of.setdefault(source, set()).add(year)
        warnings |= dict.fromkeys(declared["warnings"])
        for source in used:
            warnings |= dict.fromkeys(named[source]["warnings"])
        units[declared["unit"]["en"]] = declared["unit"]
    uses = tuple(SourceUse(named[one], tuple(sorted(found))) for one, found in years_of.items())
    everything = sorted({year for years in shown.values() for year in years})
    code = reader.units(pack, level)["code"][int(unit)] if isinstance(unit, int | np.integer) else None
    figures = tuple(
        ViewState(pack, one, level, max(years), unit=code)
        for one, years in shown.items()
        if years and _can_be_asked_for(reader.indicator(pack, one), level)
    )
    names = tuple(reader.indicator(pack, one.indicator)["name"] for one in figures)
    return NoteFacts(uses, tuple(everything), tuple(units.values()), statuses, tuple(warnings), figures, names)


def classed_facts(facts: NoteFacts, view: ViewState) -> NoteFacts:
    """Return facts whose way to how a figure was made leads to the classes that a view draws."""
    return replace(facts, figures=tuple(one.classed_as(view) for one in facts.figures))


def _can_be_asked_for(declared: Mapping[str, Any], level: str) -> bool:
    """Return whether a URL can name an indicator at a level: it is offered and has a figure there."""
    return bool(declared["shown"] and declared["levels"][level]["n_values"])
