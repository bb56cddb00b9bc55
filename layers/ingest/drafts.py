"""A country that is being added: its two files, what was read in them, what a person said, and how far it is.

A draft is a folder ``drafts/ID`` of the data folder. It outlives the process that works on it: what was interrupted is
told as stopped and can be done again. Only the last step, which writes the pack and builds it, changes anything else.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from fuping.layers.build.observations import read_observations
from fuping.layers.build.pipeline import build_pack
from fuping.layers.build.units import read_units
from fuping.layers.build.vintages import change_rows
from fuping.layers.errors import PackError, SourceError
from fuping.layers.file_hash import file_hash
from fuping.layers.ingest.draft_answers import AnswersError, guesses, settled
from fuping.layers.ingest.new_pack import write_pack
from fuping.layers.ingest.work_folder import StoppedError, WorkFolders, ended_by, plain_name
from fuping.layers.stores.contract import Store
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["PARTS", "Draft", "Drafts", "Stage", "State"]

Stage = Literal["files", "read", "check", "make"]

State = Literal["waiting", "working", "stopped", "faulty", "done"]

PARTS = ("boundaries", "table")


@dataclass(frozen=True)
class Draft:
    """One country that is being added.

    Parameters
    ----------
    id, who, made_at
        Which it is, who began it, and when, UTC.
    stage, state
        The last thing that was asked for (files, ``read`` them, ``check`` what was said, ``make`` the pack), and how it
        stands.
    files, sha256
        Part to the name of its file as it was given, and to the hash of its bytes.
    found
        What reading the files gave; see :func:`fuping.layers.ingest.draft_answers.guesses`.
    answers
        Field of the form to what the person wrote.
    step, done, total
        What is being done, and how many steps are done of how many.
    faults, n_faults
        What is wrong; at most :data:`~fuping.layers.ingest.work_folder.MOST_FAULTS` of them, and how many there are.
    wrong
        Field of the form to why its answer is missing or cannot be.
    reports
        What joining the files matched and what not, once they were checked.
    asked_by
        Who asked for the last thing.
    pack
        Code of the pack that was made.
    """

    id: str
    who: str
    made_at: str
    stage: Stage = "files"
    state: State = "waiting"
    files: dict[str, str] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    step: str = ""
    done: int = 0
    total: int = 0
    faults: tuple[str, ...] = ()
    n_faults: int = 0
    wrong: dict[str, str] = field(default_factory=dict)
    reports: tuple[dict[str, Any], ...] = ()
    asked_by: str = ""
    pack: str = ""


class Drafts:
    """The drafts of a store.

    Parameters
    ----------
    store
        Where the packs will lie.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._work = WorkFolders(store.root / "drafts", worded("draft"))

    def all(self) -> list[Draft]:
        """Return the drafts, the latest first."""
        found = [self.get(name) for name in self._work.names()]
        return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)

    def folder(self, identity: str) -> Path:
        """Return where a draft lies."""
        return self._work.folder(identity)

    def get(self, identity: str) -> Draft:
        """Return a draft.

        Raises
        ------
        SourceError
            There is none.
        """
        told = self._work.read(identity)
        found = Draft(**told | {"reports": tuple(told["reports"])})
        interrupted = found.state == "working" and not self._work.is_held(identity)
        return replace(found, state="stopped") if interrupted else found

    def open(self, who: str) -> Draft:
        """Begin a draft."""
        made = datetime.now(UTC).isoformat(timespec="seconds")
        return self._keep(Draft(secrets.token_hex(8), who, made))

    def place(self, identity: str, part: str, name: str) -> Path:
        """Return where the bytes of a file go; what was there gives way once they are :meth:`received`."""
        if part not in PARTS:
            raise SourceError(
                worded("{part!r} is no part of a country.", part=part),
                remedy=worded("Send one of {parts}.", parts=", ".join(PARTS)),
            )
        folder = self._work.folder(self.get(identity).id) / f"{part}-coming"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder / plain_name(name)

    def received(self, identity: str, part: str, path: Path) -> Draft:
        """Take a file that came whole in place of the one before."""
        with self._work.held(identity):
            before = self.get(identity)
            folder = self._work.folder(identity) / part
            shutil.rmtree(folder, ignore_errors=True)
            path.parent.rename(folder)
            sha256 = file_hash(folder / path.name)
            # Columns that were chosen in another file are not those of this one.
            return self._keep(
                replace(
                    before, stage="files", state="waiting", found={}, faults=(), n_faults=0, reports=(),
                    files=before.files | {part: path.name}, sha256=before.sha256 | {part: sha256},
                    answers={key: said for key, said in before.answers.items() if not key.startswith("column.")},
                )
            )  # fmt: skip

    def ask(self, identity: str, stage: Stage, answers: Mapping[str, str] | None = None, *, who: str = "") -> Draft:
        """Note what a person said and what is to be done next; :meth:`work` does it."""
        with self._work.held(identity):
            before = self.get(identity)
            if set(before.files) != set(PARTS):
                raise SourceError(
                    worded("The two files are not there yet."), remedy=worded("Send the boundaries and the table.")
                )
            if before.pack:
                raise SourceError(
                    worded("The pack {pack!r} is made.", pack=before.pack), remedy=worded("Begin another draft.")
                )
            said = dict(answers) if answers is not None else before.answers
            asked = replace(before, stage=stage, state="working", answers=said, asked_by=who or before.who)
            return self._keep(replace(asked, faults=(), n_faults=0, wrong={}, step="", total=0))

    def work(self, identity: str, stop: Callable[[], bool] = lambda: False) -> Draft:
        """Do what was asked for.

        Parameters
        ----------
        stop
            Asked between the steps of a build; where it answers yes, it is broken off and can be done again.
        """
        with self._work.held(identity):
            begun = self._keep(replace(self.get(identity), state="working", reports=()))
            work = {"read": self._read, "check": self._check, "make": self._make}[begun.stage]
            try:
                return self._keep(replace(work(begun, stop), state="done"))
            except AnswersError as error:
                return self._keep(replace(begun, state="faulty", wrong=dict(error.wrong), n_faults=len(error.wrong)))
            except FupingError as error:
                return self._keep(replace(begun, **ended_by(error)))

    def drop(self, identity: str) -> None:
        """Forget a draft and its files; a pack that was made of it stays."""
        with self._work.held(identity):
            folder = self._work.folder(identity)
            for part in folder.iterdir():
                if part.is_dir():
                    shutil.rmtree(part)
                elif part.name != ".lock":
                    part.unlink()
        shutil.rmtree(folder, ignore_errors=True)

    def _read(self, begun: Draft, stop: Callable[[], bool]) -> Draft:
        found, faults = guesses(self._path(begun, "boundaries"), self._path(begun, "table"), begun.answers)
        begun = self._keep(replace(begun, found=found))
        if faults:
            raise PackError("The files", faults)
        return begun

    def _check(self, begun: Draft, stop: Callable[[], bool]) -> Draft:
        """Write the pack aside and read all of it, short of simplifying its shapes."""
        with self._aside(begun) as aside:
            pack = write_pack(self._settled(begun), aside / "pack")
            shapes, reports = read_units(pack, aside / "nothing")
            units = {level: read.drop(columns="geometry") for level, read in shapes.items()}
            changes, _ = change_rows(pack, aside / "nothing")
            for table in pack.tables:
                path = pack.folder / str(pack.source(table.source).path)
                reports += read_observations(pack, table, path, units, changes)[1]
        return replace(begun, reports=tuple(one.to_dict() for one in reports))

    def _make(self, begun: Draft, stop: Callable[[], bool]) -> Draft:
        told = begun

        def tell(step: str, done: int, total: int) -> None:
            nonlocal told
            if stop():
                raise StoppedError("The build was broken off.")
            told = self._keep(replace(told, step=step, done=done, total=total))

        new = self._settled(begun)
        with self._aside(begun) as aside:
            pack = write_pack(new, aside / new.code)

            def declare(_build: Path) -> bool:
                # A pack that is declared and not built would stand in every menu, and in the way of another try.
                self.store.declared.mkdir(parents=True, exist_ok=True)
                pack.folder.rename(self.store.declared / new.code)
                return True

            build_pack(pack, self.store, tell, publish=declare)
        for part in PARTS:
            shutil.rmtree(self._work.folder(begun.id) / part, ignore_errors=True)
        return replace(told, pack=new.code, done=told.total)

    @contextmanager
    def _aside(self, draft: Draft) -> Iterator[Path]:
        folder = self._work.folder(draft.id) / "aside"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _settled(self, begun: Draft) -> Any:
        paths = [self._path(begun, part) for part in PARTS]
        return settled(paths[0], paths[1], begun.answers, self.store.declared)

    def _path(self, draft: Draft, part: str) -> Path:
        return self._work.folder(draft.id) / part / draft.files[part]

    def _keep(self, draft: Draft) -> Draft:
        self._work.keep(draft.id, asdict(draft))
        return draft
