"""A built pack as an analyst opens it: boundaries, the unit × year cube, and the reports of what was joined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr
from fuping.layers.stores import STATUS_WORDS, Store, open_store
from fuping.spatial.boundaries.hierarchy import ancestors
from fuping.spatial.cube.dataset import to_dataset
from fuping.spatial.errors import FupingError
from fuping.spatial.match_report import MatchReport

__all__ = ["Country", "open_country"]


class Country:
    """One pack of a store.

    Parameters
    ----------
    store
        Where it is built.
    pack
        Its code.

    Raises
    ------
    NotBuiltError
        The store holds no build of it.
    """

    def __init__(self, store: Store, pack: str) -> None:
        self._store = store
        self.pack = pack
        self.version = store.version(pack)

    def __repr__(self) -> str:
        levels = ", ".join(f"{level['id']} ({level['n_units']:,})" for level in self.catalogue["levels"])
        return f"<Country {self.pack}: {levels}>"

    @cached_property
    def catalogue(self) -> dict[str, Any]:
        """What the build holds: levels, sources, indicators, projects, lines, reports."""
        return self._store.catalogue(self.pack)

    @property
    def indicators(self) -> pd.DataFrame:
        """The indicators, loaded or not: name, unit, kind, levels, first and last year, sources; indexed by id."""
        rows = []
        for one in self.catalogue["indicators"]:
            years = [year for level in one["levels"].values() for year in level["years"]]
            rows.append(
                {
                    "indicator": one["id"],
                    "name_en": one["name"]["en"],
                    "name_zh": one["name"]["zh"],
                    "unit": one["unit"]["en"],
                    "kind": one["kind"],
                    "levels": ", ".join(one["levels"]),
                    "first_year": min(years, default=None),
                    "last_year": max(years, default=None),
                    "sources": ", ".join(one["sources"]),
                    "loaded": one["loaded"],
                }
            )
        return pd.DataFrame(rows).astype({"first_year": "Int64", "last_year": "Int64"}).set_index("indicator")

    @property
    def reports(self) -> tuple[MatchReport, ...]:
        """What each join of the build matched, what it did not, and why."""
        return tuple(MatchReport.from_dict(one) for one in self.catalogue["reports"])

    def units(self, level: str | None = None) -> gpd.GeoDataFrame:
        """Return the boundaries of a level, not simplified, in EPSG:4326 and in the order of every cube of that level.

        Parameters
        ----------
        level
            The pack's default level where not given.
        """
        return self._store.boundaries(self.pack, self._level(level))

    def ancestors(self, level: str | None = None) -> pd.DataFrame:
        """Return what each unit of a level lies in.

        Returns
        -------
        pandas.DataFrame of str
            Units by the levels above, top down; empty where a unit lies in none of that level.
        """
        level = self._level(level)
        names = [one["id"] for one in self.catalogue["levels"]]
        columns = {name: self._store.units(self.pack, name) for name in names}
        parents = {
            name: dict(zip(one["code"], zip(one["parent_level"], one["parent_code"], strict=True), strict=True))
            for name, one in columns.items()
        }
        found = ancestors(parents, level)
        index = pd.Index(columns[level]["code"], name="code")
        return pd.DataFrame({name: found[name] for name in names if name in found}, index=index)

    def cube(self, indicators: str | Sequence[str] | None = None, *, level: str | None = None) -> xr.Dataset:
        """Return indicators as a unit × year cube; see :func:`fuping.spatial.cube.dataset.to_dataset`.

        Parameters
        ----------
        indicators
            One or several; all that have figures at the level where not given.
        level
            The pack's default level where not given.

        Raises
        ------
        FupingError
            An indicator has no figures at that level.
        """
        level = self._level(level)
        known = {one["id"]: one for one in self.catalogue["indicators"] if level in one["levels"]}
        wanted = [indicators] if isinstance(indicators, str) else list(indicators or known)
        absent = [name for name in wanted if name not in known]
        if absent:
            raise FupingError(
                f"There are no figures for {', '.join(absent)} at level {level!r}.",
                remedy=f"Indicators at that level: {', '.join(known) or 'none'}.",
            )
        values = {name: self._store.values(self.pack, name, level) for name in wanted}
        attrs = {name: self._attrs(known[name]) for name in wanted}
        cube = to_dataset(values, self.units(level), attrs=attrs, status_words=STATUS_WORDS)
        return cube.assign_attrs(pack=self.pack, level=level, build=self.version)

    def coverage(self, project: str, *, level: str | None = None) -> pd.DataFrame:
        """Return which units a project is known to cover.

        Returns
        -------
        pandas.DataFrame of bool
            Years by unit codes. False is "not known to be covered" while the sources name only some of a project's
            units; ``attrs`` says how many they name.
        """
        named = {one["id"]: one for one in self.catalogue["projects"]}
        if project not in named:
            raise FupingError(f"There is no project {project!r}.", remedy=f"Projects: {', '.join(named) or 'none'}.")
        level = level or named[project]["level"]
        years, covered = self._store.coverage(self.pack, project, level)
        codes = self._store.units(self.pack, level)["code"]
        table = pd.DataFrame(covered.astype(bool), index=pd.Index(years, name="year"), columns=codes)
        table.attrs = {key: named[project][key] for key in ("named_units", "total_units")}
        return table

    def _level(self, level: str | None) -> str:
        there = [one["id"] for one in self.catalogue["levels"]]
        level = level or self.catalogue["pack"]["default_level"]
        if level not in there:
            raise FupingError(f"The pack {self.pack!r} has no level {level!r}.", remedy=f"Levels: {', '.join(there)}.")
        return level

    def _attrs(self, indicator: dict[str, Any]) -> dict[str, Any]:
        sources = [one for one in self.catalogue["sources"] if one["id"] in indicator["sources"]]
        return {
            "long_name": indicator["name"]["en"],
            "name_zh": indicator["name"]["zh"],
            "units": indicator["unit"]["en"],
            "kind": indicator["kind"],
            "aggregation": indicator["aggregation"],
            "warnings": list(indicator["warnings"]),
            "source": [one["citation"] for one in sources],
            "licence": [one["licence"] for one in sources],
        } | (
            {"flag_values": [one["code"] for one in indicator["categories"]],
             "flag_meanings": " ".join(one["id"] for one in indicator["categories"])}
            if indicator["categories"] else {}
        )  # fmt: skip


def open_country(pack: str, *, root: Path | None = None) -> Country:
    """Open a built pack.

    Parameters
    ----------
    pack
        ``"cn"``, say; ``fuping packs`` lists them.
    root
        Data folder; ``$FUPING_DATA``, else the user's, where not given.

    Raises
    ------
    NotBuiltError
        It is not built; the message has the command that builds it.
    """
    return Country(open_store(root), pack)
