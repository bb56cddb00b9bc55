"""The parameters of every route, declared once: what is read, checked and described."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal, TypeVar

from fuping.dashboard.api.crs import CRS84, CrsUri
from fuping.dashboard.api.documents import Fault
from fuping.dashboard.api.errors import ParameterError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

__all__ = [
    "DEFAULT_PAGE",
    "MAX_PAGE",
    "CollectionPlace",
    "FeaturePlace",
    "FigureQuery",
    "Interval",
    "ItemQuery",
    "ItemsQuery",
    "MetadataQuery",
    "NoPlace",
    "Query",
    "RecordPlace",
    "RecordsQuery",
    "read_query",
]

MAX_PAGE = 10_000
DEFAULT_PAGE = 100
MAX_FILTER = 4_000

Interval = tuple[datetime, datetime]
"""First and last moment, both included, in UTC."""

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


def _box(numbers: list[float]) -> list[float]:
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise ValueError("4 or 6 finite numbers")
    return numbers


def _moment(text: str, *, end: bool) -> datetime:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return datetime.combine(date.fromisoformat(text), time.max if end else time.min, UTC)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", text):
        raise ValueError("a date or a date-time of RFC 3339")
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


def _interval(value: object) -> object:
    parts = str(value).split("/")
    try:
        if len(parts) == 1:
            return _moment(parts[0], end=False), _moment(parts[0], end=True)
        start, end = parts
        given = (
            FIRST if start in ("", "..") else _moment(start, end=False),
            LAST if end in ("", "..") else _moment(end, end=True),
        )
    except (ValueError, OverflowError):
        raise ValueError("a date, a date-time, or two of them as START/END, where .. is open") from None
    if given[0] > given[1]:
        raise ValueError("an interval that does not end before it starts")
    return given


def _years(items: list[str]) -> list[tuple[int, int]]:
    spans = []
    for item in items:
        if not re.fullmatch(r"\d{4}(-\d{4})?", item):
            raise ValueError("years and spans of years, such as 2010,2015-2020")
        first, last = item[:4], item[-4:]
        if first > last:
            raise ValueError("spans of years whose last is not before their first")
        spans.append((int(first), int(last)))
    return spans


Codes = Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(_split), Field(min_length=1)]
Bbox = Annotated[
    list[float],
    BeforeValidator(_split),
    AfterValidator(_box),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "number"},
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        }
    ),
]
Datetime = Annotated[Interval, BeforeValidator(_interval), WithJsonSchema({"type": "string"})]
Years = Annotated[
    list[tuple[int, int]],
    AfterValidator(lambda value: value),
    BeforeValidator(lambda value: _years(value.split(",")) if isinstance(value, str) else value),
    WithJsonSchema({"type": "array", "items": {"type": "string", "pattern": r"^\d{4}(-\d{4})?$"}, "minItems": 1}),
]
Limit = Annotated[int, Field(ge=1), AfterValidator(lambda value: min(value, MAX_PAGE))]


class Query(BaseModel):
    """Parameters that every route takes; a name that is not declared is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)

    f: Literal["json"] | None = Field(None, description="Form of the answer; otherwise the Accept header decides.")
    lang: Literal["en", "zh"] = Field("en", description="Language of titles and descriptions.")


class BuildQuery(Query):
    """Parameters of routes that read one pack."""

    build: str | None = Field(
        None,
        description="Id of a build: the answer is of that build and may be kept for good; 410 once it is replaced.",
        pattern=r"^[0-9A-Za-z._-]{1,64}$",
    )


class PageQuery(Query):
    """Parameters of routes that answer in pages."""

    limit: Limit = Field(DEFAULT_PAGE, description=f"Items on a page; more than {MAX_PAGE} means {MAX_PAGE}.")
    offset: int = Field(0, ge=0, le=10**9, description="Items to leave out before the page; used by the links.")


class GeometryQuery(BuildQuery):
    """Which geometry units have in the answer."""

    crs: CrsUri = Field(CRS84, description="Coordinate reference system of the answer.")
    geometry: Literal["simplified", "full", "none"] = Field(
        "simplified", description="The polygons of the map, those of the source, or none."
    )
    detail: int = Field(
        0, ge=0, le=9, description="Of the simplified polygons: 0 is the coarsest; the finest there is where too large."
    )


class ItemQuery(GeometryQuery):
    """One unit."""


