"""From a photograph with a face to a square about it, which is painted with the face kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from impasto import faces
from impasto.arrangements.portrait.crop import square
from impasto.arrangements.portrait.options import LARGEST, PortraitOptions
from impasto.errors import SettingError
from impasto.imaging import Picture
from impasto.settings import StyleSettings
from impasto.task import StyleTask

__all__ = ["arrange", "count"]


def arrange(
    pictures: Mapping[str, Picture], options: PortraitOptions, settings: StyleSettings
) -> StyleTask[Any]:
    """The square about a face as the photograph; all of the photograph where there is no face.

    Args:
        pictures: the photograph as `content`, and styles.
        options: framing and face.
        settings: `size` matters, to which a smaller square is enlarged.

    Raises:
        SettingError: all faces are asked for, which are several paintings, or one of a number that
            there is not.
        MissingPackageError: the extra `portrait` is not installed.
    """
    options.check_single()
    styles = tuple(picture for role, picture in pictures.items() if role.startswith("style"))
    return StyleTask.of(_portrait(pictures["content"], options, settings), styles)


def count(photo: Picture) -> int:
    """How many faces a photograph has."""
    return len(faces.find(photo, wish="a portrait"))


def _portrait(photo: Picture, options: PortraitOptions, settings: StyleSettings) -> Picture:
    found = faces.find(photo, wish="a portrait")
    if not found:
        note = f"no face is found in {photo.name}: all of it is painted"
        return replace(photo, notes=(*photo.notes, note))
    number = 1 if options.face == LARGEST else int(options.face)
    if number > len(found):
        counted = "1 face is" if len(found) == 1 else f"{len(found)} faces are"
        raise SettingError(
            f"face is {number}, and {counted} found in {photo.name}: give a smaller number"
        )
    if len(found) > 1 and options.face == LARGEST:
        note = f"{len(found)} faces are found in {photo.name}, and the largest is painted: --face"
        photo = replace(photo, notes=(*photo.notes, f"{note} all paints each"))
    smallest = settings.size or 1 if settings.shape is None else 1
    return square(photo, found[number - 1], options.framing, smallest)
