from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.errors import OutputError
from impasto.methods.result import Result
from impasto.settings import StyleSettings

PIXELS = np.random.default_rng(0).random((8, 9, 3), np.float32)

MAKER = b"II*\0\x08\0\0\0\1\0\x0f\1\2\0\2\0\0\0A\0\0\0" + bytes(4)


def result(content: NDArray[Any] | Path | None = None, **options: Any) -> Result:
    """Of a run on a plain content image."""
    picture = imaging.read(np.zeros((8, 9, 3), np.uint8) if content is None else content)
    eight = Image.fromarray((PIXELS * 255).round().astype(np.uint8))
    output = imaging.with_alpha(eight, picture.alpha)
    return Result(output, PIXELS, [], StyleSettings(**options), 1.0, picture)


def test_what_is_saved_is_the_picture(tmp_path: Path) -> None:
    painting = result()
    path = painting.save(tmp_path / "out.png")
    assert np.array_equal(np.asarray(Image.open(path)), np.asarray(painting.picture))


def test_the_path_may_be_text(tmp_path: Path) -> None:
    assert Path(result().save(str(tmp_path / "out.jpg"))).is_file()


DEEP = np.full((8, 9, 3), 40000, np.uint16)


@pytest.mark.parametrize(
    ("content", "bits", "name", "depth"),
    [
        (None, "auto", "out.png", 8),
        (None, "16", "out.png", 16),
        (DEEP, "auto", "out.png", 16),
        (DEEP, "auto", "out.tif", 16),
        (DEEP, "auto", "out.jpg", 8),  # cannot hold them
        (DEEP, "8", "out.png", 8),
    ],
)
def test_bits_are_as_told_or_as_the_content_had_them(
    content: NDArray[Any] | None, bits: str, name: str, depth: int, tmp_path: Path
) -> None:
    path = result(content, bits=bits).save(tmp_path / name)
    back = imaging.read(path)
    assert back.bits == depth
    if name != "out.jpg":
        error = np.abs(back.pixels / float(2**depth - 1) - PIXELS).max()
        assert error <= 0.501 / (2**depth - 1)


def test_sixteen_bits_told_where_none_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="16"):
        result(bits="16").save(tmp_path / "out.jpg")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_transparency_is_put_back(dtype: type, tmp_path: Path) -> None:
    top = np.iinfo(dtype).max
    content = np.zeros((8, 9, 4), dtype)
    content[:, :4, 3] = top
    content[0, 8, 3] = top // 2
    painting = result(content)
    assert painting.picture.mode == "RGBA"
    alpha = np.asarray(painting.picture)[..., 3]
    assert set(alpha[:, :4].flat) == {255}
    assert alpha[0, 8] in (127, 128)
    assert set(alpha[1:, 4:].flat) == {0}
    back = imaging.read(painting.save(tmp_path / "out.png"))
    assert back.alpha is not None
    assert np.array_equal(back.alpha, content[..., 3])


def test_an_opaque_picture_stays_without_alpha() -> None:
    assert result().picture.mode == "RGB"


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    Image.new("RGB", (9, 8)).save(tmp_path / "photo.png")
    before = (tmp_path / "photo.png").read_bytes()
    with pytest.raises(OutputError, match=r"photo.png"):
        replace(result(), inputs=(tmp_path / "photo.png",)).save(tmp_path / "photo.png")
    assert (tmp_path / "photo.png").read_bytes() == before


def test_the_contents_exif_data_is_carried_over(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    Image.new("RGB", (9, 8)).save(tmp_path / "photo.jpg", exif=exif)
    path = result(tmp_path / "photo.jpg").save(tmp_path / "out.jpg")
    assert Image.open(path).getexif()[0x010F] == "A camera"


def test_a_result_is_printed_without_its_pixels() -> None:
    assert "array" not in repr(result())
    assert "PIL" not in repr(result())


def test_what_a_format_cannot_hold_beside_the_pixels_is_named(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (32, 32)).save(path, dpi=(300, 300))
    assert result(path).omissions("BMP") == ()  # it holds the density
    Image.new("RGB", (32, 32)).save(path, xmp=b"<x/>", exif=b"Exif\0\0" + MAKER)
    assert result(path).omissions("BMP") == (
        "BMP holds no EXIF and no XMP: the photograph's is left out",
    )
    assert result(path).omissions("JPEG") == ()
