"""Load a pack that was never built: its files come in one by one, are checked and kept, and then it is built.

How far the work on a pack is lies in a folder ``loads/ID`` of the data folder. What was interrupted is told as stopped
and can be done again; a file is kept only once it was read as its source is declared, and a build stands whole or not.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import SourceError
from fuping.layers.file_hash import file_hash
from fuping.layers.ingest.supply import fetch_source, supplied_source, supply_source
from fuping.layers.ingest.work_folder import StoppedError, WorkFolders, ended_by, plain_name
from fuping.layers.pack import Pack, find_pack
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.locate import can_be_supplied, source_file
from fuping.layers.sources.pins import read_pins
from fuping.layers.stores.contract import Store
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["Load", "Loads", "Needed", "has_figures", "needed_sources"]

Stage = Literal["check", "fetch", "build"]

State = Literal["none", "working", "stopped", "faulty", "done"]


@dataclass(frozen=True)
class Needed:
    """A source that people supply.

    Parameters
    ----------
    source
        As the pack declares it.
    there
        Whether its bytes are kept.
    drawn
        Whether the map is made of it: without it nothing can be built, while figures without a file stay absent.
    """

    source: Source
    there: bool
    drawn: bool


@dataclass(frozen=True)
class Load:
    """The last work on a pack that is not built.

    Parameters
    ----------
    pack
        Its code.
    stage, state
        What was asked for (to ``check`` a file that was sent, to ``fetch`` one, to ``build``), and how it stands.
    source, file, size, sha256
        Which file of which source, where the work is on one.
    asked_by
        Who asked for it.
    step, done, total
        What is being done, and how much of how much.
    faults, n_faults
        What is wrong; at most :data:`~fuping.layers.ingest.work_folder.MOST_FAULTS` of them, and how many there are.
    version
        Of the build that was made.
    """

    pack: str
    stage: Stage = "build"
    state: State = "none"
    source: str = ""
    file: str = ""
    size: int = 0
    sha256: str = ""
    asked_by: str = ""
    step: str = ""
    done: int = 0
    total: int = 0
    faults: tuple[str, ...] = ()
    n_faults: int = 0
    version: str = ""


def needed_sources(pack: Pack, store: Store) -> list[Needed]:
    """Return the sources of a pack that people supply, those of the map first; a pack is whole without own projects."""
    supplied = store.supplied(pack.info.code)
    own = {listed.source for listed in pack.project_lists}
    drawn = {layer.source for layer in pack.reference.layers}
    found = [
        Needed(one, source_file(pack, one, supplied) is not None, one.id in drawn)
        for one in pack.sources
        if can_be_supplied(one) and one.id not in own
    ]
    return sorted(found, key=lambda one: not one.drawn)


def has_figures(pack: Pack, store: Store) -> bool:
    """Return whether the bytes of any table or grid are there; a map of nothing is not made."""
    supplied = store.supplied(pack.info.code)
    read_from = {one.source for one in pack.tables} | {one.source for one in pack.rasters}
    read_from |= {one.source for one in pack.storms} | {one.source for one in pack.seismicity}
    return any(source_file(pack, pack.source(name), supplied) is not None for name in read_from)


class Loads:
    """The work on the packs of a store that are not built.

    Parameters
    ----------
    store
        Where the files and the builds will lie.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._work = WorkFolders(store.root / "loads", worded("load"))

    def all(self) -> list[Load]:
        """Return the last work on each pack that was worked on, by its code."""
        return [self.of(pack) for pack in sorted(self._work.read(name)["pack"] for name in self._work.names())]

    def folder(self, pack: str) -> Path:
        """Return where the work on a pack lies."""
        return self._work.folder(_identity(pack))

    def of(self, pack: str) -> Load:
        """Return how the last work on a pack stands."""
        identity = _identity(pack)
        if identity not in self._work.names():
            return Load(pack)
        told = self._work.read(identity)
        found = Load(**told)
        interrupted = found.state == "working" and not self._work.is_held(identity)
        return replace(found, state="stopped") if interrupted else found

    def place(self, pack: Pack, source: str, name: str) -> Path:
        """Return where the bytes of a file go.

        Raises
        ------
        SourceError
            The pack has no such source to supply, or is built.
        """
        self._require_unbuilt(pack.info.code)
        supplied_source(pack, source)
        folder = self._work.folder(_identity(pack.info.code)) / "coming" / source
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder / plain_name(name)

    def ask(self, pack: str, stage: Stage, *, who: str, source: str = "", path: Path | None = None) -> Load:
        """Note what is to be done next; :meth:`work` does it.

        Parameters
        ----------
        source
            That a file is checked or fetched of.
        path
            Of the file that came, where one is checked.

        Raises
        ------
        SourceError
            The pack is built, or is being worked on.
        """
        self._require_unbuilt(pack)
        identity = _identity(pack)
        self._work.folder(identity).mkdir(parents=True, exist_ok=True)
        with self._work.held(identity):
            asked = Load(pack, stage, "working", source, asked_by=who)
            if path is not None:
                asked = replace(asked, file=path.name, size=path.stat().st_size, sha256=file_hash(path))
            return self._keep(asked)

    def work(self, pack: str, stop: Callable[[], bool] = lambda: False) -> Load:
        """Do what was asked for.

        Parameters
        ----------
        stop
            Asked between the steps; where it answers yes, the work is broken off and can be done again.
        """
        with self._work.held(_identity(pack)):
            begun = self._keep(replace(self.of(pack), state="working", faults=(), n_faults=0))
            work = {"check": self._check, "fetch": self._fetch, "build": self._build}[begun.stage]
            try:
                return self._keep(replace(work(find_pack(self.store, pack), begun, stop), state="done"))
            except FupingError as error:
                return self._keep(replace(begun, **ended_by(error)))

    def _check(self, pack: Pack, begun: Load, stop: Callable[[], bool]) -> Load:
        path = self._work.folder(_identity(begun.pack)) / "coming" / begun.source / begun.file
        try:
            supply_source(pack, self.store, begun.source, path)
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)
        return begun

    def _fetch(self, pack: Pack, begun: Load, stop: Callable[[], bool]) -> Load:
        told = begun

        def tell(done: int, size: int | None) -> None:
            nonlocal told
            if stop():
                raise StoppedError("The transfer was broken off.")
            # Told in whole megabytes: a file is written each time.
            if done // 2**20 != told.done:
                told = self._keep(replace(told, step="fetch", done=done // 2**20, total=(size or 0) // 2**20))

        kept = fetch_source(pack, self.store, begun.source, tell)
        source = pack.source(begun.source)
        pin = read_pins(self.store.supplied(begun.pack)).get(source.id)
        sha256 = source.sha256 or (pin.sha256 if pin else "")
        return replace(begun, file=kept.name, size=kept.stat().st_size, sha256=sha256)

    def _build(self, pack: Pack, begun: Load, stop: Callable[[], bool]) -> Load:
        told = begun

        def tell(step: str, done: int, total: int) -> None:
            nonlocal told
            if stop():
                raise StoppedError("The build was broken off.")
            told = self._keep(replace(told, step=step, done=done, total=total))

        return replace(told, version=build_pack(pack, self.store, tell), done=told.total)

    def _require_unbuilt(self, pack: str) -> None:
        if pack in self.store.packs():
            raise SourceError(
                worded("The pack {pack!r} is built.", pack=pack), remedy=worded("Bring a file in on its page of data.")
            )

    def _keep(self, load: Load) -> Load:
        told: dict[str, Any] = asdict(load)
        self._work.keep(_identity(load.pack), told)
        return load


def _identity(pack: str) -> str:
    return hashlib.sha256(pack.encode()).hexdigest()[:16]
