"""Large pictures by bands of rows, in bounded memory."""

from __future__ import annotations

from impasto.imaging.bands.workspace import Workspace, rows_of
from impasto.imaging.bands.write import write_bands

__all__ = ["Workspace", "rows_of", "write_bands"]
