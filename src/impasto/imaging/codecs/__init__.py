"""Picture files to pixels and back: formats, bit depths, colour profiles, EXIF data."""

from __future__ import annotations
