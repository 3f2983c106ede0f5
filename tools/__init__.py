"""What writes pages and pictures of the docs, and what compares revisions."""

from __future__ import annotations
