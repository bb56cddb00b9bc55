"""The documents that the API sends, declared once: they are built from these classes and described by them."""

from __future__ import annotations

from typing import Any, Literal

from fuping.spatial.cube.missing import MissingReason
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

__all__ = [
    "Collection",
    "Collections",
    "Conformance",
    "Document",
    "Extent",
    "Fault",
    "Feature",
    "FeatureCollection",
    "Figure",
    "Figures",
    "JsonSchema",
    "LandingPage",
    "Link",
    "Metadata",
    "Problem",
    "Record",
    "RecordCollection",
    "SpatialExtent",
    "TemporalExtent",
    "UnitProperties",
]

MISSING = tuple(reason.name.lower() for reason in MissingReason if reason is not MissingReason.OBSERVED)


class Document(BaseModel):
    """A JSON object with exactly the declared fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OgcDocument(Document):
    """A document of an OGC standard, whose field names are in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Fault(Document):
    """One unusable parameter."""

    parameter: str
    found: str
    expected: str


class Problem(Document):
    """An error, as RFC 9457 has it; every error of every route has this shape."""

    type: str = Field(description="Name of the kind of error.")
    title: str
    status: int
    detail: str = Field(description="What was found, in this case.")
    instance: str = Field(description="Path of the request.")
    remedy: str | None = Field(None, description="What the caller can do.")
    errors: list[Fault] | None = Field(None, description="Each unusable parameter.")


class Link(Document):
    """A link with its relation."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None
    hreflang: str | None = None


class LandingPage(OgcDocument):
    """Where the API starts."""

    title: str
    description: str
    links: list[Link]


class Conformance(OgcDocument):
    """The requirement classes that the API keeps."""

    conforms_to: list[str]


class SpatialExtent(OgcDocument):
    """Boxes of west, south, east, north."""

    bbox: list[list[float]]
    crs: str


class TemporalExtent(OgcDocument):
    """Intervals; null is open."""

    interval: list[list[str | None]]


class Extent(OgcDocument):
    """Where and when the items are."""

    spatial: SpatialExtent
    temporal: TemporalExtent | None = None


class Collection(OgcDocument):
    """One collection of items."""

    id: str
    title: str
    description: str
    keywords: list[str] = []
    attribution: str | None = None
    license: str | None = None
    extent: Extent
    item_type: Literal["feature", "record"]
    crs: list[str]
    storage_crs: str
    build: str | None = Field(None, description="Id of the build that is served now.")
    details: int | None = Field(None, description="At how many details simplified geometry is kept.")
    sources: list[dict[str, Any]] | None = Field(None, description="Sources of the boundaries, with their licences.")
    links: list[Link]


class Collections(OgcDocument):
    """Every collection."""

    links: list[Link]
    collections: list[Collection]


class JsonSchema(BaseModel):
    """A JSON Schema, draft 2020-12."""

    type: Literal["object"]
    title: str
    properties: dict[str, Any]


class Geometry(Document):
    """A GeoJSON geometry."""

    type: Literal["Point", "Polygon", "MultiPolygon"]
    coordinates: list[Any]


class UnitProperties(Document):
    """What is known of a unit."""

    code: str
    name_en: str
    name_zh: str
    level: str
    parent_level: str | None = Field(description="Null for the highest level.")
    parent_code: str | None
    area_km2: float | None
    valid_from: str | None = Field(description="First day of the boundary vintage.")
    valid_to: str | None = Field(description="Day on which the vintage ended; null while it holds.")
    sources: list[str] = Field(description="Ids of the sources of the boundary; see the collection.")
    geometry_missing: Literal["no_boundary", "not_asked"] | None = Field(description="Why the geometry is null.")


class Feature(OgcDocument):
    """One unit."""

    type: Literal["Feature"]
    id: str
    geometry: Geometry | None
    properties: UnitProperties
    links: list[Link] = []


class FeatureCollection(OgcDocument):
    """One page of units."""

    type: Literal["FeatureCollection"]
    number_matched: int
    number_returned: int
    links: list[Link]
    features: list[Feature]


class Record(BaseModel):
    """One entry of the catalogue: an indicator or a source."""

    id: str
    type: Literal["Feature"]
    geometry: Geometry | None
    time: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link]


class RecordCollection(OgcDocument):
    """One page of the catalogue."""

    type: Literal["FeatureCollection"]
    number_matched: int
    number_returned: int
    links: list[Link]
    features: list[Record]


class Figure(Document):
    """One indicator, one unit, one year."""

    code: str
    name_en: str
    name_zh: str
    indicator: str
    year: int
    value: float | None
    category: str | None = Field(description="Id of the category, where the indicator is a status.")
    missing: str | None = Field(
        description="Why there is no value; null where there is one.", json_schema_extra={"enum": [*MISSING, None]}
    )
    status: str | None = Field(description="How sure the figure is; null where no source has the unit in that year.")
    unit: str
    lower: float | None = Field(description="Lower bound of the interval that the source gives.")
    upper: float | None
    sources: list[str] = Field(description="Ids of the sources; see the metadata.")


class Metadata(Document):
    """What must travel with figures: meaning, unit, warnings, and the sources with licence and citation."""

    pack: str
    build: str
    level: str
    boundary: dict[str, Any]
    indicators: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    missing: dict[str, str] = Field(description="The reasons for a missing value, and what each means.")


class Figures(OgcDocument):
    """One page of figures, with their metadata."""

    metadata: Metadata
    number_matched: int
    number_returned: int
    links: list[Link]
    data: list[Figure]
