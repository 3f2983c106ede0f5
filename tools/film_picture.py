"""Paint a film for its page in the docs: `python -m tools.film_picture CLIP STYLE`.

The clip stands on the left and its painting on the right, as an animated picture. With `--keep
MATTE` the painting stands alone, and what the matte is white on stays as it was filmed.
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

WIDE, ALONE = 320, 400  # px of each side, and of a painting alone
RATE, SECONDS = Fraction(12), 3
QUALITY = 50


def picture(
    clip: Path, style: str, place: Path, keep: Path | None = None, start: float = 0
) -> None:
    """Write the animated picture.

    Args:
        clip: a film.
        style: a picture, or the name of a sample.
        place: a WebP.
        keep: the mask of what stays as it is; None to paint all of it, beside the clip.
        start: where it begins, in seconds; three seconds are painted.

    Raises:
        ImpastoError: the film cannot be read or painted.
    """
    with tempfile.TemporaryDirectory() as folder:
        painted = Path(folder) / "painted.mp4"
        for _ in impasto.paint_video(
            clip,
            style,
            painted,
            start=start or None,
            end=start + SECONDS,
            keep=keep,
            size=2 * WIDE,
        ):
            pass
        if keep is None:
            clips = _frames(clip, Fraction(str(start)) or None), _frames(painted)
            both = [_beside(*pair) for pair in zip(*clips, strict=False)]
        else:
            both = list(_frames(painted, wide=ALONE))
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


def _frames(
    film: Path, start: Fraction | None = None, wide: int | None = None
) -> Iterator[Image.Image]:
    wide = wide or WIDE
    with open_source(film, rate=RATE, start=start) as frames:
        for frame in islice(frames, int(RATE * SECONDS)):
            whole = Image.fromarray(frame.pixels)
            high = round(wide * whole.height / whole.width)
            yield whole.resize((wide, high), Image.Resampling.LANCZOS)


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
    parser.add_argument("--keep", type=Path, metavar="MATTE", help="a film, white on what stays")
    parser.add_argument(
        "--start", type=float, default=0, metavar="S", help="begin here, in seconds"
    )
    arguments = parser.parse_args()
    place = FOLDER / ("film.webp" if arguments.keep is None else "film-keep.webp")
    try:
        picture(arguments.clip, arguments.style, place, arguments.keep, arguments.start)
    except ImpastoError as error:
        print(f"film_picture: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{place}: {place.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
