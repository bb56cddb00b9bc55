"""The sha256 of a file: what tells its bytes from all others."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["file_hash"]


def file_hash(path: Path) -> str:
    """Return the sha256 of a file's bytes in hexadecimal digits, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
