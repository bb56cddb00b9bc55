"""What a pack declares, as typed models: levels, boundaries, sources, indicators, tables, lines, projects.

Pydantic refuses what is not declared here (``extra="forbid"``), so a misspelt key is a fault with a place, not a
setting that is silently ignored. References between declarations are checked in :mod:`fuping.layers.pack`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from fuping.layers.schema.vocabulary import (
    Aggregation,
    Cause,
    Direction,
    FigureStatus,
    IndicatorKind,
    ProjectStatus,
    SourceKind,
    TableFormat,
    Warning_,
)
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = [
    "Boundary",
    "BoundaryLayer",
    "Category",
    "Component",
    "Derivation",
    "Document",
    "Drop",
    "Expansion",
    "Financier",
    "Indicator",
    "Level",
    "Line",
    "LineValue",
    "NamesFrom",
    "Output",
    "Outside",
    "PackInfo",
    "Programme",
    "Project",
    "Series",
    "Source",
    "Table",
    "Text",
]

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217 code."""

Column = str | int


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from error
    return value


class Strict(BaseModel):
    """A declaration: unknown keys are refused, values do not change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """A text in the two languages every dashboard user may read."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def in_(self, language: str) -> str:
        """Return the text in ``language`` (English where the language is not known)."""
        return self.zh if language.startswith("zh") else self.en


class PackInfo(Strict):
    """``pack.toml``: the country and what the dashboard opens with."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    name: Text
    summary: Text
    default_indicator: Identifier
    default_level: Identifier
    bounds: tuple[float, float, float, float]
    """west, south, east, north of the first view, in degrees."""
    default: bool = False
    """Built by ``make run`` and by ``fuping build`` without arguments."""
    report_currency: Currency | None = None
    """In which money of several currencies can be added up, besides US dollars."""


class Level(Strict):
    """``levels.toml``: one administrative level and the shape of its codes, from the top down."""

    id: Identifier
    name: Text
    plural: Text
    width: int = Field(ge=1, le=20)
    pattern: str
    uneven: bool = False
    """Codes differ in length, up to ``width``: the pattern alone says what a code is, and none is filled with zeros."""
    parent: Identifier | None = None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        return _expression(value)

    @property
    def reading(self) -> dict[str, Any]:
        """How codes are read: the width, or the pattern of codes that differ in length."""
        return {"width": self.width} | ({"pattern": self.pattern} if self.uneven else {})


class NamesFrom(Strict):
    """Unit names that stand in a table of another source."""

    source: Identifier
    format: TableFormat
    code_column: str
    name_column: str


class BoundaryLayer(Strict):
    """How one level's polygons are made: read out of a source, or dissolved from a finer level.

    Give ``source`` to read polygons, or ``dissolve_from`` to merge those of another level of the vintage.
    """

    level: Identifier
    source: Identifier | None = None
    layer: str | None = None
    """Layer name inside the file (GeoPackage, TopoJSON)."""
    code_column: str = "code"
    name_zh_column: str | None = None
    name_en_column: str | None = None
    names_from: NamesFrom | None = None
    dissolve_from: Identifier | None = None
    """Merge the units of that level, which must come earlier in the list."""
    dissolve_prefix: int | None = None
    """Merge polygons that share so many leading characters; the code is those, padded with zeros to the width."""
    dissolve_map: str | None = None
    """CSV in the pack with ``code`` and ``to_code``: merge by that list; units that are not on it are left out. Where
    polygons are read, ``code`` is what the source writes into ``code_column``, be it a name."""
    single_code: str | None = None
    """All polygons are one unit of this code."""
    parent_prefix: tuple[int, ...] = ()
    """Lengths tried in turn: the first whose leading characters, padded with zeros, are a unit of a level above."""

    @model_validator(mode="after")
    def _one_origin(self) -> BoundaryLayer:
        if (self.source is None) == (self.dissolve_from is None):
            raise ValueError("give exactly one of source and dissolve_from")
        rules = (self.dissolve_prefix, self.dissolve_map, self.single_code)
        if self.dissolve_from and all(rule is None for rule in rules):
            raise ValueError("dissolve_from needs dissolve_prefix, dissolve_map or single_code")
        return self


class Boundary(Strict):
    """``boundaries.toml``: one vintage, its validity, its layers, and what was done to the geometry."""

    id: Identifier
    name: Text
    valid_from: date
    valid_to: date | None = None
    reference: bool = False
    """The vintage that maps and cubes use; exactly one in a pack."""
    datum: Literal["wgs84", "gcj02"] = "wgs84"
    equal_area_crs: str = "EPSG:6933"
    simplify_degrees: tuple[float, ...] = (0.02, 0.005)
    """Tolerances of the map's geometry, coarse to fine."""
    carried_by_area_to: Identifier | None = None
    """Codes that the other vintage lacks go to its units by overlap of area, measured at the build."""
    note: Text | None = None
    layers: tuple[BoundaryLayer, ...]


