"""How many pictures can be painted at once, and with how many threads each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import torch
from PIL import Image

from impasto import imaging
from impasto.imaging.codecs.quiet import quiet_decoders
from impasto.methods import device as devices
from impasto.settings import StyleSettings
from impasto.text import format_gigabytes

__all__ = ["Allocation", "allocate", "largest_px"]


class Allocation(NamedTuple):
    """What each of the processes gets.

    Attributes:
        jobs: how many there are.
        threads: of each; None for torch's own choice.
        note: why there are fewer than asked for; None if there are not.
    """

    jobs: int
    threads: int | None
    note: str | None = None


def allocate(jobs: int, each_bytes: int, settings: StyleSettings) -> Allocation:
    """Divide memory and processors among processes.

    Each process refuses by itself what does not fit, but all of them look before any of them
    takes. So there are no more than memory can hold at once, unless `settings.force`; one there
    always is.

    Args:
        jobs: how many are wished, at least 1.
        each_bytes: what a process is predicted to take with the largest picture.
        settings: `device`, `threads` and `force` matter.

    Example:
        >>> allocate(1, 500_000_000, StyleSettings())
        Allocation(jobs=1, threads=None, note=None)
    """
    note = None
    if jobs > 1 and not settings.force:
        free = devices.free_bytes(devices.choose(settings.device))
        fitting = max(1, free // max(1, each_bytes))
        if fitting < jobs:
            note = (
                f"{jobs} pictures at once would need about {format_gigabytes(jobs * each_bytes)} "
                f"and {format_gigabytes(free)} are free: painting {fitting} at once; --force to "
                "try all the same"
            )
            jobs = fitting
    if jobs == 1 or settings.threads is not None:
        return Allocation(jobs, settings.threads, note)
    return Allocation(jobs, max(1, torch.get_num_threads() // jobs), note)


def largest_px(contents: Iterable[Path], settings: StyleSettings) -> int | None:
    """The side of a square with as many px as the largest painting will have.

    Args:
        contents: files to paint; only their headers are read, and those without one passed over.
        settings: `size`, `shape`, `fit` and `upscale` matter.

    Returns:
        The side in px, rounded up; None if no file has a header.
    """
    areas = [
        math.prod(
            imaging.target_shape(
                *shape,
                size=settings.size,
                shape=settings.shape,
                fit=settings.fit,
                upscale=settings.upscale,
            )
        )
        for shape in map(_shape, contents)
        if shape is not None
    ]
    return math.ceil(math.sqrt(max(areas))) if areas else None


def _shape(path: Path) -> tuple[int, int] | None:
    """(height, width) in px as the file says; None if it says nothing that can be read."""
    try:
        with quiet_decoders(), Image.open(path) as opened:
            return opened.height, opened.width
    except Exception:  # bytes from outside make Pillow raise anything at all
        return None
