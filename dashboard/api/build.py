"""The store as one request sees it: one build of each pack, its catalogue read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from fuping.dashboard.api.errors import UnknownResourceError
from fuping.layers.stores import EmbeddedStore

__all__ = ["OneBuild", "extent"]


@lru_cache(maxsize=32)
def _catalogue(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))


class OneBuild(EmbeddedStore):
    """A store whose builds stay those that were current when a request came.

    What is returned is shared between requests: do not change it.

    Parameters
    ----------
    store
        Where the builds are.
    versions
        Builds of some packs, where they are not to be the current ones.
    """

    def __init__(self, store: EmbeddedStore, versions: Mapping[str, str] | None = None) -> None:
        super().__init__(store.root)
        self._versions = dict(versions or {})

    def version(self, pack: str) -> str:
        """Return the id of the build that this request reads."""
        if pack not in self._versions:
            self._versions[pack] = super().version(pack)
        return self._versions[pack]

    def versions(self, *packs: str) -> str:
        """Return the builds of some packs, of all where none is named, as one word."""
        return " ".join(f"{pack}:{self.version(pack)}" for pack in packs or self.packs())

    def catalogue(self, pack: str) -> dict[str, Any]:
        """Return what the build holds."""
        return _catalogue(self.folder(pack))

    def pack(self, pack: str) -> dict[str, Any]:
        """Return the catalogue of a pack that a caller named.

        Raises
        ------
        UnknownResourceError
            No such pack is built; the message names those that are.
        """
        there = self.packs()
        if pack not in there:
            raise UnknownResourceError(
                f"There is no pack {pack!r}.", remedy=f"Packs: {', '.join(there) or 'none is built'}."
            )
        return self.catalogue(pack)

    def level(self, pack: str, level: str) -> dict[str, Any]:
        """Return a level that a caller named.

        Raises
        ------
        UnknownResourceError
            No such pack or level.
        """
        levels = {one["id"]: one for one in self.pack(pack)["levels"]}
        if level not in levels:
            raise UnknownResourceError(
                f"The pack {pack!r} has no level {level!r}.", remedy=f"Levels: {', '.join(levels)}."
            )
        return levels[level]

    def boundaries(self, pack: str, level: str) -> Path:
        """Return the file of the level's boundaries as they were read, not simplified."""
        return self.folder(pack) / f"boundaries-{level}.parquet"


@lru_cache(maxsize=128)
def extent(boundaries: Path) -> list[float]:
    """Return west, south, east, north of a file of boundaries, from its own metadata."""
    facts = json.loads((pq.read_schema(boundaries).metadata or {})[b"geo"])
    return [float(one) for one in facts["columns"][facts["primary_column"]]["bbox"]]
