"""Paint the pictures of docs/artists.md and docs/style-losses.md: `python -m tools.showcase`.

What each shows is a row of squares from the bundled samples. The page on style losses is written
too, with the seconds that were measured on the way.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.machine import describe
from impasto import samples
from impasto.losses import STYLE_LOSSES
from impasto.painting import Result, stylize
from impasto.settings import StyleSettings
from tools.page import FOLDER, encode, row
from tools.style_losses import Trial, style_losses_page

__all__ = ["Easel", "blend", "colours", "cutout", "losses", "scale"]

Cells = list[tuple[str, Image.Image]]
Painter = Callable[..., Result]

PHOTO, PAIR = "coffee", ("swirls", "stained-glass")
COLOUR_PAIR = ("chelsea", "swirls")
SCALES = (0.3, 0.6, 1.0, 1.5)
LOSS_PAIR = ("chelsea", "mosaic")


class Easel:
    """Paints squares of sample pictures.

    Args:
        size: side of a painting, in px.
        **settings: of every painting.
    """

    def __init__(self, size: int, **settings: Any) -> None:
        self.settings = {"shape": (size, size), "fit": "cover", **settings}

    def __call__(self, content: Any, *styles: str, **settings: Any) -> Result:
        """A painting of a sample, or of a picture, in one style or several."""
        source = samples.content(content) if isinstance(content, str) else content
        style_paths = [samples.style(style) for style in styles]
        return stylize(source, style_paths, **{**self.settings, **settings})


def ramp(height: int, width: int) -> NDArray[np.uint8]:
    """A mask from white at the left to black at the right, soft over the middle third."""
    across = np.linspace(2, -1, width).clip(0, 1)
    return np.tile(np.rint(255 * across).astype(np.uint8), (height, 1))


def disc(height: int, width: int, radius: float) -> NDArray[np.uint8]:
    """A white disc in the middle, its edge soft by a pixel; `radius` over the shorter side."""
    rows, columns = np.mgrid[:height, :width]
    away = np.hypot(rows - (height - 1) / 2, columns - (width - 1) / 2)
    white = (radius * min(height, width) - away).clip(0, 1)
    return np.asarray(np.rint(255 * white), np.uint8)


def colours(paint: Painter) -> Image.Image:
    """One pair under each `--color`."""
    photo, style = COLOUR_PAIR
    cells: Cells = [("photograph", Image.open(samples.content(photo)))]
    for name in ("style", "luminance", "match", "histogram", "only"):
        cells.append((name, paint(photo, style, color=name).picture))
    return row(cells)


def blend(paint: Painter) -> Image.Image:
    """One style, the other, both blended, and each on its side of a soft mask."""
    one, other = PAIR
    with Image.open(samples.content(PHOTO)) as photo:
        mask = ramp(photo.height, photo.width)
    return row(
        [
            (one, paint(PHOTO, one).picture),
            (other, paint(PHOTO, other).picture),
            ("blend 0.5, 0.5", paint(PHOTO, *PAIR, style_blend=(0.5, 0.5)).picture),
            ("a soft mask each", paint(PHOTO, *PAIR, masks=[mask, 255 - mask]).picture),
        ]
    )


def scale(paint: Painter) -> Image.Image:
    """One pair with finer and coarser strokes."""
    return row(
        [(f"style scale {s:g}", paint(PHOTO, PAIR[0], style_scale=s).picture) for s in SCALES]
    )


def cutout(paint: Painter) -> Image.Image:
    """A part painted while the photograph stays, and a sticker with what it hides."""
    with Image.open(samples.content("chelsea")) as picture:
        photo = np.asarray(picture.convert("RGB"))
    height, width = photo.shape[:2]
    mask = disc(height, width, 0.42)
    subject = np.where(mask[..., None] > 0, photo, np.array((0, 255, 0), np.uint8))
    sticker = paint(np.dstack([subject, mask]), "ukiyo-e").picture
    paper = Image.new("RGBA", sticker.size, (226, 218, 205, 255))
    return row(
        [
            ("mask", Image.fromarray(mask)),
            ("painted in the mask", paint(photo, "ukiyo-e", masks=mask).picture),
            ("what the sticker hides", Image.fromarray(subject)),
            ("the sticker", Image.alpha_composite(paper, sticker)),
        ]
    )


def losses(paint: Painter) -> tuple[Image.Image, list[Trial]]:
    """One pair under each style loss that is normalised, and what each took."""
    cells, trials = [], []
    for name in STYLE_LOSSES:
        if name == "gram-raw":  # its weight is of another size
            continue
        # What `auto` takes differs by loss and by processor.
        result = paint(*LOSS_PAIR, style_loss=name, precision="float32")
        cells.append((name, result.picture))
        trials.append(Trial(name, result.seconds, len(result.losses)))
    return row(cells), trials


def main() -> None:
    """Paint and write all pictures, and the page on style losses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=384, help="side of a painting, in px")
    parser.add_argument("--steps", type=int, default=StyleSettings().steps)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--only", choices=["blend", "colours", "cutout", "losses", "scale"])
    arguments = parser.parse_args()
    paint = Easel(arguments.size, steps=arguments.steps)
    for page in (colours, blend, scale, cutout):
        if arguments.only in (None, page.__name__):
            (arguments.out / f"{page.__name__}.jpg").write_bytes(encode(page(paint)))
            print(arguments.out / f"{page.__name__}.jpg")
    if arguments.only in (None, "losses"):
        picture, trials = losses(paint)
        (arguments.out / "style-losses.jpg").write_bytes(encode(picture))
        page_file = arguments.out.parent / "style-losses.md"
        page_file.write_text(style_losses_page(trials, arguments.size, describe()), "utf-8")
        print(page_file)


if __name__ == "__main__":
    main()
