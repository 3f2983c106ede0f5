"""What is left of a picture to paint, once it is cut to size and its masks are laid on it."""

from __future__ import annotations

from collections.abc import Sequence

from impasto import imaging
from impasto.errors import PictureError

__all__ = ["check_kept", "check_masks", "check_visible"]


def check_visible(content: imaging.Picture) -> None:
    """Refuse a content image of which nothing is seen at its final size.

    Raises:
        PictureError: if its alpha is 0 everywhere.
    """
    if content.alpha is not None and not content.alpha.any():
        raise PictureError(
            f"nothing of {content.name} is visible at {content.width} x {content.height} px: pass "
            "a larger --size, another part of it, or a picture that is less transparent"
        )


def check_masks(content: imaging.Picture, fitted: Sequence[imaging.Picture]) -> None:
    """Refuse masks of which nothing is left on the picture.

    Args:
        content: at its final size.
        fitted: masks of that size.

    Raises:
        PictureError: naming a mask that is black where the picture was cut to or is visible.
    """
    for mask in fitted:
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


def check_kept(
    content: imaging.Picture, keep: imaging.Picture, masks: Sequence[imaging.Picture]
) -> None:
    """Refuse to keep so much of a picture that nothing is left to paint.

    Args:
        content: at its final size.
        keep: of that size, white where the picture stays.
        masks: of that size, white where a style paints.

    Raises:
        PictureError: all that is visible is kept, or all that one of the masks would paint.
    """
    free = 1 - imaging.shares(keep)
    if content.opacity is not None:
        free = free * content.opacity
    if not free.any():
        raise PictureError(
            f"{keep.name} keeps all of {content.name}: make it black where something is to be "
            "painted"
        )
    for mask in masks:
        if not (imaging.shares(mask) * free).any():
            raise PictureError(
                f"{keep.name} keeps all that {mask.name} would paint: mend one of them"
            )
