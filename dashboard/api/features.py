"""OGC API – Features, Parts 1 to 3: units of a pack's level, a page at a time or one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fuping.dashboard.api.build import OneBuild
from fuping.dashboard.api.crs import area_of
from fuping.dashboard.api.documents import Link
from fuping.dashboard.api.errors import UnknownResourceError
from fuping.dashboard.api.exchange import GEOJSON, JSON, Call, Reply
from fuping.dashboard.api.filters import kept_by, read_filter
from fuping.dashboard.api.geometry import AT_ONCE, Shapes
from fuping.dashboard.api.parameters import FIRST, LAST, GeometryQuery, Interval, ItemQuery, ItemsQuery
from fuping.layers.stores import EmbeddedStore
from numpy.typing import NDArray

__all__ = ["GEOMETRY", "QUERYABLES", "boundary_sources", "item", "items", "units_of", "vintage"]

GEOMETRY = "geometry"
"""Name of the geometry in filters."""

QUERYABLES: dict[str, dict[str, str]] = {
    "code": {"type": "string", "title": "Code"},
    "name_en": {"type": "string", "title": "English name"},
    "name_zh": {"type": "string", "title": "Chinese name"},
    "parent_level": {"type": "string", "title": "Level of the parent"},
    "parent_code": {"type": "string", "title": "Code of the parent"},
    "area_km2": {"type": "number", "title": "Area", "x-ogc-unit": "km2"},
    "valid_from": {"type": "string", "format": "date", "title": "First day of the boundary vintage"},
    "valid_to": {"type": "string", "format": "date", "title": "Day on which the vintage ended"},
}


def units_of(call: Call[Any]) -> tuple[str, str]:
    """Return the pack and the level of the collection in the path.

    Raises
    ------
    UnknownResourceError
        There is no such collection of units.
    """
    name = call.request.places["collectionId"]
    pack, _, level = name.partition("-")
    there = [f"{code}-{one['id']}" for code in call.store.packs() for one in call.store.catalogue(code)["levels"]]
    if name not in there:
        raise UnknownResourceError(
            f"There is no collection of units {name!r}.", remedy=f"Collections: {', '.join(there) or 'none is built'}."
        )
    return pack, level


def vintage(store: OneBuild, pack: str) -> Interval:
    """Return the first and the last moment at which a pack's boundaries are valid."""
    start, end = (store.catalogue(pack)["boundary"][key] for key in ("valid_from", "valid_to"))
    first = datetime.combine(date.fromisoformat(start), time.min, FIRST.tzinfo) if start else FIRST
    last = datetime.combine(date.fromisoformat(end), time.min, FIRST.tzinfo) - timedelta(microseconds=1) if end else LAST
    return first, last


def boundary_sources(store: OneBuild, pack: str, level: str) -> list[str]:
    """Return the sources of a level's boundaries: its own, or that of the level it was merged from."""
    layers = {one["level"]: one for one in store.catalogue(pack)["boundary"]["layers"]}
    while layers[level]["source"] is None:
        level = layers[level]["dissolve_from"]
    return [layers[level]["source"]]


@lru_cache(maxsize=32)
def _table(root: Path, pack: str, version: str, level: str) -> pa.Table:
    """Return the queryable properties of n units as columns."""
    store = OneBuild(EmbeddedStore(root), {pack: version})
    units = store.units(pack, level)
    n = len(units["code"])
    boundary = store.catalogue(pack)["boundary"]
    columns: dict[str, pa.Array] = {name: pa.array(units[name], pa.string()) for name in ("code", "name_en", "name_zh")}
    for name in ("parent_level", "parent_code"):
        columns[name] = pa.array([one or None for one in units[name]], pa.string())
    columns["area_km2"] = pa.array(units["area_km2"], pa.float64(), from_pandas=True)
    for name in ("valid_from", "valid_to"):
        day = date.fromisoformat(boundary[name]) if boundary[name] else None
        columns[name] = pa.array([day] * n, pa.date32())
    return pa.table(columns)


def _chosen(call: Call[ItemsQuery], table: pa.Table, shapes: Shapes, valid: Interval) -> NDArray[np.int64]:
    """Return the positions of the units that meet every condition of the query."""
    query = call.query
    kept = np.full(table.num_rows, True)
    if query.datetime is not None:
        kept &= query.datetime[0] <= valid[1] and valid[0] <= query.datetime[1]
    if query.bbox is not None:
        kept &= shapes.meets("intersects", area_of(query.bbox, query.bbox_crs))
    for name in QUERYABLES:
        if (wanted := getattr(query, name)) is not None:
            kept &= np.asarray(pa.compute.fill_null(pa.compute.equal(table[name], pa.scalar(wanted)), False))
    if query.filter is not None:
        expression = read_filter(query.filter, query.filter_lang)
        kept &= kept_by(
            expression,
            table,
            geometry=GEOMETRY,
            located=shapes.located(),
            meets=shapes.meets,
            crs=query.filter_crs,
        )
    return np.flatnonzero(kept)


