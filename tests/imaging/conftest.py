from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

# XYZ at D50 of red, green and blue, then of white.
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


WHITE = (0.9642, 1.0, 0.8249)


def _xyz(*values: float) -> bytes:
    return struct.pack(">4sI3i", b"XYZ ", 0, *(round(value * 65536) for value in values))


@pytest.fixture
def ramp() -> NDArray[np.uint8]:
    """(20, 30, 3) uint8 that no turn or flip maps on itself."""
    y, x = np.mgrid[0:20, 0:30]
    return np.stack([x * 8, y * 12, x + y], axis=-1).astype(np.uint8)


@pytest.fixture
def deep_ramp() -> NDArray[np.uint16]:
    """(20, 30, 4) uint16 whose low bytes matter, alpha last."""
    y, x = np.mgrid[0:20, 0:30]
    return np.stack([x * 2111, y * 3001, x * 1009 + y * 17, 65535 - x * 701], axis=-1).astype(
        np.uint16
    )


@pytest.fixture
def make_profile() -> Callable[..., bytes]:
    """A minimal ICC profile: grey, or RGB with a matrix (Adobe RGB's), or of given tables."""

    def make(
        gamma: float = 2.19921875,
        grey: bool = False,
        tables: dict[bytes, bytes] | None = None,
        space: bytes = b"XYZ ",
    ) -> bytes:
        curve = struct.pack(">4sIIH", b"curv", 0, 1, round(gamma * 256)) + bytes(2)
        tags = {b"wtpt": _xyz(*WHITE), **(tables or {})}
        if grey:
            tags[b"kTRC"] = curve
        elif not tables:
            for name, primary in zip((b"r", b"g", b"b"), ADOBE_RGB, strict=True):
                tags[name + b"XYZ"] = _xyz(*primary)
                tags[name + b"TRC"] = curve
        table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
        for name, value in tags.items():
            table += struct.pack(">4sII", name, at + len(body), len(value))
            body += value.ljust(-(-len(value) // 4) * 4, b"\0")
        pixels = b"GRAY" if grey else b"RGB "
        size = at + len(body)
        head = struct.pack(">I4xI4s4s4s", size, 0x02100000, b"mntr", pixels, space)
        head = head.ljust(36, b"\0") + b"acsp" + bytes(28) + _xyz(*WHITE)[8:]
        return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body

    return make


@pytest.fixture
def to_bytes() -> Callable[..., bytes]:
    """A PIL image as the bytes of a file."""

    def save(image: Image.Image, kind: str, **options: object) -> bytes:
        out = BytesIO()
        image.save(out, kind, **options)
        return out.getvalue()

    return save


@pytest.fixture
def block() -> bytes:
    """EXIF with tags in the page, the photograph's and the place's directory."""
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    exif[0x011A] = 300.0
    exif.get_ifd(0x8769)[0x9003] = "2020:02:02 20:02:20"
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes()
