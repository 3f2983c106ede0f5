"""SQLAlchemy, or the pip line that brings it."""

from __future__ import annotations

from impasto.errors import MissingPackageError

try:
    import sqlalchemy as sa
except ImportError:
    raise MissingPackageError("the job store", "sqlalchemy", "web") from None

__all__ = ["sa"]
