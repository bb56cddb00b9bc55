"""The tables of layers in a database.

A row of ``builds`` is a build; what stands in the other tables belongs to one and is never changed: it comes and goes
with its build, in one transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import UserDefinedType

__all__ = ["REVISION", "SCHEMA", "VERSION_TABLE", "builds", "coverage", "files", "observations", "units"]

SCHEMA = "fuping_layers"

VERSION_TABLE = "fuping_layers_version"
"""Where the migrations note how far the schema is."""

REVISION = "0001"
"""The migration that leads to the tables below."""


class Polygons(UserDefinedType[Any]):
    """PostGIS's multipolygons in degrees."""

    cache_ok = True

    def get_col_spec(self, **given: Any) -> str:
        """Return the type as SQL writes it."""
        return "geometry(MultiPolygon, 4326)"


CODE = Text(collation="C")
"""Codes are ordered by their bytes, as everywhere else; a database's own order depends on its language."""

metadata = MetaData(schema=SCHEMA)


def _of_build(*, primary_key: bool = False) -> Column[int]:
    build = ForeignKey("builds.id", ondelete="CASCADE")
    return Column("build", BigInteger, build, primary_key=primary_key, nullable=False)


builds = Table(
    "builds",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("pack", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False),
    Column("current", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    # JSON and not JSONB, which forgets the order of what it holds.
    Column("catalogue", JSON, nullable=False),
    UniqueConstraint("pack", "version"),
)
Index("builds_current", builds.c.pack, unique=True, postgresql_where=builds.c.current)

units = Table(
    "units",
    metadata,
    _of_build(primary_key=True),
    Column("level", Text, primary_key=True),
    Column("code", CODE, primary_key=True),
    Column("name_en", Text),
    Column("name_zh", Text),
    Column("parent_level", Text),
    Column("parent_code", Text),
    Column("area_km2", Double),
    # Geographic programs want one type in a column; this tells what the unit's own was.
    Column("single", Boolean, nullable=False),
    Column("west", Double),
    Column("south", Double),
    Column("east", Double),
    Column("north", Double),
    Column("geometry", Polygons),
)
Index("units_geometry", units.c.geometry, postgresql_using="gist")

# Without a reference to its build: to look each of millions of rows up would take as long as to write them.
observations = Table(
    "observations",
    metadata,
    Column("build", BigInteger, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("code", CODE, nullable=False),
    Column("year", Integer, nullable=False),
    Column("value", Double),
    Column("lower", Double),
    Column("upper", Double),
    Column("reason", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("source", Text),
)
Index("observations_place", observations.c.build, observations.c.indicator, observations.c.level)

coverage = Table(
    "coverage",
    metadata,
    _of_build(),
    Column("project", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("code", CODE, nullable=False),
    Column("year", Integer, nullable=False),
)
Index("coverage_place", coverage.c.build, coverage.c.project, coverage.c.level)

# Simplified polygons for maps, grids, and tables beside the observations, as the build's files hold them.
files = Table(
    "files",
    metadata,
    _of_build(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
