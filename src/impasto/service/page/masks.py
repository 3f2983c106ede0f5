"""What was painted with the brush, as one mask for each style.

The page tells it as one text: for each brush nothing, a picture, or the name of a mask that an
earlier painting had and that nobody has changed, so that it is sent again to the byte. A picture's
bytes and pixels are counted here; like any upload it is decoded by the worker alone.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impasto.errors import PictureError
from impasto.service.http.image_size import image_size

__all__ = ["COLOURS", "FAINT", "LARGEST", "LONGEST", "Drawing", "name_of", "read_drawing"]

COLOURS = ("#e5297e", "#1d8fd1", "#3da35d")  # one for each style, seldom seen in photographs
LONGEST = 1024  # px a side that the brush's canvas may have
LARGEST = 8_000_000  # characters of the drawing as it is sent
FAINT = 8  # of 255: what an eraser leaves at its soft edge is nothing
_START = "data:image/png;base64,"
_NAME = re.compile(r"[0-9a-f]{16}")
_KEPT = "kept:"
_SEVERAL, _SINGLE = ("masks", "style_masks", "styles"), ("keep", "photograph")

Find = Callable[[str], Path | None]
"""From the name of an earlier painting's picture to its copy in the page's folder."""


def name_of(copy: Path) -> str:
    """What a drawing calls the copy of an earlier painting's mask.

    Example:
        >>> name_of(Path("page/0123456789abcdef.png"))
        'kept:0123456789abcdef'
    """
    return f"{_KEPT}{copy.stem}"


@dataclass(frozen=True)
class Drawing:
    """What the page tells of masks.

    Attributes:
        masks: for each brush "", a PNG as a data: address, or what `name_of` said.
        style_masks: names of the style masks of the painting that is used again.
        styles: the beginnings of the SHA-256 of the style pictures that those belong to.
        keep: name of the mask of what stays, of the painting that is used again; empty for none.
        photograph: the beginning of the SHA-256 of the photograph that it belongs to.
    """

    masks: tuple[str, ...] = ()
    style_masks: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    keep: str = ""
    photograph: str = ""

    def for_styles(self, count: int, find: Find) -> list[Path | bytes]:
        """One mask for each style, in their order; none if nothing is painted.

        Args:
            count: how many styles there are.
            find: an earlier painting's mask.

        Raises:
            PictureError: no such picture, too large, nothing for one of the styles, or something
                for a style that there is not.
            FileNotFoundError: an earlier painting's mask is not here any more.
        """
        if not any(self.masks):
            return []
        for number, mask in enumerate(self.masks, 1):
            if number > count and mask:
                raise PictureError(
                    f"the mask is painted for style {number}, and there are {count}: clear it, or "
                    "add that style"
                )
            if number <= count and not mask:
                raise PictureError(
                    f"the mask has nothing for style {number}: paint with its brush too, remove "
                    "that style, or clear the mask"
                )
        return [_mask(mask, find) for mask in self.masks[:count]]

    def of_styles(self, digests: list[str], find: Find) -> list[Path]:
        """The style masks, if the styles are still those that they were made for; else none.

        Args:
            digests: the SHA-256 of each style picture.
            find: an earlier painting's style mask.

        Raises:
            FileNotFoundError: one is not here any more.
        """
        if not self.style_masks or tuple(digest[:16] for digest in digests) != self.styles:
            return []
        return [_found(name, find) for name in self.style_masks]

    def kept(self, digest: str, find: Find) -> Path | None:
        """The mask of what stays, if the photograph is still the one it was made for; else none.

        Args:
            digest: the SHA-256 of the photograph.
            find: an earlier painting's mask.

        Raises:
            FileNotFoundError: it is not here any more.
        """
        return _found(self.keep, find) if self.keep and digest[:16] == self.photograph else None


def read_drawing(text: str) -> Drawing:
    """What the page's script wrote; empty for nothing.

    Raises:
        PictureError: it is too long, or nothing that the script writes.
    """
    if len(text) > LARGEST:
        raise PictureError(f"the mask has {len(text):,} bytes, more than a brush paints: clear it")
    try:
        told = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        raise _broken() from None
    if not isinstance(told, dict) or not told.keys() <= {*_SEVERAL, *_SINGLE}:
        raise _broken()
    single = [told.get(name, "") for name in _SINGLE]
    if not all(isinstance(text, str) for text in single):
        raise _broken()
    masks, style_masks, styles = (_texts(told.get(name)) for name in _SEVERAL)
    drawing = Drawing(masks, style_masks, styles, *single)
    if len(drawing.masks) not in (0, len(COLOURS)) or len(drawing.style_masks) > len(COLOURS):
        raise _broken()
    return drawing


def _texts(told: Any) -> tuple[str, ...]:
    if told is None:
        return ()
    if not isinstance(told, list) or not all(isinstance(text, str) for text in told):
        raise _broken()
    return tuple(told)


def _mask(told: str, find: Find) -> Path | bytes:
    if not told.startswith(_START):
        return _found(told, find)
    try:
        data = base64.b64decode(told[len(_START) :], validate=True)
        size = image_size(io.BytesIO(data), "PNG")
    except (binascii.Error, ValueError):
        raise _broken() from None
    if size is None or not all(0 < side <= LONGEST for side in size):
        raise _broken()
    return data


def _found(told: str, find: Find) -> Path:
    name = told.removeprefix(_KEPT)
    if told == name or _NAME.fullmatch(name) is None:
        raise _broken()
    if (copy := find(name)) is None:
        raise FileNotFoundError(name)
    return copy


def _broken() -> PictureError:
    return PictureError("the mask did not arrive as a drawing: clear it and paint it again")
