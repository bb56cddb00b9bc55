"""What two builds of a pack tell differently: figures added, taken away and changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

__all__ = ["COMPARED", "Difference", "difference"]

COMPARED = ("observations.parquet", "units.parquet")
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
    """

    figures: pd.DataFrame
    units_added: tuple[str, ...]
    units_removed: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether the two builds tell the same."""
        return self.figures.empty and not self.units_added and not self.units_removed

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
    return Difference(figures, tuple(sorted(after - before)), tuple(sorted(before - after)))


def _units(folder: Path) -> set[str]:
    units = pd.read_parquet(folder / "units.parquet", columns=["level", "code"])
    return set(units["level"] + " " + units["code"])
