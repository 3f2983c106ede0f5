"""Write the sample styles that are works of the past, cropped from scans in a folder.

    python -m samples.paintings FOLDER --out src/impasto/samples/style

A development tool. `CROPS` leaves out frames, margins and what shows of the canvas behind the
paint; what is known about each work stands in `impasto.samples.paintings`.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TypeAlias

from PIL import Image

LONGEST = 768
QUALITY = 77  # with which these and what code painted stay below three megabytes together

Box: TypeAlias = tuple[int, int, int, int]  # left, upper, right, lower, in px of the scan

CROPS: dict[str, tuple[str, Box]] = {  # name: scan, what is taken of it
    "starry-night": ("vangogh-starry-night", (10, 4, 1014, 796)),
    "great-wave": ("great-wave", (2, 2, 1022, 704)),
    "the-scream": ("the-scream", (8, 6, 768, 1012)),
    "the-kiss": ("the-kiss", (4, 4, 1019, 1020)),
    "cafe-terrace": ("vangogh-cafe-terrace", (2, 4, 814, 1018)),
    "water-lilies": ("monet-water-lilies", (2, 4, 1022, 982)),
    "the-city-rises": ("futurism", (3, 3, 1020, 676)),
    "irises": ("vangogh-irises", (22, 18, 998, 764)),
    "grande-jatte": ("seurat-grande-jatte", (18, 18, 1006, 662)),
    "small-worlds": ("kandinsky", (56, 96, 812, 892)),
    "impression-sunrise": ("monet-impression-sunrise", (6, 6, 1012, 776)),
    "mont-sainte-victoire": ("cezanne-mont-sainte", (8, 8, 1010, 746)),
    "trellis": ("arts_crafts", (8, 30, 952, 998)),
    "temeraire": ("temeraire", (6, 6, 1014, 750)),
    "calavera": ("posada", (60, 60, 782, 964)),
    "boulevard-montmartre": ("pissarro-montmartre", (2, 4, 1004, 820)),
    "hanaogi": ("eishi", (26, 20, 680, 988)),
}


def painting(scan: Image.Image, box: Box) -> Image.Image:
    """What `box` takes of a scan, in RGB, its longest side at most `LONGEST` pixels."""
    picture = scan.convert("RGB").crop(box)
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return picture


def encode(picture: Image.Image) -> bytes:
    """JPEG bytes, without metadata."""
    buffer, bare = io.BytesIO(), picture.copy()
    bare.info.clear()
    bare.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return buffer.getvalue()


def main() -> None:
    """Write all works."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scans", type=Path, metavar="FOLDER", help="with the scans, as JPEG")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, (scan, box) in CROPS.items():
        with Image.open(arguments.scans / f"{scan}.jpg") as opened:
            content = encode(painting(opened, box))
        (arguments.out / f"{name}.jpg").write_bytes(content)
        print(f"{name}: {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
