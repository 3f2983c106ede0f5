"""Drawings in flat colours, and label maps of paintings in the same colours, drawn by code.

    python -m samples.doodles --out FOLDER

Shapes are polygons and circles in px of the drawing. They are drawn at twice their size and made
smaller, so that their edges are soft as those of a drawing program.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

__all__ = ["DOODLES", "Doodle", "draw"]

Shape = tuple[str, str | tuple[float, float, float]]
LARGER = 2


@dataclass(frozen=True)
class Doodle:
    """A drawing and the painting it is painted of.

    Attributes:
        name: of the drawing's file, without its ending.
        painting: name of a sample.
        size: (width, height) of the drawing, in px.
        ground: colour of the paper.
        shapes: colour and the corners of a polygon, "x,y x,y …", or (x, y, radius) of a circle;
            the later over the earlier ones.
        map_size, map_ground, map_shapes: the same of the painting's label map; none without.
    """

    name: str
    painting: str
    size: tuple[int, int]
    ground: str
    shapes: Sequence[Shape]
    map_size: tuple[int, int] = (0, 0)
    map_ground: str = ""
    map_shapes: Sequence[Shape] = ()

    def drawing(self) -> Image.Image:
        """The drawing."""
        return draw(self.size, self.ground, self.shapes)

    def labels(self) -> Image.Image | None:
        """The label map of its painting, if it has one."""
        return draw(self.map_size, self.map_ground, self.map_shapes) if self.map_shapes else None


def draw(size: tuple[int, int], ground: str, shapes: Sequence[Shape]) -> Image.Image:
    """A picture of flat shapes.

    Args:
        size: (width, height) in px.
        ground: colour of what no shape covers.
        shapes: as in `Doodle`.
    """
    page = Image.new("RGB", (size[0] * LARGER, size[1] * LARGER), ground)
    pencil = ImageDraw.Draw(page)
    for colour, where in shapes:
        if isinstance(where, str):
            numbers = [int(number) * LARGER for number in where.replace(",", " ").split()]
            pencil.polygon(numbers, fill=colour)
        else:
            x, y, radius = (number * LARGER for number in where)
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    return page.resize(size, Image.Resampling.LANCZOS)


SKY, LIGHT, CYPRESS, HILLS, VILLAGE, MIST = (
    *("#3a5fc8", "#ffd23c", "#1e3c28", "#7a5fb4", "#8c5a3c"),
    "#dfe8dc",
)
_STARRY = Doodle(
    "night-bay",
    "starry-night",
    (768, 576),
    SKY,
    (
        (LIGHT, (165, 140, 78)),
        (LIGHT, (345, 75, 26)),
        (LIGHT, (470, 165, 34)),
        (LIGHT, (590, 70, 24)),
        (LIGHT, (715, 190, 30)),
        (
            MIST,
            "0,330 120,318 260,345 400,318 560,300 768,322 768,420 0,420",
        ),
        (
            HILLS,
            "0,400 90,362 190,372 290,410 390,388 500,346 610,352 700,392 768,382 768,500 0,500",
        ),
        (
            VILLAGE,
            "0,472 140,452 300,464 470,446 620,462 768,448 768,576 0,576",
        ),
        (
            CYPRESS,
            "608,576 596,470 612,380 626,300 640,215 652,130 662,215 676,290 694,370 "
            "704,460 700,576",
        ),
        (CYPRESS, "40,576 34,500 52,420 66,372 82,430 96,505 92,576"),
    ),
    (768, 606),
    SKY,
    (
        (
            MIST,
            "240,395 330,368 450,350 550,345 620,300 700,258 768,232 768,312 705,330 "
            "690,358 600,392 480,396 400,430 270,432",
        ),
        (
            HILLS,
            "270,440 330,420 372,434 440,402 500,386 560,400 600,394 650,370 690,358 "
            "705,330 740,310 768,316 768,442 540,452 400,462 330,472 290,452",
        ),
        (HILLS, "0,450 50,470 100,456 100,552 0,552"),
        (VILLAGE, "290,456 400,462 540,450 768,440 768,606 340,606"),
        (VILLAGE, "0,550 100,550 100,606 0,606"),
        (
            CYPRESS,
            "110,190 118,230 133,190 138,150 135,90 143,28 151,30 154,130 163,170 "
            "166,240 176,300 181,340 195,385 205,425 214,370 224,352 237,392 270,432 "
            "300,470 332,478 310,502 340,556 350,606 85,606 95,520 105,440 108,350 "
            "112,280",
        ),
        (LIGHT, (700, 106, 84)),
        (LIGHT, (176, 106, 30)),
        (LIGHT, (80, 22, 34)),
        (LIGHT, (260, 22, 24)),
        (LIGHT, (316, 38, 20)),
        (LIGHT, (470, 52, 38)),
        (LIGHT, (545, 140, 32)),
        (LIGHT, (268, 325, 48)),
        (LIGHT, (96, 293, 26)),
        (LIGHT, (248, 200, 22)),
    ),
)

SUNSET, FJORD, WATER, MEADOW, BRIDGE, RAILS, COAT, FACE = (
    *("#f07828", "#2c3c78", "#f5d860", "#6c8c50", "#a87848", "#a02c20", "#241c1c", "#f0dcb0"),
)
_SCREAM = Doodle(
    "lighthouse",
    "the-scream",
    (576, 768),
    SUNSET,
    (
        (
            FJORD,
            "0,268 90,238 190,250 300,284 420,262 576,224 576,430 0,430",
        ),
        (WATER, "0,318 150,302 330,312 450,330 330,356 160,366 0,356"),
        (MEADOW, "0,424 150,392 300,398 430,372 576,388 576,768 0,768"),
        (
            BRIDGE,
            "252,768 300,640 352,540 398,478 428,478 436,540 470,640 540,768",
        ),
        (
            RAILS,
            "190,768 262,640 330,540 384,478 398,478 352,540 300,640 252,768",
        ),
        (COAT, "368,486 386,330 392,190 440,190 446,330 462,486"),
        (FACE, "380,192 388,132 416,104 444,132 452,192"),
        (COAT, "60,560 70,470 82,440 94,470 106,560"),
        (FACE, (82, 432, 20)),
    ),
    (580, 768),
    FJORD,
    (
        (
            SUNSET,
            "0,0 580,0 580,182 500,196 420,210 330,230 240,234 150,214 60,214 0,230",
        ),
        (
            WATER,
            "72,256 300,260 332,276 382,290 376,302 330,322 220,336 110,336 72,322",
        ),
        (
            MEADOW,
            "400,372 480,342 560,312 580,290 580,650 500,600 380,524 376,480 385,420",
        ),
        (BRIDGE, "0,300 62,340 62,392 245,604 240,768 0,768"),
        (RAILS, "62,318 286,484 262,500 248,604 70,402"),
        (RAILS, "374,524 500,600 580,652 580,768 362,768 350,640"),
        (
            COAT,
            "262,490 290,534 350,514 386,532 380,612 352,640 362,768 240,768 246,640 242,560",
        ),
        (COAT, "36,278 52,266 66,280 66,400 44,410"),
        (
            FACE,
            "268,430 282,388 318,372 352,378 374,410 376,470 346,520 322,532 300,520 "
            "280,540 270,480",
        ),
    ),
)

SAND, GREY, NAVY, FOAM, PALE = "#f5d8a8", "#8f8d86", "#18245a", "#f4f4ee", "#8fb4d8"
_WAVE = Doodle(
    "island",
    "great-wave",
    (768, 512),
    SAND,
    (
        (GREY, "0,236 768,206 768,420 0,420"),
        (FOAM, "300,330 384,150 420,118 462,150 560,330"),
        (
            NAVY,
            "250,420 300,318 344,226 372,252 398,216 426,256 456,212 490,236 548,318 610,420",
        ),
        (
            PALE,
            "0,388 120,366 260,384 420,362 600,386 768,360 768,512 0,512",
        ),
        (
            FOAM,
            "0,428 90,396 170,396 240,426 190,424 150,446 100,430 50,452 0,448",
        ),
        (
            NAVY,
            "0,448 50,452 100,430 150,446 190,424 240,426 330,470 420,512 0,512",
        ),
        (
            FOAM,
            "520,470 610,420 690,406 768,424 768,450 700,440 640,462 590,456",
        ),
        (
            NAVY,
            "470,512 520,470 590,456 640,462 700,440 768,450 768,512",
        ),
    ),
)

AIR, ROCK, GRASS, CORN, PINE = "#a9d0ff", "#b9a8c8", "#4caf50", "#f0dc78", "#17492a"
_MOUNT = Doodle(
    "two-hills",
    "mont-sainte-victoire",
    (768, 576),
    AIR,
    (
        (
            ROCK,
            "80,330 190,232 262,186 330,226 420,268 520,196 590,156 650,212 768,300 "
            "768,400 0,400 0,352",
        ),
        (GRASS, "0,366 160,340 340,352 520,332 768,350 768,576 0,576"),
        (CORN, "120,440 330,404 520,428 640,470 420,520 200,506"),
        (CORN, "560,392 768,376 768,418 650,424"),
        (
            PINE,
            "40,576 58,420 20,430 52,350 16,356 58,262 28,262 84,130 136,262 108,262 "
            "150,356 116,350 146,430 110,420 124,576",
        ),
        (PINE, (690, 500, 34)),
        (PINE, (650, 520, 26)),
    ),
)

DOODLES = (_STARRY, _SCREAM, _WAVE, _MOUNT)


def main() -> None:
    """Draw all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for doodle in DOODLES:
        doodle.drawing().save(out / f"{doodle.name}.png")
        if (labels := doodle.labels()) is not None:
            labels.save(out / f"{doodle.name}-labels.png")


if __name__ == "__main__":
    main()
