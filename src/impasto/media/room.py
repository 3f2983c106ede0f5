"""Whether a film fits on the disk, before it is painted."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from impasto.errors import OutputError
from impasto.media.codec import check_codec
from impasto.text import format_bytes, format_path

__all__ = ["check_room", "estimate_bytes"]

_COPIES = 2  # the parts, and the film that they become
_SOUND = 40_000  # bytes a second of a track


def estimate_bytes(
    shape: tuple[int, int],
    frames: int,
    codec: str,
    *,
    crf: int = 18,
    sounds: int = 0,
    seconds: float = 0,
) -> int:
    """How much room painting a film takes, at the most it needs at one time; about.

    Args:
        shape: (height, width) of the frames in px.
        frames: how many.
        codec, crf: as for `SegmentWriter`. Six steps of crf halve the size.
        sounds, seconds: tracks, and how long they are.

    Example:
        >>> estimate_bytes((360, 640), 0, "h264")
        0
        >>> estimate_bytes((360, 640), 900, "h264") < estimate_bytes((360, 640), 900, "ffv1")
        True
    """
    bits = check_codec(codec).bits
    if codec == "h264":
        bits *= 2 ** ((18 - crf) / 6)
    pictures = shape[0] * shape[1] * frames * bits / 8
    return round(_COPIES * pictures + _SOUND * sounds * seconds)


def check_room(needed: int, places: Iterable[Path]) -> None:
    """Refuses a film for which the disk has no room.

    Args:
        needed: bytes, as `estimate_bytes` says.
        places: the folders or files that are written; they need not be there yet.

    Raises:
        OutputError: one of them has less.
    """
    for place in places:
        folder = place
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        free = shutil.disk_usage(folder).free
        if needed > free:
            raise OutputError(
                f"the film would take about {format_bytes(needed)}, and the disk of "
                f"{format_path(place)} has {format_bytes(free)} free: make room, choose another "
                "place, a smaller --size, or fewer seconds with --end"
            )
