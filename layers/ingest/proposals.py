"""Propose a source's new file: kept aside, built aside, compared with what is in use, then taken or let go.

A proposal is a folder ``proposals/ID`` of the data folder, with what is known of it in ``proposal.json``, the file, and
once it is ready the build. It outlives the process that checks it: what was interrupted is checked again from the file.
Nothing that is in use changes before a person takes it, and then file and build change together; a process that is
killed between the two leaves the new file and the old build, which the next build brings together.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import SourceError
from fuping.layers.file_hash import file_hash
from fuping.layers.ingest.column_match import (
    guess_columns,
    is_as_declared,
    matched_table,
    needed_in_order,
    read_given,
    write_matched,
)
from fuping.layers.ingest.supply import check_source, keep_file, kept_name, supplied_source
from fuping.layers.ingest.work_folder import StoppedError, WorkFolders, ended_by, plain_name
from fuping.layers.pack import Pack, find_pack
from fuping.layers.stores.contract import Store
from fuping.layers.stores.difference import COMPARED, Difference, difference, project_changes
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["Proposal", "Proposals", "State"]

State = Literal["sending", "checking", "stopped", "faulty", "ready", "taken", "dropped"]


@dataclass(frozen=True)
class Proposal:
    """One file that is proposed for a source.

    Parameters
    ----------
    id, pack, source
        Which it is, and of what.
    file, size, sha256
        Its name as it was given, its bytes, and their hash.
    who, made_at
        Who gave it, and when, UTC.
    state
        ``sending`` while bytes come, ``checking`` while it is read and built, ``stopped`` where that was broken off,
        ``faulty`` with ``faults``, ``ready`` to be taken, ``taken``, ``dropped``.
    step, done, total
        What is being done, and how many steps are done of how many.
    faults, n_faults
        What is wrong, row by row; at most :data:`~fuping.layers.ingest.work_folder.MOST_FAULTS` of them.
    base, version
        Build that it was compared with, and the one it gives; no base where the pack is not built.
    changes
        Rows of ``indicator``, ``level``, ``added``, ``removed``, ``changed``.
    units_added, units_removed
        How many.
    projects
        ``added``, ``removed`` and ``changed`` → how many projects were.
    note
        What who took it said of it.
    there, guessed
        Where a faulty file is a table: its columns, and for each that its source declares the one that it may be.
    columns
        Declared column to the one of the file that a person chose for it; none where the file is read as it is.
    """

    id: str
    pack: str
    source: str
    file: str
    who: str
    made_at: str
    state: State = "sending"
    size: int = 0
    sha256: str = ""
    step: str = ""
    done: int = 0
    total: int = 0
    faults: tuple[str, ...] = ()
    n_faults: int = 0
    base: str | None = None
    version: str = ""
    changes: tuple[dict[str, Any], ...] = ()
    units_added: int = 0
    units_removed: int = 0
    projects: dict[str, int] = field(default_factory=dict)
    note: str = ""
    there: tuple[str, ...] = ()
    guessed: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


class Proposals:
    """The proposals of a store.

    Parameters
    ----------
    store
        Whose sources they are of.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._work = WorkFolders(store.root / "proposals", worded("proposal"))

    def all(self) -> list[Proposal]:
        """Return the proposals, the latest first."""
        found = [self.get(name) for name in self._work.names()]
        return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)

    def of(self, pack: str) -> list[Proposal]:
        """Return the proposals for a pack, the latest first."""
        return [one for one in self.all() if one.pack == pack]

    def folder(self, identity: str) -> Path:
        """Return where a proposal lies."""
        return self._work.folder(identity)

    def get(self, identity: str) -> Proposal:
        """Return a proposal.

        Raises
        ------
        SourceError
            There is none.
        """
        told = self._work.read(identity)
        found = Proposal(**told | {"changes": tuple(told["changes"]), "there": tuple(told.get("there", ()))})
        return (
            replace(found, state="stopped") if found.state == "checking" and not self._work.is_held(identity) else found
        )

    def open(self, pack: Pack, source: str, file: str, who: str) -> tuple[Proposal, Path]:
        """Begin a proposal.

        Returns
        -------
        Proposal and pathlib.Path
            Where the bytes go.

        Raises
        ------
        SourceError
            The pack has no such source to supply.
        """
        supplied_source(pack, source)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        opened = Proposal(secrets.token_hex(8), pack.info.code, source, plain_name(file), who, made)
        self._work.folder(opened.id).mkdir(parents=True)
        self._keep(opened)
        return opened, self._bytes(opened)

    def check(self, pack: Pack, identity: str, stop: Callable[[], bool] = lambda: False) -> Proposal:
        """Read the file as its source is declared, build the pack with it aside, and compare.

        Parameters
        ----------
        stop
            Asked between the steps; where it answers yes, the check is broken off and can be made again.

        Returns
        -------
        Proposal
            ``ready``, ``faulty`` or ``stopped``.
        """
        with self._work.held(identity):
            begun = replace(self.get(identity), state="checking", faults=(), n_faults=0, there=(), guessed={})
            path = self._bytes(begun)
            begun = self._keep(replace(begun, size=path.stat().st_size, sha256=file_hash(path)))
            shutil.rmtree(self._build(identity), ignore_errors=True)
            try:
                begun = self._rewritten(pack, begun)
                return self._keep(self._checked(pack, begun, stop))
            except FupingError as error:
                ended = replace(begun, **ended_by(error))
                return self._keep(self._with_columns(pack, ended) if ended.state == "faulty" else ended)

    def match(self, identity: str, columns: Mapping[str, str]) -> Proposal:
        """Note which column of a faulty file is which that its source declares; :meth:`check` then reads it by them.

        Raises
        ------
        SourceError
            It is not faulty, or a declared column has none.
        """
        with self._work.held(identity):
            found = self.get(identity)
            lacking = [name for name in found.guessed if columns.get(name) not in found.there]
            if found.state != "faulty" or not found.there or lacking:
                raise SourceError(
                    worded("No column of {file} is chosen for {names}.", file=found.file, names=", ".join(lacking)),
                    remedy=worded("Choose a column for each."),
                )
            return self._keep(replace(found, columns={name: columns[name] for name in found.guessed}))

    def _rewritten(self, pack: Pack, begun: Proposal) -> Proposal:
        """Write the file anew by the columns that were chosen, or in the declared format where only that differs."""
        shutil.rmtree(self._matched(begun), ignore_errors=True)
        table, path = matched_table(pack, supplied_source(pack, begun.source)), self._bytes(begun)
        if table is None:
            return replace(begun, columns={})
        columns = begun.columns
        if not columns and not is_as_declared(path, table):
            rows, needed = read_given(path, table), needed_in_order(table)
            columns = {name: name for name in needed} if rows is not None and set(needed) <= set(rows.columns) else {}
        if columns:
            write_matched(path, table, columns, self._matched(begun))
        return self._keep(replace(begun, columns=columns))

    def _with_columns(self, pack: Pack, ended: Proposal) -> Proposal:
        """Add what a person needs to say which column is which, where the file is a table."""
        table = matched_table(pack, supplied_source(pack, ended.source))
        rows = read_given(self._bytes(ended), table) if table is not None else None
        if table is None or rows is None:
            return ended
        if not ended.columns and set(needed_in_order(table)) <= set(rows.columns):
            return ended
        built = ended.pack in self.store.packs()
        codes = self.store.units(ended.pack, table.level)["code"] if built else ()
        guessed = ended.columns or guess_columns(rows, pack, table, codes)
        return replace(ended, there=tuple(map(str, rows.columns)), guessed=dict(guessed))

    def _checked(self, pack: Pack, begun: Proposal, stop: Callable[[], bool]) -> Proposal:
        source = supplied_source(pack, begun.source)
        path = self._read(begun)
        check_source(pack, source, path, self.store.supplied(begun.pack))
        aside = self._work.folder(begun.id) / "sources"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for other in self.store.supplied(begun.pack).glob("[!.]*"):
            if not other.name.startswith(f"{begun.source}."):
                os.link(other, aside / other.name)
        os.link(path, aside / kept_name(begun.source, path))
        told = begun

        def tell(step: str, done: int, total: int) -> None:
            nonlocal told
            if stop():
                raise StoppedError(f"The check of {begun.file} was broken off.")
            told = self._keep(replace(told, step=step, done=done, total=total))

        def compare(draft: Path) -> bool:
            nonlocal told
            base = self.store.version(begun.pack) if begun.pack in self.store.packs() else None
            found = self._difference(begun.pack, base, draft)
            found.figures.to_parquet(self._work.folder(begun.id) / "difference.parquet", index=False)
            shutil.copytree(draft, self._build(begun.id), copy_function=os.link)
            rows = tuple(found.counts().reset_index().to_dict("records"))
            told = replace(told, state="ready", base=base, changes=rows, done=told.total)
            told = replace(told, units_added=len(found.units_added), units_removed=len(found.units_removed))
            told = replace(told, projects=dict(Counter(found.projects.values())))
            return False

        version = build_pack(pack, _Aside(self.store, aside), tell, publish=compare)  # type: ignore[arg-type]
        return replace(told, version=version)

    def _difference(self, pack: str, base: str | None, draft: Path) -> Difference:
        if base is None:
            new = pd.read_parquet(
                draft / "observations.parquet", columns=["indicator", "level", "code", "year", "value"]
            )
            new = new.rename(columns={"value": "new"}).assign(old=float("nan"), what="added")
            units = pd.read_parquet(draft / "units.parquet", columns=["level", "code"])
            return Difference(new, tuple(sorted(units["level"] + " " + units["code"])), (), project_changes({}, draft))
        with self.store.files(pack, base, COMPARED) as before:
            return difference(before, draft)

    def figures(self, identity: str) -> pd.DataFrame:
        """Return every figure that a proposal changes; see :class:`~fuping.layers.stores.difference.Difference`."""
        return pd.read_parquet(self._work.folder(self.get(identity).id) / "difference.parquet")

    def staged(self, identity: str) -> Path:
        """Return the folder of the build that a ready proposal made aside; to be read, not changed."""
        return self._build(identity)

    def reports(self, identity: str) -> list[dict[str, Any]]:
        """Return what the joins of a proposal's build matched and what not."""
        told = json.loads((self._build(identity) / "catalogue.json").read_text(encoding="utf-8"))
        return list(told["reports"])

    def take(self, identity: str, note: str = "") -> Proposal:
        """Put the file and the build in use.

        Raises
        ------
        SourceError
            It is not ready, or what is in use is no longer what it was compared with. Nothing is changed.
        """
        with self._work.held(identity), self.store.alone():
            found = self.get(identity)
            if found.state != "ready":
                raise SourceError(
                    worded("The proposal {identity} is not ready to be taken.", identity=identity),
                    remedy=worded("See in the list what became of it."),
                )
            now = self.store.version(found.pack) if found.pack in self.store.packs() else None
            if now == found.version:
                # Who began to take it was killed once the build was in use.
                return self._end(replace(found, state="taken", note=note))
            if now != found.base:
                raise SourceError(
                    worded("Since {file} was checked, the build in use became {now}.", file=found.file, now=now),
                    remedy=worded("Check it again, and see what it changes now."),
                )
            # The proposal keeps its bytes to the end, so that what is killed here can be begun again.
            path = self._read(found)
            kept = self._work.folder(identity) / "kept" / path.name
            kept.parent.mkdir(exist_ok=True)
            kept.unlink(missing_ok=True)
            os.link(path, kept)
            keep_file(self.store, found.pack, find_pack(self.store, found.pack).source(found.source), kept)
            with self.store.writing(found.pack, found.version) as folder:
                for path in self._build(identity).iterdir():
                    os.link(path, folder / path.name)
            return self._end(replace(found, state="taken", note=note))

    def drop(self, identity: str) -> Proposal:
        """Let a proposal go; its file is forgotten."""
        with self._work.held(identity):
            found = self.get(identity)
            if found.state == "taken":
                raise SourceError(
                    worded("The proposal {identity} was taken.", identity=identity),
                    remedy=worded("Go back to an earlier build instead."),
                )
            return self._end(replace(found, state="dropped"))

    def _end(self, ended: Proposal) -> Proposal:
        self._keep(ended)
        self._bytes(ended).unlink(missing_ok=True)
        for name in ("build", "sources", "kept", "matched"):
            shutil.rmtree(self._work.folder(ended.id) / name, ignore_errors=True)
        return ended

    def _bytes(self, proposal: Proposal) -> Path:
        # Under the name that the reader knows, for the faults to be told by.
        return self._work.folder(proposal.id) / "file" / proposal.file

    def _matched(self, proposal: Proposal) -> Path:
        return self._work.folder(proposal.id) / "matched"

    def _read(self, proposal: Proposal) -> Path:
        """Return the file as it is read: rewritten where its columns were matched."""
        return next(self._matched(proposal).glob("*"), self._bytes(proposal))

    def _build(self, identity: str) -> Path:
        return self._work.folder(identity) / "build"

    def _keep(self, proposal: Proposal) -> Proposal:
        self._bytes(proposal).parent.mkdir(parents=True, exist_ok=True)
        self._work.keep(proposal.id, asdict(proposal))
        return proposal


class _Aside:
    """A store to which other files were supplied."""

    def __init__(self, store: Store, supplied: Path) -> None:
        self._store, self._supplied = store, supplied

    def supplied(self, pack: str) -> Path:
        return self._supplied

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