class Source(Strict):
    """``sources.toml``: where bytes come from and how to credit them."""

    id: Identifier
    title: Text
    publisher: Text
    year: int | None = Field(default=None, ge=1800, le=2100)
    licence: str = Field(min_length=1)
    licence_url: str | None = None
    url: str | None = None
    citation: str = Field(min_length=1)
    sha256: Sha256 | None = None
    pinned: bool = False
    """``url`` gives the file itself, but its hash is not known beforehand: the first file that comes is noted in the
    data folder with its hash, and another is refused from then on."""
    file_name: str | None = None
    """Name of the file that comes from ``url``, where the address does not end in one."""
    accessed: date | None = None
    kind: SourceKind
    package: str | None = None
    """Import name of the installed Python package, for ``kind = "package"``."""
    distribution: str | None = None
    extra: Identifier | None = None
    """Extra of Fuping that installs the package, for one that is not always there."""
    path: str | None = None
    """Path of the file inside the package or the pack."""
    replaceable: bool = False
    """Whether people may supply another file in place of the pack's own, as next year's issue of the same table."""
    status: FigureStatus
    warnings: tuple[Warning_, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _place(self) -> Source:
        need = {"package": ("package", "path"), "pack_file": ("path",), "url": ("url",)}[self.kind]
        absent = [name for name in need if getattr(self, name) is None]
        if absent:
            raise ValueError(f"a source of kind {self.kind!r} needs {', '.join(absent)}")
        if self.replaceable and (self.kind != "pack_file" or self.sha256 is not None):
            raise ValueError("only a file of the pack without a fixed hash is replaceable")
        if self.pinned and (self.kind != "url" or self.sha256 is not None):
            raise ValueError("only a source of kind 'url' without a declared hash is pinned")
        return self

    @property
    def fetchable(self) -> bool:
        """Whether its address gives the file itself, not a page for people."""
        return self.kind == "url" and (self.sha256 is not None or self.pinned)


class Category(Strict):
    """One value of a status indicator; ``code`` is what the store keeps."""

    id: Identifier
    code: int
    name: Text
    colour: Literal["poor", "at_risk", "exited", "relapsed", "not_designated"] | None = None


class Derivation(Strict):
    """An indicator computed from two others: ``scale * numerator / denominator``, or what that leaves of ``scale``."""

    numerator: Identifier
    denominator: Identifier
    scale: float = 100.0
    complement: bool = False
    """``scale - scale * numerator / denominator``: the share without, from a count with."""


class AlertLines(Strict):
    """The two lines that an indicator's alerts are judged against, and who drew them."""

    warning: float
    guarantee: float
    reference: Text


class Indicator(Strict):
    """``indicators.toml``: one quantity, its unit, and how it may be used."""

    id: Identifier
    theme: Text
    name: Text
    unit: Text
    kind: IndicatorKind
    aggregation: Aggregation
    denominator: Identifier | None = None
    direction: Direction
    meaning: Text
    decimals: int = Field(default=1, ge=0, le=6)
    minimum: float | None = None
    maximum: float | None = None
    warnings: tuple[Warning_, ...] = ()
    categories: tuple[Category, ...] = ()
    derive: Derivation | None = None
    breaks_in_series: tuple[int, ...] = ()
    roll_up_share: float = Field(default=1.0, gt=0, le=1)
    """Least share of a unit's parts (by weight) that must be observed for its total or mean to be given."""
    suppress_below: int | None = Field(default=None, ge=2, le=1000)
    """Counts of people from 1 to one less are withheld, with what would give them back."""
    class_breaks: tuple[float, ...] = ()
    """Breaks with a meaning (e.g. 10/20/30/40 % poor); empty: computed from the data, held over all years."""
    alert_lines: AlertLines | None = None
    """Warning and guarantee line; without them the class breaks serve, or what the worst had reached before."""
    cause: Cause | None = None
    """What an alert of it is put down to."""
    rule: Text | None = None
    """Of a declared status: the rule that it was decided by, where the figures to apply it to are not there."""
    shown: bool = True
    """False: kept for computing others (a denominator), not offered in the picker."""
    role: Literal["recipients"] | None = None
    """What pages look for by its meaning. ``recipients``: persons whom a programme reaches, counted."""
    currency: Currency | None = None
    """Of an amount of money; without it the figures cannot be expressed in another."""
    currency_scale: float = Field(default=1.0, gt=0)
    """Whole units of the currency in one unit of the figures: 1e8 where they are in 亿元."""

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        if self.role == "recipients" and (self.kind, self.aggregation) != ("count", "extensive"):
            raise ValueError("recipients are a count that adds up: kind 'count', aggregation 'extensive'")
        if self.currency and self.kind != "amount":
            raise ValueError("only an amount has a currency")
        if self.kind == "status" and not self.categories:
            raise ValueError("a status indicator needs its categories")
        if self.kind == "status" and self.aggregation != "none":
            raise ValueError("a status indicator has aggregation 'none'")
        if self.suppress_below is not None and (self.kind != "count" or self.derive):
            raise ValueError("only a count is suppressed; what is derived from it is withheld with it")
        if self.kind == "rate" and self.aggregation == "extensive":
            raise ValueError("a rate is intensive: it cannot be summed")
        if self.alert_lines:
            self._lines_in_order(self.alert_lines)
        return self

    def _lines_in_order(self, lines: AlertLines) -> None:
        if self.direction == "neutral" or self.categories:
            raise ValueError("lines are crossed by figures of which high or low is bad")
        worse = lines.guarantee - lines.warning
        if (worse if self.direction == "higher_is_worse" else -worse) < 0:
            raise ValueError("the guarantee line lies as far out as the warning line, or farther")


class Series(Strict):
    """One indicator inside a table: which column holds it and which rows belong to it."""

    indicator: Identifier
    value: Column
    where: dict[str, str | int | float | list[str] | list[int]] = {}
    sum_over: Column | tuple[Column, ...] | None = None
    """Add the rows of a unit-year that differ in this column (women and men, say) or these columns. Every value listed
    for it in ``where`` must be there; a sum with a part missing is missing."""
    others: float | None = None
    """Value of the units that the table does not list; right only for a list that is complete."""
    scale: float = 1.0
    lower: Column | None = None
    upper: Column | None = None
    status: FigureStatus | None = None

    @property
    def summed(self) -> tuple[str, ...]:
        """Columns whose rows are added up."""
        several = self.sum_over if isinstance(self.sum_over, tuple) else (self.sum_over,)
        return tuple(str(one) for one in several if one is not None)

    @model_validator(mode="after")
    def _parts(self) -> Series:
        if absent := [one for one in self.summed if not isinstance(self.where.get(one), list)]:
            raise ValueError(f"list the values of {', '.join(absent)} in where, so that a missing one is seen")
        return self


class Expansion(Strict):
    """Turn a list of (unit, year of exit) into a status by year.

    Units of the level that are not on the list get ``others``, which is right only for a list that is complete.
    """

    indicator: Identifier
    year_column: str
    first: int
    last: int
    before: Identifier
    after: Identifier
    others: Identifier | None = None


class Drop(Strict):
    """Rows of a table to leave out, and why; the report counts them."""

    where: dict[str, str | int | float | list[str] | list[int]] = Field(min_length=1)
    why: str = Field(min_length=10)


class Outside(Strict):
    """Units that a source does not cover, and why; totals of the levels above do not wait for them."""

    pattern: str
    """Regular expression of whole unit codes."""
    why: str = Field(min_length=10)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        return _expression(value)


class Table(Strict):
    """``tables.toml``: how one source's rows become observations."""

    id: Identifier
    source: Identifier
    format: TableFormat
    level: Identifier
    also_levels: tuple[Identifier, ...] = ()
    """Levels whose units stand in the same table, to be read there too."""
    vintage: Identifier | None = None
    """Vintage of the codes; the reference vintage where empty."""
    also_vintages: tuple[Identifier, ...] = ()
    """Vintages whose change rows count too, for a table of many years that runs into their codes."""
    encoding: str | None = None
    sheet: str | int | None = None
    header_row: int = 0
    code_column: Column | None = None
    code: str | None = None
    """One code for every row (a national series)."""
    code_map: dict[str, str] = {}
    """Printed name to code, for tables that name regions instead of coding them."""
    name_column: Column | None = None
    year_column: Column | None = None
    year: int | None = None
    na_values: tuple[str, ...] = ()
    where: dict[str, str | int | float | list[str] | list[int]] = {}
    drop: tuple[Drop, ...] = ()
    """Rows of the source that are known to be wrong or double; each is counted in the report with its reason."""
    prefer: dict[str, tuple[str, ...]] = {}
    """Column to its values in order: of rows of one unit and year, the one whose value comes first stands. Columns are
    tried in turn; the report counts the rows that give way."""
    outside: tuple[Outside, ...] = ()
    """Units that the source does not cover: where they have no row, that is the reason."""
    same_twice: bool = False
    """Rows that repeat a unit with the same values count once and stand in the report."""
    status_column: str | None = None
    series: tuple[Series, ...] = ()
    expansions: tuple[Expansion, ...] = ()

    @model_validator(mode="after")
    def _keys(self) -> Table:
        if (self.code_column is None) == (self.code is None):
            raise ValueError("give exactly one of code_column and code")
        if not self.expansions and (self.year_column is None) == (self.year is None):
            raise ValueError("give exactly one of year_column and year")
        return self

    @property
    def indicators(self) -> list[str]:
        """Ids of the indicators that the table fills."""
        return [part.indicator for part in self.series] + [part.indicator for part in self.expansions]


class LineValue(Strict):
    """A poverty line in one year."""

    year: int
    value: float = Field(gt=0)
    reference: str
    status: FigureStatus = "published"


class Line(Strict):
    """``lines.toml``: a poverty line as dated values."""

    id: Identifier
    name: Text
    unit: Text
    price_base: str | None = None
    values: tuple[LineValue, ...]


class Financier(Strict):
    """Who pays for a project, and which share of its cost where that is known; shares may leave a rest unknown."""

    name: Text
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    matching: bool = False
    """Whether it is what those who benefit, or their government, must put beside the money of others."""


class Component(Strict):
    """A part of a project, with its own money where that is known."""

    id: Identifier
    name: Text
    amount: Annotated[float, Field(ge=0)] | None = None
    currency: Currency | None = None

    @model_validator(mode="after")
    def _money_has_a_currency(self) -> Component:
        if (self.amount is None) != (self.currency is None):
            raise ValueError("an amount and its currency stand together")
        return self


class Output(Strict):
    """What a project set out to make, and what of it is there."""

    name: Text
    unit: Text
    target: float | None = None
    achieved: float | None = None
    component: Identifier | None = None


class Document(Strict):
    """A page about a project; the dashboard links to it and fetches nothing."""

    title: Text
    url: Annotated[str, Field(pattern=r"^https?://")]


class Project(Strict):
    """A project and the table of units it covers."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]
    name: Text
    source: Identifier
    path: str | None = None
    """CSV in the pack, a row for each place: unit_code, or what draws it (longitude and latitude; wkt; or the location
    of a feature in the GeoJSON or GeoPackage beside it); where known, place_name, and the component at work there."""
    from_table: Identifier | None = None
    """Or the units on an expansion's list, covered until the year of exit and after (see ``until``)."""
    until: Literal["exit", "end"] = "end"
    vintage: Identifier | None = None
    level: Identifier
    first_year: int
    last_year: int
    named_units: int
    """How many units the sources name …"""
    total_units: int
    """… of how many the project has; shown as "6 of 27" wherever coverage is shown."""
    amount: float | None = None
    currency: str | None = None
    payments: str | None = None
    """Dated payments, in the pack: CSV with date (year-month-day), kind (commitment, disbursement, expenditure),
    amount and currency (ISO 4217 code); or IATI activities (``.xml``), of which ``activity`` is this project."""
    activity: str | None = None
    """Identifier of the IATI activity; the only one of the file where not given."""
    note: Text | None = None
    status: ProjectStatus | None = None
    beneficiaries: Annotated[int, Field(ge=0)] | None = None
    financiers: tuple[Financier, ...] = ()
    components: tuple[Component, ...] = ()
    outputs: tuple[Output, ...] = ()
    documents: tuple[Document, ...] = ()

    @model_validator(mode="after")
    def _parts_fit(self) -> Project:
        shares = sum(one.share or 0 for one in self.financiers)
        if shares > 1 + 1e-9:
            raise ValueError(f"the shares of the financiers add up to {shares:g}, more than 1")
        known = [one.id for one in self.components]
        if len(set(known)) < len(known):
            raise ValueError("a component stands twice")
        strange = [one.component for one in self.outputs if one.component not in (None, *known)]
        if strange:
            raise ValueError(f"an output names the component {strange[0]!r}, which is not there")
        return self


class Programme(Strict):
    """``programmes.toml``: a programme and its projects."""

    id: Identifier
    name: Text
    publisher: Text
    projects: tuple[Project, ...]


class ProjectList(Strict):
    """``project_lists.toml``: a file of projects, each of which stands in the register as if it were declared."""

    id: Identifier
    source: Identifier
    """IATI activities (``.xml``) or a table (``.csv``, ``.xlsx``)."""
    level: Identifier
    """Whose units the projects are put to."""
