"""What the brush painted becomes one mask for each style, and nothing else gets in."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.errors import PictureError
from impasto.service.page.masks import (
    COLOURS,
    LARGEST,
    LONGEST,
    Drawing,
    name_of,
    read_drawing,
)

DIGEST = "0123456789abcdef"


def address(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def grey(*values: int) -> bytes:
    """A mask of a row of pixels, as the brush sends it."""
    buffer = io.BytesIO()
    Image.frombytes("L", (len(values), 1), bytes(values)).save(buffer, "PNG")
    return buffer.getvalue()


def told(*masks: str, **more: Any) -> str:
    """What the page's script writes."""
    return json.dumps({"masks": [*masks, *[""] * (len(COLOURS) - len(masks))], **more})


def nowhere(_name: str) -> None:
    return None


def test_no_drawing_and_an_empty_one_are_no_masks() -> None:
    assert read_drawing("") == Drawing()
    assert read_drawing(told()).for_styles(2, nowhere) == []


def test_each_brush_is_the_mask_of_its_style_to_the_byte() -> None:
    drawing = read_drawing(told(address(grey(255, 0)), address(grey(0, 128))))
    assert drawing.for_styles(2, nowhere) == [grey(255, 0), grey(0, 128)]


def test_an_earlier_mask_is_found_by_its_name(tmp_path: Path) -> None:
    copy = tmp_path / f"{DIGEST}.png"
    drawing = read_drawing(told(name_of(copy)))
    assert drawing.for_styles(1, {DIGEST: copy}.get) == [copy]
    with pytest.raises(FileNotFoundError):
        drawing.for_styles(1, nowhere)


def test_style_masks_belong_to_their_style_pictures(tmp_path: Path) -> None:
    copy = tmp_path / f"{DIGEST}.png"
    drawing = read_drawing(told(style_masks=[name_of(copy)], styles=["a" * 16]))
    assert drawing.of_styles(["a" * 64], {DIGEST: copy}.get) == [copy]
    assert drawing.of_styles(["b" * 64], {DIGEST: copy}.get) == []
    assert drawing.of_styles(["a" * 64, "b" * 64], {DIGEST: copy}.get) == []


@pytest.mark.parametrize(
    ("text", "styles", "words"),
    [
        (told("", address(grey(255))), 2, "nothing for style 1"),
        (told(address(grey(255))), 2, "nothing for style 2"),
        (told(address(grey(255)), "", address(grey(255))), 1, "painted for style 3"),
    ],
)
def test_masks_that_do_not_fit_the_styles_are_told(text: str, styles: int, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        read_drawing(text).for_styles(styles, nowhere)


def bomb(side: int) -> bytes:
    """A PNG that says it has so many pixels a side, in few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize(
    "mask",
    [
        "/etc/passwd",
        "kept:../../../etc/passwd",
        "kept:*",
        f"kept:{DIGEST}0",
        DIGEST,
        "data:text/html;base64,PGI+",
        "https://example.org/mask.png",
        "data:image/png;base64,????",
        address(b"GIF89a"),
        address(b""),
        address(bomb(LONGEST + 1)),
        address(bomb(60_000)),
    ],
    ids=str,
)
def test_what_is_no_drawing_of_the_brush_is_refused(mask: str) -> None:
    with pytest.raises(PictureError, match="did not arrive"):
        read_drawing(told(mask)).for_styles(1, Path)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 100_000,
        "[]",
        "1",
        '{"masks": "abc"}',
        '{"masks": [1, 2, 3]}',
        '{"masks": ["a"]}',
        '{"paths": []}',
        json.dumps({"style_masks": [f"kept:{DIGEST}"] * 4}),
    ],
    ids=lambda text: text[:40],
)
def test_what_the_script_never_writes_is_refused(text: str) -> None:
    with pytest.raises(PictureError, match="did not arrive"):
        read_drawing(text)


def test_a_drawing_is_measured_before_it_is_read() -> None:
    with pytest.raises(PictureError, match="more than a brush paints"):
        read_drawing("A" * (LARGEST + 1))


def test_what_stays_belongs_to_its_photograph() -> None:
    drawing = read_drawing(told(keep=f"kept:{DIGEST}", photograph="ab" * 8))
    copy = Path("copy.png")
    assert drawing.kept("ab" * 32, lambda name: copy if name == DIGEST else None) == copy
    assert drawing.kept("cd" * 32, nowhere) is None
    assert read_drawing(told()).kept("ab" * 32, nowhere) is None
    with pytest.raises(FileNotFoundError):
        drawing.kept("ab" * 32, nowhere)


@pytest.mark.parametrize("keep", [f"kept:{DIGEST}/../x", "kept:../../etc", "/etc/passwd"])
def test_what_stays_is_named_as_the_page_names_it(keep: str) -> None:
    with pytest.raises(PictureError, match="did not arrive"):
        read_drawing(told(keep=keep, photograph="ab" * 8)).kept("ab" * 32, nowhere)


@pytest.mark.parametrize("keep", [None, 1, ["kept:x"]])
def test_what_stays_is_a_text(keep: object) -> None:
    with pytest.raises(PictureError, match="did not arrive"):
        read_drawing(told(keep=keep))
