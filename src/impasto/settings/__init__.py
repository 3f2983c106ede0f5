"""Every setting of a painting, written once.

The command line, the docs and whatever comes later read names, types, bounds, units, defaults and
help lines off `StyleSettings.model_fields`; nothing lists a setting a second time.
"""

from __future__ import annotations

from impasto.settings.resolve import Weights
from impasto.settings.style import STARTS, StyleSettings

__all__ = ["STARTS", "StyleSettings", "Weights"]