class ItemsQuery(GeometryQuery, PageQuery):
    """Units of a collection; what is given must all hold."""

    bbox: Bbox | None = Field(None, description="Units that meet this box; west above east crosses the antimeridian.")
    bbox_crs: CrsUri = Field(CRS84, alias="bbox-crs", description="Coordinate reference system of bbox.")
    datetime: Datetime | None = Field(
        None, description="A moment, or START/END with .. for open: units whose boundary vintage is valid then."
    )
    filter: str | None = Field(
        None, max_length=MAX_FILTER, description="A CQL2 filter.", examples=["name_en LIKE 'B%' AND area_km2 < 500"]
    )
    filter_lang: Literal["cql2-text", "cql2-json"] = Field(
        "cql2-text", alias="filter-lang", description="Encoding of the filter."
    )
    filter_crs: CrsUri = Field(CRS84, alias="filter-crs", description="Of the coordinates in the filter.")
    code: str | None = Field(None, description="Units with this code.")
    name_en: str | None = Field(None, description="Units with this English name.")
    name_zh: str | None = Field(None, description="Units with this Chinese name.")
    parent_level: str | None = Field(None, description="Units whose parent is of this level.")
    parent_code: str | None = Field(None, description="Units of this parent.")
    area_km2: float | None = Field(None, description="Units of exactly this area.")
    valid_from: date | None = Field(None, description="Units whose vintage starts on this day.")
    valid_to: date | None = Field(None, description="Units whose vintage ended on this day.")


class RecordsQuery(PageQuery):
    """Records of the catalogue; what is given must all hold."""

    bbox: Bbox | None = Field(None, description="Records whose place meets this box, in degrees.")
    datetime: Datetime | None = Field(None, description="Records whose years meet this moment or interval.")
    q: Codes | None = Field(None, description="Words: records with any of them in title, description, keywords or id.")
    type: Codes | None = Field(None, description="Kinds of record: indicator, source.")
    ids: Codes | None = Field(None, description="Records with these ids.")


class MetadataQuery(BuildQuery):
    """Which figures are described."""

    pack: str = Field(description="Code of a pack.", examples=["cn"])
    level: str = Field(description="Id of a level of the pack.", examples=["county"])
    indicators: Codes = Field(description="Ids of indicators.", examples=["poverty_county_status"])
    years: Years | None = Field(None, description="Years and spans of years; all where not given.")
    units: Codes | None = Field(None, description="Codes of units; all where not given.")


class FigureQuery(MetadataQuery, PageQuery):
    """Which figures are given; ``limit`` and ``offset`` page the JSON, the other forms are whole."""

    f: Literal["json", "csv", "parquet"] | None = Field(  # type: ignore[assignment]
        None, description="Form of the answer; otherwise the Accept header decides."
    )


class NoPlace(BaseModel):
    """A path without variables."""


class CollectionPlace(BaseModel):
    """A collection in the path."""

    collectionId: str = Field(description="Id of a collection: pack and level, or catalogue.")  # noqa: N815


class FeaturePlace(BaseModel):
    """A unit in the path."""

    collectionId: str = Field(description="Id of a collection of units: pack and level.")  # noqa: N815
    featureId: str = Field(description="Code of a unit.")  # noqa: N815


class UnitsPlace(BaseModel):
    """A collection of units in the path."""

    collectionId: str = Field(description="Id of a collection of units: pack and level.")  # noqa: N815


class RecordPlace(BaseModel):
    """A record in the path."""

    recordId: str = Field(description="Id of a record of the catalogue.")  # noqa: N815


Q = TypeVar("Q", bound=Query)


def read_query(kind: type[Q], given: Sequence[tuple[str, str]]) -> Q:
    """Return the parameters of a request.

    Raises
    ------
    ParameterError
        With every fault: names that are not declared, given twice, or with values that cannot be used.
    """
    faults = [
        Fault(parameter=name, found="it twice", expected="it once")
        for name in dict.fromkeys(name for name, _ in given)
        if sum(name == other for other, _ in given) > 1
    ]
    try:
        query = kind.model_validate(dict(given), by_alias=True, by_name=False)
    except ValidationError as error:
        raise ParameterError(faults + [_fault(one, kind) for one in error.errors()]) from None
    if faults:
        raise ParameterError(faults)
    return query


def _fault(error: Any, kind: type[Query]) -> Fault:
    name = str(error["loc"][0])
    known = sorted(field.alias or own for own, field in kind.model_fields.items())
    if error["type"] == "extra_forbidden":
        return Fault(parameter=name, found="a name that is not known here", expected=f"one of {', '.join(known)}")
    if error["type"] == "missing":
        return Fault(parameter=name, found="nothing", expected="a value")
    expected = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Fault(parameter=name, found=repr(error["input"])[:200], expected=expected)
