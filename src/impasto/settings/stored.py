"""Settings on disk, so that a later version paints the same: in checkpoints, jobs and batches.

Beside every setting the weights are kept that followed from them. What version 0.1.0 kept has no
weights: a strength then means what its recipes meant. A setting that is newer than what was kept
means what was done without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from impasto.errors import SettingError, UnknownNameError
from impasto.settings.recipes import MEANT_BEFORE
from impasto.settings.resolve import Weights, weights_at
from impasto.settings.style_settings import StyleSettings

__all__ = ["from_stored", "to_stored"]

FORMAT, KEY = 2, "format"
WEIGHTS = "weights"

# (content, style) weight at strength 0.5 of the recipes of 0.1.0; never to be changed.
BASE_WEIGHTS_0_1_0 = {"default": (1.5, 1.0), "chapter": (1.0, 1e4), "gatys": (1.0, 1e3)}


def to_stored(settings: StyleSettings) -> dict[str, Any]:
    """Everything that settings say, as JSON knows it.

    Example:
        >>> stored = to_stored(StyleSettings(strength=0.7))
        >>> from_stored(stored) == StyleSettings(strength=0.7)
        True
    """
    return {**settings.model_dump(mode="json"), KEY: FORMAT, WEIGHTS: list(settings.weights)}


def from_stored(stored: Mapping[str, Any]) -> StyleSettings:
    """The settings that were kept, by this version or an earlier one; none counts as given.

    Raises:
        SettingError: kept by a later version, or damaged.
    """
    values = dict(stored)
    format, weights = values.pop(KEY, 1), values.pop(WEIGHTS, None)
    if format not in (1, FORMAT):
        raise SettingError(
            f"the settings were kept in the format {format!r}, which a later impasto writes: "
            "update impasto"
        )
    settings = StyleSettings(**{**MEANT_BEFORE, **values})
    if weights is None and settings.strength is not None:
        if settings.recipe not in BASE_WEIGHTS_0_1_0:
            raise UnknownNameError("recipe of 0.1.0", settings.recipe, BASE_WEIGHTS_0_1_0)
        base = BASE_WEIGHTS_0_1_0[settings.recipe]
        weights = weights_at(settings.strength, base, settings.tv_weight)
    if weights is not None:
        try:
            settings._weights = Weights(*map(float, weights))
        except (TypeError, ValueError):
            raise SettingError(
                f"the weights that were kept are {weights!r}: they have to be three numbers"
            ) from None
    settings._explicit = frozenset()
    return settings
