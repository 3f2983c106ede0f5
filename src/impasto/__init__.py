"""Neural style transfer: paint a photograph in the style of another picture.

::

    import impasto

    result = impasto.stylize("photo.jpg", "painting.jpg", size=512)
    result.save("painted.png")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from impasto.version import __version__

if TYPE_CHECKING:
    from impasto.client import Client
    from impasto.engine.perceptual import PerceptualLoss
    from impasto.engine.result import Result
    from impasto.errors import ImpastoError
    from impasto.events import Finished, Preview, Started, Step
    from impasto.recipes import RECIPES
    from impasto.settings import StyleSettings
    from impasto.transfer import run, stylize

__all__ = [
    "RECIPES",
    "Client",
    "Finished",
    "ImpastoError",
    "PerceptualLoss",
    "Preview",
    "Result",
    "Started",
    "Step",
    "StyleSettings",
    "__version__",
    "run",
    "stylize",
]

# Where each public name lives. Nothing is imported before it is used: `impasto --help` is instant.
_HOMES = {
    "RECIPES": "impasto.recipes",
    "Client": "impasto.client",
    "Finished": "impasto.events",
    "ImpastoError": "impasto.errors",
    "PerceptualLoss": "impasto.engine.perceptual",
    "Preview": "impasto.events",
    "Result": "impasto.engine.result",
    "Started": "impasto.events",
    "Step": "impasto.events",
    "StyleSettings": "impasto.settings",
    "run": "impasto.transfer",
    "stylize": "impasto.transfer",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'impasto' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
