"""A sample by its name, wherever a picture may stand: `impasto stylize photo.jpg swirls`.

A file wins over a sample of its name, and no name that leads anywhere (`./swirls`, `in/swirls`) or
has an ending is taken for a sample's. `paint:oil?scale=2` is painted (`impasto.painters`); there
too a file of that very name wins. Then come the names of the user's own library, which adds none
that a style sample has.
"""

from __future__ import annotations

import os
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, overload

from impasto.asked import Asked
from impasto.errors import PictureError
from impasto.painters import is_paint
from impasto.samples import Kind, names, path_of
from impasto.task import Role, StyleTask
from impasto.text import format_path

__all__ = ["located", "painted_or", "sample_or"]

_WORDS: dict[Kind, str] = {"content": "photograph", "style": "style"}


def sample_or(kind: Kind, source: Any) -> Any:
    """The file that a name means: a sample's, a library picture's, a painted one's; else as it is.

    Args:
        kind: what the picture is for.
        source: as `impasto.imaging.read` takes it. Only a name without folder and ending, of which
            there is no file, means a sample.

    Raises:
        PictureError: such a name, and no sample has it.
        ImpastoError: `paint:…`, as for `impasto.painters.painted.painted_file`.

    Example:
        >>> sample_or("style", "swirls").name, sample_or("style", "swirls.jpg")
        ('swirls.jpg', 'swirls.jpg')
    """
    if not isinstance(source, str | os.PathLike):
        return source
    name = os.fsdecode(source)
    if (painted := painted_or(source)) is not source:
        return painted
    if not _may_be_sample(name):
        return source
    known = names(kind)
    if name in known:
        return path_of(kind, name)
    from impasto.library import Library

    library = Library()
    if (own := library.path_of(name)) is not None:
        return own
    if Path(name).is_dir():  # which is told as what it is
        return source
    nearest = get_close_matches(name, [*known, *library.names()], n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(known)}"
    where = " (impasto styles and impasto library list them)" if kind == "style" and nearest else ""
    raise PictureError(
        f"{format_path(name)} does not exist, and is no sample {_WORDS[kind]}: {hint}{where}"
    )


def painted_or(source: Any) -> Any:
    """The file of the picture that `paint:…` asks for; anything else as it is.

    Raises:
        ImpastoError: as for `impasto.painters.painted.painted_file`.

    Example:
        >>> painted_or("oil.jpg")
        'oil.jpg'
    """
    if not isinstance(source, str | os.PathLike):
        return source
    name = os.fsdecode(source)
    if not is_paint(name) or os.path.lexists(name):
        return source
    from impasto.painters.painted import painted_file

    return painted_file(name)


def _may_be_sample(name: str) -> bool:
    """Whether a name leads nowhere: no folder, no ending, and no file of it is here.

    A folder may be: a batch in the style of swirls is likely painted into one of that name.
    """
    try:
        path = Path(name)
        bare = path.name == name and not path.suffix and not name.startswith(".")
        return bare and name.isprintable() and (path.is_dir() or not os.path.lexists(path))
    except (OSError, ValueError):  # too long, or with a zero byte: `read` has words for it
        return False


@overload
def located(task: StyleTask[Any]) -> StyleTask[Any]: ...


@overload
def located(task: Asked[Any]) -> Asked[Any]: ...


def located(task: StyleTask[Any] | Asked[Any]) -> StyleTask[Any] | Asked[Any]:
    """A task, or what one is arranged from, with the files of the samples that its content and
    styles name.

    Masks and start pictures are never samples.

    Raises:
        PictureError: as for `sample_or`.

    Example:
        >>> task = located(StyleTask.of("chelsea", ["swirls", "painting.jpg"]))
        >>> [Path(style).name for style in task.styles]
        ['swirls.jpg', 'painting.jpg']
    """
    if isinstance(task, Asked):
        found = {
            role: sample_or(kind, picture)
            for role, picture in task.pictures.items()
            for kind in _WORDS
            if Role.parse(role).kind == kind
        }
        return replace(task, pictures={**task.pictures, **found})
    return task.replace(
        content=sample_or("content", task.content),
        styles=tuple(sample_or("style", style) for style in task.styles),
    )
