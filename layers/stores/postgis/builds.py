"""Keep builds in a database: each comes and goes whole, in one transaction."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from fuping.layers.errors import NotBuiltError
from fuping.layers.stores.contract import KEPT, Build, latest_first, no_build
from fuping.layers.stores.data_folder import DataFolder
from fuping.layers.stores.postgis.database import connect, explained, place, require_ready
from fuping.layers.stores.postgis.load import load
from fuping.layers.stores.postgis.tables import builds, coverage, observations, units
from fuping.layers.stores.postgis.unload import unload
from sqlalchemy import Connection, delete, func, select, text, update

__all__ = ["DatabaseBuilds"]


class _Moment:
    """What is known within :meth:`DatabaseBuilds.moment`: one connection, made when first asked for."""

    def __init__(self, store: DatabaseBuilds, ending: ExitStack) -> None:
        self.store, self._ending = store, ending
        self._connection: Connection | None = None
        self._current: dict[str, Any] | None = None

    def connection(self) -> Connection:
        """Return a connection that sees one state of the database."""
        if self._connection is None:
            self._connection = self._ending.enter_context(self.store._connected())
        return self._connection

    def current(self) -> dict[str, Any]:
        """Return pack → id and version of its current build."""
        if self._current is None:
            told = select(builds.c.pack, builds.c.id, builds.c.version).where(builds.c.current)
            self._current = {row.pack: row for row in self.connection().execute(told.order_by(builds.c.pack))}
        return self._current


MOMENT: ContextVar[_Moment | None] = ContextVar("moment", default=None)


class DatabaseBuilds(DataFolder):
    """The builds of packs in a database: which there are, which is current, and how one is written.

    A build is written in one transaction, one at a time of each pack; readers see the one before until it is complete.

    Parameters
    ----------
    address
        ``postgresql://USER:PASSWORD@HOST/DATABASE``.
    root
        The data folder; made when something is first written.

    Raises
    ------
    StoreError
        The database cannot be reached, or is not set up for this program.
    """

    def __init__(self, address: str, root: Path) -> None:
        self._engine = connect(address)
        require_ready(self._engine)
        self._alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        super().__init__(root)

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Read within as the database stands at one moment, and look up once which builds are current."""
        with ExitStack() as ending:
            begun = MOMENT.set(_Moment(self, ending))
            try:
                yield
            finally:
                MOMENT.reset(begun)

    def packs(self) -> list[str]:
        """Return the codes of the packs that are built."""
        moment = self._moment()
        if moment:
            return sorted(moment.current())
        with self._asking() as connection:
            return sorted(connection.scalars(select(builds.c.pack).where(builds.c.current)))

    def version(self, pack: str) -> str:
        """Return the id of the current build.

        Raises
        ------
        NotBuiltError
            There is none.
        """
        with self._asking() as connection:
            return self._current(connection, pack).version

    def builds(self, pack: str) -> list[Build]:
        """Return the builds that are kept: the current one, then the others, the latest first."""
        with self._reading() as connection:
            self._current(connection, pack)
            return self._builds(connection, pack)

    def held(self, pack: str) -> bool:
        """Return whether the current build was chosen, and is not simply the latest."""
        with self._asking() as connection:
            return bool(connection.scalar(select(builds.c.held).where(builds.c.pack == pack, builds.c.current)))

    def use(self, pack: str, version: str) -> None:
        """Make a build that is kept the current one; it stays so until the pack is built by force.

        Raises
        ------
        NotBuiltError
            There is no such build.
        """
        with self._changing(pack) as connection:
            self._point(connection, pack, self._kept(connection, pack, version), held=True)

    @contextmanager
    def writing(
        self, pack: str, version: str, *, publish: Callable[[Path], bool] = lambda draft: True
    ) -> Iterator[Path]:
        """Give an empty folder to fill; it becomes the current build only when the block ends without an error.

        Parameters
        ----------
        publish
            Told the complete folder before it becomes current; where it answers no, the build is let go.
        """
        with self._drafting(pack, version) as draft:
            yield draft
            if not publish(draft):
                return
            with self._changing(pack) as connection:
                self._replace(connection, pack, version, draft, held=False)
                for old in self._builds(connection, pack)[KEPT:]:
                    self._remove(connection, pack, old.version)
        self._count()

    def adopt(self, pack: str, version: str, folder: Path) -> None:
        """Take a whole build that was made elsewhere among those of a pack, and choose it."""
        with self._changing(pack) as connection:
            self._replace(connection, pack, version, folder, held=True)
        self._count()

    @contextmanager
    def files(self, pack: str, version: str, only: Collection[str] | None = None) -> Iterator[Path]:
        """Give the files of a build that is kept, written into a folder that goes when the block ends.

        Raises
        ------
        NotBuiltError
            There is no such build.
        """
        with tempfile.TemporaryDirectory(prefix="fuping-build-") as folder:
            with self._reading() as connection:
                unload(connection, self._kept(connection, pack, version), Path(folder), only)
            yield Path(folder)

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        """Give a connection for one question, which costs one way to the server and back."""
        with explained(self._engine):
            moment = self._moment()
            if moment:
                yield moment.connection()
                return
            with self._alone.connect() as connection:
                yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(self._engine):
            moment = self._moment()
            if moment:
                yield moment.connection()
                return
            with self._connected() as connection:
                yield connection

    def _connected(self) -> Connection:
        return self._engine.connect()

    def _moment(self) -> _Moment | None:
        found = MOMENT.get()
        return found if found is not None and found.store is self else None

    @contextmanager
    def _changing(self, pack: str) -> Iterator[Connection]:
        """Give a transaction in which nobody else changes the builds of a pack."""
        # Not REPEATABLE READ: it would see what was there before it waited.
        engine = self._engine.execution_options(isolation_level="READ COMMITTED")
        with explained(self._engine), engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"fuping layers {pack}", 0))))
            yield connection

    def _current(self, connection: Connection, pack: str) -> Any:
        moment = self._moment()
        if moment:
            found = moment.current().get(pack)
        else:
            told = select(builds.c.id, builds.c.version).where(builds.c.pack == pack, builds.c.current)
            found = connection.execute(told).one_or_none()
        if found is None:
            raise NotBuiltError(
                f"The pack {pack!r} is not built in the database {place(self._engine)}.",
                remedy=f"Run: fuping build {pack}",
            )
        return found

    def _kept(self, connection: Connection, pack: str, version: str) -> int:
        self._current(connection, pack)
        found = connection.scalar(select(builds.c.id).where(builds.c.pack == pack, builds.c.version == version))
        if found is None:
            raise no_build(pack, version)
        return found

    def _builds(self, connection: Connection, pack: str) -> list[Build]:
        rows = connection.execute(
            select(builds.c.version, builds.c.current, builds.c.catalogue).where(builds.c.pack == pack)
        )
        return latest_first([Build.told(row.version, row.catalogue, current=row.current) for row in rows])

    def _replace(self, connection: Connection, pack: str, version: str, folder: Path, *, held: bool) -> None:
        self._remove(connection, pack, version)
        self._point(connection, pack, load(connection, pack, version, folder), held=held)

    def _remove(self, connection: Connection, pack: str, version: str) -> None:
        of_pack = builds.c.pack == pack, builds.c.version == version
        gone = connection.scalar(delete(builds).where(*of_pack).returning(builds.c.id))
        connection.execute(delete(observations).where(observations.c.build == gone))

    def _point(self, connection: Connection, pack: str, build: int, *, held: bool) -> None:
        connection.execute(
            update(builds).where(builds.c.pack == pack, builds.c.current).values(current=False, held=False)
        )
        connection.execute(update(builds).where(builds.c.id == build).values(current=True, held=held))

    def _count(self) -> None:
        """Let the database count what was written, by which it plans its next reads; not part of the transaction."""
        with self._asking() as connection:
            connection.execute(text(f"ANALYZE {observations}, {units}, {coverage}"))
