"""Kinds of jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add a column to `jobs`; all that are there already are paintings."""
    # With a default of the server: a 0.1.0 that still runs knows nothing of this column.
    kind = sa.Column("kind", sa.String(16), nullable=False, server_default="painting")
    op.add_column("jobs", kind)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("jobs", "kind")
