"""Put a folder in the place of another so that a process that is killed midway leaves one of the two whole.

No file system swaps two folders in one step everywhere, so the one before steps aside first; readers look there where
the place is empty, and whoever writes next brings it back or clears it away.
"""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["mend", "remove_folder", "replace_folder", "standing"]

ASIDE = ".old-"

GONE = ".gone-"


def standing(place: Path) -> Path:
    """Return a folder's place, or where it stands aside because its replacement never came."""
    aside = place.with_name(ASIDE + place.name)
    return aside if aside.exists() and not place.exists() else place


def replace_folder(new: Path, place: Path) -> None:
    """Move a folder to a place of the same file system; what was there goes once the new one stands."""
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(ASIDE + place.name)
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
    new.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def remove_folder(place: Path) -> None:
    """Remove a folder that nobody then sees in part."""
    gone = place.with_name(GONE + place.name)
    shutil.rmtree(gone, ignore_errors=True)
    place.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def mend(root: Path, *patterns: str) -> None:
    """Clear away what killed processes left below a folder, and bring back what stands aside with an empty place.

    Only who holds the lock of the folder may: what it finds there then belongs to nobody.
    """
    for path in [path for pattern in patterns for path in root.glob(pattern)]:
        place = path.with_name(path.name.removeprefix(ASIDE))
        if path.name.startswith(ASIDE) and not place.exists():
            path.rename(place)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
