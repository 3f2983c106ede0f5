"""What is read from the disk band by band is what is read whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import png
import psutil
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.errors import MemoryShortError, OutputError, PictureError
from impasto.imaging import Picture
from impasto.imaging.codecs import mapped, room, tiff_windows

READ = import_module("impasto.imaging.read")  # whose name in `imaging` is the function's
HEIGHT, WIDTH = 61, 47
Maker = Callable[[Path], object]


@pytest.fixture(autouse=True)
def small_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture is a large one, of several bands."""
    monkeypatch.setattr(READ, "LARGE_PX", 9 * WIDTH)
    monkeypatch.setattr(room, "_BAND_PX", 5 * WIDTH)
    monkeypatch.setattr(tiff_windows, "_WINDOW_PX", 5 * WIDTH)


def noise(count: int = 3, kind: Any = np.uint8) -> NDArray[Any]:
    top = 1 if np.dtype(kind).kind == "f" else np.iinfo(kind).max
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    waves = [np.sin(x / (3 + c) + y / (5 - c / 2)) for c in range(count)]
    rough = np.random.default_rng(0).random((HEIGHT, WIDTH, count))
    samples = (0.3 * np.stack(waves, axis=-1) + 0.5) * 0.9 + 0.1 * rough
    return (samples * top).astype(kind).squeeze()


def pil(mode: str) -> Image.Image:
    image = Image.fromarray(noise(4 if mode == "RGBA" else 3))
    if mode == "CMYK":
        return Image.frombytes("CMYK", (WIDTH, HEIGHT), noise(4).tobytes())
    if mode == "LA":
        image = image.convert("L")
        image.putalpha(Image.fromarray(noise(2)[..., 1]))
        return image
    return image.quantize(50) if mode == "P" else image.convert(mode)


def by_pillow(suffix: str, mode: str, **options: Any) -> Any:
    def make(path: Path) -> None:
        pil(mode).save(path, **options)

    words = [mode, *(f"{name}={value!r:.12}" for name, value in options.items())]
    return pytest.param(suffix, make, id=f"{suffix} {' '.join(words)}")


def deep_png(count: int, **options: Any) -> Any:
    def make(path: Path) -> None:
        samples = noise(count, np.uint16).reshape(HEIGHT, -1)
        kinds = {"greyscale": count < 3, "alpha": count in (2, 4)}
        with path.open("wb") as file:
            png.Writer(WIDTH, HEIGHT, bitdepth=16, **kinds, **options).write(file, samples)

    return pytest.param("png", make, id=f"png 16 x {count} {' '.join(options)}")


def tiff(count: int, kind: Any = np.uint8, **options: Any) -> Any:
    def make(path: Path) -> None:
        samples = noise(count, kind)
        if options.get("planarconfig") == "separate":
            samples = np.moveaxis(samples, -1, 0)
        tifffile.imwrite(path, samples, metadata=None, **options)

    words = [f"{name}={value!r:.12}" for name, value in options.items()]
    return pytest.param("tif", make, id=f"tif {np.dtype(kind).name} x {count} {' '.join(words)}")


