"""What painting costs: warm seconds by megapixel, a fresh process, a large picture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

from PIL import Image

from benchmarks import machine
from benchmarks.one_pass.sides import Side, parsed, request
from benchmarks.quality.pairs import Pair
from impasto.errors import ImpastoError

__all__ = ["fresh", "large", "large_size", "over_peer", "spread", "summary"]

LARGE_MEGAPIXELS = 2.0


def spread(values: Iterable[float]) -> dict[str, float]:
    """Median, least and most.

    Example:
        >>> spread([3.0, 1.0, 2.0])
        {'median': 2.0, 'min': 1.0, 'max': 3.0}
    """
    known = list(values)
    return {
        "median": round(median(known), 4),
        "min": round(min(known), 4),
        "max": round(max(known), 4),
    }


def summary(answers: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Spread over pairs of a side's warm seconds, of a picture and of a megapixel.

    Args:
        answers: of each pair, as `paint.warm` gives them.
    """
    megapixels = [answer["width"] * answer["height"] / 1e6 for answer in answers]
    figures = {}
    for name in ("seconds", "cpu_seconds"):
        figures[name] = spread(answer[name] for answer in answers)
        figures[f"{name}_a_megapixel"] = spread(
            answer[name] / size for answer, size in zip(answers, megapixels, strict=True)
        )
    return figures


def over_peer(answers: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, float]:
    """Geometric means over pairs of our seconds over the peer's.

    Args:
        answers: of both sides.

    Example:
        >>> ours, peer = {"seconds": 2.0, "cpu_seconds": 4.0}, {"seconds": 1.0, "cpu_seconds": 1.0}
        >>> over_peer({"ours": [ours], "peer": [peer]})
        {'seconds': 2.0, 'cpu_seconds': 4.0}
    """
    both = list(zip(answers["ours"], answers["peer"], strict=True))
    return {
        name: round(geometric_mean(ours[name] / peer[name] for ours, peer in both), 4)
        for name in ("seconds", "cpu_seconds")
    }


def fresh(side: Side, pair: Pair, *, size: int, threads: int, times: int, out: Path) -> Any:
    """Seconds from the start to the end of a process that paints one picture and writes it.

    Args:
        side: that paints.
        pair: what is painted.
        size: longest side, in px.
        threads: it may use.
        times: how many processes, one after the other.
        out: the PNG.

    Returns:
        The spread of their seconds.
    """
    command = [*side.command(threads), json.dumps(request(pair, size, out))]
    return spread(_painted(side, command)[0].seconds for _ in range(times))


def large(side: Side, pair: Pair, *, size: int, threads: int, times: int) -> dict[str, Any]:
    """A large picture in a process of its own, painted once to warm up and then several times.

    Args:
        side: that paints.
        pair: with a photograph large enough.
        size: longest side, in px, see `large_size`.
        threads: it may use.
        times: that count.

    Returns:
        `width` and `height` in px; the spread of `seconds`, `cpu_seconds` and `pixels_a_second`;
        and `peak_mb`, the most memory resident at once.
    """
    asked = json.dumps(request(pair, size, None))
    cost, (answer, *warm) = _painted(side, [*side.command(threads), *[asked] * (1 + times)])
    pixels = answer["width"] * answer["height"]
    return {
        "pair": pair.name,
        "width": answer["width"],
        "height": answer["height"],
        "seconds": spread(one["seconds"] for one in warm),
        "cpu_seconds": spread(one["cpu_seconds"] for one in warm),
        "pixels_a_second": spread(pixels / one["seconds"] for one in warm),
        "peak_mb": round(cost.peak_bytes / 1e6, 1),
    }


def _painted(side: Side, command: list[str]) -> tuple[machine.Cost, list[dict[str, Any]]]:
    """What a worker with requests cost, and its answers."""
    try:
        cost = machine.measure(command)
    except RuntimeError as error:
        raise ImpastoError(f"the process of {side.name} failed: {error}") from None
    return cost, parsed(side.name, cost.output)


def large_size(pairs: Sequence[Pair]) -> tuple[Pair, int]:
    """The pair whose photograph has the most pixels, and the longest side at which it has 2 MP.

    A photograph that is smaller than that is painted as large as it is.

    Args:
        pairs: at least one.
    """
    shapes = {}
    for pair in pairs:
        with Image.open(pair.content) as picture:
            shapes[pair] = picture.size
    pair = max(shapes, key=lambda one: shapes[one][0] * shapes[one][1])
    width, height = shapes[pair]
    shrink = min(1.0, sqrt(LARGE_MEGAPIXELS * 1e6 / (width * height)))
    return pair, round(shrink * max(width, height))
