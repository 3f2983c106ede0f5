"""The studio whose client is tested."""

from __future__ import annotations

from tests.service.conftest import app, job, store, worker

__all__ = ["app", "job", "store", "worker"]
