"""OGC API – Features: the collections, one for each level of each pack."""

from __future__ import annotations

from typing import Any, get_args

from fuping.dashboard.api.crs import CRS84, CRSUri
from fuping.dashboard.api.errors import require
from fuping.dashboard.api.exchange import GEOJSON, MVT, SCHEMA, Answer, Asked, Link, answer
from fuping.dashboard.api.parameters import Parameters
from fuping.dashboard.queries.cache import Reader
from fuping.layers.schema.metadata import Text

__all__ = ["COLLECTION", "collection", "collections", "identifiers", "licences", "place_of", "queryables", "tiling"]

COLLECTION = Text(en="collection", zh="数据集")


def identifiers(reader: Reader) -> list[str]:
    """Return the identifiers of all collections."""
    return [f"{pack}.{level['id']}" for pack in reader.packs() for level in reader.catalogue(pack)["levels"]]


def place_of(reader: Reader, identifier: str) -> tuple[str, str]:
    """Return the pack and the level of a collection.

    Raises
    ------
    NotThereError
        There is no such collection.
    """
    require(identifier, identifiers(reader), COLLECTION, parameter="collectionId")
    pack, level = identifier.split(".", 1)
    return pack, level


def collections(reader: Reader, asked: Asked, given: Parameters) -> Answer:
    """List the collections."""
    links = [asked.again("self")]
    found = [_described(reader, asked, one) for one in identifiers(reader)]
    return answer(asked, {"links": links, "crs": list(get_args(CRSUri)), "collections": found}, links=links)


def collection(reader: Reader, asked: Asked, given: Parameters, collectionId: str) -> Answer:  # noqa: N803
    """Describe a collection: a level of a pack."""
    place_of(reader, collectionId)
    described = _described(reader, asked, collectionId)
    return answer(asked, described, links=described["links"])


def licences(asked: Asked, pack: str, sources: list[dict[str, Any]]) -> list[Link]:
    """Return links to the licences of sources; where a licence has no page of its own, to the record that states it."""
    return [
        {"rel": "license", "type": "text/html", "href": one["licence_url"]}
        if one.get("licence_url")
        else asked.link("license", "records", f"{pack}.source.{one['id']}", media=GEOJSON)
        for one in sources
    ]


def tiling(asked: Asked, identifier: str) -> Link:
    """Return the template of a collection's vector tiles."""
    path = ("collections", identifier, "tiles", "WebMercatorQuad", "{tileMatrix}", "{tileRow}", "{tileCol}")
    return asked.link("item", *path, media=MVT) | {"templated": True}


def _described(reader: Reader, asked: Asked, identifier: str) -> dict[str, Any]:
    pack, level = identifier.split(".", 1)
    catalogue, boundary = reader.catalogue(pack), reader.catalogue(pack)["boundary"]
    named = reader.level(pack, level)
    drawn = {layer["source"] for layer in boundary["layers"]}
    sources = [one for one in catalogue["sources"] if one["id"] in drawn]
    language = asked.language
    note = (boundary["note"] or {}).get(language, "")
    return {
        "id": identifier,
        "title": _title(reader, asked, pack, level),
        "description": f"{boundary['name'][language]}. {note}".strip(),
        "attribution": "; ".join(one["citation"] for one in sources),
        "extent": {
            "spatial": {"bbox": [list(reader.store.extent(pack, level))], "crs": CRS84},
            "temporal": {
                "interval": [[_instant(boundary["valid_from"]), _instant(boundary["valid_to"])]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        },
        "itemType": "feature",
        "crs": list(get_args(CRSUri)),
        "storageCrs": CRS84,
        "numberOfUnits": named["n_units"],
        "links": [
            asked.link("self", "collections", identifier),
            asked.link("items", "collections", identifier, "items", media=GEOJSON),
            asked.link(QUERYABLES, "collections", identifier, "queryables", media=SCHEMA),
            asked.link(TILESETS, "collections", identifier, "tiles"),
            *licences(asked, pack, sources),
        ],
    }


QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"


def _title(reader: Reader, asked: Asked, pack: str, level: str) -> str:
    country, units = reader.catalogue(pack)["pack"]["name"], reader.level(pack, level)["plural"]
    return f"{country[asked.language]} – {units[asked.language]}"


def _instant(day: str | None) -> str | None:
    return f"{day}T00:00:00Z" if day else None


PROPERTIES: dict[str, dict[str, Any]] = {
    "code": {"type": "string", "title": "Code of the unit", "x-ogc-role": "id"},
    "name_en": {"type": "string", "title": "Name, English or romanised"},
    "name_zh": {"type": "string", "title": "Name, Chinese"},
    "parent_level": {"type": "string", "title": "Level of the unit above"},
    "parent_code": {"type": "string", "title": "Code of the unit above"},
    "area_km2": {"type": "number", "title": "Area in km², measured in an equal-area projection"},
}
"""What every unit has."""


def queryables(reader: Reader, asked: Asked, given: Parameters, collectionId: str) -> Answer:  # noqa: N803
    """Name what the filter of a collection can use; figures asked for by ``indicators`` can be used too."""
    pack, level = place_of(reader, collectionId)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": asked.again("self")["href"].partition("?")[0],
        "type": "object",
        "title": _title(reader, asked, pack, level),
        "properties": {
            **PROPERTIES,
            "geometry": {"format": "geometry-multipolygon", "x-ogc-role": "primary-geometry"},
        },
        "additionalProperties": False,
    }
    return answer(asked, schema, links=[asked.again("self")])
