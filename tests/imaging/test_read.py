import builtins
import hashlib
import os
import struct
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import MemoryShortError, MissingPackageError, PictureError
from impasto.imaging import Picture, read, write

EVERY_KIND = ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"]


def _refusal(source: Any, **options: Any) -> str:
    with pytest.raises(PictureError) as error:
        read(source, **options)
    message = str(error.value)
    assert "\n" not in message
    return message


def test_a_file_is_named_hashed_and_found_again(tmp_path: Path, ramp: NDArray[np.uint8]) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(ramp).save(path)
    relative = os.path.relpath(path)
    result = read(relative)
    assert result.name == relative
    assert result.path is not None
    assert result.path.is_absolute()
    assert result.path.samefile(path)
    assert result.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert np.array_equal(result.pixels, ramp)


def test_a_picture_is_returned_as_it_is(ramp: NDArray[np.uint8]) -> None:
    picture = Picture(ramp)
    assert read(picture) is picture


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, BytesIO])
def test_bytes_of_a_file_are_read_as_the_file_is(
    kind: Callable[[bytes], Any], tmp_path: Path, ramp: NDArray[np.uint8]
) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(ramp).save(path)
    result, expected = read(kind(path.read_bytes())), read(path)
    assert np.array_equal(result.pixels, expected.pixels)
    assert (result.sha256, result.exif) == (expected.sha256, expected.exif)
    assert (result.name, result.path) == ("the picture", None)


def test_an_open_file_is_the_file_that_it_is(tmp_path: Path, ramp: NDArray[np.uint8]) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(ramp).save(path)
    with path.open("rb") as file:
        result = read(file)
    assert (result.name, result.path, result.sha256) == (str(path), path, read(path).sha256)


def test_an_upload_is_read_though_it_has_no_name(ramp: NDArray[np.uint8]) -> None:
    with SpooledTemporaryFile(max_size=16) as upload:
        Image.fromarray(ramp).save(upload, "PNG")
        upload.seek(0)
        assert np.array_equal(read(upload).pixels, ramp)


def test_a_bare_picture_is_called_what_the_caller_calls_it(ramp: NDArray[np.uint8]) -> None:
    assert read(ramp, name="the style image").name == "the style image"
    assert _refusal(b"", name="the style image").startswith("the style image is empty (0 bytes)")
    assert _refusal(b"plain text", name="the mask").startswith("the mask is not a picture")
    assert _refusal(BytesIO(b"GIF89a"), name="the mask").startswith("the mask is cut short")


def test_no_more_bytes_are_taken_than_a_picture_can_need() -> None:
    assert "raise --max-megapixels" in _refusal(bytes(2**26 + 17), max_megapixels=1e-6)


def test_a_tensor_is_read_as_its_array_is(ramp: NDArray[np.uint8]) -> None:
    tensor = torch.from_numpy(ramp).permute(2, 0, 1)
    assert np.array_equal(read(tensor).pixels, ramp)
    assert np.array_equal(read(tensor[None]).pixels, ramp)
    assert np.array_equal(read(tensor[0]).pixels, read(ramp[..., 0]).pixels)
    floats = torch.nn.Parameter(tensor[None] / 255)
    assert np.array_equal(read(floats).pixels, read(ramp / np.float32(255)).pixels)
    assert read(torch.ones(3, 4, 6, dtype=torch.bfloat16)).pixels.min() == 65535


def test_tensors_of_several_pictures_or_beyond_0_to_1_are_refused() -> None:
    assert "a tensor of shape (2, 3, 4, 6) is not a picture" in _refusal(torch.zeros(2, 3, 4, 6))
    assert "a tensor of shape (5, 6, 3) is not a picture" in _refusal(torch.zeros(5, 6, 3))
    assert "floats from 0 to 1" in _refusal(torch.full((3, 4, 6), -2.0))


def test_an_image_has_no_path_and_a_hash_of_its_pixels(ramp: NDArray[np.uint8]) -> None:
    result = read(Image.fromarray(ramp))
    assert (result.name, result.path) == ("the picture", None)
    assert result.sha256 == read(ramp).sha256
    assert result.sha256 != read(ramp[::-1]).sha256


def test_the_hash_knows_shape_dtype_and_alpha(ramp: NDArray[np.uint8]) -> None:
    half = np.full((20, 30, 1), 128, np.uint8)
    variants = [
        ramp,
        ramp.reshape(30, 20, 3),
        np.concatenate([ramp, half], axis=2),
        np.zeros((2, 2), np.uint8),
        np.zeros((2, 2), np.uint16),
    ]
    assert len({read(variant).sha256 for variant in variants}) == len(variants)


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 1), (4, 6, 3), (4, 6, 4)])
@pytest.mark.parametrize(("dtype", "bits"), [("u1", 8), ("u2", 16), (">u2", 16), ("f4", 16)])
def test_arrays_of_every_kind(shape: tuple[int, ...], dtype: str, bits: int) -> None:
    result = read(np.zeros(shape, dtype))
    assert result.pixels.shape == (4, 6, 3)
    assert result.bits == bits
    assert (result.alpha is not None) == (shape[-1] == 4)


def test_an_array_is_copied(ramp: NDArray[np.uint8]) -> None:
    for source in (ramp, ramp.astype(np.uint16)):
        result = read(source)
        before = result.pixels.copy()
        source[:] = 0
        assert np.array_equal(result.pixels, before)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((3,), np.uint8),
        np.zeros((4, 6, 2), np.uint8),
        np.zeros((1, 4, 6, 3), np.uint8),
        np.zeros((0, 6, 3), np.uint8),
        np.zeros((4, 6), np.int32),
        np.full((4, 6), np.nan),
        np.full((4, 6), 1.01),
        np.full((4, 6), -0.5, np.float32),
        np.zeros((4, 6), complex),
    ],
)
def test_arrays_that_are_no_pictures(array: NDArray[Any]) -> None:
    assert "pass" in _refusal(array)


