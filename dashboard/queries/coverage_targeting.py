"""Whom a project covers and whether those are the places in need: all that can be said where no outcome is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader

if TYPE_CHECKING:
    from fuping.spatial.projects import Targeting

__all__ = ["CoverageFacts", "Marked", "closed_outcomes", "coverage_facts"]


@dataclass(frozen=True)
class Marked:
    """How far a project covers the units that a status marks, and the others."""

    indicator: Mapping[str, Any]
    year: int
    found: Targeting


@dataclass(frozen=True, eq=False)
class CoverageFacts:
    """Coverage of one project.

    Parameters
    ----------
    project
        As the catalogue has it.
    by_year
        As ``coverage_table`` gives it.
    marked
        One for each status of places that the pack holds.
    """

    project: Mapping[str, Any]
    by_year: pd.DataFrame
    marked: tuple[Marked, ...]


def coverage_facts(reader: Reader, pack: str, level: str) -> list[CoverageFacts]:
    """Return the coverage of every project that covers units of a level."""
    from fuping.spatial.projects import assess_targeting, coverage_table
    from fuping.spatial.projects.coverage import cover

    units = reader.units(pack, level)
    codes = np.array(units["code"], dtype=object)
    areas = pd.DataFrame({"area_km2": np.asarray(units["area_km2"], dtype=np.float64)}, index=pd.Index(codes))
    facts = []
    for project in reader.catalogue(pack)["projects"]:
        years, covered = reader.coverage(pack, project["id"], level)
        if not years:
            continue
        rows = [
            {"project": project["id"], "unit": code, "programme": project["id"], "first_year": year, "last_year": year}
            for year, row in zip(years, covered, strict=True)
            for code in codes[np.flatnonzero(row)]
        ]
        table = coverage_table(cover(pd.DataFrame(rows).assign(amount=np.nan), areas, years=years))
        ever = np.asarray(covered, dtype=np.int64).max(axis=0)
        marked = []
        for one in reader.catalogue(pack)["indicators"]:
            there = one["levels"].get(level, {}).get("years", [])
            # A status of several years is what the project itself follows; one of a single year marks places, unless
            # every place is in some category of it.
            if len(there) != 1 or not any(each["code"] == 0 for each in one["categories"]):
                continue
            values = reader.values(pack, one["id"], level).value[0]
            known = np.flatnonzero(~np.isnan(values))
            found = assess_targeting(values[known] > 0, ever[known].astype(float))
            marked.append(Marked(one, int(there[0]), found))
        facts.append(CoverageFacts(project, table, tuple(marked)))
    return facts


def closed_outcomes(reader: Reader, pack: str, level: str) -> list[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """Return the indicators that could be outcomes once their sources are loaded, with the commands that load them."""
    catalogue = reader.catalogue(pack)
    closed = {one["id"]: one["load_command"] for one in catalogue["sources"] if not one["loaded"]}
    found = []
    for one in catalogue["indicators"]:
        commands = tuple(dict.fromkeys(closed[source] for source in one["sources"] if source in closed))
        if one["shown"] and not one["categories"] and commands and not one["levels"].get(level, {}).get("n_values"):
            found.append((one, commands))
    return found
