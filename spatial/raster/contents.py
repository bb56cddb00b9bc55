"""What a piece of work is made of, as a digest that is the same after a restart and for nothing else."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
import rasterio
from fuping.spatial.raster.errors import RasterError, ReadError
from fuping.spatial.raster.source import FileRaster

__all__ = ["Contents"]

PLAIN = (type(None), bool, int, float, str, bytes, slice, np.generic, Path)
"""Kinds whose printed form says all, and no address in memory."""


class Contents:
    """Digests of values; that of a raster is worked out once.

    Arrays count by their bytes; files by path, size and time, those that a mosaic (VRT) is made of too; functions and
    classes by their module, their name and the text of the module's file; dataclasses and :class:`functools.partial`
    by what they hold.

    Examples
    --------
    >>> Contents().digest((pow, (2, 3))) == Contents().digest((pow, (2, 3)))
    True
    >>> Contents().digest((pow, (2, 3))) == Contents().digest((pow, (3, 2)))
    False
    """

    def __init__(self) -> None:
        self._digests: dict[int, tuple[Any, bytes]] = {}

    def digest(self, value: Any) -> str:
        """Give the SHA-256 of what a value holds.

        Raises
        ------
        RasterError
            It holds something that has no name of its own, such as a lambda, or is a file that is not on this machine.
        """
        digest = hashlib.sha256()
        self._add(digest, value)
        return digest.hexdigest()

    def _add(self, digest: Any, value: Any) -> None:
        kind = type(value)
        digest.update(f"{kind.__module__}.{kind.__qualname__}:".encode())
        if isinstance(value, np.ndarray):
            if value.dtype.hasobject:
                self._add(digest, value.tolist())
                return
            digest.update(f"{value.dtype} {value.shape}:".encode() + np.ascontiguousarray(value).tobytes())
        elif isinstance(value, PLAIN):
            text = repr(value).encode()
            digest.update(f"{len(text)}:".encode() + text)
        elif isinstance(value, tuple | list | dict):
            held = list(value.items()) if isinstance(value, dict) else value
            digest.update(f"{len(held)}:".encode())
            for one in held:
                self._add(digest, one)
        elif isinstance(value, FunctionType | BuiltinFunctionType | type):
            digest.update(_named(value))
        elif isinstance(value, partial):
            self._add(digest, (value.func, value.args, dict(sorted(value.keywords.items()))))
        elif is_dataclass(value):
            digest.update(self._once(value) if hasattr(value, "read") else self._held(value))
        else:
            raise _unnamed(f"a {kind.__qualname__}", "Make it a dataclass of arrays, numbers and text.")

    def _once(self, raster: Any) -> bytes:
        """Return the digest of a raster, or of a layer of one: worked out once for all blocks."""
        known = self._digests.get(id(raster))
        if known is None:
            # The raster is kept beside it: its id must not go to another.
            known = self._digests[id(raster)] = (raster, self._held(raster))
        return known[1]

    def _held(self, value: Any) -> bytes:
        own = hashlib.sha256(_named(type(value)))
        self._add(own, [getattr(value, one.name) for one in fields(value)])
        if isinstance(value, FileRaster):
            self._add(own, _files(value.path))
        return own.digest()


def _named(value: Any) -> bytes:
    """Return by what a function or class is found again: where it stands, and what stands there."""
    module, name = value.__module__ or "", value.__qualname__
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is not value or module == "__main__":
        raise _unnamed(
            f"{module}.{name}", "Define it in a module, not in a script, a notebook or another function; bind values "
            "with functools.partial.",
        )  # fmt: skip
    return f"{module}.{name}:{_text(module)}:".encode()


@cache
def _text(module: str) -> str:
    """Return the SHA-256 of a module's file, read once; nothing of what Python itself holds."""
    path = getattr(sys.modules[module], "__file__", None)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path else ""


def _files(path: str) -> list[tuple[str, int, int]]:
    """Return the files that a raster is made of, with size and time; those of the mosaics within a mosaic too."""
    found: dict[str, tuple[str, int, int]] = {}
    waiting = [path]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        try:
            told = os.stat(one)
        except OSError:
            if one == path or one.startswith("/vsi") or "://" in one:
                raise _unnamed(f"{one}, which is no plain file on this machine", "Fetch it to a disk first.") from None
            # A part that a mosaic names and that is not there: its cells are missing until it is.
            found[one] = (one, -1, -1)
            continue
        found[one] = (one, told.st_size, told.st_mtime_ns)
        if one == path or one.lower().endswith(".vrt"):
            try:
                with rasterio.open(one) as file:
                    waiting += file.files
            except rasterio.errors.RasterioIOError as problem:
                raise ReadError(f"{one} cannot be read: {problem}.", remedy="Fetch it again.") from problem
    return sorted(found.values())


def _unnamed(what: str, remedy: str) -> RasterError:
    return RasterError(
        f"Answers cannot be kept that are worked out from {what}: after a restart nothing would tell it from another.",
        remedy=remedy,
    )
