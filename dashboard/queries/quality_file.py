"""Flagged figures as a table with names and sources, and what must travel with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.quality import IndicatorQuality
from fuping.layers.export.indicator import metadata
from fuping.layers.quality import KINDS
from fuping.layers.stores import STATUS_WORDS
from fuping.spatial.quality import MODIFIED_Z

__all__ = ["completeness_table", "flag_table", "quality_facts", "sources_of"]

ANSWER = "A flag is a question to the source, not an error; nothing is changed."


def sources_of(reader: Reader, pack: str, indicator: str, level: str, year: int) -> list[Mapping[str, Any]]:
    """Return the sources of the figures of an indicator at a level in a year."""
    named = {one["id"]: one for one in reader.catalogue(pack)["sources"]}
    by_year = reader.indicator(pack, indicator)["levels"].get(level, {}).get("sources", {})
    return [named[one] for one in by_year.get(str(year), ())]


def flag_table(reader: Reader, pack: str, flags: pd.DataFrame) -> pd.DataFrame:
    """Return flags with the names of indicators and places, the status of each figure, and its sources.

    Parameters
    ----------
    flags
        Columns ``indicator`` and those of :data:`fuping.layers.quality.COLUMNS`.
    """
    groups = flags.groupby(["indicator", "level"], sort=False)
    parts = [_named(reader, pack, str(indicator), str(level), rows) for (indicator, level), rows in groups]  # type: ignore[misc]
    columns = ["indicator", "indicator_en", "indicator_zh", "unit", "level", "code", "name_en", "name_zh", "year"]
    columns += ["kind", "shape", "value", "expected", "off", "times", "n_years", "others", "status", "sources"]
    made = pd.concat(parts).sort_index() if parts else pd.DataFrame(columns=columns)
    return made[columns]


def _named(reader: Reader, pack: str, indicator: str, level: str, rows: pd.DataFrame) -> pd.DataFrame:
    declared, units = reader.indicator(pack, indicator), reader.units(pack, level)
    values = reader.values(pack, indicator, level)
    place = {code: at for at, code in enumerate(units["code"])}
    at = [place[code] for code in rows["code"]]
    when = [values.years.index(year) for year in rows["year"]]
    citations = {
        year: "; ".join(one["citation"] for one in sources_of(reader, pack, indicator, level, year))
        for year in rows["year"].unique()
    }
    return rows.assign(
        indicator_en=declared["name"]["en"],
        indicator_zh=declared["name"]["zh"],
        unit=declared["unit"]["en"],
        name_en=[units["name_en"][one] for one in at],
        name_zh=[units["name_zh"][one] for one in at],
        status=[STATUS_WORDS[values.status[row, column]] for row, column in zip(when, at, strict=True)],
        sources=rows["year"].map(citations),
    )


def completeness_table(everything: Sequence[IndicatorQuality]) -> pd.DataFrame:
    """Return one row for each indicator and year: figures, units that the source covers, share, reasons by code."""
    rows = [
        {
            "indicator": one.indicator["id"],
            "level": one.level,
            "year": entry.year,
            "observed": entry.observed,
            "expected": entry.expected,
            "share": entry.share,
            "missing": "; ".join(f"{reason}: {n}" for reason, n in entry.missing.items()),
        }
        for one in everything
        for entry in one.years
    ]
    return pd.DataFrame(rows)


def quality_facts(
    reader: Reader, pack: str, everything: Sequence[IndicatorQuality], asked: Mapping[str, str]
) -> dict[str, Any]:
    """Return what must travel with the flags: how they were made, what was judged and what not, meaning and sources.

    Parameters
    ----------
    asked
        What the list is narrowed to.
    """
    return {
        "pack": pack,
        "build": reader.version(pack),
        "answer": ANSWER,
        "threshold": MODIFIED_Z,
        "asked": {key: value for key, value in asked.items() if value},
        "indicators": [_told(reader, pack, one) for one in everything],
    }


def _told(reader: Reader, pack: str, one: IndicatorQuality) -> dict[str, Any]:
    about = metadata(reader.store, pack, one.indicator["id"], level=one.level)
    if one.judgement is None:
        return about | {"refused": one.refused}
    found = one.judgement
    return about | {
        "flagged": {kind: one.count(kind) for kind in KINDS},
        "judged": dict(found.judged),
        "not_judged": dict(found.refused),
        "within_interval": found.within_interval,
        "breaks": found.breaks.reset_index().to_dict("records"),
        "heaped_last_digits": found.heaped.reset_index().to_dict("records"),
        "totals_with_parts_missing": found.partial.to_dict("records"),
    }
