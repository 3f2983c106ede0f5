"""Every setting of a painting, written once.

The command line, the docs and whatever comes later read names, types, bounds, units, defaults and
help lines off `StyleSettings.model_fields`; nothing lists a setting a second time.
"""

from __future__ import annotations

from impasto.settings.describe import Description, describe, described
from impasto.settings.loading import complete, load_settings
from impasto.settings.options import StyleOptions
from impasto.settings.resolve import Weights
from impasto.settings.stored import from_stored, to_stored
from impasto.settings.style_settings import STARTS, StyleSettings

__all__ = [
    "STARTS",
    "Description",
    "StyleOptions",
    "StyleSettings",
    "Weights",
    "complete",
    "describe",
    "described",
    "from_stored",
    "load_settings",
    "to_stored",
]
