"""The resources of the API: for each its path, its parameters, its formats and the function that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fuping.dashboard.api import collections, features, filters, indicators, records, tiles
from fuping.dashboard.api.errors import KINDS, require
from fuping.dashboard.api.exchange import CSV, GEOJSON, JSON, MVT, OPENAPI, PARQUET, SCHEMA, Answer, Asked, answer
from fuping.dashboard.api.parameters import (
    FeatureParameters,
    IndicatorParameters,
    ItemsParameters,
    Parameters,
    RecordsParameters,
    TileParameters,
)
from fuping.dashboard.queries.cache import Reader
from fuping.layers.schema.metadata import Text

__all__ = ["CONFORMANCE", "ENDPOINTS", "Endpoint"]

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    *filters.CONFORMANCE,
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core",
)


def _schema(kind: str, *required: str) -> dict[str, Any]:
    properties = {"type": {"type": "string", "enum": [kind]}} if kind else {}
    return {"type": "object", "properties": properties, "required": [*(["type"] if kind else []), *required]}


LISTED = ("numberMatched", "numberReturned", "features", "links")


@dataclass(frozen=True)
class Endpoint:
    """One resource.

    Parameters
    ----------
    path
        Below ``/api``, its parameters in braces.
    answer
        Takes the reader, the request, the parameters, and by name what the path holds.
    parameters
        Declares the query; anything else is refused.
    formats
        Word of the parameter ``f`` → media type; the first is sent to whoever does not mind.
    schema
        Of the JSON.
    empty
        Whether the answer may be 204, without a body.
    """

    path: str
    answer: Callable[..., Answer]
    parameters: type[Parameters] = Parameters
    formats: Mapping[str, str] = field(default_factory=lambda: {"json": JSON})
    schema: Mapping[str, Any] = field(default_factory=lambda: _schema("", "links"))
    empty: bool = False

    @property
    def name(self) -> str:
        """Name of the operation."""
        return self.answer.__name__

    @property
    def summary(self) -> str:
        """First line of the function's docstring."""
        return (self.answer.__doc__ or "").splitlines()[0]


def landing(reader: Reader, asked: Asked, given: Parameters) -> Answer:
    """Say what the API has and where."""
    links = [
        asked.link("self"),
        asked.link("service-desc", "openapi.json", media=OPENAPI),
        asked.link("conformance", "conformance"),
        asked.link("data", "collections", title=Text(en="Units with their boundaries", zh="行政单位及其边界")),
        asked.link("item", "indicators", title=Text(en="Indicators as tables", zh="指标数据表")),
        asked.link(CATALOGUE, "records", media=GEOJSON, title=Text(en="Catalogue", zh="目录")),
    ]
    return answer(
        asked,
        {"title": TITLE.in_(asked.language), "description": ABOUT.in_(asked.language), "links": links},
        links=links,
    )


CATALOGUE = "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog"
TITLE = Text(en="Fuping: units and poverty indicators", zh="扶平：行政单位与贫困指标")
ABOUT = Text(
    en="Boundaries, indicators by unit and year, and their sources, read only.",
    zh="边界、分单位分年指标及其来源（只读）。",
)


def conformance(reader: Reader, asked: Asked, given: Parameters) -> Answer:
    """Name the standards that the API keeps."""
    return answer(asked, {"conformsTo": list(CONFORMANCE)}, links=[asked.again("self")])


def problem_kind(reader: Reader, asked: Asked, given: Parameters, problemKind: str) -> Answer:  # noqa: N803
    """Explain one kind of problem; the type of an error is the address of this page."""
    kinds = {one.name: one for one in KINDS.values()}
    require(problemKind, kinds, Text(en="kind of problem", zh="问题类型"), parameter="problemKind")
    kind = kinds[problemKind]
    links = [asked.again("self")]
    content = {"type": links[0]["href"], "title": kind.title.in_(asked.language), "status": kind.status, "links": links}
    return answer(asked, content, links=links)


GEO = {"json": GEOJSON}
COLLECTION = "/collections/{collectionId}"

ENDPOINTS = (
    Endpoint("", landing),
    Endpoint("/conformance", conformance, schema=_schema("", "conformsTo")),
    Endpoint("/collections", collections.collections, schema=_schema("", "collections", "links")),
    Endpoint(COLLECTION, collections.collection, schema=_schema("", "id", "extent", "links")),
    Endpoint(
        f"{COLLECTION}/queryables",
        collections.queryables,
        formats={"json": SCHEMA},
        schema=_schema("object", "properties"),
    ),
    Endpoint(f"{COLLECTION}/items", features.items, ItemsParameters, GEO, schema=_schema("FeatureCollection", *LISTED)),
    Endpoint(
        f"{COLLECTION}/items/{{featureId}}",
        features.item,
        FeatureParameters,
        GEO,
        schema=_schema("Feature", "id", "properties", "geometry", "links"),
    ),
    Endpoint(f"{COLLECTION}/tiles", tiles.tilesets, schema=_schema("", "tilesets", "links")),
    Endpoint(f"{COLLECTION}/tiles/{{tileMatrixSetId}}", tiles.tileset, schema=_schema("", "dataType", "links")),
    Endpoint(
        f"{COLLECTION}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
        tiles.tile,
        TileParameters,
        {"mvt": MVT},
        empty=True,
    ),
    Endpoint("/indicators", indicators.packs, schema=_schema("", "packs", "links")),
    Endpoint("/indicators/{pack}", indicators.indicators, schema=_schema("", "indicators", "sources", "links")),
    Endpoint(
        "/indicators/{pack}/{indicator}/{level}",
        indicators.figures,
        IndicatorParameters,
        {"json": JSON, "csv": CSV, "parquet": PARQUET},
        schema=_schema("", "indicator", "sources", "columns", "links"),
    ),
    Endpoint("/records", records.records, RecordsParameters, GEO, schema=_schema("FeatureCollection", *LISTED)),
    Endpoint(
        "/records/{recordId}", records.record, formats=GEO, schema=_schema("Feature", "id", "properties", "links")
    ),
    Endpoint("/problems/{problemKind}", problem_kind, schema=_schema("", "title", "status", "links")),
)