RGB: dict[str, Any] = {"photometric": "rgb"}
CASES = [
    *(by_pillow("png", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    by_pillow("png", "P", transparency=3),
    by_pillow("png", "L", transparency=120),
    by_pillow("png", "RGB", transparency=(1, 2, 3), dpi=(300, 300)),
    *(deep_png(count) for count in (1, 2, 3, 4)),
    deep_png(3, interlace=True),
    deep_png(3, transparent=(1, 2, 3)),
    *(by_pillow("jpg", mode) for mode in ("L", "RGB", "CMYK")),
    by_pillow("jpg", "RGB", progressive=True, subsampling=2),
    *(
        by_pillow("tif", mode, compression="tiff_lzw")
        for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK", "LAB", "I;16")
    ),
    by_pillow("tif", "RGB"),
    by_pillow("tif", "1", compression="group4"),
    by_pillow("tif", "RGB", compression="jpeg", strip_size=16 * WIDTH * 3),
    by_pillow("tif", "RGB", compression="packbits", strip_size=3 * WIDTH * 3),
    tiff(3, **RGB, rowsperstrip=7),
    tiff(3, **RGB, rowsperstrip=7, planarconfig="separate"),
    tiff(3, **RGB, rowsperstrip=7, compression="zlib", predictor=True),
    tiff(3, **RGB, rowsperstrip=7, compression="zlib", planarconfig="separate"),
    tiff(3, **RGB, tile=(16, 16), compression="zlib"),
    tiff(3, **RGB, tile=(16, 32)),
    tiff(3, **RGB, rowsperstrip=4, bigtiff=True),
    tiff(3, **RGB, rowsperstrip=4, bigtiff=True, byteorder=">"),
    tiff(3, np.uint16, **RGB, rowsperstrip=4, bigtiff=True, byteorder=">"),
    tiff(4, np.uint16, **RGB, extrasamples=["unassalpha"], rowsperstrip=9),
    tiff(4, np.uint16, **RGB, extrasamples=["assocalpha"], tile=(16, 16), compression="zlib"),
    tiff(4, **RGB, extrasamples=["assocalpha"], rowsperstrip=9),
    tiff(3, np.uint32, **RGB, rowsperstrip=5),
    tiff(1, np.uint16, photometric="miniswhite", rowsperstrip=5),
    tiff(4, np.uint16, photometric="separated", rowsperstrip=5),
    tiff(3, np.float32, **RGB, rowsperstrip=5),
    by_pillow("webp", "RGB"),
    by_pillow("bmp", "RGB"),
]


def assert_same(one: Picture, other: Picture) -> None:
    for field in fields(Picture):
        if field.name not in ("pixels", "alpha", "scratch"):
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    assert one.pixels.dtype == other.pixels.dtype
    assert np.array_equal(one.pixels, other.pixels)
    assert (one.alpha is None) == (other.alpha is None)
    if one.alpha is not None and other.alpha is not None:
        assert one.alpha.dtype == other.alpha.dtype
        assert np.array_equal(one.alpha, other.alpha)


def assert_read_the_same(path: Path, scratch: Path, by_bands: bool = True) -> Picture:
    scratch.mkdir()
    whole = imaging.read(path)
    with pytest.MonkeyPatch.context() as patch:
        if by_bands:
            patch.delattr(READ, "decode")
        mapped_ = imaging.read(path, scratch=scratch)
    assert_same(whole, mapped_)
    assert isinstance(mapped_.pixels, np.memmap)
    assert mapped_.scratch == scratch
    assert not list(scratch.iterdir())
    return mapped_


@pytest.mark.parametrize(("suffix", "make"), CASES)
def test_bands_are_the_whole(
    tmp_path: Path, request: pytest.FixtureRequest, suffix: str, make: Maker
) -> None:
    path = tmp_path / f"a.{suffix}"
    make(path)
    by_bands = suffix not in ("webp", "bmp") and "float32" not in request.node.name
    assert_read_the_same(path, tmp_path / "scratch", by_bands)


@pytest.mark.parametrize("kind", ["png", "jpg", "tif", "zip.tif"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_every_orientation_is_applied(tmp_path: Path, kind: str, turn: int) -> None:
    path = tmp_path / f"a.{kind}"
    exif = Image.Exif()
    exif[0x0112] = turn
    exif.get_ifd(0x8769)[0x9003] = "2020:02:02 20:02:20"
    if kind == "zip.tif":
        samples, tags = noise(3, np.uint16), [(0x0112, "H", 1, turn, True)]
        tifffile.imwrite(path, samples, photometric="rgb", rowsperstrip=9, extratags=tags)
    else:
        pil("RGB").save(path, exif=exif)
    picture = assert_read_the_same(path, tmp_path / "scratch")
    assert (picture.height > picture.width) == (turn < 5)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
@pytest.mark.parametrize("grey", [False, True])
def test_profiles_and_captions_are_carried(
    tmp_path: Path, make_profile: Callable[..., bytes], block: bytes, suffix: str, grey: bool
) -> None:
    path = tmp_path / f"a.{suffix}"
    image = pil("L" if grey else "RGB")
    image.save(path, icc_profile=make_profile(grey=grey), exif=block)
    picture = assert_read_the_same(path, tmp_path / "scratch")
    stored = np.asarray(image).reshape(HEIGHT, WIDTH, -1)
    assert not np.array_equal(picture.pixels[..., 0], stored[..., 0])


def test_alpha_that_begins_in_a_later_band_is_found(tmp_path: Path) -> None:
    samples = noise(4)
    samples[..., 3] = 255
    samples[-1, 0, 3] = 7
    Image.fromarray(samples).save(tmp_path / "a.png")
    picture = assert_read_the_same(tmp_path / "a.png", tmp_path / "scratch")
    assert picture.alpha is not None
    assert picture.alpha[-1, 0] == 7
    assert picture.alpha[:-1].min() == 255


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_file_that_was_cut_short_is_refused_alike(
    tmp_path: Path, suffix: str, share: float
) -> None:
    path = tmp_path / f"a.{suffix}"
    pil("RGB").save(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    messages = []
    for more in ({}, {"scratch": tmp_path}):
        with pytest.raises(PictureError) as error:
            imaging.read(path, **more)
        messages.append(str(error.value))
    assert messages[0] == messages[1]


def test_the_limit_of_megapixels_holds(tmp_path: Path) -> None:
    pil("RGB").save(tmp_path / "a.png")
    with pytest.raises(PictureError, match="--max-megapixels"):
        imaging.read(tmp_path / "a.png", max_megapixels=0.001, scratch=tmp_path)


def test_a_scratch_folder_without_room_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    pil("RGB").save(tmp_path / "a.png")
    with pytest.raises(OutputError, match="no such file"):
        imaging.read(tmp_path / "a.png", scratch=tmp_path / "missing")
    monkeypatch.setattr(mapped, "_take_room", full)
    with pytest.raises(OutputError, match="name another one with --scratch"):
        imaging.read(tmp_path / "a.png", scratch=tmp_path)


@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_what_has_to_be_whole_in_memory_is_refused_where_it_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    pil("RGB").save(path, progressive=True)
    memory = SimpleNamespace(available=6 * HEIGHT * WIDTH)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    if suffix == "jpg":
        imaging.read(path, scratch=tmp_path)  # three coefficients of two bytes for each pixel
    memory.available -= 1
    with pytest.raises(MemoryShortError, match="does not fit in the memory that is free"):
        imaging.read(path, scratch=tmp_path)
