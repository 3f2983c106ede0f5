"""How near to a palette that is asked for paintings come: `python -m benchmarks.palette OUT.png`.

Eight pairs of samples are painted with and without a palette each, by optimization and in one
pass; printed is the mean distance in Oklab from a pixel to the nearest colour of the palette, of
both, and OUT.png shows them beside each other. With `--amounts` every sample style is brought to
blue and gold instead, 17 to 3 and 3 to 17, and printed is how far the share of blue is off.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import impasto
from impasto import imaging, samples
from impasto.colours import parse_palette
from impasto.imaging import color
from impasto.reports import contact_sheet

__all__ = ["PAIRS", "main", "off_by"]

PAIRS = (
    ("chelsea", "starry-night", "ochre,#2040a0,石青"),
    ("astronaut", "the-kiss", "raw umber,burnt sienna,ochre,sage,cream"),
    ("coffee", "water-lilies", "#12122b,#5b2bff,#ff2bd6,#00d8ff"),
    ("rocket", "great-wave", "#f3b6c4,#cfe3a8,#8fbf6a,#fbf1dc,#7fb3c8"),
    ("flower", "watercolour", "藏青,靛青,月白,snow"),
    ("chelsea", "woodcut", "charcoal,vermilion,cream"),
    ("astronaut", "irises", "#c2352a,#e9bd3a,#2f5da8,#f4f1ea,#1d1c1e"),
    ("coffee", "the-scream", "forest,sage,moss green,cream"),
)
"""Photograph, style and palette."""

METHODS: dict[str, dict[str, Any]] = {
    "optimization": {"steps": 60},
    "one-pass": {"method": "one-pass"},
}

BLUE, GOLD = "#2f5da8", "#c9992e"
AMOUNTS = ((17, 3), (3, 17))


def off_by(pixels: NDArray[Any], blue: float, gold: float) -> float:
    """How far a picture's share of pixels nearest to blue is off, brought to blue and gold.

    Args:
        pixels: (H, W, 3), sRGB in [0, 1].
        blue, gold: amounts, above 0.

    Example:
        >>> halves = np.array([[[0.18, 0.36, 0.66], [0.79, 0.6, 0.18]]])
        >>> off_by(halves, 1, 1)
        0.0
    """
    moved = color.within_palette(pixels, (f"{BLUE}:{blue}", f"{GOLD}:{gold}"))(pixels)
    distances = [np.abs(color.to_oklab(moved) - _lab(one)) ** 2 for one in (BLUE, GOLD)]
    nearer = distances[0].sum(-1) < distances[1].sum(-1)
    return abs(float(nearer.mean()) - blue / (blue + gold))


def _lab(colour: str) -> NDArray[Any]:
    """Of a colour as "#rrggbb", (1, 1, 3)."""
    return color.to_oklab(np.array([[[*bytes.fromhex(colour[1:])]]]) / 255.0)


def _amounts(size: int) -> None:
    """Print how far each sample style is off, and the mean."""
    every = []
    for style in samples.names("style"):
        picture = imaging.read(samples.style(style))
        scale = size / max(picture.height, picture.width)
        fitted = imaging.resized(
            picture, round(picture.height * scale), round(picture.width * scale)
        )
        every.append([off_by(fitted.floats, *amounts) for amounts in AMOUNTS])
        print(f"{style:20s}", *(f"{off:.3f}" for off in every[-1]), flush=True)
    print(f"mean {np.mean(every):.3f}, of the worst style {np.mean(every, 1).max():.3f}")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", metavar="OUT.png")
    parser.add_argument("--amounts", action="store_true", help="measure amounts of colours")
    parser.add_argument("--size", type=int, default=256, help="longest side in px")
    arguments = parser.parse_args()
    if arguments.amounts:
        _amounts(arguments.size)
    elif arguments.out is None:
        parser.error("give OUT.png, or --amounts")
    else:
        _paint(arguments.out, arguments.size)


def _paint(out: Path, size: int) -> None:
    """Paint the pairs, print the distances, draw the sheet."""
    cells = []
    for method, options in METHODS.items():
        before, after = [], []
        for content, style, text in PAIRS:
            palette = parse_palette(text)
            options = {**options, "size": size, "threads": 1}
            plain = impasto.stylize(content, style, **options).pixels
            asked = impasto.stylize(content, style, palette=palette, **options).pixels
            before.append(color.palette_distance(plain, palette))
            after.append(color.palette_distance(asked, palette))
            print(
                f"{method:12s} {content:9s} {style:13s} {before[-1]:.3f} -> {after[-1]:.3f} "
                f"({after[-1] / before[-1]:.2f})  {text}",
                flush=True,
            )
            cells += [(f"{content}, {style}", _image(plain)), (text, _image(asked))]
        ratio = sum(after) / sum(before)
        print(f"{method}: {np.mean(before):.3f} -> {np.mean(after):.3f}, {ratio:.2f} of it")
    page = contact_sheet(cells, columns=4, cell=(size, size))
    imaging.write(out, np.asarray(page, np.float32) / 255)


def _image(pixels: NDArray[np.float32]) -> Any:
    return imaging.array_to_pil(pixels)


if __name__ == "__main__":
    main()
