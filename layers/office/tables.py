"""Tables of the office's database; times are UTC, written as ISO 8601 so that SQLite and PostgreSQL keep them alike."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

__all__ = ["alert", "alert_step", "area", "audit", "invitation", "metadata", "person", "session", "token"]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

ROLES = "role IN ('viewer', 'editor', 'admin')"
SEVERITIES = "severity IN ('red', 'orange', 'yellow')"
STATES = "state IN ('raised', 'checked', 'measure', 'followed_up', 'closed')"

person = Table(
    "office_person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("shown_name", String(120), nullable=False),
    Column("role", String(10), CheckConstraint(ROLES, name="role"), nullable=False),
    # One of the two: a hash of a password kept here, or who vouches for the person and under which subject.
    Column("password_hash", String(300)),
    Column("issuer", String(300)),
    Column("subject", String(300)),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("made_at", String(32), nullable=False),
    UniqueConstraint("issuer", "subject", name="uq_office_person_subject"),
)

area = Table(
    "office_area",
    metadata,
    # A person without a row here works everywhere.
    Column("person", ForeignKey("office_person.id", ondelete="CASCADE"), primary_key=True),
    Column("pack", String(40), primary_key=True),
    Column("code", String(40), primary_key=True),
)

session = Table(
    "office_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person", ForeignKey("office_person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("ends_at", String(32), nullable=False),
)

token = Table(
    "office_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person", ForeignKey("office_person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_at", String(32), nullable=False),
    Column("ends_at", String(32), nullable=False),
)

invitation = Table(
    "office_invitation",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person", ForeignKey("office_person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_at", String(32), nullable=False),
    Column("ends_at", String(32), nullable=False),
)

audit = Table(
    "office_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False, index=True),
    Column("who", String(80), nullable=False, index=True),
    Column("action", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Column("address", String(64)),
)

alert = Table(
    "office_alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pack", String(40), nullable=False),
    Column("level", String(40), nullable=False),
    Column("code", String(40), nullable=False),
    Column("indicator", String(80), nullable=False),
    Column("year", Integer, nullable=False),
    Column("cause", String(30), nullable=False),
    Column("severity", String(10), CheckConstraint(SEVERITIES, name="severity"), nullable=False),
    # What it was judged by, as it stood: figure, interval, lines, and the build they were read from.
    Column("value", Float),
    Column("evidence", JSON, nullable=False),
    Column("state", String(20), CheckConstraint(STATES, name="state"), nullable=False),
    UniqueConstraint("pack", "level", "code", "indicator", "year", name="uq_office_alert_once"),
    Index("ix_office_alert_open", "pack", "state"),
)

alert_step = Table(
    "office_alert_step",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert", ForeignKey("office_alert.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(20), CheckConstraint(STATES, name="state"), nullable=False),
    Column("at", String(32), nullable=False),
    Column("who", String(80), nullable=False),
    Column("note", String(2000), nullable=False, default=""),
    # Who must act next and by when; empty where nobody has been named.
    Column("responsible", String(120), nullable=False, default=""),
    Column("due", String(10)),
)
