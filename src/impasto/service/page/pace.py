"""How long a painting will still take, from how long its steps took so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from impasto.service.page.texts import said

__all__ = ["format_path", "roughly", "seconds_left"]

SMALL = (
    64 * 64
)  # px that a step costs beside those it computes: what does not grow with the picture
RECENT = 12  # steps whose pace counts, so that a machine that gets busy is noticed


def seconds_left(
    scales: Sequence[tuple[tuple[int, int], int]], steps: Sequence[Mapping[str, Any]]
) -> float | None:
    """Seconds until the last step, if pixels go on costing what they did lately.

    Args:
        scales: ((height, width), steps) of each scale, coarse to fine.
        steps: the `step` events' data so far, in order: step, seconds, scale.

    Returns:
        None before the second step, when nothing can be told yet.

    Example:
        >>> done = [{"step": n, "seconds": 2.0 * n, "scale": [64, 64]} for n in (1, 2, 3)]
        >>> seconds_left([((64, 64), 5)], done)
        4.0
    """
    if len(steps) < 2 or not scales:
        return None
    late = steps[-(RECENT + 1) :]
    spent = late[-1]["seconds"] - late[0]["seconds"]
    cost = sum(_cost(*step["scale"]) for step in late[1:])
    done, left, first = int(steps[-1]["step"]), 0.0, 1
    for (height, width), count in scales:
        ahead = max(0, first + count - 1 - max(done, first - 1))
        left += ahead * _cost(height, width)
        first += count
    return float(max(0.0, spent) / cost * left)


def roughly(seconds: float, language: str) -> str:
    """A span of time that is a guess, rounded up as far as it is unsure.

    Example:
        >>> roughly(7.2, "en"), roughly(33, "en"), roughly(95, "en"), roughly(3700, "zh")
        ('8 s', '35 s', '2 min', '1 小时 2 分钟')
    """
    if seconds <= 55:
        whole = -int(-seconds // 1)
        return said(language, "seconds", number=whole if whole <= 20 else -(-whole // 5) * 5)
    return format_path(-int(-seconds // 60) * 60, language)


def format_path(seconds: float, language: str) -> str:
    """A span of time as a person says it.

    Example:
        >>> format_path(7.2, "en"), format_path(95, "en"), format_path(3600 + 60, "zh")
        ('7 s', '1 min 35 s', '1 小时 1 分钟')
    """
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [("hours", hours), ("minutes", minutes), ("seconds", rest if not hours else 0)]
    told = [said(language, key, number=number) for key, number in parts if number]
    return " ".join(told) or said(language, "seconds", number=0)


def _cost(height: int, width: int) -> int:
    return height * width + SMALL