def items(call: Call[ItemsQuery]) -> Reply:
    """Return one page of the units of a collection."""
    pack, level = units_of(call)
    table, shapes = _read(call, pack, level)
    chosen = _chosen(call, table, shapes, vintage(call.store, pack))
    query = call.query
    page = chosen[query.offset : query.offset + query.limit]
    head = {
        "type": "FeatureCollection",
        "numberMatched": len(chosen),
        "numberReturned": len(page),
        "links": [link.model_dump(exclude_none=True) for link in page_links(call, len(chosen), call.store.version(pack))],
    }
    opened = json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    return Reply(200, _headers(call), _joined(opened, _features(call, pack, level, table, shapes, page), "]}"))


def item(call: Call[ItemQuery]) -> Reply:
    """Return one unit."""
    pack, level = units_of(call)
    table, shapes = _read(call, pack, level)
    code = call.request.places["featureId"]
    places = np.flatnonzero(np.asarray(pa.compute.equal(table["code"], pa.scalar(code))))
    if not len(places):
        raise UnknownResourceError(f"The collection {pack}-{level} has no unit {code!r}.", remedy="List its items.")
    text = next(_features(call, pack, level, table, shapes, places))
    collection = call.address(f"/collections/{pack}-{level}")
    links = [
        Link(href=call.again(), rel="self", type=GEOJSON),
        Link(href=collection, rel="collection", type=JSON),
    ]
    told = json.dumps([link.model_dump(exclude_none=True) for link in links], ensure_ascii=False)
    return Reply(200, _headers(call), f'{text[:-1]}, "links": {told}}}'.encode())


def page_links(call: Call[Any], matched: int, version: str | None = None) -> list[Link]:
    """Return the links of a page to itself, the collection, and the pages before and after it.

    The links to other pages name the build, so that pages of two builds are never put together.
    """
    query, media = call.query, call.media
    pinned = {} if version is None else {"build": version}
    links = [Link(href=call.again(), rel="self", type=media)]
    if call.request.path.endswith("/items"):
        links.append(Link(href=call.address(call.request.path.removesuffix("/items")), rel="collection", type=JSON))
    if query.offset + query.limit < matched:
        after = call.again(offset=query.offset + query.limit, limit=query.limit, **pinned)
        links.append(Link(href=after, rel="next", type=media))
    if query.offset > 0:
        before = call.again(offset=max(0, query.offset - query.limit), limit=query.limit, **pinned)
        links.append(Link(href=before, rel="prev", type=media))
    return links


def _read(call: Call[Any], pack: str, level: str) -> tuple[pa.Table, Shapes]:
    query: GeometryQuery = call.query
    table = _table(call.store.root, pack, call.store.version(pack), level)
    codes = call.store.units(pack, level)["code"]
    return table, Shapes(call.store, pack, level, codes, query.geometry, query.detail)


def _headers(call: Call[Any]) -> dict[str, str]:
    return {"Content-Type": call.media, "Content-Crs": f"<{call.query.crs}>"}


def _features(
    call: Call[Any], pack: str, level: str, table: pa.Table, shapes: Shapes, places: NDArray[np.int64]
) -> Iterator[str]:
    """Return units as GeoJSON texts; geometries are read for a few hundred units at a time."""
    sources = boundary_sources(call.store, pack, level)
    rows = table.take(pa.array(places)).to_pylist()
    for row, drawn in zip(rows, shapes.texts(places, call.query.crs), strict=True):
        missing = None if drawn != "null" else "not_asked" if shapes.kind == "none" else "no_boundary"
        facts = {**row, "level": level, "sources": sources, "geometry_missing": missing}
        code, told = json.dumps(row["code"]), json.dumps(facts, ensure_ascii=False, default=str)
        yield f'{{"type": "Feature", "id": {code}, "geometry": {drawn}, "properties": {told}}}'


def _joined(opened: str, parts: Iterator[str], closed: str) -> Iterator[bytes]:
    yield opened.encode()
    waiting: list[str] = []
    mark = ""
    for part in parts:
        waiting.append(mark + part)
        mark = ",\n"
        if len(waiting) == AT_ONCE:
            yield "".join(waiting).encode()
            waiting.clear()
    yield ("".join(waiting) + closed).encode()
