from __future__ import annotations

from dataclasses import replace
from io import BytesIO, StringIO
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
from impasto.settings.embedded import text_in

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


def test_a_result_is_printed_in_one_short_line() -> None:
    one = replace(result(), losses=[{"total": 1.0}])
    assert repr(one) == "Result(9 x 8 px, 1 step, 1.0 s, recipe default)"
    assert repr(result(recipe="chapter")) == "Result(9 x 8 px, 0 steps, 1.0 s, recipe chapter)"


def test_a_notebook_shows_the_picture_and_a_large_one_smaller() -> None:
    painting = result()
    shown = Image.open(BytesIO(painting._repr_png_()))
    assert np.array_equal(np.asarray(shown), np.asarray(painting.picture))
    large = replace(painting, picture=Image.new("RGBA", (4096, 2048)))
    shown = Image.open(BytesIO(large._repr_png_()))
    assert (shown.size, shown.mode) == ((1024, 512), "RGBA")
    assert large.picture.size == (4096, 2048)


@pytest.mark.parametrize("format", ["PNG", "jpg", "webp", ".tif", "BMP", "HEIC"])
def test_bytes_and_file_objects_get_what_a_file_gets(format: str, tmp_path: Path) -> None:
    Image.new("RGB", (9, 8)).save(tmp_path / "photo.jpg", exif=b"Exif\0\0" + MAKER)
    painting = result(tmp_path / "photo.jpg")
    ending = format.removeprefix(".").lower()
    expected = painting.save(tmp_path / f"out.{ending}").read_bytes()
    file = BytesIO()
    painting.save(file, format=format)
    assert painting.to_bytes(format) == file.getvalue() == expected


def test_bytes_have_sixteen_bits_where_a_file_has() -> None:
    painting = result(DEEP)
    assert imaging.read(painting.to_bytes()).bits == 16
    assert imaging.read(painting.to_bytes("JPEG")).bits == 8
    assert painting.omissions("jpeg") == painting.omissions("JPEG") != ()
    with pytest.raises(OutputError, match=r"use PNG or TIFF, or 8 bits"):
        result(bits="16").to_bytes("JPEG")


def test_a_lower_quality_makes_a_smaller_file(tmp_path: Path) -> None:
    painting = result()
    assert len(painting.to_bytes("JPEG", quality=10)) < len(painting.to_bytes("JPEG"))
    path = painting.save(tmp_path / "out.jpg", quality=10)
    assert path.read_bytes() == painting.to_bytes("JPEG", quality=10)


def test_a_file_that_has_a_name_says_its_format_by_it(tmp_path: Path) -> None:
    with (tmp_path / "out.jpg").open("wb") as file:
        result().save(file)
        assert not file.closed
    assert (tmp_path / "out.jpg").read_bytes() == result().to_bytes("JPEG")


@pytest.mark.parametrize(
    ("place", "options", "words"),
    [
        (BytesIO(), {}, 'the file object says no format: pass one, as in format="PNG"'),
        (BytesIO(), {"format": "GIF"}, "'GIF' is no format impasto writes: use JPEG, PNG"),
        (BytesIO(), {"format": 5}, "5 is no format impasto writes"),
        (BytesIO(), {"format": "PNG", "quality": 0}, "quality 0: give a whole number from 1 to"),
        (StringIO(), {"format": "PNG"}, 'takes no bytes .* open it in binary mode, "wb"'),
        (None, {}, "a NoneType is no place to write to: pass a path, or a file object"),
        ("out.jpg", {"format": "PNG"}, "out.jpg ends as JPEG does, and format is 'PNG'"),
        ("out.png", {"quality": "high"}, "the quality 'high'"),
    ],
)
def test_a_place_or_a_format_that_cannot_be_is_told(
    place: Any, options: dict[str, Any], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match=words):
        result().save(place, **options)
    assert list(tmp_path.iterdir()) == []


def test_what_a_format_cannot_hold_beside_the_pixels_is_named(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (32, 32)).save(path, dpi=(300, 300))
    assert result(path).omissions("BMP") == ()  # it holds the density
    Image.new("RGB", (32, 32)).save(path, xmp=b"<x/>", exif=b"Exif\0\0" + MAKER)
    assert result(path).omissions("BMP") == (
        "BMP holds no EXIF (camera, time, place) and no XMP (edits, keywords, rights): the "
        "photograph's is left out; .jpg, .png, .webp, .tif or .heic would keep it",
    )
    assert result(path).omissions("JPEG") == ()


def test_the_recipe_goes_into_the_file(tmp_path: Path) -> None:
    painting = replace(result(), recipe="steps = 60")
    assert text_in(painting.save(tmp_path / "a.webp").read_bytes()) == "steps = 60"
    assert painting.omissions("PNG") == ()
    (sentence,) = painting.omissions("BMP")
    assert sentence.startswith("BMP holds no recipe")
