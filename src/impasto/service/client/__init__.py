"""The studio from afar: a typed client of its HTTP API, in the base install."""

from __future__ import annotations

from impasto.service.client.client import Client

__all__ = ["Client"]
