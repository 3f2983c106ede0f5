"""What may surprise in the size of a painting: less than was asked for, or enlarged to it."""

from __future__ import annotations

from collections.abc import Iterator

from impasto.imaging import largest_part, ratio_of, target_shape
from impasto.settings import StyleSettings
from impasto.text import format_value

__all__ = ["size_notes"]

# An enlargement of "1.0 times" is none that anybody sees.
NOTICED = 1.05


def size_notes(name: str, height: int, width: int, settings: StyleSettings) -> Iterator[str]:
    """Where a painting has another size than was asked for, or its photograph is enlarged for it.

    Args:
        name: of the content image.
        height: of it as it was read, in px.
        width: likewise.
        settings: `size`, `shape`, `fit`, `crop` and `upscale` matter.

    Yields:
        A sentence each.

    Example:
        >>> list(size_notes("photo.jpg", 40, 60, StyleSettings(shape=(120, 120))))
        ['photo.jpg is enlarged 3.0 times to fill 120 x 120 px']
    """
    size, shape = settings.size, settings.shape
    cuts = shape is not None and settings.fit == "cover"
    if settings.crop != "center" and not cuts:
        yield (
            f"--crop {settings.crop} changes nothing here: only --shape with --fit cover cuts a "
            "part away"
        )
    if shape is None or isinstance(shape, str):
        yield from _smaller(name, height, width, settings)
    if shape is None:
        return
    high, wide = target_shape(
        height, width, size=size, shape=shape, fit=settings.fit, upscale=settings.upscale
    )
    if settings.fit == "contain":
        if not _fills(high, wide, shape):
            box = (high, wide) if isinstance(shape, str) else shape
            small = ", not enlarged" if high < box[0] and wide < box[1] else ""
            yield (
                f"--shape {format_value(shape)} with --fit contain gives {wide} x {high} px: the "
                f"whole picture inside it{small}; --fit cover fills it"
            )
        return
    if isinstance(shape, str):
        return  # it grows only when told to
    part = largest_part(height, width, high, wide) if cuts else (height, width)
    times = max(high / part[0], wide / part[1])
    if times >= NOTICED:
        yield f"{name} is enlarged {times:.1f} times to fill {wide} x {high} px"


def _smaller(name: str, height: int, width: int, settings: StyleSettings) -> Iterator[str]:
    """A `size` that what is kept of the photograph does not reach."""
    what, longest = name, max(height, width)
    if isinstance(settings.shape, str) and settings.fit == "cover":
        what = f"the largest part of {name} with the ratio {settings.shape}"
        longest = max(largest_part(height, width, *ratio_of(settings.shape)))
    if settings.size is not None and settings.size > longest and not settings.upscale:
        yield (
            f"{what} has {longest} px on its longer side, so the painting gets {longest} and not "
            f"{settings.size}: --upscale enlarges it"
        )


def _fills(high: int, wide: int, shape: tuple[int, int] | str) -> bool:
    """Whether a painting has the shape that was asked for; a ratio to the nearest px."""
    if isinstance(shape, str):
        longest = max(high, wide)
        shape = target_shape(longest, longest, size=longest, shape=shape, fit="cover", upscale=True)
    return (high, wide) == shape
