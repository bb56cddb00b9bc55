"""Back a store up into one file and bring it back: current builds, supplied files and packs made on this machine.

What is brought back is unpacked beside the store and checked whole against the hashes in the archive before anything in
the store is touched.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fuping.layers.errors import SourceError
from fuping.layers.stores.embedded import EmbeddedStore

__all__ = ["back_up", "restore"]

MANIFEST = "manifest.json"

PARTS = ("sources", "declared")
"""Folders of the store that are kept whole, beside the current builds."""


def back_up(store: EmbeddedStore, out: Path) -> list[str]:
    """Write an archive of a store; it is complete once the file has its name.

    Returns
    -------
    list of str
        Packs in it.
    """
    packs = store.packs()
    files = list(_files(store, packs))
    hashes = {str(path.relative_to(store.root)): _sha256(path) for path in files}
    current = {pack: store.version(pack) for pack in packs}
    manifest = json.dumps({"current": current, "files": hashes}, indent=1).encode()
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}-", delete=False) as draft:
        try:
            with tarfile.open(fileobj=draft, mode="w") as archive:
                about = tarfile.TarInfo(MANIFEST)
                about.size = len(manifest)
                archive.addfile(about, io.BytesIO(manifest))
                for path in files:
                    archive.add(path, arcname=str(path.relative_to(store.root)), recursive=False)
            draft.close()
            os.replace(draft.name, out)
        finally:
            Path(draft.name).unlink(missing_ok=True)
    return packs


def restore(store: EmbeddedStore, file: Path) -> list[str]:
    """Bring an archive back into a store.

    Builds and files that the archive does not have stay; those it has take the place of the store's.

    Returns
    -------
    list of str
        Packs that were brought back.

    Raises
    ------
    SourceError
        The file is no backup, is cut off, or holds a file whose bytes are not those that were backed up. Nothing in the
        store is changed.
    """
    if not file.is_file():
        raise SourceError(f"There is no file {file}.", remedy="Give the file that fuping backup wrote.")
    store.root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.root, prefix=".restore-") as folder:
        try:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")
            manifest = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
            current, hashes = dict(manifest["current"]), dict(manifest["files"])
        except (tarfile.TarError, OSError, KeyError, ValueError) as error:
            raise SourceError(f"{file} is no backup of a store: {error}", remedy="Give another file.") from error
        wrong = [name for name, told in hashes.items() if not _is(Path(folder) / name, told)]
        if wrong:
            raise SourceError(
                f"{len(wrong)} of {len(hashes)} files in {file} are not what was backed up: {', '.join(wrong[:5])}.",
                remedy="The archive is damaged; give another one. Nothing was changed.",
            )
        for part in PARTS:
            for path in sorted((Path(folder) / part).glob("*")):
                _put(path, store.root / part / path.name)
        for pack, version in current.items():
            _put(Path(folder) / "packs" / pack / version, store.root / "packs" / pack / version)
            pointer = store.root / "packs" / pack / "current"
            if not pointer.exists():
                pointer.write_text(version, encoding="utf-8")
            store.use(pack, version)
    return sorted(current)


def _files(store: EmbeddedStore, packs: list[str]) -> Iterator[Path]:
    folders = [store.folder(pack) for pack in packs] + [store.root / part for part in PARTS]
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _put(path: Path, place: Path) -> None:
    """Move a folder to its place; the one that was there is taken away only once the new one is beside it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    old = place.with_name(f".old-{place.name}")
    if place.exists():
        place.rename(old)
    path.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is(path: Path, told: str) -> bool:
    return path.is_file() and _sha256(path) == told
