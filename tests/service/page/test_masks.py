"""What the brush painted becomes one mask for each style, and nothing else gets in."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from impasto.errors import PictureError
from impasto.service.page.masks import COLOURS, LARGEST, LONGEST, masks_of


def address(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def drawing(*strokes: tuple[slice, str, int], size: tuple[int, int] = (40, 60)) -> str:
    """Columns painted in a colour, with an opacity."""
    pixels = np.zeros((*size, 4), np.uint8)
    for columns, colour, alpha in strokes:
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        pixels[:, columns] = [*rgb, alpha]
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return address(buffer.getvalue())


def columns(mask: bytes) -> list[int]:
    return np.asarray(Image.open(io.BytesIO(mask)))[0].tolist()


def test_no_drawing_and_an_empty_one_are_no_masks() -> None:
    assert masks_of("", 1) == []
    assert masks_of(drawing(), 2) == []


def test_one_brush_is_white_where_it_painted() -> None:
    (mask,) = masks_of(drawing((slice(0, 20), COLOURS[0], 255)), 1)
    assert columns(mask) == [255] * 20 + [0] * 40


def test_each_brush_is_a_mask_of_its_own_style() -> None:
    first, second = masks_of(
        drawing((slice(0, 20), COLOURS[0], 255), (slice(20, 60), COLOURS[1], 255)), 2
    )
    assert columns(first) == [255] * 20 + [0] * 40
    assert columns(second) == [0] * 20 + [255] * 40


def test_a_soft_edge_is_a_share() -> None:
    (mask,) = masks_of(
        drawing((slice(0, 20), COLOURS[0], 255), (slice(20, 21), COLOURS[0], 128)), 1
    )
    assert columns(mask)[19:22] == [255, 128, 0]


@pytest.mark.parametrize(
    ("values", "styles", "words"),
    [
        (drawing((slice(0, 20), COLOURS[0], 255)), 2, "nothing for style 2"),
        (drawing((slice(0, 20), COLOURS[1], 255)), 1, "nothing for style 1"),
        (
            drawing((slice(0, 20), COLOURS[0], 255), (slice(30, 40), COLOURS[2], 255)),
            1,
            "painted for style 3",
        ),
    ],
)
def test_masks_that_do_not_fit_the_styles_are_told(values: str, styles: int, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        masks_of(values, styles)


def bomb(side: int) -> bytes:
    """A PNG that says it has so many pixels a side, in few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize(
    "values",
    [
        "/etc/passwd",
        "data:text/html;base64,PGI+",
        "https://example.org/mask.png",
        "data:image/png;base64,????",
        address(b"GIF89a"),
        address(b""),
        address(bomb(LONGEST + 1)),
        address(bomb(60_000)),
        address(bomb(64)),
    ],
    ids=str,
)
def test_what_is_no_drawing_of_the_brush_is_refused(values: str) -> None:
    with pytest.raises(PictureError, match="did not arrive"):
        masks_of(values, 1)


def test_a_drawing_is_measured_before_it_is_read() -> None:
    with pytest.raises(PictureError, match="more than a brush paints"):
        masks_of("data:image/png;base64," + "A" * LARGEST, 1)
