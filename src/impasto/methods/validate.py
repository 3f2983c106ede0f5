"""Refusing pictures of which nothing is left to paint."""

from __future__ import annotations

from collections.abc import Sequence

from impasto import imaging
from impasto.errors import PictureError

__all__ = ["masks", "visible"]


def visible(content: imaging.Picture) -> None:
    """Refuse a content image of which nothing is seen at its final size.

    Raises:
        PictureError: if its alpha is 0 everywhere.
    """
    if content.alpha is not None and not content.alpha.any():
        raise PictureError(
            f"nothing of {content.name} is visible at {content.width} x {content.height} px: pass "
            "a larger --size, another part of it, or a picture that is less transparent"
        )


def masks(content: imaging.Picture, given: Sequence[imaging.Picture]) -> None:
    """Refuse masks of which nothing is left on the picture.

    Args:
        content: at its final size.
        given: masks of that size.

    Raises:
        PictureError: naming a mask that is black where the picture was cut to or is visible.
    """
    for mask in given:
        shares = imaging.shares(mask)
        if not shares.any():
            raise PictureError(
                f"{mask.name} is black on the part of {content.name} that is painted: mend the "
                "mask, or choose another --shape or --fit"
            )
        if content.opacity is not None and not (shares * content.opacity).any():
            raise PictureError(
                f"{mask.name} is white only where {content.name} is transparent: make it white "
                "where something is to be painted"
            )
