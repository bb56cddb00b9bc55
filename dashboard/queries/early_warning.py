"""The winds at which the country warns of cyclones: where and how often they came, and how many people lived there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import Headcount, headcount
from fuping.dashboard.queries.risk import storms_of
from numpy.typing import NDArray

__all__ = ["Reached", "WarningRecord", "reached", "warning_record", "warning_thresholds"]


@dataclass(frozen=True, eq=False)
class WarningRecord:
    """How often each threshold was reached in the record of storms.

    Parameters
    ----------
    declared
        The storm catalogue, as the build has it.
    thresholds
        As declared, the lowest first.
    times
        int64, threshold × unit of the catalogue's level: storms that brought at least that wind.
    last
        The latest season in which one did, on the same shape; 0 where none did.
    people
        Who lives there.
    """

    declared: Mapping[str, Any]
    thresholds: tuple[Mapping[str, Any], ...]
    times: NDArray[np.int64]
    last: NDArray[np.int64]
    people: Headcount

    @property
    def seasons(self) -> int:
        """Length of the record in years."""
        return int(self.declared["last_season"] - self.declared["first_season"] + 1)


@dataclass(frozen=True)
class Reached:
    """What a threshold means for some units.

    Parameters
    ----------
    threshold
        As declared.
    units
        Those that saw it at least once in the record.
    people
        Living in them; NaN where the pack counts nobody.
    people_a_year
        Expected annual exposure: each unit's people times its storms a year.
    """

    threshold: Mapping[str, Any]
    units: int
    people: float
    people_a_year: float


def warning_thresholds(declared: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], ...]:
    """Return the thresholds of a storm catalogue, the lowest first; none where it declares none."""
    warning = (declared or {}).get("early_warning") or {}
    return tuple(warning.get("thresholds", ()))


def warning_record(reader: Reader, pack: str) -> WarningRecord | None:
    """Return how often each threshold was reached; ``None`` without storms or where the pack declares no threshold."""
    return _record(reader, pack, reader.version(pack))


@once(maxsize=8)
def _record(reader: Reader, pack: str, version: str) -> WarningRecord | None:
    found = storms_of(reader, pack)
    tracks = reader.store.table(pack, "storm_tracks")
    thresholds = warning_thresholds(found[0] if found else None)
    if found is None or tracks is None or not thresholds:
        return None
    declared, winds = found
    codes = reader.units(pack, declared["level"])["code"]
    season = winds["track_id"].map(tracks.groupby("track_id")["season"].first())
    times = np.zeros((len(thresholds), len(codes)), dtype=np.int64)
    last = np.zeros_like(times)
    for row, one in enumerate(thresholds):
        beyond = season[winds["wind"] >= one["wind"]].groupby(winds["code"])
        times[row] = beyond.size().reindex(codes).fillna(0)
        last[row] = beyond.max().reindex(codes).fillna(0)
    return WarningRecord(declared, thresholds, times, last, headcount(reader, pack, declared["level"]))


def reached(found: WarningRecord, among: NDArray[np.bool_]) -> list[Reached]:
    """Sum a record up over some units of its level."""
    heads, rows = found.people.heads, []
    for threshold, times in zip(found.thresholds, found.times, strict=True):
        seen = among & (times > 0)
        a_year = float(np.nansum(heads[seen] * times[seen])) / found.seasons if found.people.year else float("nan")
        rows.append(Reached(threshold, int(seen.sum()), found.people.total(seen), a_year))
    return rows
