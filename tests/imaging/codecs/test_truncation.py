from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto.imaging.codecs.truncation import declared_length


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "BMP", "GIF"])
def test_whole_files_do_not_look_cut(
    ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes], kind: str
) -> None:
    assert declared_length(kind, to_bytes(Image.fromarray(ramp), kind.upper())) is None


@pytest.mark.parametrize("kind", ["WebP", "TIFF", "BMP"])
def test_formats_that_know_their_length_tell_it(
    ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes], kind: str
) -> None:
    data = to_bytes(Image.fromarray(ramp), kind.upper())
    assert declared_length(kind, data[:-9]) == len(data)


def test_png_tells_the_end_of_the_chunk_that_was_cut(
    ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes]
) -> None:
    data = to_bytes(Image.fromarray(ramp), "PNG")
    assert declared_length("PNG", data[:-20]) == len(data) - 12  # IEND takes 12 bytes


def test_jpeg_without_end_mark_looks_cut(
    ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes]
) -> None:
    data = to_bytes(Image.fromarray(ramp), "JPEG")
    assert declared_length("JPEG", data[:-2]) == len(data) - 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "BMP", "GIF", "HEIC"])
def test_a_header_that_stops_early_looks_cut(kind: str) -> None:
    assert declared_length(kind, b"II") == 2


def test_unknown_formats_say_nothing() -> None:
    assert declared_length("PIL image", b"") is None
