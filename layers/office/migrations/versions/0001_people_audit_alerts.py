"""People, what they did, and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATES = "state IN ('raised', 'checked', 'measure', 'followed_up', 'closed')"


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "office_person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("shown_name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("password_hash", sa.String(300)),
        sa.Column("issuer", sa.String(300)),
        sa.Column("subject", sa.String(300)),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="uq_office_person_subject"),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'admin')", name="role"),
    )
    op.create_table(
        "office_area",
        sa.Column("person", sa.Integer(), _person(), primary_key=True),
        sa.Column("pack", sa.String(40), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
    )
    op.create_table(
        "office_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("person", sa.Integer(), _person(), nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("ends_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "office_audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False, index=True),
        sa.Column("who", sa.String(80), nullable=False, index=True),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("address", sa.String(64)),
    )
    op.create_table(
        "office_alert",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("pack", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("indicator", sa.String(80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(30), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.UniqueConstraint("pack", "level", "code", "indicator", "year", name="uq_office_alert_once"),
        sa.CheckConstraint("severity IN ('red', 'orange', 'yellow')", name="severity"),
        sa.CheckConstraint(STATES, name="state"),
    )
    op.create_index("ix_office_alert_open", "office_alert", ["pack", "state"])
    op.create_table(
        "office_alert_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "alert", sa.Integer(), sa.ForeignKey("office_alert.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("responsible", sa.String(120), nullable=False),
        sa.Column("due", sa.String(10)),
        sa.CheckConstraint(STATES, name="state"),
    )


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("office_person.id", ondelete="CASCADE")
