"""The pictures that ship with impasto: photographs to paint, and style pictures to paint them in.

Where each comes from is written in `SOURCES.md` beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from impasto.errors import UnknownNameError
from impasto.samples.catalogue import CATALOGUE, HIGHLIGHTS, Kind
from impasto.samples.records import Language, Sample

__all__ = ["HIGHLIGHTS", "SHOWS", "Kind", "caption", "content", "names", "path_of", "style"]

SHOWS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        kind: MappingProxyType({name: sample.caption() for name, sample in samples.items()})
        for kind, samples in CATALOGUE.items()
    }
)
"""What each sample is, in a few words, in the order of `names`; `SOURCES.md` says the same."""


def content(name: str) -> Path:
    """The file of a sample photograph: a JPEG, RGB, at most 768 px on its longest side.

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
    """The file of a sample style picture: a JPEG, RGB, at most 768 px on its longest side.

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
    """The names of all samples of a kind; of the styles the works of the past come first.

    Example:
        >>> names("content")
        ('astronaut', 'chelsea', 'coffee', 'flower', 'rocket')
    """
    return tuple(CATALOGUE[kind])


def caption(kind: Kind, name: str, language: Language = "en") -> str:
    """What a sample is, in a few words: title, artist and year of a painting.

    Args:
        kind: what the picture is for.
        name: one of `names(kind)`.
        language: of the words.

    Raises:
        UnknownNameError: there is none of that kind and name.

    Example:
        >>> caption("style", "the-kiss")
        'The Kiss, Gustav Klimt, 1908'
        >>> caption("content", "chelsea", "zh")
        '一只猫'
    """
    return _sample(kind, name).caption(language)


def path_of(kind: Kind, name: str) -> Path:
    """The file of a sample of either kind, as `content` and `style` give it.

    Raises:
        UnknownNameError: there is none of that kind and name.
    """
    _sample(kind, name)
    return Path(str(files(__name__))) / kind / f"{name}.jpg"


def _sample(kind: Kind, name: str) -> Sample:
    if name not in CATALOGUE[kind]:
        raise UnknownNameError(f"sample {kind} image", name, names(kind))
    return CATALOGUE[kind][name]
