"""What can count as a treatment in a pack, and since when each unit has it: coverage, a status, or a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from numpy.typing import NDArray

__all__ = ["FirstTreated", "Treatment", "first_treated", "treatment_choices", "usual_threshold"]

TreatmentKind = Literal["project", "enter", "leave", "above", "below"]

ANY = -1
"""Stands for every category of a status but the first one that means none."""

FEW_CATEGORIES = 3


@dataclass(frozen=True)
class Treatment:
    """One way to be treated.

    Parameters
    ----------
    kind
        A project's coverage; entry into or exit from a category of a status; a figure at or above, or below, a value.
    of
        Project or indicator.
    category
        Of a status; :data:`ANY` where any category counts but 0.
    """

    kind: TreatmentKind
    of: str
    category: int = 0

    @property
    def id(self) -> str:
        """As the URL has it."""
        return f"{self.kind}.{self.of}.{self.category}"


@dataclass(frozen=True, eq=False)
class FirstTreated:
    """Since when the n units of a level are treated.

    Parameters
    ----------
    first
        float64; year of the first treatment, infinite where there is none in the years known.
    known
        bool; whether the treatment is known in every year looked at.
    switching
        bool; whether it comes and goes.
    years
        Looked at.
    n_unnamed
        Units that a project covers and the sources do not name: they stand among the untreated.
    """

    first: NDArray[np.float64]
    known: NDArray[np.bool_]
    switching: NDArray[np.bool_]
    years: tuple[int, ...]
    n_unnamed: int = 0


def treatment_choices(reader: Reader, pack: str, level: str) -> list[Treatment]:
    """Return the treatments that a pack's data define at a level: projects, then statuses, then thresholds."""
    return list(_choices(reader, pack, reader.version(pack), level))


@once(maxsize=16)
def _choices(reader: Reader, pack: str, version: str, level: str) -> tuple[Treatment, ...]:
    catalogue = reader.catalogue(pack)
    found = [
        Treatment("project", one["id"]) for one in catalogue["projects"] if reader.coverage(pack, one["id"], level)[0]
    ]
    thresholds = []
    for one in catalogue["indicators"]:
        if not one["shown"] or not one["levels"].get(level, {}).get("n_values"):
            continue
        if one["categories"]:
            found += _statuses(reader, pack, level, one)
        elif len(one["levels"][level]["years"]) > 1:
            thresholds += [Treatment("above", one["id"]), Treatment("below", one["id"])]
    return (*found, *thresholds)


def _statuses(reader: Reader, pack: str, level: str, declared: dict[str, Any]) -> list[Treatment]:
    codes = [one["code"] for one in declared["categories"] if one["code"] != 0]
    if len(codes) == len(declared["categories"]):
        return []  # Every unit is in some category, a zone of climate say: there is nothing to enter.
    if len(codes) > FEW_CATEGORIES:
        return [Treatment("enter", declared["id"], ANY)]
    value = reader.values(pack, declared["id"], level).value
    found = [Treatment("enter", declared["id"], code) for code in codes]
    left = [code for code in codes if ((value[:-1] == code) & (value[1:] != code) & ~np.isnan(value[1:])).any()]
    return found + [Treatment("leave", declared["id"], code) for code in left]


def usual_threshold(reader: Reader, pack: str, level: str, indicator: str) -> float:
    """Return the upper quartile of an indicator's first year, rounded as the indicator is written."""
    first = reader.values(pack, indicator, level).value[0]
    return round(float(np.nanquantile(first, 0.75)), reader.indicator(pack, indicator)["decimals"])


def first_treated(
    reader: Reader, pack: str, level: str, treatment: Treatment, *, threshold: float, until: int
) -> FirstTreated:
    """Find since when each unit is treated.

    Parameters
    ----------
    threshold
        Of a figure.
    until
        Last year looked at.
    """
    unnamed = 0
    if treatment.kind == "project":
        project = next(one for one in reader.catalogue(pack)["projects"] if one["id"] == treatment.of)
        years, covered = reader.coverage(pack, treatment.of, level)
        status = np.asarray(covered, dtype=np.float64)
        unnamed = max(0, int(project["total_units"] or 0) - int(project["named_units"] or 0))
    else:
        values = reader.values(pack, treatment.of, level)
        years, status = list(values.years), _status(values.value, treatment, threshold)
    rows = [at for at, year in enumerate(years) if year <= until]
    status, kept = status[rows], tuple(years[at] for at in rows)
    n = status.shape[1]
    if not rows:
        return FirstTreated(np.full(n, np.inf), np.ones(n, dtype=bool), np.zeros(n, dtype=bool), (), unnamed)
    known = np.asarray(~np.isnan(status).any(axis=0), dtype=bool)
    treated = np.nan_to_num(status) == 1
    when = np.where(treated.any(axis=0), np.array(kept, dtype=np.float64)[treated.argmax(axis=0)], np.inf)
    switching = np.asarray(known & (np.diff(treated.astype(np.int8), axis=0) < 0).any(axis=0), dtype=bool)
    return FirstTreated(when, known, switching, kept, unnamed)


def _status(value: NDArray[np.float64], treatment: Treatment, threshold: float) -> NDArray[np.float64]:
    """Return 1 where treated, 0 where not, NaN where not known; shape (years, units)."""
    missing = np.isnan(value)
    if treatment.kind == "above":
        treated = value >= threshold
    elif treatment.kind == "below":
        treated = value < threshold
    else:
        inside = value > 0 if treatment.category == ANY else value == treatment.category
        if treatment.kind == "leave":
            # Who was in it before and is in it no more; who never was has nothing to leave.
            before = np.maximum.accumulate(inside, axis=0)
            treated = before & ~inside
        else:
            treated = inside
    return np.where(missing, np.nan, treated.astype(np.float64))
