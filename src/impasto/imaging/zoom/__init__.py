"""Pictures of any size for the browser: a pyramid of tiles, and a page that shows it."""

from __future__ import annotations

from impasto.imaging.zoom.write import check_deep_zoom, deep_zoom

__all__ = ["check_deep_zoom", "deep_zoom"]
