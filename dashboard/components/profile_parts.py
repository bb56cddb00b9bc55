"""Words that the profile page and its reports share, so that both say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from fuping.dashboard.components.unit_panel import figure_text
from fuping.dashboard.i18n.formats import area, inline, number, year_list
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.profile import Benchmark, Gap, Profile
from fuping.dashboard.queries.profile_series import ProfileSeries
from fuping.dashboard.queries.side_by_side import FigureTable
from fuping.dashboard.queries.unit import Observation

__all__ = [
    "area_text",
    "benchmark_hint",
    "cell_text",
    "country_name",
    "gap_text",
    "level_words",
    "line_name",
    "missing_words",
    "plain_figure",
    "rank_text",
    "strip_label",
    "years_note",
]


def country_name(reader: Reader, found: Profile) -> str:
    """Return the name of the country."""
    return str(reader.catalogue(found.view.pack)["pack"]["name"][found.view.language])


def level_words(reader: Reader, pack: str, level: str, language: str) -> str:
    """Return the plural of a level as it stands within a sentence."""
    return inline(reader.level(pack, level)["plural"][language], language)


def area_text(found: Profile) -> str:
    """Return the area with its unit."""
    return area(found.area_km2, found.view.language)


def benchmark_hint(reader: Reader, found: Profile) -> str:
    """Return how the table of benchmarks is read."""
    language = found.view.language
    if found.n_peers == 0:
        return message("profile.benchmarks_alone", language, name=found.place.name)
    return message(
        "profile.benchmarks_hint",
        language,
        n=number(found.n_peers, 0, language),
        level=level_words(reader, found.view.pack, found.place.level, language),
        scope=found.scope.name if found.scope else country_name(reader, found),
        name=found.place.name,
    )


def plain_figure(value: float, declared: Mapping[str, Any], language: str) -> str:
    """Return a figure without its unit but for the percent sign; a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    return number(value, declared["decimals"], language) + ("%" if declared["unit"][language] == "%" else "")


def rank_text(one: Benchmark, language: str) -> str:
    """Return the rank among the peers; a dash where there is none."""
    if one.rank is None:
        return "–"
    position, of = (number(each, 0, language) for each in (one.rank.position, one.rank.of))
    return message("profile.rank_of", language, position=position, of=of)


def strip_label(one: Benchmark, found: Profile) -> str:
    """Return what the picture of a position says, in words."""
    language = found.view.language
    value = figure_text(one.figure.value, one.indicator, language)
    assert one.rank is not None
    position, of = (number(each, 0, language) for each in (one.rank.position, one.rank.of))
    return message("profile.strip", language, name=found.place.name, value=value, position=position, of=of)


def line_name(reader: Reader, line: ProfileSeries, found: Profile) -> str:
    """Return what a line of the trend is called."""
    if line.role == "peers":
        n = number(found.n_peers, 0, found.view.language)
        return message("profile.peers", found.view.language, n=n)
    return line.place.name if line.place else country_name(reader, found)


def years_note(lines: Sequence[ProfileSeries], declared: Mapping[str, Any], language: str) -> str:
    """Return the unit of a trend, and which years it has."""
    years = [year for year, value in zip(lines[0].years, lines[0].values, strict=True) if np.isfinite(value)]
    if len(years) == 1:
        return message("profile.trend_single", language, year=years[0])
    return message("profile.trend_years", language, unit=declared["unit"][language], years=year_list(years))


def cell_text(one: Observation, declared: Mapping[str, Any], language: str) -> str:
    """Return a figure of a table whose head says the unit; ``n/a`` where missing, explained below the table."""
    if not np.isfinite(one.value):
        return message("profile.na", language)
    if declared["categories"]:
        return figure_text(one.value, declared, language)
    return plain_figure(one.value, declared, language)


def missing_words(table: FigureTable, language: str) -> str:
    """Return why figures of a table are missing, with how many for each reason; empty where none is."""
    counts = Counter(one.reason for _, cells in table.rows for one in cells if not np.isfinite(one.value))
    reasons = [
        message("profile.reason_count", language, reason=message(f"vocabulary.reason.{int(reason)}", language), n=count)
        for reason, count in counts.most_common()
    ]
    return message("profile.na_count", language, reasons="; ".join(reasons)) if reasons else ""


def gap_text(gap: Gap, language: str) -> str:
    """Return why an indicator has no figure."""
    if gap.levels:
        levels = listed((inline(one["plural"][language], language) for one in gap.levels), language)
        return message("profile.gap_level", language, levels=levels)
    if not gap.reasons:
        return message("profile.gap_closed", language)
    return "; ".join(
        message(
            "profile.gap_year",
            language,
            years=year_list(years),
            reason=message(f"vocabulary.reason.{int(reason)}", language),
        )
        for reason, years in gap.reasons
    )
