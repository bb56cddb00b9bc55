"""Choose the store that the settings name."""

from __future__ import annotations

import os
from pathlib import Path

from fuping.layers.stores.contract import Store
from fuping.layers.stores.embedded import EmbeddedStore

__all__ = ["open_store"]


def open_store(root: Path | None = None) -> Store:
    """Open the store in ``root``, else in ``$FUPING_DATA``, else in the user's data folder."""
    if root is None:
        import platformdirs

        root = Path(os.environ.get("FUPING_DATA") or platformdirs.user_data_dir("fuping", appauthor=False))
    return EmbeddedStore(root)
