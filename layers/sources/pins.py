"""Hashes that nobody knows beforehand: that of the first file that comes is noted in the data folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["PINS", "Pin", "pin", "read_pins"]

PINS = ".pins.json"
"""In the folder of a pack's supplied files."""


@dataclass(frozen=True)
class Pin:
    """The file that a source was pinned to.

    Parameters
    ----------
    sha256, size
        Of its bytes.
    on
        Day and time, ISO 8601.
    """

    sha256: str
    size: int
    on: str


def read_pins(supplied: Path) -> dict[str, Pin]:
    """Return the pins of a pack's sources by source."""
    path = supplied / PINS
    if not path.exists():
        return {}
    return {name: Pin(**told) for name, told in json.loads(path.read_text(encoding="utf-8")).items()}


def pin(supplied: Path, source: str, *, sha256: str, size: int) -> Pin:
    """Note a source's file, in place of what was noted of it before; who calls holds the lock of the store."""
    made = Pin(sha256, size, datetime.now(UTC).isoformat(timespec="seconds"))
    told = {name: asdict(one) for name, one in read_pins(supplied).items()} | {source: asdict(made)}
    draft = supplied / f"{PINS}.draft"
    draft.write_text(json.dumps(told, indent=1), encoding="utf-8")
    os.replace(draft, supplied / PINS)
    return made
