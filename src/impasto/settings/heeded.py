"""Which settings each built-in method heeds, and the refusal of those that one does not.

It is known here, and not where the methods are, since a server without torch asks too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from impasto.errors import SettingError
from impasto.settings.style_settings import StyleSettings

__all__ = ["HEEDED", "ONNX_STYLE", "refuse_unheeded"]

ONNX_STYLE = frozenset({"strength", "style_blend", "style_scale", "style_fit"})
"""What `onnx` heeds only where the style is not baked into the graph."""

_ONNX = ONNX_STYLE | {
    *("method", "model", "threads", "force", "bits", "color", "embed_recipe", "max_megapixels"),
    *("size", "shape", "fit", "crop", "upscale", "resample", "keep_faces", "palette", "tone"),
    "clip",  # it helps to choose the styles, whatever paints
}
_ONE_PASS = _ONNX | {"recipe", "device", "precision", "deterministic", "tile", "scratch"}
_ONE_PASS |= {"flat_colors", "lines"}

HEEDED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "optimization": frozenset(StyleSettings.model_fields) - {"model"},
        "one-pass": _ONE_PASS,
        "onnx": _ONNX,
    }
)
"""By the name of a built-in method, the names of the settings that it heeds."""


def refuse_unheeded(given: Collection[str], method: str, heeded: Collection[str]) -> None:
    """Refuse settings that somebody gave and that a method does not heed.

    Args:
        given: names of settings.
        method: its name, for the message.
        heeded: names of the settings that it heeds.

    Raises:
        SettingError: naming the first of them by the alphabet.

    Example:
        >>> refuse_unheeded({"size"}, "one-pass", HEEDED["one-pass"])
        >>> "steps" in HEEDED["one-pass"], "steps" in HEEDED["optimization"]
        (False, True)
    """
    for name in sorted(set(given) - set(heeded)):
        raise SettingError(
            f"{name} means nothing to the method {method}: leave it out, or choose another --method"
        )
