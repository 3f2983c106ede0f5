from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import OutputError
from impasto.imaging import check_output, read, write, write_bands
from impasto.imaging.codecs import deep_png, write_tiff
from impasto.imaging.codecs.directories import EXIF, parse

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>"
IPTC = b"\x1c\2\5\0\1a"
FORMATS = [("jpg", 8), ("png", 8), ("png", 16), ("tif", 8), ("tif", 16), ("bmp", 8), ("webp", 8)]


@pytest.fixture
def noise() -> NDArray[np.float32]:
    return np.random.default_rng(0).random((701, 130, 3), np.float32)


def cut(picture: NDArray[Any], *rows: int) -> Iterator[NDArray[Any]]:
    yield from np.split(picture, rows)


@pytest.mark.parametrize("told", [False, True], ids=["plain", "told"])
@pytest.mark.parametrize("is_hidden", [False, True], ids=["opaque", "alpha"])
@pytest.mark.parametrize(("suffix", "bits"), FORMATS)
def test_bands_give_the_bytes_of_the_whole(
    tmp_path: Path,
    noise: NDArray[np.float32],
    block: bytes,
    suffix: str,
    bits: int,
    is_hidden: bool,
    told: bool,
) -> None:
    alpha = (noise[..., 0] * 255).astype(np.uint8) if is_hidden else None
    more: dict[str, Any] = {"bits": bits}
    if told:
        more |= {"exif": block, "xmp": XMP, "iptc": IPTC, "recipe": '{"steps": 1}'}
    write(tmp_path / f"whole.{suffix}", noise, alpha=alpha, **more)
    alphas = None if alpha is None else cut(alpha, 300)
    path = tmp_path / f"bands.{suffix}"
    assert write_bands(path, (701, 130), cut(noise, 1, 5, 500), alpha_bands=alphas, **more) == path
    assert path.read_bytes() == (tmp_path / f"whole.{suffix}").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_levels_are_written_as_they_are(tmp_path: Path) -> None:
    levels = np.arange(60, dtype=np.uint16).reshape(4, 5, 3) * 257
    write_bands(tmp_path / "a.png", (4, 5), [levels], bits=16)
    assert (read(tmp_path / "a.png").pixels == levels).all()
    write_bands(tmp_path / "a.png", (4, 5), [levels])
    assert (read(tmp_path / "a.png").pixels == np.arange(60).reshape(4, 5, 3)).all()


def test_a_long_stream_of_a_png_becomes_several_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: NDArray[np.float32]
) -> None:
    monkeypatch.setattr(deep_png, "_LONGEST_CHUNK", 1000)
    write_bands(tmp_path / "a.png", noise.shape[:2], [noise], bits=16)
    assert (tmp_path / "a.png").read_bytes().count(b"\0\0\x03\xe8IDAT") > 100
    assert (read(tmp_path / "a.png").pixels == np.rint(noise * 65535)).all()


@pytest.mark.parametrize("told", [False, True], ids=["plain", "told"])
def test_a_tiff_beyond_4_gb_is_a_bigtiff(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    noise: NDArray[np.float32],
    block: bytes,
    told: bool,
) -> None:
    monkeypatch.setattr(write_tiff, "_MOST_CLASSIC", 1000)
    path = tmp_path / "a.tif"
    more = {"exif": block, "xmp": XMP} if told else {}
    write_bands(path, noise.shape[:2], cut(noise, 100), **more)
    wanted = np.rint(noise * 255)
    with tifffile.TiffFile(path) as file:
        assert file.is_bigtiff
        assert (file.asarray() == wanted).all()
    with Image.open(path) as image:
        assert (np.asarray(image) == wanted).all()
    picture = read(path)
    assert (picture.pixels == wanted).all()
    assert bool(picture.xmp) == told
    blocks = parse(path.read_bytes()).children
    assert bool(blocks) == told
    assert not told or blocks[EXIF].fields[0x9003].data == b"2020:02:02 20:02:20\0"


@pytest.mark.parametrize(
    ("name", "shape", "words"),
    [
        ("a.jpg", (100, 70_000), "JPEG holds sides up to 65,500 px: choose one of .png .tif .tiff"),
        ("a.webp", (100, 20_000), "WebP holds sides up to 16,383 px: choose one of .jpg .jpeg"),
        ("a.bmp", (40_000, 40_000), "BMP holds files up to 4 GB: choose one of .jpg .jpeg .png"),
        ("a.webp", (9_000, 9_000), "is written whole, up to 64 megapixels: choose one of .jpg"),
        ("a.png", (1, 2**31), "PNG holds sides up to 2,147,483,647 px: choose another format"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_before_the_first_band(
    tmp_path: Path, name: str, shape: tuple[int, int], words: str
) -> None:
    def bands() -> Iterator[NDArray[Any]]:
        pytest.fail("a band was asked for")
        yield

    with pytest.raises(OutputError) as error:
        write_bands(tmp_path / name, shape, bands())
    assert words in str(error.value)
    with pytest.raises(OutputError):
        check_output(tmp_path / name, shape=shape, by_bands=True)


@pytest.mark.parametrize("rows", [[3], [3, 3], [3, 2, 1]])
def test_bands_have_to_be_the_picture(tmp_path: Path, rows: list[int]) -> None:
    bands = [np.zeros((each, 4, 3)) for each in rows]
    with pytest.raises(ValueError, match="5"):
        write_bands(tmp_path / "a.png", (5, 4), bands)
    with pytest.raises(ValueError, match="of its width"):
        write_bands(tmp_path / "a.png", (5, 3), bands)
    assert not list(tmp_path.iterdir())


def test_a_band_that_is_not_finite_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not finite"):
        write_bands(tmp_path / "a.jpg", (5, 4), [np.full((5, 4, 3), np.nan)])
    assert not list(tmp_path.iterdir())
