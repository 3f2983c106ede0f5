"""The studio: durable jobs, the HTTP API over them, its client, and the page."""

from __future__ import annotations
