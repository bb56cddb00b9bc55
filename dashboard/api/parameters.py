"""The query parameters of every resource, declared once: read from the request, and told in the OpenAPI document.

A resource names one class; what the class does not declare is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal, Self, TypeVar

from fuping.dashboard.api.crs import CRS84, CRSUri
from fuping.dashboard.api.errors import BadParameterError, UnknownParameterError
from fuping.layers.schema.metadata import Text
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

__all__ = [
    "DESCRIPTIONS",
    "Expected",
    "FeatureParameters",
    "IndicatorParameters",
    "ItemsParameters",
    "Paging",
    "Parameters",
    "RecordsParameters",
    "TileParameters",
    "interval",
    "read",
]

MOST = 1000
"""Features, or records, of one page."""

MOST_FULL = 250
"""Features of one page with full geometry, which has many times the bytes of the simplified."""

LONGEST_FILTER = 2000
"""Characters of a filter."""


@dataclass(frozen=True)
class Expected:
    """What a value should be, for the error; beside the type of a parameter."""

    en: str
    zh: str


NAMES = Expected("names or codes, separated by commas", "以逗号分隔的名称或代码")
WORD = Expected("a text", "文本")


def _parts(given: object) -> object:
    return given.split(",") if isinstance(given, str) else given


def _unrepeated(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given))


List = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_parts),
    AfterValidator(_unrepeated),
]


class Parameters(BaseModel):
    """What every resource takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    f: Annotated[Literal["json"] | None, Field(description="Format; else the Accept header decides.")] = None
    lang: Annotated[
        Literal["en", "zh"] | None, Field(description="Language of titles and errors; else Accept-Language decides.")
    ] = None


class Paging(Parameters):
    """What every list takes."""

    limit: Annotated[
        int,
        Field(
            ge=1,
            description=f"Items of a page. At most {MOST}, of features with full geometry {MOST_FULL}; "
            "a greater number counts as that.",
        ),
        Expected("a whole number from 1", "不小于1的整数"),
    ] = 100
    offset: Annotated[
        int, Field(ge=0, description="Items to skip."), Expected("a whole number from 0", "不小于0的整数")
    ] = 0

    @property
    def page(self) -> int:
        """Items of a page."""
        return min(self.limit, MOST)


class Figures(Parameters):
    """The figures that features carry."""

    indicators: Annotated[
        List, Field(description="Indicators whose figures the features carry; needs year."), NAMES
    ] = ()
    year: Annotated[
        int | None, Field(description="Year of the figures."), Expected("a year in four digits", "四位数年份")
    ] = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if self.indicators and self.year is None:
            raise ValueError("year")
        if self.year is not None and not self.indicators:
            raise ValueError("indicators")
        return self


class FeatureParameters(Figures):
    """What one feature takes."""

    crs: Annotated[CRSUri, Field(description="CRS of the geometry in the answer.")] = CRS84
    detail: Annotated[
        Literal["full", "fine", "coarse"],
        Field(description="Geometry as stored, or as the maps draw it at near or far scales."),
    ] = "full"


def interval(given: str) -> tuple[datetime | None, datetime | None]:
    """Return the start and the end of an RFC 3339 instant or of an interval ``start/end``; ``None`` where open.

    Raises
    ------
    ValueError
        It is neither, or ends before it starts.

    Examples
    --------
    >>> [str(one) for one in interval("2020-01-01/..")]
    ['2020-01-01 00:00:00+00:00', 'None']
    """
    bounds = given.split("/")
    if len(bounds) > 2:
        raise ValueError(given)
    start, end = _moment(bounds[0], len(bounds)), _moment(bounds[-1], len(bounds), last=True)
    if start and end and start > end:
        raise ValueError(given)
    return start, end


def _moment(given: str, parts: int, *, last: bool = False) -> datetime | None:
    if given in ("", "..") and parts == 2:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}([Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2}))?", given):
        raise ValueError(given)
    moment = datetime.fromisoformat(given.upper())
    if len(given) == len("2020-01-01"):
        return datetime.combine(moment, time.max if last else time.min, UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(given) from None


def _checked_interval(given: str | None) -> str | None:
    if given is not None:
        interval(given)
    return given


BBox = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=False)], ...],
    Field(min_length=4, max_length=6),
    BeforeValidator(_parts),
]


def _even(given: tuple[float, ...] | None) -> tuple[float, ...] | None:
    if given and len(given) == 5:
        raise ValueError(given)
    return given


