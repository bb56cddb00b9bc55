"""OGC API – Features: the units of a level as GeoJSON, filtered and paged."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from fuping.dashboard.api.boundaries import polygons, touching
from fuping.dashboard.api.collections import place_of
from fuping.dashboard.api.crs import CRSUri, box_of, to_crs
from fuping.dashboard.api.errors import require
from fuping.dashboard.api.exchange import GEOJSON, Answer, Asked, Link, answer, dumped
from fuping.dashboard.api.filters import parse
from fuping.dashboard.api.matching import matching
from fuping.dashboard.api.parameters import FeatureParameters, ItemsParameters, interval
from fuping.dashboard.api.units import inside, unit_columns
from fuping.dashboard.queries.cache import Reader
from fuping.layers.schema.metadata import Text
from numpy.typing import NDArray

__all__ = ["item", "items"]

Columns = dict[str, list[Any]]


def items(reader: Reader, asked: Asked, given: ItemsParameters, collectionId: str) -> Answer:  # noqa: N803
    """Return the units of a collection that pass every filter, by code."""
    pack, level = place_of(reader, collectionId)
    columns = unit_columns(reader, pack, level, given)
    found = np.flatnonzero(_passing(reader, pack, level, columns, given))
    page = found[given.offset : given.offset + given.page]
    links = asked.pages(offset=given.offset, limit=given.page, total=len(found))
    links.append(asked.link("collection", "collections", collectionId))
    head = {
        "type": "FeatureCollection",
        "numberMatched": len(found),
        "numberReturned": len(page),
        "links": links,
    }
    shapes = to_crs(polygons(reader, pack, level, page, detail=given.detail), given.crs)
    body = dumped(head)[:-1] + b',"features":[' + b",".join(_written(columns, page, shapes)) + b"]}"
    return answer(asked, body, links=links, headers=_content_crs(given.crs))


def item(reader: Reader, asked: Asked, given: FeatureParameters, collectionId: str, featureId: str) -> Answer:  # noqa: N803
    """Return one unit."""
    pack, level = place_of(reader, collectionId)
    codes = reader.units(pack, level)["code"]
    require(featureId, codes, Text(en="unit", zh="单位"), parameter="featureId")
    at = np.array([codes.index(featureId)])
    columns = unit_columns(reader, pack, level, given)
    links = [asked.again("self"), asked.link("collection", "collections", collectionId)]
    links += _above(asked, pack, columns["parent_level"][at[0]], columns["parent_code"][at[0]])
    shapes = to_crs(polygons(reader, pack, level, at, detail=given.detail), given.crs)
    body = next(_written(columns, at, shapes))[:-1] + b',"links":' + dumped(links) + b"}"
    return answer(asked, body, links=links, headers=_content_crs(given.crs))


def _above(asked: Asked, pack: str, level: str | None, code: str | None) -> list[Link]:
    if not (level and code):
        return []
    return [asked.link("up", "collections", f"{pack}.{level}", "items", code, media=GEOJSON)]


def _content_crs(crs: CRSUri) -> dict[str, str]:
    return {"Content-Crs": f"<{crs}>"}


def _written(columns: Columns, places: NDArray[np.int64], shapes: NDArray[np.object_]) -> Iterator[bytes]:
    drawn = shapely.to_geojson(shapes)
    for place, shape in zip(places, drawn, strict=True):
        facts = {name: column[place] for name, column in columns.items()}
        head = dumped({"type": "Feature", "id": facts["code"], "properties": facts})
        yield head[:-1] + b',"geometry":' + (shape or "null").encode() + b"}"


def _passing(reader: Reader, pack: str, level: str, columns: Columns, given: ItemsParameters) -> NDArray[np.bool_]:
    passing = np.ones(len(columns["code"]), dtype=bool)
    if given.code:
        passing &= _among(columns["code"], given.code)
    if given.parent_code:
        passing &= _among(columns["parent_code"], given.parent_code)
    if given.name is not None:
        passing &= _among(columns["name_en"], [given.name]) | _among(columns["name_zh"], [given.name])
    if given.name_en is not None:
        passing &= _among(columns["name_en"], [given.name_en])
    if given.name_zh is not None:
        passing &= _among(columns["name_zh"], [given.name_zh])
    if given.within is not None:
        passing &= inside(reader, pack, level, given.within)
    if given.datetime is not None:
        passing &= _valid(reader.catalogue(pack)["boundary"], *interval(given.datetime))
    if given.bbox is not None:
        passing &= touching(reader, pack, level, box_of(given.bbox, given.bbox_crs))
    if given.filter is not None:
        passing &= matching(
            parse(given.filter, language=given.filter_lang),
            columns,
            crs=given.filter_crs,
            touching=lambda area: touching(reader, pack, level, area),
        )
    return passing


def _among(column: list[Any], wanted: Collection[str]) -> NDArray[np.bool_]:
    return np.array([one in wanted for one in column], dtype=bool)


def _valid(boundary: dict[str, Any], start: datetime | None, end: datetime | None) -> bool:
    first, after = (
        datetime.fromisoformat(boundary[key]).replace(tzinfo=UTC) if boundary[key] else None
        for key in ("valid_from", "valid_to")
    )
    return (end is None or first is None or end >= first) and (start is None or after is None or start < after)
