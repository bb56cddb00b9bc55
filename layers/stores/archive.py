"""Back a store up into one file and bring it back: current builds, supplied files, packs made here, and the office.

What is brought back is unpacked beside the store and checked whole against the hashes in the archive before anything in
the store is touched. Each part then takes its place whole; should the process be killed between them, the store holds
some parts of the archive and some of its own, each complete, and bringing the archive back again ends the work.
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuping.layers.errors import SourceError
from fuping.layers.file_hash import file_hash
from fuping.layers.office.archive import FOLDER, OfficeCount, bring_back, read_office, write_office
from fuping.layers.office.database import Office
from fuping.layers.stores.contract import Store
from fuping.layers.stores.replacement import replace_folder

__all__ = ["Archived", "back_up", "restore"]

MANIFEST = "manifest.json"

PARTS = ("sources", "declared")
"""Folders of the store that are kept whole, beside the current builds."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What the code of a pack and the id of a build look like; nothing that leads to another folder does."""


@dataclass(frozen=True)
class Archived:
    """What an archive holds.

    Parameters
    ----------
    packs
        Codes of the packs whose current build is in it.
    office
        How much of an office; ``None`` where it has none.
    """

    packs: tuple[str, ...]
    office: OfficeCount | None = None


def back_up(store: Store, out: Path, office: Office | None = None) -> Archived:
    """Write an archive of a store; it is complete once the file has its name, and only its owner may read it.

    Parameters
    ----------
    office
        Whose accounts, alerts and log are kept too.
    """
    told: dict[str, Any] = {"current": {pack: store.version(pack) for pack in store.packs()}}
    count = None
    with ExitStack() as opened:
        folders = {
            f"packs/{pack}/{version}": opened.enter_context(store.files(pack, version))
            for pack, version in told["current"].items()
        }
        if office is not None:
            folder = opened.enter_context(tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-"))
            folders[FOLDER] = Path(folder) / FOLDER
            told["office"], count = write_office(office, folders[FOLDER])
        _write(out, told, dict(_named(folders | {part: store.root / part for part in PARTS})))
    return Archived(tuple(sorted(told["current"])), count)


def _write(out: Path, told: dict[str, Any], files: dict[str, Path]) -> None:
    hashes = {name: file_hash(path) for name, path in files.items()}
    manifest = json.dumps(told | {"files": hashes}, indent=1).encode()
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


def restore(store: Store, file: Path, office: Office | None = None, *, replace_office: bool = False) -> Archived:
    """Bring an archive back into a store.

    Builds and files that the archive does not have stay; those it has take the place of the store's.

    Parameters
    ----------
    office
        In whose place the archive's is put, where it has one; it is left as it is where not given.
    replace_office
        Whether that may be done although people did something there that the archive lacks.

    Returns
    -------
    Archived
        What was brought back.

    Raises
    ------
    SourceError
        The file is no backup, is cut off, or holds a file whose bytes are not those that were backed up. Nothing is
        changed.
    StoreError
        Its office was written by a newer program, or lacks what people did here since. Nothing is changed.
    """
    if not file.is_file():
        raise SourceError(f"There is no file {file}.", remedy="Give the file that fuping backup wrote.")
    with store.alone(), tempfile.TemporaryDirectory(dir=store.root, prefix=".restore-") as folder:
        unpacked = Path(folder)
        try:
            # Written without compression, so that what comes out is no larger than the file.
            with tarfile.open(file, mode="r:") as archive:
                archive.extractall(folder, members=_stored_whole(archive), filter="data")
            current, hashes, revision = _manifest(json.loads((unpacked / MANIFEST).read_text(encoding="utf-8")))
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
        count = None
        if office is not None and revision is not None:
            kept = read_office(unpacked / FOLDER, revision, unpacked / ".office.sqlite")
            try:
                count = bring_back(office, kept, replace=replace_office)
            finally:
                kept.dispose()
        for part in PARTS:
            for path in sorted((unpacked / part).glob("*")):
                replace_folder(path, store.root / part / path.name)
        for pack, version in current.items():
            store.adopt(pack, version, unpacked / "packs" / pack / version)
    return Archived(tuple(sorted(current)), count)


def _stored_whole(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for member in archive:
        if member.issparse() or not (member.isreg() or member.isdir()):
            raise tarfile.TarError(f"{member.name} is no plain file")
        yield member


def _manifest(told: Any) -> tuple[dict[str, str], dict[str, str], str | None]:
    """Return pack → build and file → hash, which must name each other, and the revision of the office's tables."""
    current, hashes, revision = dict(told["current"]), dict(told["files"]), told.get("office")
    if not (revision is None or (isinstance(revision, str) and NAME.fullmatch(revision))):
        raise ValueError(f"{revision!r} is no version of an office's tables")
    for pack, version in current.items():
        if not (NAME.fullmatch(pack) and NAME.fullmatch(version)):
            raise ValueError(f"{version!r} is no build of a pack {pack!r}")
        if f"packs/{pack}/{version}/catalogue.json" not in hashes:
            raise ValueError(f"it lacks the build {version!r} of the pack {pack!r}")
    return current, hashes, revision


def _named(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Give each file of each folder, under the name that the folder has in the archive."""
    for home, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".draft-") for part in inside.parts):
                # What stands aside for a replacement that never came is kept under its own name.
                yield f"{home}/{inside.as_posix()}".replace("/.old-", "/"), path


def _is(path: Path, told: str) -> bool:
    return path.is_file() and file_hash(path) == told
