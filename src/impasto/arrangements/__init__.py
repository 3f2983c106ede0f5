"""From a drawing, from words, from a face to a task that every method can paint.

Each kind has a folder here: `options.py`, what it is told beside its pictures, and `arrange.py`,
which makes the photograph, the styles, the masks and the regions of a `StyleTask` of them. The same
pictures and options give the same task at any time, so that a painting can be gone on with.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from impasto.asked import Asked
from impasto.errors import UnknownNameError
from impasto.settings import describe
from impasto.task import Role

if TYPE_CHECKING:
    from impasto.arrangements.options import Options
    from impasto.imaging import Picture
    from impasto.settings import StyleSettings
    from impasto.task import StyleTask

__all__ = ["KINDS", "arrange", "options_of"]

# Where the options of each kind live, and what arranges it.
_HOMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "doodle": (
            "impasto.arrangements.doodle.options:DoodleOptions",
            "impasto.arrangements.doodle.arrange:arrange",
        ),
        "letter": (
            "impasto.arrangements.letter.options:LetterOptions",
            "impasto.arrangements.letter.arrange:arrange",
        ),
        "portrait": (
            "impasto.arrangements.portrait.options:PortraitOptions",
            "impasto.arrangements.portrait.arrange:arrange",
        ),
    }
)
KINDS = tuple(_HOMES)
"""Every kind of arrangement; each has a recipe of its name."""


def options_of(kind: str) -> type[Options]:
    """The model of a kind's options, which needs no torch.

    Raises:
        UnknownNameError: there is no such kind.
    """
    options: type[Options] = _loaded(kind, 0)
    return options


def arrange(asked: Asked[Any], settings: StyleSettings) -> StyleTask[Any]:
    """The task that is painted for what was asked.

    Args:
        asked: with sources of pictures, as `impasto.imaging.read` takes them; its content and
            styles may be names of samples.
        settings: complete; what the task is painted with.

    Returns:
        A task of pictures that are read or made, with `asked` beside it.

    Raises:
        UnknownNameError: there is no such kind.
        SettingError: its options are wrong.
        InputError: a picture is missing, or has no meaning here.
        PictureError: one cannot be read, or there is nothing in it to arrange.
    """
    model = options_of(asked.kind)
    model.check_roles(asked.pictures)
    options = model.of(**asked.options)
    pictures = _read(asked.pictures, settings)
    files = tuple(option.name for option in describe(model) if option.file)
    read = Asked(asked.kind, options.model_dump(mode="json"), pictures, files)
    task: StyleTask[Any] = _loaded(asked.kind, 1)(read.pictures, options, settings)
    return task.replace(asked=read)


def _read(pictures: Mapping[str, Any], settings: StyleSettings) -> dict[str, Picture]:
    from impasto import imaging
    from impasto.folders import check_scratch
    from impasto.samples.lookup import sample_or

    limit, scratch = settings.max_megapixels, check_scratch(settings.scratch)

    def read(text: str, source: Any) -> Picture:
        role = Role.parse(text)
        if role.kind == "content":
            source = sample_or("content", source)
        elif role.kind == "style":
            source = sample_or("style", source)
        return imaging.read(source, max_megapixels=limit, name=role.phrase, scratch=scratch)

    return {role: read(role, source) for role, source in pictures.items()}


def _loaded(kind: str, which: int) -> Any:
    if kind not in _HOMES:
        raise UnknownNameError("kind of arrangement", kind, KINDS)
    module, _, attribute = _HOMES[kind][which].partition(":")
    return getattr(import_module(module), attribute)
