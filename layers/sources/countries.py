"""The countries of the world as the world's pack draws them, to set any other country among."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.locate import source_file
from fuping.layers.sources.vector import read_vector
from numpy.typing import NDArray

__all__ = ["Countries", "installed_countries"]

WORLD, LEVEL = "wd", "country"


@dataclass(frozen=True)
class Countries:
    """Where the polygons lie, in which layer of the file, and the source to credit."""

    path: Path
    layer: str
    source: Source

    def polygons(self) -> NDArray[np.object_]:
        """Return the polygons in degrees, cut at 180° as in the source."""
        return read_vector(self.path, layer=self.layer, columns=[]).geometry.to_numpy()


def installed_countries() -> Countries | None:
    """Return the countries that are installed with the map; None where they are not."""
    pack = read_pack(pack_folders()[WORLD])
    layer = next(one for one in pack.reference.layers if one.level == LEVEL)
    source = pack.source(str(layer.source))
    path = source_file(pack, source, pack.folder)
    return Countries(path, str(layer.layer), source) if path is not None and path.exists() else None
