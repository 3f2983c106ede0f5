"""Paint the style pictures that ship with impasto and that code paints.

    python -m samples.paint --out src/impasto/samples/style

A development tool. The painters are `impasto.painters`, which need the extra `words`; the same
versions of numpy, Pillow, scipy and scikit-image give the same bytes.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
from PIL import Image

from impasto.painters import PaintSource
from impasto.painters import paint as painted

SIZE = (640, 512)  # width, height
BYTES = 200_000
STYLES = {  # name: seed of those that ship
    "mosaic": 7,
    "pointillism": 7,
    "stained-glass": 7,
    "swirls": 7,
    "ukiyo-e": 7,
    "watercolour": 7,
    "woodcut": 7,
}


def paint(name: str, width: int = SIZE[0], height: int = SIZE[1]) -> np.ndarray:
    """The style picture `name` as uint8 (height, width, 3).

    Raises:
        KeyError: no painter has that name.
    """
    return painted(PaintSource(name, seed=STYLES[name], width=width, height=height))


def encode(picture: np.ndarray, quality: int = 90) -> bytes:
    """JPEG bytes, with the quality lowered step by step until they fit in `BYTES`."""
    while True:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(
            buffer, "JPEG", quality=quality, optimize=True, progressive=True
        )
        if buffer.tell() <= BYTES:
            return buffer.getvalue()
        quality -= 1


def main() -> None:
    """Write the pictures named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(STYLES))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(STYLES))
    if unknown:
        parser.error(f"no painter for {', '.join(unknown)}; there are: {', '.join(STYLES)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or STYLES:
        content = encode(paint(name))
        (arguments.out / f"{name}.jpg").write_bytes(content)
        print(f"{name}: {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
