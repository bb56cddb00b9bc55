"""Back a store up into one file and bring it back: current builds, supplied files and packs made on this machine.

What is brought back is unpacked beside the store and checked whole against the hashes in the archive before anything in
the store is touched. Each part then takes its place whole; should the process be killed between them, the store holds
some parts of the archive and some of its own, each complete, and bringing the archive back again ends the work.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from fuping.layers.errors import SourceError
from fuping.layers.stores.contract import Store
from fuping.layers.stores.replacement import replace_folder

__all__ = ["back_up", "restore"]

MANIFEST = "manifest.json"

PARTS = ("sources", "declared")
"""Folders of the store that are kept whole, beside the current builds."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What the code of a pack and the id of a build look like; nothing that leads to another folder does."""


def back_up(store: Store, out: Path) -> list[str]:
    """Write an archive of a store; it is complete once the file has its name.

    Returns
    -------
    list of str
        Packs in it.
    """
    current = {pack: store.version(pack) for pack in store.packs()}
    with ExitStack() as opened:
        folders = {
            f"packs/{pack}/{version}": opened.enter_context(store.files(pack, version))
            for pack, version in current.items()
        }
        _write(out, current, dict(_named(folders | {part: store.root / part for part in PARTS})))
    return sorted(current)


def _write(out: Path, current: dict[str, str], files: dict[str, Path]) -> None:
    hashes = {name: _sha256(path) for name, path in files.items()}
    manifest = json.dumps({"current": current, "files": hashes}, indent=1).encode()
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}-", delete=False) as draft:
        try:
            with tarfile.open(fileobj=draft, mode="w", dereference=True) as archive:
                about = tarfile.TarInfo(MANIFEST)
                about.size = len(manifest)
                archive.addfile(about, io.BytesIO(manifest))
                for name, path in files.items():
                    archive.add(path, arcname=name, recursive=False)
            draft.close()
            os.replace(draft.name, out)
        finally:
            Path(draft.name).unlink(missing_ok=True)


def restore(store: Store, file: Path) -> list[str]:
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
    with store.alone(), tempfile.TemporaryDirectory(dir=store.root, prefix=".restore-") as folder:
        unpacked = Path(folder)
        try:
            # Written without compression, so that what comes out is no larger than the file.
            with tarfile.open(file, mode="r:") as archive:
                archive.extractall(folder, members=_stored_whole(archive), filter="data")
            current, hashes = _manifest(json.loads((unpacked / MANIFEST).read_text(encoding="utf-8")))
        except (tarfile.TarError, OSError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise SourceError(f"{file} is no backup of a store: {error}", remedy="Give another file.") from error
        wrong = [name for name, told in hashes.items() if not _is(unpacked / name, told)]
        there = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
        wrong += sorted(there - set(hashes) - {MANIFEST})
        if wrong:
            raise SourceError(
                f"{len(wrong)} of {len(hashes)} files in {file} are not what was backed up: {', '.join(wrong[:5])}.",
                remedy="The archive is damaged; give another one. Nothing was changed.",
            )
        for part in PARTS:
            for path in sorted((unpacked / part).glob("*")):
                replace_folder(path, store.root / part / path.name)
        for pack, version in current.items():
            store.adopt(pack, version, unpacked / "packs" / pack / version)
    return sorted(current)


def _stored_whole(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for member in archive:
        if member.issparse() or not (member.isreg() or member.isdir()):
            raise tarfile.TarError(f"{member.name} is no plain file")
        yield member


def _manifest(told: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return pack → build and file → hash, which must name each other."""
    current, hashes = dict(told["current"]), dict(told["files"])
    for pack, version in current.items():
        if not (NAME.fullmatch(pack) and NAME.fullmatch(version)):
            raise ValueError(f"{version!r} is no build of a pack {pack!r}")
        if f"packs/{pack}/{version}/catalogue.json" not in hashes:
            raise ValueError(f"it lacks the build {version!r} of the pack {pack!r}")
    return current, hashes


def _named(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Give each file of each folder, under the name that the folder has in the archive."""
    for home, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".draft-") for part in inside.parts):
                # What stands aside for a replacement that never came is kept under its own name.
                yield f"{home}/{inside.as_posix()}".replace("/.old-", "/"), path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is(path: Path, told: str) -> bool:
    return path.is_file() and _sha256(path) == told
