"""OGC API – Records: the catalogue; a record for each indicator, each source and each grid of every pack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fuping.dashboard.api.collections import licences
from fuping.dashboard.api.errors import require
from fuping.dashboard.api.exchange import GEOJSON, Answer, Asked, answer
from fuping.dashboard.api.parameters import Parameters, RecordsParameters
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import COG, grid_address
from fuping.layers.schema.metadata import Text

__all__ = ["record", "records"]

CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"


def records(reader: Reader, asked: Asked, given: RecordsParameters) -> Answer:
    """Return the records that have all the words asked for, in either language."""
    words = (given.q or "").casefold().split()
    found = [
        one
        for pack in reader.packs()
        if given.pack in (None, pack)
        for one in _records(reader, asked, pack)
        if given.kind in (None, one["properties"]["resourceKind"]) and all(word in _searched(one) for word in words)
    ]
    page = found[given.offset : given.offset + given.page]
    links = asked.pages(offset=given.offset, limit=given.page, total=len(found))
    content = {
        "type": "FeatureCollection",
        "numberMatched": len(found),
        "numberReturned": len(page),
        "features": page,
        "links": links,
    }
    return answer(asked, content, links=links)


def record(reader: Reader, asked: Asked, given: Parameters, recordId: str) -> Answer:  # noqa: N803
    """Return one record."""
    known = {one["id"]: one for pack in reader.packs() for one in _records(reader, asked, pack)}
    require(recordId, known, Text(en="record", zh="记录"), parameter="recordId")
    found = known[recordId]
    links = [asked.again("self"), asked.link("collection", "records", media=GEOJSON), *found["links"]]
    return answer(asked, found | {"links": links}, links=links)


def _searched(one: dict[str, Any]) -> str:
    facts = one["properties"]
    texts = [one["id"], *facts["titles"].values(), *facts["descriptions"].values(), *facts["keywords"]]
    return " ".join(texts).casefold()


def _records(reader: Reader, asked: Asked, pack: str) -> Iterator[dict[str, Any]]:
    catalogue = reader.catalogue(pack)
    west, south, east, north = reader.store.extent(pack, catalogue["levels"][0]["id"])
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    sources = {one["id"]: one for one in catalogue["sources"]}
    built = catalogue["built_at"]
    for one in catalogue["indicators"]:
        years = sorted({year for level in one["levels"].values() for year in level["years"]})
        used = [sources[name] for name in one["sources"]]
        yield {
            "id": f"{pack}.indicator.{one['id']}",
            "type": "Feature",
            "conformsTo": [CORE],
            "time": {"interval": [f"{years[0]}-01-01", f"{years[-1]}-12-31"]} if years else None,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {
                **_core(asked, one["name"], one["meaning"], built),
                "type": "dataset",
                "resourceKind": "indicator",
                "keywords": [pack, one["theme"]["en"], one["theme"]["zh"], one["kind"], one["unit"]["en"]],
                "license": "; ".join(dict.fromkeys(source["licence"] for source in used)) or "other",
                "contacts": [_publisher(asked, source) for source in used],
                "citation": [source["citation"] for source in used],
                "warnings": one["warnings"],
                "formats": [{"name": name} for name in ("JSON", "CSV", "Parquet")],
            },
            "links": [
                *(asked.link("item", "indicators", pack, one["id"], level) for level in one["levels"]),
                *licences(asked, pack, used),
            ],
        }
    for source in catalogue["sources"]:
        page = [{"rel": "about", "type": "text/html", "href": source["url"]}] if source["url"] else []
        stated = (
            [{"rel": "license", "type": "text/html", "href": source["licence_url"]}] if source["licence_url"] else []
        )
        note = source["note"] or source["title"]
        yield {
            "id": f"{pack}.source.{source['id']}",
            "type": "Feature",
            "conformsTo": [CORE],
            "time": {"date": f"{source['year']}"} if source["year"] else None,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {
                **_core(asked, source["title"], note, built),
                "type": "dataset",
                "resourceKind": "source",
                "keywords": [pack, source["id"], source["publisher"]["en"], source["publisher"]["zh"]],
                "license": source["licence"],
                "contacts": [_publisher(asked, source)],
                "citation": [source["citation"]],
                "warnings": source["warnings"],
                "sha256": source["sha256"],
                "loaded": source["loaded"],
            },
            "links": page + stated,
        }
    for one in catalogue.get("grids", ()):
        source = sources[one["source"]]
        west, south, east, north = one["bounds"]
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        file = f"{asked.root.removesuffix('/api')}{grid_address(pack, one)}.tif"
        yield {
            "id": f"{pack}.grid.{one['id']}",
            "type": "Feature",
            "conformsTo": [CORE],
            "time": {"date": f"{one['year']}"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {
                **_core(asked, one["name"], source["title"], built),
                "type": "dataset",
                "resourceKind": "grid",
                "keywords": [pack, one["kind"], *([one["unit"]["en"]] if one["unit"] else [])],
                "license": source["licence"],
                "contacts": [_publisher(asked, source)],
                "citation": [source["citation"]],
                "warnings": source["warnings"],
                "formats": [{"name": "GeoTIFF"}],
            },
            "links": [{"rel": "enclosure", "type": COG, "href": file}, *licences(asked, pack, [source])],
        }


def _core(asked: Asked, title: dict[str, str], description: dict[str, str], built: str) -> dict[str, Any]:
    return {
        "title": title[asked.language],
        "description": description[asked.language],
        "titles": title,
        "descriptions": description,
        "language": {"code": asked.language},
        "updated": built,
    }


def _publisher(asked: Asked, source: dict[str, Any]) -> dict[str, Any]:
    return {"organization": source["publisher"][asked.language], "roles": ["publisher"]}
