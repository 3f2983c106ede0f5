"""Inputs: which job uses which upload, so that one nobody uses can go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table `inputs`."""
    op.create_table(
        "inputs",
        sa.Column(
            "job", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
    op.create_index("inputs_by_upload", "inputs", ["sha256"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("inputs")
