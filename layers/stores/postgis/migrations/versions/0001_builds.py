"""Builds, units with their polygons, observations, coverage and files; views of what is current, for other programs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SCHEMA = "fuping_layers"

VIEWS = {
    "current_units": "b.pack, u.level, u.code, u.name_en, u.name_zh, u.parent_level, u.parent_code, u.area_km2, "
    "u.geometry FROM fuping_layers.units u JOIN fuping_layers.builds b ON b.id = u.build",
    "current_observations": "b.pack, o.indicator, o.level, o.code, o.year, o.value, o.lower, o.upper, o.reason, "
    "o.status, o.source FROM fuping_layers.observations o JOIN fuping_layers.builds b ON b.id = o.build",
}


def upgrade() -> None:
    """Make the tables and the views."""
    code = sa.Text(collation="C")
    op.create_table(
        "builds",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("catalogue", sa.JSON, nullable=False),
        sa.UniqueConstraint("pack", "version"),
        schema=SCHEMA,
    )
    op.create_index("builds_current", "builds", ["pack"], unique=True, postgresql_where="current", schema=SCHEMA)
    op.create_table(
        "units",
        _of_build(primary_key=True),
        sa.Column("level", sa.Text, primary_key=True),
        sa.Column("code", code, primary_key=True),
        *(sa.Column(name, sa.Text) for name in ("name_en", "name_zh", "parent_level", "parent_code")),
        sa.Column("area_km2", sa.Double),
        sa.Column("single", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Double) for name in ("west", "south", "east", "north")),
        schema=SCHEMA,
    )
    op.execute("ALTER TABLE fuping_layers.units ADD geometry geometry(MultiPolygon, 4326)")
    op.create_index("units_geometry", "units", ["geometry"], postgresql_using="gist", schema=SCHEMA)
    op.create_table(
        "observations",
        sa.Column("build", sa.BigInteger, nullable=False),
        sa.Column("indicator", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("code", code, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Double) for name in ("value", "lower", "upper")),
        sa.Column("reason", sa.SmallInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("source", sa.Text),
        schema=SCHEMA,
    )
    op.create_index("observations_place", "observations", ["build", "indicator", "level"], schema=SCHEMA)
    op.create_table(
        "coverage",
        _of_build(),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("code", code, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("coverage_place", "coverage", ["build", "project", "level"], schema=SCHEMA)
    op.create_table(
        "files",
        _of_build(primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        schema=SCHEMA,
    )
    # Coordinates hardly shrink and files are compressed already: to try takes longer than to write them.
    op.execute("ALTER TABLE fuping_layers.units ALTER geometry SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE fuping_layers.files ALTER content SET STORAGE EXTERNAL")
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW fuping_layers.{name} AS SELECT {query} WHERE b.current")


def _of_build(*, primary_key: bool = False) -> sa.Column[int]:
    build = sa.ForeignKey(f"{SCHEMA}.builds.id", ondelete="CASCADE")
    return sa.Column("build", sa.BigInteger, build, primary_key=primary_key, nullable=False)
