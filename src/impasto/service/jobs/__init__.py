"""Durable jobs: the store, the workers that paint from it, and their supervisor."""

from __future__ import annotations

from importlib.util import find_spec

from impasto.errors import MissingPackageError

if find_spec("sqlalchemy") is None:
    raise MissingPackageError("the job store", "sqlalchemy", "web")
