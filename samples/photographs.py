"""Write the sample photographs, read from an installed scikit-image.

    python -m samples.photographs --out src/impasto/samples/content

A development tool: scikit-image is not installed with the package.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import skimage
from PIL import Image

LONGEST = 640
QUALITY = 92
SOURCES = {  # name: what it shows, who gave it, licence; as scikit-image's docstrings state
    "astronaut": "Eileen Collins; NASA, https://flic.kr/p/r9qvLn; public domain",
    "chelsea": "a cat; Stefan van der Walt; CC0",
    "coffee": "a cup of coffee; Rachel Michetti, courtesy of Pikolo Espresso Bar; CC0",
}


def photograph(name: str) -> Image.Image:
    """The photograph `name` in RGB, its longest side at most `LONGEST` pixels."""
    source = Path(skimage.__file__).parent / "data" / f"{name}.png"
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return picture


def main() -> None:
    """Write all photographs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, source in SOURCES.items():
        picture = photograph(name)
        picture.save(out / f"{name}.jpg", "JPEG", quality=QUALITY, optimize=True)
        print(f"{name}: {picture.width} x {picture.height}; {source}")


if __name__ == "__main__":
    main()
