"""What two builds of a pack tell differently: figures and projects added, taken away and changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from fuping.layers.stores.build_folder import read_catalogue

__all__ = ["COMPARED", "Difference", "difference", "project_changes"]

COMPARED = ("observations.parquet", "units.parquet", "coverage.parquet", "catalogue.json")
"""The files of a build that are compared."""

QUERY = """
SELECT
    coalesce(o.indicator, n.indicator) AS indicator,
    coalesce(o.level, n.level) AS level,
    coalesce(o.code, n.code) AS code,
    coalesce(o.year, n.year) AS year,
    o.value AS old, n.value AS new,
    CASE WHEN o.code IS NULL THEN 'added' WHEN n.code IS NULL THEN 'removed' ELSE 'changed' END AS what
FROM read_parquet(?) AS o
FULL JOIN read_parquet(?) AS n
    ON o.indicator = n.indicator AND o.level = n.level AND o.code = n.code AND o.year = n.year
WHERE o.code IS NULL OR n.code IS NULL
    OR o.value IS DISTINCT FROM n.value OR o.reason <> n.reason OR o.status <> n.status
    OR o.lower IS DISTINCT FROM n.lower OR o.upper IS DISTINCT FROM n.upper
ORDER BY ALL
"""


@dataclass(frozen=True, eq=False)
class Difference:
    """What a newer build tells otherwise than an older one.

    Parameters
    ----------
    figures
        A row for each: ``indicator``, ``level``, ``code``, ``year``, ``old``, ``new`` (NaN where missing or not
        there) and ``what``: ``added``, ``removed`` or ``changed`` (of value, interval, status or reason).
    units_added, units_removed
        Codes, as ``level code``.
    projects
        Project → ``added``, ``removed`` or ``changed`` (in what is told of it, or in the units and years it covers).
    """

    figures: pd.DataFrame
    units_added: tuple[str, ...]
    units_removed: tuple[str, ...]
    projects: dict[str, str] = field(default_factory=dict)

    @property
    def none(self) -> bool:
        """Whether the two builds tell the same."""
        return self.figures.empty and not (self.units_added or self.units_removed or self.projects)

    def counts(self) -> pd.DataFrame:
        """Return how many figures were added, removed and changed, by indicator and level."""
        counted = pd.crosstab([self.figures["indicator"], self.figures["level"]], self.figures["what"])
        return counted.reindex(columns=["added", "removed", "changed"], fill_value=0)


def difference(old: Path, new: Path) -> Difference:
    """Compare two builds.

    Parameters
    ----------
    old, new
        Folders of the builds, as the store gives them.
    """
    with duckdb.connect() as connection:
        figures = connection.execute(
            QUERY, [str(old / "observations.parquet"), str(new / "observations.parquet")]
        ).fetch_df()
    before, after = (_units(folder) for folder in (old, new))
    return Difference(
        figures, tuple(sorted(after - before)), tuple(sorted(before - after)), project_changes(_projects(old), new)
    )


def project_changes(before: dict[str, Any], new: Path) -> dict[str, str]:
    """Return what became of each project that a newer build tells otherwise.

    Parameters
    ----------
    before
        Project → all that an older build tells of it; empty where there is none.
    new
        Folder of the newer build.
    """
    after = _projects(new)
    return {
        name: "added" if name not in before else "removed" if name not in after else "changed"
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    }


def _projects(folder: Path) -> dict[str, Any]:
    """Return what a build tells of each project, and the units and years that it covers."""
    covered = pd.read_parquet(folder / "coverage.parquet", columns=["project", "code", "year"])
    of = {str(name): set(zip(rows["code"], rows["year"], strict=True)) for name, rows in covered.groupby("project")}
    return {one["id"]: (one, of.get(one["id"], set())) for one in read_catalogue(folder)["projects"]}


def _units(folder: Path) -> set[str]:
    units = pd.read_parquet(folder / "units.parquet", columns=["level", "code"])
    return set(units["level"] + " " + units["code"])
