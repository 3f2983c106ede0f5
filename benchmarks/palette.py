"""How near to a palette that is asked for paintings come: `python -m benchmarks.palette OUT.png`.

Eight pairs of samples are painted with and without a palette each, by optimization and in one
pass; printed is the mean distance in Oklab from a pixel to the nearest colour of the palette, of
both, and OUT.png shows them beside each other.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import impasto
from impasto import imaging
from impasto.colours import parse_palette
from impasto.imaging import color
from impasto.reports import contact_sheet

__all__ = ["PAIRS", "main"]

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


def main() -> None:
    """Paint the pairs, print the distances, draw the sheet."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", type=int, default=256, help="longest side in px")
    arguments = parser.parse_args()
    cells = []
    for method, options in METHODS.items():
        before, after = [], []
        for content, style, text in PAIRS:
            palette = parse_palette(text)
            options = {**options, "size": arguments.size, "threads": 1}
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
    page = contact_sheet(cells, columns=4, cell=(arguments.size, arguments.size))
    imaging.write(arguments.out, np.asarray(page, np.float32) / 255)


def _image(pixels: NDArray[np.float32]) -> Any:
    return imaging.array_to_pil(pixels)


if __name__ == "__main__":
    main()
