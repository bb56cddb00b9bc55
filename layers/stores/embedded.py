"""The store of one machine: GeoParquet and Parquet files, read through DuckDB.

A build is a folder that is complete before it is named in ``current``, a file replaced in one step; an interrupted
build leaves the one before it in use. One process at a time writes a pack, and clears what killed ones left.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from filelock import FileLock, Timeout
from fuping.layers.errors import NotBuiltError
from fuping.layers.schema.vocabulary import FigureStatus, words
from fuping.layers.stores.replacement import mend, remove_folder, replace_folder, standing
from fuping.spatial.cube.values import UnitYearValues, lay_out
from numpy.typing import NDArray

__all__ = ["STATUS_WORDS", "Build", "EmbeddedStore", "open_store"]

STATUS_WORDS: tuple[str, ...] = ("", *words(FigureStatus))
"""Words of a figure's status, in the order of the codes in :class:`UnitYearValues`; 0 where there is no row."""


def _columns(query: str, *given: str) -> dict[str, Any]:
    # A connection of its own for each query: DuckDB's shared one refuses a second thread while the first reads.
    with duckdb.connect() as connection:
        return connection.execute(query, list(given)).fetchnumpy()


KEPT = 3
"""Builds of a pack that are kept: the current one and those to go back to."""

HELD = "held"
"""File that says that the current build was chosen."""

LEFT_IN_STORE = (".restore-*", "sources/.old-*", "sources/*/.draft-*", "declared/.old-*")
"""What a killed process can leave outside the builds; whoever writes there holds the lock of the store."""

LEFT_IN_PACK = (".old-*", ".gone-*", ".draft-*", ".current-*")
"""What one can leave among the builds of a pack; whoever writes there holds the lock of the pack."""


@dataclass(frozen=True)
class Build:
    """One build of a pack: its id, when it was made, whether it is in use, and source → hash of its bytes."""

    version: str
    built_at: str
    current: bool
    sources: Mapping[str, str]


@lru_cache(maxsize=64)
def _units(folder: Path, level: str) -> dict[str, list[Any]]:
    rows = _columns(
        "SELECT code, name_en, name_zh, parent_level, parent_code, area_km2 FROM read_parquet(?) "
        "WHERE level = ? ORDER BY code",
        str(folder / "units.parquet"),
        level,
    )
    return {name: column.tolist() for name, column in rows.items()}


