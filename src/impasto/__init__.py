"""Neural style transfer: paint a photograph in the style of another picture.

::

    import impasto

    result = impasto.stylize("photo.jpg", "painting.jpg", size=512)
    result.save("painted.png")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from impasto.errors import ImpastoError
    from impasto.events import Finished, Part, Preview, Started, Step
    from impasto.losses.perceptual import PerceptualLoss
    from impasto.methods.one_pass.stylizer import Stylizer
    from impasto.methods.result import Result
    from impasto.painting import paint, run, stylize
    from impasto.service.client import Client
    from impasto.settings import StyleSettings
    from impasto.settings.recipes import RECIPES
    from impasto.task import StyleTask
    from impasto.verbs import doodle, letter, portrait
    from impasto.words.planning import plan
    from impasto.workflows.film.run import paint_video

__version__ = "0.1.0"

__all__ = [
    "RECIPES",
    "Client",
    "Finished",
    "ImpastoError",
    "Part",
    "PerceptualLoss",
    "Preview",
    "Result",
    "Started",
    "Step",
    "StyleSettings",
    "StyleTask",
    "Stylizer",
    "__version__",
    "doodle",
    "letter",
    "paint",
    "paint_video",
    "plan",
    "portrait",
    "run",
    "stylize",
]

# Where each public name lives. Nothing is imported before it is used: `impasto --help` is instant.
_HOMES = {
    "RECIPES": "impasto.settings.recipes",
    "Client": "impasto.service.client",
    "Finished": "impasto.events",
    "ImpastoError": "impasto.errors",
    "Part": "impasto.events",
    "PerceptualLoss": "impasto.losses.perceptual",
    "Preview": "impasto.events",
    "Result": "impasto.methods.result",
    "Started": "impasto.events",
    "Step": "impasto.events",
    "StyleSettings": "impasto.settings",
    "StyleTask": "impasto.task",
    "Stylizer": "impasto.methods.one_pass.stylizer",
    "doodle": "impasto.verbs",
    "letter": "impasto.verbs",
    "paint": "impasto.painting",
    "paint_video": "impasto.workflows.film.run",
    "plan": "impasto.words.planning",
    "portrait": "impasto.verbs",
    "run": "impasto.painting",
    "stylize": "impasto.painting",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'impasto' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
