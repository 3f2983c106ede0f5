"""The pictures that ship with impasto: photographs to paint, and style pictures to paint them in.

Where each comes from is written in `SOURCES.md` beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from impasto.errors import UnknownNameError

__all__ = ["SHOWS", "Kind", "content", "names", "path_of", "style"]

Kind: TypeAlias = Literal["content", "style"]

SHOWS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        "content": MappingProxyType(
            {
                "astronaut": "the astronaut Eileen Collins",
                "chelsea": "a cat",
                "coffee": "a cup of coffee",
            }
        ),
        "style": MappingProxyType(
            {
                "mosaic": "tesserae in gold and lapis",
                "pointillism": "a river in divided colour",
                "stained-glass": "a rose window",
                "swirls": "a night sky in thick strokes",
                "ukiyo-e": "waves in flat colour and fine line",
                "watercolour": "flowers in wet washes",
                "woodcut": "a sun over hills, in black and ochre",
            }
        ),
    }
)
"""What each sample looks like, in a few words, sorted by name; `SOURCES.md` says the same."""


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
    return path_of("content", name)


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
    return path_of("style", name)


def names(kind: Kind) -> tuple[str, ...]:
    """The names of all samples of a kind, sorted.

    Example:
        >>> names("content")
        ('astronaut', 'chelsea', 'coffee')
    """
    return tuple(SHOWS[kind])


def path_of(kind: Kind, name: str) -> Path:
    """The file of a sample of either kind, as `content` and `style` give it.

    Raises:
        UnknownNameError: there is none of that kind and name.
    """
    if name not in SHOWS[kind]:
        raise UnknownNameError(f"sample {kind} image", name, names(kind))
    return Path(str(files(__name__))) / kind / f"{name}.jpg"
