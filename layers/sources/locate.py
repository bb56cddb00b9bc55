"""Find the bytes of a source: in the pack, in an installed package, or among the files the user supplied."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Source

__all__ = ["source_file"]


def source_file(pack: Pack, source: Source, supplied: Path) -> Path | None:
    """Return where a source's bytes lie, or None where it is not loaded.

    Parameters
    ----------
    supplied
        Folder of the files that the user gave by ``fuping source add``.
    """
    if source.kind == "pack_file":
        return pack.folder / str(source.path)
    if source.kind == "package":
        spec = importlib.util.find_spec(str(source.package))
        if spec is None or not spec.submodule_search_locations:
            return None
        return Path(spec.submodule_search_locations[0]) / str(source.path)
    given = sorted(supplied.glob(f"{source.id}.*"))
    return given[0] if given else None
