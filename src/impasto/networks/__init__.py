"""Networks: what gives features, and where weights come from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

__all__ = ["BRUSH_FILE", "BUNDLED", "EARLIER", "MEANS_FILE", "SLIM_FILE"]

_FEATURES = Path(__file__).parent / "features"
SLIM_FILE = _FEATURES / "slim.safetensors"
"""The weights of the bundled backbone; named here, where no torch is loaded."""
MEANS_FILE = _FEATURES / "vgg19_means.safetensors"
"""How strongly each channel of VGG-19 wakes up on photographs; by `training.normalization`."""
BRUSH_FILE = Path(__file__).parent / "stylizers" / "brush.safetensors"
"""The bundled one-pass network, which reads any style."""

BUNDLED: Mapping[str, Path] = MappingProxyType({"slim": SLIM_FILE, "vgg19-normalized": MEANS_FILE})
"""By backbone, the numbers that come along: another release may bring others."""
EARLIER: Mapping[str, tuple[Path, ...]] = MappingProxyType(
    {"slim": (_FEATURES / "slim-0.1.safetensors",)}
)
"""By backbone, what came along before: a painting that was begun with it goes on with it."""