class EmbeddedStore:
    """Builds of packs below one folder.

    Parameters
    ----------
    root
        The data folder; made when the first build is written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        if any(found for pattern in LEFT_IN_STORE for found in root.glob(pattern)):
            # They may belong to a process that still runs, or the folder may be read only: then they stay.
            with suppress(Timeout, OSError), self.alone(timeout=0):
                pass

    @contextmanager
    def alone(self, *, timeout: float = -1) -> Iterator[None]:
        """Hold off others who change supplied files or declared packs; what killed ones left is cleared first.

        Parameters
        ----------
        timeout
            Seconds to wait for them; for ever where negative.

        Raises
        ------
        filelock.Timeout
            They took longer.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / ".lock", timeout=timeout):
            mend(self.root, *LEFT_IN_STORE)
            yield

    def supplied(self, pack: str) -> Path:
        """Return the folder of the files that the user supplied for a pack."""
        return self.root / "sources" / pack

    @property
    def declared(self) -> Path:
        """Folder of the packs that were made on this machine."""
        return self.root / "declared"

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
        try:
            return (self.root / "packs" / pack / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise NotBuiltError(
                f"The pack {pack!r} is not built in {self.root}.", remedy=f"Run: fuping build {pack}"
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
        with self._of_pack(pack) as home:
            draft = home / f".draft-{version}"
            draft.mkdir()
            try:
                yield draft
                if not publish(draft):
                    return
                replace_folder(draft, home / version)
                # First: should this process end here, the next build is not kept from following.
                (home / HELD).unlink(missing_ok=True)
                self._point(home, version)
            finally:
                mend(home, draft.name)
            for old in self.builds(pack)[KEPT:]:
                remove_folder(home / old.version)

    def adopt(self, pack: str, version: str, folder: Path) -> None:
        """Move a whole build that was made elsewhere in this file system among those of a pack, and choose it."""
        with self._of_pack(pack) as home:
            replace_folder(folder, home / version)
            self._choose(home, version)

    @contextmanager
    def _of_pack(self, pack: str) -> Iterator[Path]:
        home = self.root / "packs" / pack
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".lock"):
            mend(home, *LEFT_IN_PACK)
            yield home

    def builds(self, pack: str) -> list[Build]:
        """Return the builds that are kept: the current one, then the others, the latest first."""
        current = self.version(pack)
        folders = {path.parent.name: path.parent for path in (self.root / "packs" / pack).glob("[!.]*/catalogue.json")}
        found = []
        for version, folder in (folders | {current: self.folder(pack)}).items():
            told = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
            sources = {one["id"]: one["sha256"] for one in told["sources"] if one["loaded"] and one["sha256"]}
            found.append(Build(version, told["built_at"], version == current, sources))
        return sorted(sorted(found, key=lambda one: one.built_at, reverse=True), key=lambda one: not one.current)

    def use(self, pack: str, version: str) -> None:
        """Make a build that is kept the current one; it stays so until the pack is built by force.

        Raises
        ------
        NotBuiltError
            There is no such build.
        """
        if version not in {one.version for one in self.builds(pack)}:
            raise NotBuiltError(
                f"The pack {pack!r} has no build {version!r}.", remedy=f"Run: fuping version list {pack}"
            )
        with self._of_pack(pack) as home:
            self._choose(home, version)

    def held(self, pack: str) -> bool:
        """Return whether the current build was chosen, and is not simply the latest."""
        return (self.root / "packs" / pack / HELD).exists()

    def _choose(self, home: Path, version: str) -> None:
        (home / HELD).touch()
        self._point(home, version)

    def _point(self, home: Path, version: str) -> None:
        pointer = home / f".current-{os.getpid()}"
        pointer.write_text(version, encoding="utf-8")
        os.replace(pointer, home / "current")

    def catalogue(self, pack: str) -> dict[str, Any]:
        """Return what the build holds: levels, sources, indicators, projects, reports."""
        return json.loads((self.folder(pack) / "catalogue.json").read_text(encoding="utf-8"))

    def units(self, pack: str, level: str) -> dict[str, list[Any]]:
        """Return the units of a level as columns, in the order of every array and map of that level."""
        return dict(_units(self.folder(pack), level))

    def values(self, pack: str, indicator: str, level: str) -> UnitYearValues:
        """Return one indicator at one level; ``status`` counts :data:`STATUS_WORDS`."""
        rows = _columns(
            "SELECT code, year, value, reason, lower, upper, status FROM read_parquet(?) "
            "WHERE indicator = ? AND level = ?",
            str(self.folder(pack) / "observations.parquet"),
            indicator,
            level,
        )
        number = {word: place for place, word in enumerate(STATUS_WORDS)}
        plain = {name: np.ma.filled(rows[name].astype(float), np.nan) for name in ("value", "lower", "upper")}
        return lay_out(
            rows["code"],
            rows["year"],
            plain["value"],
            units=self.units(pack, level)["code"],
            reason=rows["reason"],
            lower=plain["lower"],
            upper=plain["upper"],
            status=[number[word] for word in rows["status"]],
        )

    def coverage(self, pack: str, project: str, level: str) -> tuple[list[int], NDArray[np.uint8]]:
        """Return the years of a project and, per year and unit, whether it is known to be covered."""
        codes = np.array(self.units(pack, level)["code"])
        path = self.folder(pack) / "coverage.parquet"
        rows = _columns(
            "SELECT code, year FROM read_parquet(?) WHERE project = ? AND level = ?", str(path), project, level
        )
        years, row = np.unique(rows["year"], return_inverse=True)
        covered = np.zeros((len(years), len(codes)), dtype=np.uint8)
        covered[row, np.searchsorted(codes, rows["code"].astype(codes.dtype))] = 1
        return years.tolist(), covered

    def table(self, pack: str, name: str) -> pd.DataFrame | None:
        """Return a table that the build keeps beside its observations, or None where it has none of that name.

        See :class:`~fuping.layers.build.rasters.GridFigures` for ``cells``, ``storm_winds`` and ``storm_tracks``.
        """
        path = self.folder(pack) / f"{name}.parquet"
        return pd.read_parquet(path) if path.exists() else None

    def map_geometry(self, pack: str, level: str, detail: int = 0) -> bytes:
        """Return the level's simplified polygons, gzipped TopoJSON; detail 0 is the coarsest."""
        return (self.folder(pack) / f"map-{level}-{detail}.json.gz").read_bytes()


def open_store(root: Path | None = None) -> EmbeddedStore:
    """Open the store in ``root``, else in ``$FUPING_DATA``, else in the user's data folder."""
    if root is None:
        import platformdirs

        root = Path(os.environ.get("FUPING_DATA") or platformdirs.user_data_dir("fuping", appauthor=False))
    return EmbeddedStore(root)
