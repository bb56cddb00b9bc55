"""Choose the store that the settings name."""

from __future__ import annotations

import os
from pathlib import Path

from fuping.layers.errors import StoreError
from fuping.layers.stores.contract import Store
from fuping.layers.stores.embedded import EmbeddedStore

__all__ = ["open_store"]


def open_store(root: Path | None = None) -> Store:
    """Open the store in ``root``, else the one that the settings name.

    That is the database of ``$FUPING_DATABASE_URL`` where it is set, else the files in the data folder, which is
    ``$FUPING_DATA`` or the user's.

    Raises
    ------
    StoreError
        The database cannot be opened.
    """
    if root is not None:
        return EmbeddedStore(root)
    import platformdirs

    root = Path(os.environ.get("FUPING_DATA") or platformdirs.user_data_dir("fuping", appauthor=False))
    address = os.environ.get("FUPING_DATABASE_URL")
    if not address:
        return EmbeddedStore(root)
    try:
        from fuping.layers.stores.postgis import PostgisStore
    except ModuleNotFoundError as error:
        raise StoreError(
            f"FUPING_DATABASE_URL names a database, and {error.name} is not installed.",
            remedy="Run: pip install 'fuping[postgis]'",
        ) from error
    return PostgisStore(address, root)
