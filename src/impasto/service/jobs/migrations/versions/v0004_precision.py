"""The precision a job was begun in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add a column to `jobs`; what is there already says float32 in its settings."""
    op.add_column("jobs", sa.Column("precision", sa.String(16)))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("jobs", "precision")
