"""The pictures that ship with impasto: photographs to paint, and style pictures to paint them in.

Where each comes from is written in `SOURCES.md` beside them.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

from impasto.errors import UnknownNameError

__all__ = ["content", "names", "style"]


def content(name: str) -> Path:
    """The file of a sample photograph: a JPEG, RGB, at most 640 px on its longest side.

    Args:
        name: one of `names("content")`.

    Returns:
        The path of the file in the installed package; not to be written to.

    Raises:
        UnknownNameError: no photograph has that name.

    Example:
        >>> content("chelsea").name
        'chelsea.jpg'
    """
    return _find("content", name)


def style(name: str) -> Path:
    """The file of a sample style picture: a JPEG, RGB, 640 x 512 px.

    Args:
        name: one of `names("style")`.

    Returns:
        The path of the file in the installed package; not to be written to.

    Raises:
        UnknownNameError: no style picture has that name.

    Example:
        >>> style("swirls").name
        'swirls.jpg'
    """
    return _find("style", name)


def names(kind: Literal["content", "style"]) -> tuple[str, ...]:
    """The names of all samples of a kind, sorted.

    Example:
        >>> names("content")
        ('astronaut', 'chelsea', 'coffee')
    """
    return tuple(sorted(path.stem for path in _folder(kind).glob("*.jpg")))


def _find(kind: Literal["content", "style"], name: str) -> Path:
    choices = names(kind)
    if name not in choices:
        raise UnknownNameError(f"sample {kind} image", name, choices)
    return _folder(kind) / f"{name}.jpg"


def _folder(kind: str) -> Path:
    return Path(str(files(__name__))) / kind
