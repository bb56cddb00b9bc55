"""Links by which a person chooses their password, once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of links."""
    op.create_table(
        "office_invitation",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column(
            "person", sa.Integer(), sa.ForeignKey("office_person.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("ends_at", sa.String(32), nullable=False),
    )
