"""Packs that can be opened, and those that ship and are not built."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from fuping.dashboard.queries.cache import Reader
from fuping.layers.pack import pack_folders

__all__ = ["PackChoice", "pack_choices"]


@dataclass(frozen=True)
class PackChoice:
    """A pack; ``command`` builds it where it is not built."""

    code: str
    name: dict[str, Any]
    command: str | None = None


def pack_choices(reader: Reader) -> list[PackChoice]:
    """Return the packs that are built, then those that ship and are not."""
    built = [PackChoice(code, reader.catalogue(code)["pack"]["name"]) for code in reader.packs()]
    known = {one.code for one in built}
    others = []
    for code, folder in pack_folders(reader.store.declared).items():
        if code not in known:
            info = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
            others.append(PackChoice(code, info["name"], f"fuping build {code}"))
    return built + others
