"""Take a source's file in: fetched from its address or given by the user, checked before it is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from fuping.layers.build.earthquakes import read_catalogue, read_traces
from fuping.layers.build.observations import check_table
from fuping.layers.connect import PATIENCE, Cache, ConnectError, HttpClient, Request
from fuping.layers.connect.guard import host_of
from fuping.layers.errors import SourceError
from fuping.layers.file_hash import file_hash
from fuping.layers.ingest.projects import read_projects
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.locate import can_be_supplied, check_hash
from fuping.layers.sources.pins import pin, read_pins
from fuping.layers.sources.rasters import read_layer
from fuping.layers.sources.vector import read_vector, require_shapes
from fuping.layers.stores.contract import Store
from fuping.spatial.wording import worded
from urllib3.util import Retry

__all__ = ["check_source", "fetch_source", "keep_file", "kept_name", "supplied_source", "supply_source"]

LARGEST = 2**30
"""Bytes that a download may have; nothing that a pack declares comes near."""


def supply_source(pack: Pack, store: Store, name: str, file: Path, *, repin: bool = False) -> Path:
    """Keep a file as the bytes of a source, from the next build on.

    The file is read as its tables and boundaries will be; what is faulty is refused and the file kept before stays.

    Parameters
    ----------
    repin
        Take a file with another hash than the one that the source was pinned to, and pin it to that.

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
        raise SourceError(
            worded("There is no file {file}.", file=file), remedy=worded("Give the path of the downloaded file.")
        )
    home = store.supplied(pack.info.code)
    with store.alone():
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".draft-") as draft:
            # Under the name that the reader knows, for the faults to be told by.
            copy = Path(draft) / file.name
            shutil.copyfile(file, copy)
            # Pins are looked for in the folder given: none is in the draft.
            check_source(pack, source, copy, Path(draft) if repin else home)
            return keep_file(store, pack.info.code, source, copy)


def keep_file(store: Store, pack: str, source: Source, file: Path) -> Path:
    """Move a file that was checked to the place of a source's bytes; who calls holds :meth:`Store.alone`.

    A source whose hash is not known beforehand is pinned to the file.
    """
    home = store.supplied(pack)
    home.mkdir(parents=True, exist_ok=True)
    if source.pinned:
        found = file_hash(file)
        before = read_pins(home).get(source.id)
        if before is None or before.sha256 != found:
            pin(home, source.id, sha256=found, size=file.stat().st_size)
    final = home / kept_name(source.id, file)
    os.replace(file, final)
    for old in home.glob(f"{source.id}.*"):
        if old != final:
            old.unlink()
    return final


def kept_name(name: str, file: Path) -> str:
    """Return the name under which a source's file is kept; its endings tell how it is read.

    A file without one gets one: by the dot behind the source's name it is found again.
    """
    endings = "".join(file.suffixes[-2:]) if file.suffix in (".gz", ".json") else file.suffix
    return name + (endings or ".file")


def fetch_source(
    pack: Pack,
    store: Store,
    name: str,
    progress: Callable[[int, int | None], None] = lambda done, size: None,
    *,
    cache: Cache | None = None,
    retry: Retry = PATIENCE,
    loopback: bool = False,
    repin: bool = False,
) -> Path:
    """Download a source from its address, check its hash, and keep it.

    A transfer that breaks goes on where it broke, also in a later call.

    Parameters
    ----------
    progress
        Called with the bytes that came and how many there are, where the server says so.
    cache, retry, loopback
        As :class:`fuping.layers.connect.http.HttpClient` takes them.
    repin
        As :func:`supply_source` takes it.

    Raises
    ------
    SourceError
        The source declares no hash and is not pinned by its first file (its address is a page for people), the address
        is not on the public web, the server does not answer, or the bytes are not those
        that were declared. Nothing that was kept is changed.
    """
    source = supplied_source(pack, name)
    by_hand = f"fuping source add {pack.info.code} {name} --file FILE"
    if not source.fetchable:
        raise SourceError(
            worded("The address of {name!r} is a page and not a file: {url}", name=name, url=source.url),
            remedy=worded("Download the file there, then run: {by_hand}", by_hand=by_hand),
        )
    # A declared hash says whose bytes they are, so the address may lead on to any host of the public web; without one
    # only the host that the pack names is believed.
    try:
        hosts = None if source.sha256 else {host_of(str(source.url))}
        client = HttpClient(hosts, cache or Cache(), retry=retry, largest=LARGEST, loopback=loopback)
        answer = client.get(Request(str(source.url), sha256=source.sha256), progress)
    except ConnectError as error:
        raise SourceError(
            error.message, remedy=worded("{remedy} Or give the file: {by_hand}", remedy=error.remedy, by_hand=by_hand)
        ) from error
    with tempfile.TemporaryDirectory() as folder:
        # The ending of the address tells how the file is read.
        path = Path(folder) / (source.file_name or Path(urlsplit(str(source.url)).path).name or name)
        shutil.copyfile(answer.path, path)
        return supply_source(pack, store, name, path, repin=repin)


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
            worded("The pack {code!r} has no source {name!r} to supply.", code=pack.info.code, name=name),
            remedy=worded("Sources: {known}.", known=", ".join(known) or worded("none")),
        )
    return pack.source(name)


def check_source(pack: Pack, source: Source, path: Path, supplied: Path) -> None:
    """Read a file as the tables, boundaries, grids and catalogues of its source will be.

    Parameters
    ----------
    supplied
        Folder where pins are noted.

    Raises
    ------
    SourceError
        The bytes are not those that were declared or that the source is pinned to.
    TableError, CRSError, RasterError, GridError
        The file cannot be read as declared.
    """
    check_hash(source, path, supplied)
    for table in pack.tables:
        if table.source == source.id:
            check_table(pack, table, path)
    for layer in (layer for boundary in pack.boundaries for layer in boundary.layers):
        if layer.source == source.id:
            wanted = [one for one in (layer.code_column, layer.name_zh_column, layer.name_en_column) if one]
            require_shapes(read_vector(path, layer=layer.layer, columns=wanted), path.name)
    for grid in pack.rasters:
        if grid.source == source.id:
            read_layer(grid, path, pack.info.bounds)
    if any(listed.source == source.id for listed in pack.project_lists):
        read_projects(path)
    for record in pack.seismicity:
        if record.source == source.id:
            read_catalogue(path)
        if record.faults == source.id:
            read_traces(path)
