"""What every store of layers does, wherever its builds are: in files of this machine or in a database.

A build goes in and out as a folder of files, so that what makes, compares and archives builds knows no store:
``catalogue.json``, ``units.parquet``, ``observations.parquet``, ``coverage.parquet``, for each level
``boundaries-LEVEL.parquet`` and ``map-LEVEL-DETAIL.json.gz``, and beside them tables, ``NAME.parquet``, and grids,
``grid-ID.tif``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.errors import NotBuiltError
from fuping.layers.schema.vocabulary import FigureStatus, words
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["KEPT", "STATUS_WORDS", "Build", "Store", "latest_first", "no_build"]

STATUS_WORDS: tuple[str, ...] = ("", *words(FigureStatus))
"""Words of a figure's status, in the order of the codes in :class:`UnitYearValues`; 0 where there is no row."""

KEPT = 3
"""Builds of a pack that are kept: the current one and those to go back to."""


@dataclass(frozen=True)
class Build:
    """One build of a pack: its id, when it was made, whether it is in use, and source → hash of its bytes."""

    version: str
    built_at: str
    current: bool
    sources: Mapping[str, str]

    @classmethod
    def told(cls, version: str, catalogue: Mapping[str, Any], *, current: bool) -> Build:
        """Return a build as its catalogue tells it."""
        sources = {one["id"]: one["sha256"] for one in catalogue["sources"] if one["loaded"] and one["sha256"]}
        return cls(version, catalogue["built_at"], current, sources)


class Store(Protocol):
    """Builds of packs, and the files that people supply for them.

    What is read is of the current build of a pack; where it has none, :class:`~fuping.layers.errors.NotBuiltError` is
    raised. A reader never sees a build in part.
    """

    root: Path
    """The data folder."""

    def __hash__(self) -> int:
        """Return what caches of what is read know the store by."""

    @property
    def declared(self) -> Path:
        """Folder of the packs that were made on this machine."""

    def supplied(self, pack: str) -> Path:
        """Return the folder of the files that the user supplied for a pack."""

    def alone(self, *, timeout: float = -1) -> AbstractContextManager[None]:
        """Hold off others who change supplied files or declared packs; ``filelock.Timeout`` where they take longer."""

    def moment(self) -> AbstractContextManager[None]:
        """Look up once within which builds are current, where that is a way to a server; nothing is written there."""

    def packs(self) -> list[str]:
        """Return the codes of the packs that are built."""

    def version(self, pack: str) -> str:
        """Return the id of the current build."""

    def builds(self, pack: str) -> list[Build]:
        """Return the builds that are kept: the current one, then the others, the latest first."""

    def use(self, pack: str, version: str) -> None:
        """Make a build that is kept the current one; it stays so until the pack is built by force.

        Raises
        ------
        NotBuiltError
            There is no such build.
        """

    def held(self, pack: str) -> bool:
        """Return whether the current build was chosen, and is not simply the latest."""

    def writing(
        self, pack: str, version: str, *, publish: Callable[[Path], bool] = lambda draft: True
    ) -> AbstractContextManager[Path]:
        """Give an empty folder to fill; it becomes the current build only when the block ends without an error.

        Parameters
        ----------
        publish
            Told the complete folder before it becomes current; where it answers no, the build is let go.
        """

    def adopt(self, pack: str, version: str, folder: Path) -> None:
        """Take a whole build that was made elsewhere in this file system among those of a pack, and choose it."""

    def files(self, pack: str, version: str, only: Collection[str] | None = None) -> AbstractContextManager[Path]:
        """Give the files of a build that is kept, to be read and not changed.

        Parameters
        ----------
        only
            Names of the files that are needed; all where not given.

        Raises
        ------
        NotBuiltError
            There is no such build.
        """

    def catalogue(self, pack: str) -> dict[str, Any]:
        """Return what the build holds: levels, sources, indicators, projects, reports."""

    def units(self, pack: str, level: str) -> dict[str, list[Any]]:
        """Return the units of a level as columns, in the order of every array and map of that level."""

    def values(self, pack: str, indicator: str, level: str) -> UnitYearValues:
        """Return one indicator at one level; ``status`` counts :data:`STATUS_WORDS`."""

    def coverage(self, pack: str, project: str, level: str) -> tuple[list[int], NDArray[np.uint8]]:
        """Return the years of a project and, per year and unit, whether it is known to be covered."""

    def table(self, pack: str, name: str) -> pd.DataFrame | None:
        """Return a table that the build keeps beside its observations, or None where it has none of that name.

        See :class:`~fuping.layers.build.rasters.GridFigures` for ``cells``, ``storm_winds`` and ``storm_tracks``.
        """

    def grid(self, pack: str, grid: str) -> Path:
        """Return a file on this machine, not to be changed: the cloud-optimised GeoTIFF of a grid of the catalogue."""

    def map_geometry(self, pack: str, level: str, detail: int = 0) -> bytes:
        """Return the level's simplified polygons, gzipped TopoJSON; detail 0 is the coarsest."""

    def has_fine_geometry(self, pack: str, level: str) -> bool:
        """Return whether a level's polygons are there a second time, finer: not where their source is coarse itself."""

    def boundaries(self, pack: str, level: str) -> gpd.GeoDataFrame:
        """Return the units of a level with their polygons, not simplified, in EPSG:4326 and in the order of the level.

        Columns are code, name_en, name_zh, parent_level, parent_code, area_km2 and geometry.
        """

    def polygons(self, pack: str, level: str, codes: Sequence[str]) -> NDArray[np.object_]:
        """Return the polygons of some units, as :meth:`boundaries` has them; None where there is no such unit."""

    def bounds(self, pack: str, level: str) -> NDArray[np.float64]:
        """Return west, south, east and north of each unit of a level, in its order; NaN where it has no polygon."""

    def extent(self, pack: str, level: str) -> tuple[float, float, float, float]:
        """Return west, south, east and north of a level."""


def latest_first(builds: Sequence[Build]) -> list[Build]:
    """Return builds in the order of :meth:`Store.builds`."""
    return sorted(sorted(builds, key=lambda one: one.built_at, reverse=True), key=lambda one: not one.current)


def no_build(pack: str, version: str) -> NotBuiltError:
    """Return the error that a pack has no build of that id."""
    return NotBuiltError(f"The pack {pack!r} has no build {version!r}.", remedy=f"Run: fuping version list {pack}")
