"""Paint a film for its page in the docs: `python -m tools.film_picture CLIP STYLE`.

The clip stands on the left and its painting on the right, as an animated picture.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

from PIL import Image

import impasto
from impasto.errors import ImpastoError
from impasto.files import replacing
from impasto.media.film import open_source
from tools.page import FOLDER

__all__ = ["main", "picture"]

WIDE = 320  # px of each side
RATE, SECONDS = Fraction(12), 3
QUALITY = 50


def picture(clip: Path, style: str, place: Path) -> None:
    """Write the animated picture.

    Args:
        clip: a film of three seconds or more.
        style: a picture, or the name of a sample.
        place: a WebP.

    Raises:
        ImpastoError: the film cannot be read or painted.
    """
    with tempfile.TemporaryDirectory() as folder:
        painted = Path(folder) / "painted.mp4"
        for _ in impasto.paint_video(clip, style, painted, end=SECONDS, size=2 * WIDE):
            pass
        both = [_beside(*pair) for pair in zip(_frames(clip), _frames(painted), strict=False)]
    with replacing(place) as draft:
        both[0].save(
            draft,
            "WEBP",
            save_all=True,
            append_images=both[1:],
            duration=round(1000 / RATE),
            loop=0,
            quality=QUALITY,
            method=6,
        )


def _frames(film: Path) -> Iterator[Image.Image]:
    with open_source(film, rate=RATE) as frames:
        for frame in islice(frames, int(RATE * SECONDS)):
            whole = Image.fromarray(frame.pixels)
            high = round(WIDE * whole.height / whole.width)
            yield whole.resize((WIDE, high), Image.Resampling.LANCZOS)


def _beside(film: Image.Image, painted: Image.Image) -> Image.Image:
    both = Image.new("RGB", (2 * WIDE, film.height))
    both.paste(film, (0, 0))
    both.paste(painted.resize(film.size), (WIDE, 0))
    return both


def main() -> int:
    """Paint it into the docs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path, help="a film of three seconds or more")
    parser.add_argument("style", help="a picture, or the name of a sample")
    arguments = parser.parse_args()
    place = FOLDER / "film.webp"
    try:
        picture(arguments.clip, arguments.style, place)
    except ImpastoError as error:
        print(f"film_picture: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{place}: {place.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
