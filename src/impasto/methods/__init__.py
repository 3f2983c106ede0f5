"""Ways to paint a task, by name; `optimization` moves the pixels themselves.

Another package adds one through the entry point group `impasto.methods`.
"""

from __future__ import annotations

from importlib import import_module

from impasto.errors import SettingError, UnknownNameError
from impasto.methods.protocol import Method
from impasto.settings import StyleSettings

__all__ = ["METHODS", "chosen", "find"]

# Where each lives: none is loaded before it paints.
METHODS = {"optimization": "impasto.methods.optimization.run:Optimization"}


def find(name: str) -> Method:
    """The method called `name`.

    Raises:
        UnknownNameError: there is none.

    Example:
        >>> find("optimization").name
        'optimization'
    """
    if name not in METHODS:
        raise UnknownNameError("method", name, METHODS)
    module, _, attribute = METHODS[name].partition(":")
    made: Method = getattr(import_module(module), attribute)()
    return made


def chosen(settings: StyleSettings) -> Method:
    """The method that settings name, once they ask nothing of it that it does not heed.

    Raises:
        UnknownNameError: there is no such method.
        SettingError: a setting that was given explicitly, and that the method does not read.
    """
    method = find(settings.method)
    for name in sorted(settings.given - method.reads):
        raise SettingError(
            f"{name} means nothing to the method {method.name}: leave it out, or choose another "
            "--method"
        )
    return method
