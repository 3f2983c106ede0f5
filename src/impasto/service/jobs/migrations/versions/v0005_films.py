"""What is asked of a film beside its settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add a column to `jobs`; none that is there already is a film."""
    op.add_column("jobs", sa.Column("film", sa.JSON))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("jobs", "film")
