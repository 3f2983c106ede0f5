"""Ways to paint a task, by name; `optimization` moves the pixels themselves.

Another package adds one through the entry point group `impasto.methods`.
"""

from __future__ import annotations

from impasto.errors import needs_torch
from impasto.methods.protocol import Method
from impasto.settings import StyleSettings, registry
from impasto.settings.heeded import refuse_unheeded
from impasto.settings.model_files import ONE_PASS, is_onnx

__all__ = ["choose", "find", "seedless"]


def find(name: str) -> Method:
    """The method called `name`, ours or another package's.

    Raises:
        UnknownNameError: there is none.
        MissingPackageError: it needs torch, which is not installed.

    Example:
        >>> find("optimization").name
        'optimization'
    """
    try:
        method: Method = registry.load(registry.METHODS, name)()
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise needs_torch(f"the method {name}") from None
    return method


def choose(settings: StyleSettings) -> Method:
    """The method that settings name, once they ask nothing of it that it does not heed.

    A `model` that is an ONNX graph is painted with by `onnx`, where one-pass is asked for.

    Raises:
        UnknownNameError: there is no such method.
        SettingError: an explicit setting that the method does not read.
    """
    graph = settings.method in ONE_PASS and is_onnx(settings.model)
    method = find("onnx" if graph else settings.method)
    refuse_unheeded(settings.explicit, method.name, method.reads)
    return method


def seedless(settings: StyleSettings) -> str:
    """Why another seed would paint the same; empty where it would not, or nobody can tell.

    A method says it in a function of this name, if it can.

    Raises:
        ImpastoError: as for `choose`.

    Example:
        >>> seedless(StyleSettings()).partition(";")[0]
        'nothing is random with --init content and --style-loss shifted'
        >>> seedless(StyleSettings(init="noise"))
        ''
    """
    reason = getattr(choose(settings), "seedless", None)
    return "" if reason is None else str(reason(settings))