def test_an_empty_name_is_no_folder() -> None:
    assert "is empty" in _refusal("")


@pytest.mark.parametrize("source", [None, 7, object(), [[0]]])
def test_other_things_are_no_pictures(source: object) -> None:
    assert type(source).__name__ in _refusal(source)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_cut_short_file_says_so(
    tmp_path: Path, to_bytes: Callable[..., bytes], kind: str
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    data = to_bytes(Image.fromarray(noise), kind)
    path = tmp_path / "cut"
    for share in (0.02, 0.5, 0.95):
        short = data[: max(int(len(data) * share), 16)]
        path.write_bytes(short)
        assert f"{path} is cut short after {len(short):,}" in _refusal(path)


def test_a_lazy_image_that_is_cut_short(tmp_path: Path, ramp: NDArray[np.uint8]) -> None:
    path = tmp_path / "cut.bmp"
    Image.fromarray(ramp).save(path)
    os.truncate(path, 500)
    with Image.open(path) as image:
        assert _refusal(image) == "the picture is cut short: export or download it again"


def test_a_damaged_file_says_so(
    tmp_path: Path, ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes]
) -> None:
    data = bytearray(to_bytes(Image.fromarray(ramp), "PNG"))
    data[60] ^= 255
    path = tmp_path / "bad.png"
    path.write_bytes(data)
    assert "PNG data is damaged" in _refusal(path)


def test_floats_of_unknown_range_say_how_far_they_reach(tmp_path: Path) -> None:
    path = tmp_path / "hdr.tif"
    Image.fromarray(np.array([[0.0, 255.0]], np.float32)).save(path)
    assert _refusal(path).startswith(f"{path} holds float32 samples from 0 to 255")


def test_a_picture_that_does_not_fit_in_memory(
    ramp: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise MemoryError

    image = Image.fromarray(ramp)
    monkeypatch.setattr(image, "load", full)
    with pytest.raises(MemoryShortError, match="the picture does not fit"):
        read(image)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_too_many_megapixels_are_refused(
    tmp_path: Path, ramp: NDArray[np.uint8], to_bytes: Callable[..., bytes], kind: str
) -> None:
    path = tmp_path / "large"
    path.write_bytes(to_bytes(Image.fromarray(ramp), kind))
    message = _refusal(path, max_megapixels=599e-6)
    assert "30 x 20 px" in message
    assert "--max-megapixels" in message
    assert read(path, max_megapixels=600e-6).width == 30


def test_too_many_megapixels_are_refused_without_a_file(ramp: NDArray[np.uint8]) -> None:
    for source in (ramp, Image.fromarray(ramp)):
        assert "--max-megapixels" in _refusal(source, max_megapixels=1e-4)


def test_a_limit_of_pillows_own_does_not_interfere(
    tmp_path: Path, ramp: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    for suffix in (".png", ".tif", ".gif"):
        path = tmp_path / f"a{suffix}"
        Image.fromarray(ramp).save(path)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert read(path).width == 30
    assert Image.MAX_IMAGE_PIXELS == 10


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    header = struct.pack(">2I5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b""))
    assert "60,000 x 60,000 px (3,600.0 megapixels), above the limit of 100" in _refusal(path)


@pytest.mark.parametrize("name", ["two\nlines.png", "{0} %s [red].png"])
def test_odd_names_are_safe(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    assert "is not a picture impasto reads" in _refusal(path)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1)])
def test_the_smallest_pictures_are_read(tmp_path: Path, size: tuple[int, int]) -> None:
    for kind in EVERY_KIND:
        path = tmp_path / "small"
        Image.new("RGB", size, "white").save(path, kind)
        result = read(path)
        assert (result.width, result.height) == size


def test_heic_without_its_package_gives_the_pip_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(20))
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == "pillow_heif":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingPackageError, match="impasto\\[heic\\]"):
        read(path)


def test_heic_is_read_with_its_package(tmp_path: Path) -> None:
    pytest.importorskip("pillow_heif")
    path = write(tmp_path / "a.heic", np.full((64, 48, 3), 0.5, np.float32))
    result = read(path)
    assert (result.height, result.width) == (64, 48)
    assert np.abs(result.pixels.astype(int) - 128).max() <= 3


def test_mutated_files_give_a_picture_or_the_right_error(
    tmp_path: Path,
    ramp: NDArray[np.uint8],
    to_bytes: Callable[..., bytes],
    capfd: pytest.CaptureFixture[str],
) -> None:
    chance = np.random.default_rng(7)
    path = tmp_path / "mutant"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in EVERY_KIND:
            whole = to_bytes(Image.fromarray(ramp), kind)
            for _ in range(25):
                data = bytearray(whole)
                for at in chance.integers(0, len(data), 4):
                    data[at] = chance.integers(256)
                path.write_bytes(data[: chance.integers(len(data) // 2, 2 * len(data))])
                with suppress(PictureError):
                    assert read(path, max_megapixels=1).pixels.ndim == 3
    streams = capfd.readouterr()
    assert (streams.out, streams.err) == ("", "")


def test_an_array_of_truths_is_black_and_white() -> None:
    assert read(np.array([[True, False]])).pixels[0, :, 0].tolist() == [255, 0]
