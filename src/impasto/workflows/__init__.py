"""Many paintings: folders of pictures, and grids of settings."""

from __future__ import annotations
