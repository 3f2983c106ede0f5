import logging
import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.imaging.codecs.decode import decode, decode_image
from impasto.imaging.codecs.decoded import Decoded
from impasto.imaging.codecs.exif import density
from impasto.imaging.codecs.quiet import quiet_decoders, quiet_stderr


def _decode(data: bytes, kind: str) -> Decoded:
    with quiet_decoders():
        return decode(data, kind, lambda *_: None, "x")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "WebP"])
def test_formats_without_loss_give_every_sample(
    ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes], kind: str
) -> None:
    options = {"lossless": True} if kind == "WebP" else {}
    result = _decode(to_bytes(Image.fromarray(ramp), kind.upper(), **options), kind)
    assert np.array_equal(result.planes.pixels, ramp)
    assert result.planes.alpha is None
    assert density(result.exif) == ((96.012, 96.012) if kind == "BMP" else None)  # Pillow writes it


@pytest.mark.parametrize("kind", ["JPEG", "GIF"])
def test_formats_with_loss_come_near(
    ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes], kind: str
) -> None:
    result = _decode(to_bytes(Image.fromarray(ramp), kind), kind).planes.pixels
    assert np.abs(result.astype(int) - ramp).mean() < 8


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF", "MPO"])
def test_the_first_of_many_frames_is_read(to_bytes: Callable[..., bytes], kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("white", "black")]
    data = to_bytes(frames[0], kind, save_all=True, append_images=frames[1:])
    name = {"MPO": "JPEG", "WEBP": "WebP"}.get(kind, kind)
    assert _decode(data, name).planes.pixels.min() >= 254


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_orientation_is_applied_once(to_bytes: Callable[..., bytes], kind: str) -> None:
    image = Image.new("RGB", (32, 16), "black")
    image.paste("white", (0, 0, 32, 8))  # white above, once turned to the right: white at right
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A maker"
    result = _decode(to_bytes(image, kind, exif=exif), kind.replace("WEBP", "WebP"))
    pixels = result.planes.pixels
    assert pixels.shape == (32, 16, 3)
    assert pixels[:, 12:].min() > 240
    assert pixels[:, :4].max() < 15
    assert result.exif is not None
    assert b"A maker" in result.exif


def test_the_size_is_checked_before_pixels_are_made(
    ramp: NDArray[np.uint8], deep_ramp: NDArray[np.uint16], to_bytes: Callable[..., bytes]
) -> None:
    class TooLargeError(Exception):
        pass

    def check(height: int, width: int) -> None:
        assert (height, width) == (20, 30)
        raise TooLargeError

    image = Image.fromarray(ramp)
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"):
        data = to_bytes(image, kind)
        with pytest.raises(TooLargeError):
            decode(data, kind.replace("WEBP", "WebP"), check, "x")
    for kind in ("PNG", "TIFF"):
        with pytest.raises(TooLargeError):
            decode(to_bytes(Image.fromarray(deep_ramp[..., 0]), kind), kind, check, "x")


def test_adobe_cmyk_jpeg_is_not_inverted(to_bytes: Callable[..., bytes]) -> None:
    white = Image.new("CMYK", (16, 16), (0, 0, 0, 0))
    assert _decode(to_bytes(white, "JPEG"), "JPEG").planes.pixels.min() >= 254


def test_an_image_keeps_its_own_exif_object(ramp: NDArray[np.uint8]) -> None:
    image = Image.fromarray(ramp)
    image.getexif()[0x0112] = 3
    result = decode_image(image)
    assert np.array_equal(result.planes.pixels, ramp[::-1, ::-1])
    assert image.getexif()[0x0112] == 3


def test_broken_exif_counts_as_none(
    ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes]
) -> None:
    data = to_bytes(Image.fromarray(ramp), "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    result = _decode(data, "PNG")
    assert np.array_equal(result.planes.pixels, ramp)
    assert result.exif is None
    assert result.notes == ("1 EXIF field is damaged or of a wrong type, and left out",)


def test_quiet_puts_every_switch_back() -> None:
    log, limit, filters = logging.getLogger("tifffile"), Image.MAX_IMAGE_PIXELS, warnings.filters
    with suppress(KeyError), quiet_decoders():
        assert Image.MAX_IMAGE_PIXELS is None
        assert log.disabled
        raise KeyError
    assert limit == Image.MAX_IMAGE_PIXELS
    assert not log.disabled
    assert warnings.filters is filters


def test_quiet_hides_warnings(recwarn: pytest.WarningsRecorder) -> None:
    with quiet_decoders():
        warnings.warn("not heard", stacklevel=1)
    assert not recwarn.list


def test_quiet_stderr_drops_what_c_prints_and_no_more(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with quiet_stderr():
        os.write(2, b"lost\n")
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"


def test_what_the_first_frame_of_a_gif_leaves_is_transparent(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("P", (4, 3), 1).save(file, "GIF")
    data = bytearray(file.getvalue())
    data[6:10] = (7).to_bytes(2, "little") + (5).to_bytes(2, "little")  # a larger canvas
    at = data.index(b",\0\0\0\0")
    data[at + 1 : at + 5] = (2).to_bytes(2, "little") + (1).to_bytes(2, "little")
    (tmp_path / "a.gif").write_bytes(data)
    picture = imaging.read(tmp_path / "a.gif")
    assert picture.alpha is not None
    expected = np.zeros((5, 7), np.uint8)
    expected[1:4, 2:6] = 255
    assert np.array_equal(picture.alpha, expected)


@pytest.mark.parametrize("ending", ["gif", "png", "webp"])
def test_of_an_animation_the_first_picture_is_read_and_told_so(tmp_path: Path, ending: str) -> None:
    first, *others = (Image.new("RGB", (16, 12), colour) for colour in ("red", "blue", "green"))
    file = tmp_path / f"a.{ending}"
    first.save(file, save_all=True, append_images=others, lossless=True)
    (note,) = imaging.read(file).notes
    assert note.endswith("it is an animation, of which the first picture is read")
    assert imaging.read(file).pixels[0, 0].tolist() == [255, 0, 0]
    first.save(file)
    assert imaging.read(file).notes == ()
