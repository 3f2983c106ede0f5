"""What is asked of a drawing, of words or of a face, and what words about a painting came to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add two columns to `jobs`; none that is there already was arranged or asked for in words."""
    op.add_column("jobs", sa.Column("options", sa.JSON))
    op.add_column("jobs", sa.Column("plan", sa.JSON))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("jobs", "plan")
    op.drop_column("jobs", "options")
