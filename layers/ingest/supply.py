"""Take a source's file in: fetched from its address or given by the user, checked before it is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from fuping.layers.build.observations import check_table
from fuping.layers.errors import SourceError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.locate import can_be_supplied, check_hash
from fuping.layers.sources.vector import read_vector, require_shapes
from fuping.layers.stores.contract import Store

__all__ = ["check_source", "fetch_source", "keep_file", "kept_name", "supplied_source", "supply_source"]

LARGEST = 2**30
"""Bytes that a download may have; nothing that a pack declares comes near."""

TIMEOUT = 60.0


def supply_source(pack: Pack, store: Store, name: str, file: Path) -> Path:
    """Keep a file as the bytes of a source, from the next build on.

    The file is read as its tables and boundaries will be; what is faulty is refused and the file kept before stays.

    Returns
    -------
    pathlib.Path
        Where it is kept.

    Raises
    ------
    SourceError
        The pack has no such source to supply, there is no such file, or its bytes are not those that were declared.
    TableError, CRSError
        The file cannot be read as declared.
    """
    source = supplied_source(pack, name)
    if not file.is_file():
        raise SourceError(f"There is no file {file}.", remedy="Give the path of the downloaded file.")
    home = store.supplied(pack.info.code)
    with store.alone():
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".draft-") as draft:
            # Under the name that the reader knows, for the faults to be told by.
            copy = Path(draft) / file.name
            shutil.copyfile(file, copy)
            check_source(pack, source, copy)
            return keep_file(store, pack.info.code, name, copy)


def keep_file(store: Store, pack: str, name: str, file: Path) -> Path:
    """Move a file that was checked to the place of a source's bytes; who calls holds :meth:`Store.alone`."""
    home = store.supplied(pack)
    home.mkdir(parents=True, exist_ok=True)
    final = home / kept_name(name, file)
    os.replace(file, final)
    for old in home.glob(f"{name}.*"):
        if old != final:
            old.unlink()
    return final


def kept_name(name: str, file: Path) -> str:
    """Return the name under which a source's file is kept; its endings tell how it is read."""
    return name + ("".join(file.suffixes[-2:]) if file.suffix in (".gz", ".json") else file.suffix)


def fetch_source(
    pack: Pack, store: Store, name: str, progress: Callable[[int, int | None], None] = lambda done, size: None
) -> Path:
    """Download a source from its address, check its hash, and keep it.

    Parameters
    ----------
    progress
        Called with the bytes that came and how many there are, where the server says so.

    Raises
    ------
    SourceError
        The source declares no hash (its address is a page for people), the address is not on the web, the server does
        not answer, or the bytes are not those that were declared. Nothing that was kept is changed.
    """
    source = supplied_source(pack, name)
    if source.sha256 is None:
        raise SourceError(
            f"The address of {name!r} is a page and not a file: {source.url}",
            remedy=f"Download the file there, then run: fuping source add {pack.info.code} {name} --file FILE",
        )
    address = urlsplit(str(source.url))
    if address.scheme not in ("https", "http"):
        raise SourceError(f"{source.url} is no address on the web.", remedy="Declare one that begins with https://.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(address.path).name or name)
        try:
            with urllib.request.urlopen(str(source.url), timeout=TIMEOUT) as answer, path.open("wb") as file:
                _receive(answer, file, progress)
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise SourceError(
                f"{source.url} does not answer: {error}",
                remedy=f"Try again, or give the file: fuping source add {pack.info.code} {name} --file FILE",
            ) from error
        return supply_source(pack, store, name, path)


def _receive(answer, file, progress: Callable[[int, int | None], None]) -> None:  # type: ignore[no-untyped-def]
    size = int(answer.headers["Content-Length"]) if answer.headers.get("Content-Length") else None
    done = 0
    while block := answer.read(2**18):
        done += len(block)
        if done > LARGEST:
            raise SourceError(f"{answer.url} sends more than {LARGEST:,} bytes.", remedy="Check the address.")
        file.write(block)
        progress(done, size)


def supplied_source(pack: Pack, name: str) -> Source:
    """Return a source whose bytes people supply.

    Raises
    ------
    SourceError
        The pack has none of that name.
    """
    known = [source.id for source in pack.sources if can_be_supplied(source)]
    if name not in known:
        raise SourceError(
            f"The pack {pack.info.code!r} has no source {name!r} to supply.",
            remedy=f"Sources: {', '.join(known) or 'none'}.",
        )
    return pack.source(name)


def check_source(pack: Pack, source: Source, path: Path) -> None:
    """Read a file as the tables and boundaries of its source will be.

    Raises
    ------
    SourceError
        The bytes are not those that were declared.
    TableError, CRSError
        The file cannot be read as declared.
    """
    check_hash(source, path)
    for table in pack.tables:
        if table.source == source.id:
            check_table(pack, table, path)
    for layer in (layer for boundary in pack.boundaries for layer in boundary.layers):
        if layer.source == source.id:
            wanted = [one for one in (layer.code_column, layer.name_zh_column, layer.name_en_column) if one]
            require_shapes(read_vector(path, layer=layer.layer, columns=wanted), path.name)
