"""Tell whether a build is still the build of its inputs."""

from __future__ import annotations

import hashlib
from importlib.metadata import version as installed_version

from fuping.layers.pack import Pack
from fuping.layers.sources.locate import source_file
from fuping.layers.stores.contract import Store

__all__ = ["fingerprint"]

PACK_FILES = {".toml", ".csv", ".xml", ".geojson", ".gpkg"}
"""Endings of a pack's files that a build reads: declarations, tables, IATI activities, shapes of project places."""


def fingerprint(pack: Pack, store: Store) -> str:
    """Return the id of the build that these inputs give; equal ids mean nothing needs rebuilding.

    It covers the pack's files, the supplied files, and the versions of Fuping and of the data packages.
    """
    digest = hashlib.sha256()
    digest.update(installed_version("fuping").encode())
    for path in sorted(pack.folder.rglob("*")):
        if path.is_file() and path.suffix in PACK_FILES:
            digest.update(f"{path.relative_to(pack.folder)}".encode() + path.read_bytes())
    for path in sorted(store.supplied(pack.info.code).glob("[!.]*")):
        stat = path.stat()
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}".encode())
    for source in pack.sources:
        if source.distribution and source_file(pack, source, store.supplied(pack.info.code)):
            digest.update(f"{source.distribution} {installed_version(source.distribution)}".encode())
    return digest.hexdigest()[:16]
