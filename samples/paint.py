"""Paint every style picture that ships with impasto.

    python -m samples.paint --out src/impasto/samples/style

A development tool: scipy and scikit-image, which it needs beside numpy and Pillow, are not
installed with the package. The same versions of all four give the same bytes.
"""

from __future__ import annotations

import argparse
import importlib
import io
from pathlib import Path

import numpy as np
from PIL import Image

SIZE = (640, 512)  # width, height
BYTES = 200_000
STYLES = {  # name: seed
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
    seed = STYLES[name]
    painter = importlib.import_module(f"samples.styles.{name.replace('-', '_')}")
    picture: np.ndarray = painter.paint(width, height, seed)
    return picture


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