class ItemsParameters(FeatureParameters, Paging):
    """What the features of a collection take."""

    bbox: Annotated[
        BBox | None,
        Field(description="Only units that this box touches: 4 or 6 numbers, lower then upper corner."),
        AfterValidator(_even),
        Expected("4 or 6 numbers, separated by commas", "以逗号分隔的4个或6个数"),
    ] = None
    bbox_crs: Annotated[CRSUri, Field(alias="bbox-crs", description="CRS of bbox.")] = CRS84
    datetime: Annotated[
        str | None,
        Field(description="Only units whose boundary is valid then: an RFC 3339 instant or interval."),
        AfterValidator(_checked_interval),
        Expected(
            "an RFC 3339 date, instant or interval, as 2020-01-01/..", "RFC 3339日期、时刻或区间，如2020-01-01/.."
        ),
    ] = None
    code: Annotated[List, Field(description="Only these units."), NAMES] = ()
    name: Annotated[str | None, Field(description="Only units with this name, in either language."), WORD] = None
    name_en: Annotated[str | None, Field(description="Only units with this English or romanised name."), WORD] = None
    name_zh: Annotated[str | None, Field(description="Only units with this Chinese name."), WORD] = None
    parent_code: Annotated[List, Field(description="Only units directly below these."), NAMES] = ()
    within: Annotated[
        str | None, Field(description="Only units in this unit of any level above."), Expected("a code", "代码")
    ] = None
    filter: Annotated[
        str | None,
        Field(max_length=LONGEST_FILTER, description="Only units for which this CQL2 expression is true."),
        Expected(
            f"a CQL2 expression of at most {LONGEST_FILTER} characters", f"不超过{LONGEST_FILTER}个字符的CQL2表达式"
        ),
    ] = None
    filter_lang: Annotated[
        Literal["cql2-text", "cql2-json"], Field(alias="filter-lang", description="How filter is written.")
    ] = "cql2-text"
    filter_crs: Annotated[CRSUri, Field(alias="filter-crs", description="CRS of geometries in filter.")] = CRS84

    @property
    def page(self) -> int:
        """Features of a page."""
        return min(self.limit, MOST_FULL if self.detail == "full" else MOST)


class IndicatorParameters(Parameters):
    """What the figures of an indicator take."""

    f: Annotated[
        Literal["json", "csv", "parquet"] | None, Field(description="Format; else the Accept header decides.")
    ] = None  # type: ignore[assignment]
    years: Annotated[
        str | None,
        Field(
            pattern=r"^\d{4}(/\d{4})?(,\d{4}(/\d{4})?)*$",
            description="Only these years: years and intervals first/last, separated by commas.",
        ),
        Expected("years or intervals, as 2010,2015/2019", "年份或区间，如2010,2015/2019"),
    ] = None
    units: Annotated[List, Field(description="Only these units."), NAMES] = ()
    within: Annotated[
        str | None, Field(description="Only units in this unit of any level above."), Expected("a code", "代码")
    ] = None


RecordKind = Literal["indicator", "source", "grid"]


class RecordsParameters(Paging):
    """What the catalogue takes."""

    q: Annotated[str | None, Field(description="Only records with all these words."), WORD] = None
    pack: Annotated[str | None, Field(description="Only records of this pack."), WORD] = None
    kind: Annotated[RecordKind | None, Field(description="Only records of this kind.")] = None


class TileParameters(Figures):
    """What a vector tile takes."""

    f: Annotated[Literal["mvt"] | None, Field(description="Format; else the Accept header decides.")] = None  # type: ignore[assignment]


DESCRIPTIONS = {
    "collectionId": "A level of a pack, as cn.county.",
    "featureId": "Code of a unit.",
    "pack": "Code of a pack.",
    "indicator": "Identifier of an indicator.",
    "level": "Identifier of a level.",
    "recordId": "Identifier of a record, as cn.source.cnmaps.",
    "tileMatrixSetId": "Only WebMercatorQuad.",
    "tileMatrix": "Zoom.",
    "tileRow": "Row, counted from the north.",
    "tileCol": "Column, counted from the west.",
    "problemKind": "Kind of problem.",
}
"""The parameters in paths."""

Declared = TypeVar("Declared", bound=Parameters)


def read(declared: type[Declared], query: Iterable[tuple[str, str]]) -> Declared:
    """Return the parameters of a query.

    Raises
    ------
    UnknownParameterError
        One is not declared.
    BadParameterError
        One stands twice, has a value it cannot have, or lacks another that it needs.
    """
    fields = {field.alias or name: field for name, field in declared.model_fields.items()}
    given: dict[str, str] = {}
    for name, value in query:
        if name not in fields:
            raise UnknownParameterError(name, fields)
        if name in given:
            raise BadParameterError(name, f"{given[name]}, {value}", Text(en="one value", zh="一个值"), TOGETHER)
        given[name] = value
    try:
        return declared.model_validate(given)
    except ValidationError as error:
        fault = error.errors()[0]
    if not fault["loc"]:
        lacking = str(fault["ctx"]["error"])
        raise BadParameterError(
            lacking,
            "",
            Text(en="a value, as indicators and year are given together", zh="非空值：indicators与year须同时给出"),
        )
    name = str(fault["loc"][0])
    raise BadParameterError(name, given[name], _expected(fields[name], fault))


TOGETHER = Text(en="Give it once; separate values by commas.", zh="请只给一次；多个值以逗号分隔。")


def _expected(field: Any, fault: Any) -> Text:
    if fault["type"] == "literal_error":
        words = fault["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return Text(en=f"one of {words}", zh=f"以下之一：{words}")
    told = next(one for one in field.metadata if isinstance(one, Expected))
    return Text(en=told.en, zh=told.zh)
