"""The store of one machine: GeoParquet and Parquet files, read through DuckDB.

A build is a folder that is complete before it is named in ``current``, a file replaced in one step; an interrupted
build leaves the one before it in use. One process at a time writes a pack, and clears what killed ones left.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.errors import NotBuiltError
from fuping.layers.stores.build_folder import (
    map_file,
    read_boundaries,
    read_bounds,
    read_catalogue,
    read_coverage,
    read_extent,
    read_polygons,
    read_table,
    read_units,
    read_values,
)
from fuping.layers.stores.contract import KEPT, Build, latest_first, no_build
from fuping.layers.stores.data_folder import DataFolder
from fuping.layers.stores.replacement import remove_folder, replace_folder, standing
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.wording import worded
from numpy.typing import NDArray

__all__ = ["EmbeddedStore"]

HELD = "held"
"""File that says that the current build was chosen."""

ATTEMPTS = 5
"""How often a reader looks again where the build that it began to read was let go."""

Read = TypeVar("Read")


SETTLED_NS = 2_000_000_000
"""Far more than the grain of a file system's clock, within which two pointers look like one."""


@lru_cache(maxsize=256)
def _pointed(pointer: str, file: int, changed: int) -> str:
    """Return the version that a pointer holds: it is replaced whole, by another file, and never written over.

    Asked for pointers that have lain for a while only: what replaces one at once may have its number and its time.
    """
    return Path(pointer).read_text(encoding="utf-8").strip()


