"""The folder on this machine that every store has: supplied files, packs made here, and builds while they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from fuping.layers.stores.replacement import mend

__all__ = ["DataFolder"]

LEFT_IN_STORE = (".restore-*", "sources/.old-*", "sources/*/.draft-*", "declared/.old-*")
"""What a killed process can leave outside the builds; whoever writes there holds the lock of the store."""

LEFT_IN_PACK = (".old-*", ".gone-*", ".draft-*", ".current-*")
"""What one can leave among the builds of a pack; whoever writes there holds the lock of the pack."""


class DataFolder:
    """What a store keeps in files, wherever its builds are.

    Parameters
    ----------
    root
        The data folder; made when something is first written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        if any(found for pattern in LEFT_IN_STORE for found in root.glob(pattern)):
            # They may belong to a process that still runs, or the folder may be read only: then they stay.
            with suppress(Timeout, OSError), self.alone(timeout=0):
                pass

    @contextmanager
    def alone(self, *, timeout: float = -1) -> Iterator[None]:
        """Hold off others who change supplied files or declared packs; what killed ones left is cleared first.

        Parameters
        ----------
        timeout
            Seconds to wait for them; for ever where negative.

        Raises
        ------
        filelock.Timeout
            They took longer.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / ".lock", timeout=timeout):
            mend(self.root, *LEFT_IN_STORE)
            yield

    def supplied(self, pack: str) -> Path:
        """Return the folder of the files that the user supplied for a pack."""
        return self.root / "sources" / pack

    @property
    def declared(self) -> Path:
        """Folder of the packs that were made on this machine."""
        return self.root / "declared"

    @contextmanager
    def _of_pack(self, pack: str) -> Iterator[Path]:
        """Give the folder of a pack's builds and hold off others of this machine who write there."""
        home = self.root / "packs" / pack
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".lock"):
            mend(home, *LEFT_IN_PACK)
            yield home

    @contextmanager
    def _drafting(self, pack: str, version: str) -> Iterator[Path]:
        """Give an empty folder in which a build is made; what is still in it at the end is cleared away."""
        with self._of_pack(pack) as home:
            draft = home / f".draft-{version}"
            draft.mkdir()
            try:
                yield draft
            finally:
                mend(home, draft.name)
