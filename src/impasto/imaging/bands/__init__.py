"""Large pictures by bands of rows, in bounded memory."""

from __future__ import annotations

from impasto.imaging.bands.write import write_bands

__all__ = ["write_bands"]