class EmbeddedStore(DataFolder):
    """Builds of packs below one folder; see :class:`~fuping.layers.stores.contract.Store`.

    Parameters
    ----------
    root
        The data folder; made when the first build is written.
    """

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Change nothing: to look into a folder costs no way to a server."""
        yield

    def packs(self) -> list[str]:
        """Return the codes of the packs that are built."""
        return sorted(path.parent.name for path in self.root.glob("packs/*/current"))

    def version(self, pack: str) -> str:
        """Return the id of the current build.

        Raises
        ------
        NotBuiltError
            There is none.
        """
        pointer = f"{self.root}/packs/{pack}/current"
        try:
            there = os.stat(pointer)  # every question to a pack begins with its version: the file is opened once
            lain = time.time_ns() - there.st_mtime_ns
            pointed = _pointed if lain > SETTLED_NS else _pointed.__wrapped__
            return pointed(pointer, there.st_ino, there.st_mtime_ns)
        except FileNotFoundError:
            raise NotBuiltError(
                worded("The pack {pack!r} is not built in {folder}.", pack=pack, folder=self.root),
                remedy=worded("Run: fuping build {pack}", pack=pack),
            ) from None

    def folder(self, pack: str) -> Path:
        """Return the folder of the current build."""
        return standing(self.root / "packs" / pack / self.version(pack))

    @contextmanager
    def writing(
        self, pack: str, version: str, *, publish: Callable[[Path], bool] = lambda draft: True
    ) -> Iterator[Path]:
        """Give an empty folder to fill; it becomes the current build only when the block ends without an error.

        Parameters
        ----------
        publish
            Told the complete folder before it becomes current; where it answers no, the build is let go.
        """
        with self._drafting(pack, version) as draft:
            yield draft
            if not publish(draft):
                return
            home = draft.parent
            replace_folder(draft, home / version)
            # First: should this process end here, the next build is not kept from following.
            (home / HELD).unlink(missing_ok=True)
            self._point(home, version)
            for old in self.builds(pack)[KEPT:]:
                remove_folder(home / old.version)

    def adopt(self, pack: str, version: str, folder: Path) -> None:
        """Move a whole build that was made elsewhere in this file system among those of a pack, and choose it."""
        with self._of_pack(pack) as home:
            replace_folder(folder, home / version)
            self._choose(home, version)

    @contextmanager
    def files(self, pack: str, version: str, only: Collection[str] | None = None) -> Iterator[Path]:
        """Give the folder of a build that is kept; all its files are there, whichever are needed.

        Raises
        ------
        NotBuiltError
            There is no such build.
        """
        self._require(pack, version)
        yield standing(self.root / "packs" / pack / version)

    def builds(self, pack: str) -> list[Build]:
        """Return the builds that are kept: the current one, then the others, the latest first."""
        current = self.version(pack)
        folders = {path.parent.name: path.parent for path in (self.root / "packs" / pack).glob("[!.]*/catalogue.json")}
        return latest_first(
            [
                Build.told(version, read_catalogue(folder), current=version == current)
                for version, folder in (folders | {current: self.folder(pack)}).items()
            ]
        )

    def use(self, pack: str, version: str) -> None:
        """Make a build that is kept the current one; it stays so until the pack is built by force.

        Raises
        ------
        NotBuiltError
            There is no such build.
        """
        self._require(pack, version)
        with self._of_pack(pack) as home:
            self._choose(home, version)

    def held(self, pack: str) -> bool:
        """Return whether the current build was chosen, and is not simply the latest."""
        return (self.root / "packs" / pack / HELD).exists()

    def _require(self, pack: str, version: str) -> None:
        if version not in {one.version for one in self.builds(pack)}:
            raise no_build(pack, version)

    def _choose(self, home: Path, version: str) -> None:
        (home / HELD).touch()
        self._point(home, version)

    def _point(self, home: Path, version: str) -> None:
        pointer = home / f".current-{os.getpid()}"
        pointer.write_text(version, encoding="utf-8")
        os.replace(pointer, home / "current")

    def _read(self, pack: str, read: Callable[[Path], Read]) -> Read:
        """Read the current build; another time where writers replaced it and let it go in the middle."""
        for _ in range(ATTEMPTS - 1):
            try:
                return read(self.folder(pack))
            except (FileNotFoundError, duckdb.IOException):
                continue
        return read(self.folder(pack))

    def catalogue(self, pack: str) -> dict[str, Any]:
        """Return what the build holds: levels, sources, indicators, projects, reports."""
        return self._read(pack, read_catalogue)

    def units(self, pack: str, level: str) -> dict[str, list[Any]]:
        """Return the units of a level as columns, in the order of every array and map of that level."""
        return dict(self._read(pack, lambda folder: read_units(folder, level)))

    def values(self, pack: str, indicator: str, level: str) -> UnitYearValues:
        """Return one indicator at one level; ``status`` counts the store's words."""
        return self._read(pack, lambda folder: read_values(folder, indicator, level))

    def coverage(self, pack: str, project: str, level: str) -> tuple[list[int], NDArray[np.uint8]]:
        """Return the years of a project and, per year and unit, whether it is known to be covered."""
        return self._read(pack, lambda folder: read_coverage(folder, project, level))

    def table(self, pack: str, name: str) -> pd.DataFrame | None:
        """Return a table that the build keeps beside its observations, or None where it has none of that name."""
        return self._read(pack, lambda folder: read_table(folder, name))

    def grid(self, pack: str, grid: str) -> Path:
        """Return the file of a grid that the catalogue lists: a cloud-optimised GeoTIFF of one band."""
        return self.folder(pack) / f"grid-{grid}.tif"

    def map_geometry(self, pack: str, level: str, detail: int = 0) -> bytes:
        """Return the level's simplified polygons, gzipped TopoJSON; detail 0 is the coarsest."""
        return self._read(pack, lambda folder: (folder / map_file(level, detail)).read_bytes())

    def has_fine_geometry(self, pack: str, level: str) -> bool:
        """Return whether a level's polygons are there a second time, finer."""
        return self._read(pack, lambda folder: (folder / map_file(level, 1)).exists())

    def boundaries(self, pack: str, level: str) -> gpd.GeoDataFrame:
        """Return the units of a level with their polygons, not simplified, in EPSG:4326."""
        return self._read(pack, lambda folder: read_boundaries(folder, level))

    def polygons(self, pack: str, level: str, codes: Sequence[str]) -> NDArray[np.object_]:
        """Return the polygons of some units; None where there is no such unit."""
        return self._read(pack, lambda folder: read_polygons(folder, level, codes))

    def bounds(self, pack: str, level: str) -> NDArray[np.float64]:
        """Return west, south, east and north of each unit of a level; NaN where it has no polygon."""
        return self._read(pack, lambda folder: read_bounds(folder, level))

    def extent(self, pack: str, level: str) -> tuple[float, float, float, float]:
        """Return west, south, east and north of a level."""
        return self._read(pack, lambda folder: read_extent(folder, level))
