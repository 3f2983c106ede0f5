"""What may surprise in the size of a painting: less than was asked for, or enlarged to it."""

from __future__ import annotations

from collections.abc import Iterator

from impasto.imaging import largest_part, target_shape
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
        settings: `size`, `shape`, `fit` and `upscale` matter.

    Yields:
        A sentence each.

    Example:
        >>> list(size_notes("photo.jpg", 40, 60, StyleSettings(shape=(120, 120))))
        ['photo.jpg is enlarged 3.0 times to fill 120 x 120 px']
    """
    size, shape = settings.size, settings.shape
    if shape is None:
        longest = max(height, width)
        if size is not None and size > longest and not settings.upscale:
            yield (
                f"{name} has {longest} px on its longer side, so the painting gets {longest} and "
                f"not {size}: --upscale enlarges it"
            )
        return
    high, wide = target_shape(
        height, width, size=size, shape=shape, fit=settings.fit, upscale=settings.upscale
    )
    if settings.fit == "contain":
        if (high, wide) != shape:
            small = ", not enlarged" if high < shape[0] and wide < shape[1] else ""
            yield (
                f"--shape {format_value(shape)} with --fit contain gives {wide} x {high} px: the "
                f"whole picture inside it{small}; --fit cover fills it"
            )
        return
    cover = settings.fit == "cover"
    part = largest_part(height, width, high, wide) if cover else (height, width)
    times = max(high / part[0], wide / part[1])
    if times >= NOTICED:
        yield f"{name} is enlarged {times:.1f} times to fill {wide} x {high} px"
