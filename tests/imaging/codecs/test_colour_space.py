from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.imaging.codecs import deep_png, write_tiff
from impasto.imaging.codecs.colour_space import adobe_rgb, of_bmp, of_nclx, of_png
from impasto.imaging.codecs.directories import (
    ASCII,
    EXIF,
    INTEROPERABILITY,
    RATIONAL,
    SHORT,
    Directory,
    Field,
    parse,
    serialise,
)
from impasto.imaging.codecs.exif import MARK
from impasto.imaging.codecs.file_bytes import stream_of
from impasto.imaging.codecs.png_chunks import SIGNATURE, Ancillary, lean

# Linear RGB to XYZ at D65: sRGB (IEC 61966-2-1) and Adobe RGB (1998), from their specifications.
SRGB = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
ADOBE = np.array(
    [[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]]
)
ADOBE_BLOCK = MARK + serialise(
    Directory(
        "<",
        {0x010F: Field(ASCII, 6, b"Canon\0")},
        {
            EXIF: Directory(
                "<",
                {0xA001: Field.of(SHORT, "<", 65535)},
                {INTEROPERABILITY: Directory("<", {1: Field(ASCII, 4, b"R03\0")})},
            )
        },
    )
)


@pytest.fixture
def levels() -> NDArray[np.uint8]:
    """Every mixture of nine levels that sRGB has, in squares of 2 px for the JPEG's sake."""
    ramp = np.linspace(30, 220, 9).round()
    colours = np.stack(np.meshgrid(ramp, ramp, ramp), axis=-1).reshape(27, 27, 3)
    return colours.astype(np.uint8).repeat(8, 0).repeat(8, 1)


def linear(levels: NDArray[Any]) -> NDArray[Any]:
    x = levels / 255
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def adobe_levels(levels: NDArray[Any]) -> NDArray[Any]:
    light = linear(levels) @ (np.linalg.inv(ADOBE) @ SRGB).T
    return light.clip(0, 1) ** (256 / 563)


@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg", ".tif"])
@pytest.mark.parametrize("turn", [1, 6])
def test_adobe_rgb_that_exif_alone_names_becomes_srgb(
    suffix: str, turn: int, levels: NDArray[np.uint8], tmp_path: Path
) -> None:
    samples = np.rint(adobe_levels(levels) * 255).astype(np.uint8)
    page = parse(ADOBE_BLOCK.removeprefix(MARK))
    page.fields[0x0112] = Field.of(SHORT, "<", turn)
    path = tmp_path / f"camera{suffix}"
    if suffix == ".tif":
        data = write_tiff.encode(samples, MARK + serialise(page))
        path.write_bytes(data.replace(b"\x73\x87\x07\0", b"\x74\x87\x07\0"))  # no ICC profile
    else:
        exact: dict[str, Any] = {".jpg": {"quality": 100, "subsampling": 0}}
        options = exact.get(suffix, {"lossless": True})
        Image.fromarray(samples).save(path, exif=MARK + serialise(page), **options)
    picture = imaging.read(path)
    expected = np.rot90(levels, -1) if turn == 6 else levels
    error = np.abs(picture.pixels.astype(int) - expected)
    # Of 8 bits few are left in dark colours of strong saturation.
    assert error.max() <= (16 if suffix == ".jpg" else 4)
    assert error.mean() < 1
    assert picture.exif is not None
    assert b"R03" not in picture.exif


def test_adobe_rgb_of_16_bits_is_as_exact(levels: NDArray[np.uint8], tmp_path: Path) -> None:
    samples = np.rint(adobe_levels(levels) * 65535).astype(np.uint16)
    data = deep_png.encode(samples, ADOBE_BLOCK)
    start = data.index(b"iCCP") - 4
    (length,) = struct.unpack_from(">I", data, start)
    (tmp_path / "camera.png").write_bytes(data[:start] + data[start + length + 12 :])
    picture = imaging.read(tmp_path / "camera.png")
    assert picture.bits == 16
    assert np.abs(picture.pixels / 257 - levels).max() < 0.5


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(pixels: NDArray[Any], *extra: tuple[bytes, bytes]) -> bytes:
    """A PNG of RGB levels with further chunks before the pixels."""
    height, width = pixels.shape[:2]
    bits = 8 * pixels.itemsize
    rows = pixels.astype(pixels.dtype.newbyteorder(">")).reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">2I5B", width, height, bits, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), *extra, (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return SIGNATURE + b"".join(chunk(*each) for each in chunks)


def read(data: bytes, tmp_path: Path) -> imaging.Picture:
    (tmp_path / "picture.png").write_bytes(data)
    return imaging.read(tmp_path / "picture.png")


def test_linear_light_that_gama_names_becomes_srgb(
    levels: NDArray[np.uint8], tmp_path: Path
) -> None:
    samples = np.rint(linear(levels) * 65535).astype(np.uint16)
    picture = read(png(samples, (b"gAMA", struct.pack(">I", 100_000))), tmp_path)
    assert np.abs(picture.pixels / 257 - levels).max() < 0.3


USUAL = (b"gAMA", struct.pack(">I", 45455))
REC709 = (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))
P3 = (b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))


@pytest.mark.parametrize(
    "extra",
    [
        [USUAL],
        [REC709],
        [USUAL, REC709],
        [(b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 100_000))],  # sRGB comes first
        [(b"cICP", bytes([1, 13, 0, 1])), (b"gAMA", struct.pack(">I", 100_000))],
        [(b"cICP", bytes([1, 13, 0, 1])), (b"eXIf", ADOBE_BLOCK.removeprefix(MARK))],
        [(b"gAMA", bytes(4))],
        [(b"cHRM", bytes(32))],
    ],
)
def test_what_means_srgb_or_nothing_turns_no_level(
    extra: list[tuple[bytes, bytes]], levels: NDArray[np.uint8], tmp_path: Path
) -> None:
    assert (read(png(levels, *extra), tmp_path).pixels == levels).all()


def test_primaries_make_colours_stronger(tmp_path: Path) -> None:
    orange = np.full((4, 4, 3), (200, 120, 60), np.uint8)
    red, _, blue = read(png(orange, P3), tmp_path).pixels[0, 0]
    assert red > 205
    assert blue < 55


def pq(light: NDArray[Any]) -> NDArray[Any]:
    """SMPTE ST 2084 of light in units of 10,000 cd/m²."""
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    p = light**m1
    return ((c1 + c2 * p) / (1 + c3 * p)) ** m2


def test_pq_becomes_srgb_with_a_note(levels: NDArray[np.uint8], tmp_path: Path) -> None:
    samples = np.rint(pq(linear(levels) * 203 / 10_000) * 65535).astype(np.uint16)
    picture = read(png(samples, (b"cICP", bytes([1, 16, 0, 1]))), tmp_path)
    assert np.abs(picture.pixels / 257 - levels).max() < 1
    (note,) = picture.notes
    assert "HDR picture (PQ)" in note


def test_an_unknown_colour_space_is_named(levels: NDArray[np.uint8], tmp_path: Path) -> None:
    picture = read(png(levels, (b"cICP", bytes([99, 13, 0, 1]))), tmp_path)
    assert (picture.pixels == levels).all()
    assert "99-13-0-1" in picture.notes[0]


def test_a_profile_comes_before_srgb_and_gama() -> None:
    chunks = Ancillary(icc=b"a profile", srgb=True, gamma=1.0)
    assert of_png(chunks) == (b"a profile", "")


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt"])
def test_a_long_chunk_beside_the_pixels_does_not_cost_the_picture(
    kind: bytes, levels: NDArray[np.uint8], tmp_path: Path
) -> None:
    blob = np.random.default_rng(0).integers(0, 256, 1_600_000, np.uint8).tobytes()
    picture = read(png(levels, (kind, b"long\0\0" + zlib.compress(blob))), tmp_path)
    assert (picture.pixels == levels).all()
    assert picture.notes == ()


def test_a_damaged_chunk_beside_the_pixels_is_named(
    levels: NDArray[np.uint8], tmp_path: Path
) -> None:
    picture = read(png(levels, (b"iCCP", b"name\0\0no zlib")), tmp_path)
    assert (picture.pixels == levels).all()
    assert "its iCCP chunk is damaged" in picture.notes[0]


def test_a_lean_file_is_the_same_picture(levels: NDArray[np.uint8]) -> None:
    data = png(levels, USUAL, (b"tEXt", b"Comment\0" + bytes(9999)))
    pixels = stream_of(data, lean(data)).read()
    assert len(pixels) < len(data) - 9999
    assert (np.asarray(Image.open(BytesIO(pixels))) == levels).all()


def test_the_profile_is_one_for_littlecms() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(BytesIO(adobe_rgb()))
    assert profile.profile.xcolor_space.strip() == "RGB"


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_the_clear_level_of_grey_with_few_bits_is_scaled_as_the_samples_are(
    bits: int, tmp_path: Path
) -> None:
    top = 2**bits - 1
    rows = np.array([[top, 0] * 8], np.uint8).repeat(4, 0)
    single = (rows[..., None] >> np.arange(bits)[::-1]) & 1
    packed = np.packbits(single.reshape(4, -1), axis=1)
    raw = b"".join(b"\0" + row.tobytes() for row in packed)
    head = struct.pack(">2I5B", 16, 4, bits, 0, 0, 0, 0)
    chunks = [
        (b"IHDR", head),
        (b"tRNS", struct.pack(">H", 0x8000 | top)),
        (b"IDAT", zlib.compress(raw)),
    ]
    data = SIGNATURE + b"".join(chunk(*each) for each in [*chunks, (b"IEND", b"")])
    picture = read(data, tmp_path)
    assert picture.alpha is not None
    assert (picture.alpha == np.array([0, 255] * 8)).all()


def bitmap(samples: NDArray[np.uint8], colours: bytes, profile: bytes = b"") -> bytes:
    """A BMP of version 5 whose kind of colour space and what follows it are given."""
    height, width = samples.shape[:2]
    rows = np.pad(samples[::-1, :, ::-1].reshape(height, -1), ((0, 0), (0, -3 * width % 4)))
    pixels = rows.tobytes()
    head = struct.pack("<IiiHHII16x", 124, width, height, 1, 24, 0, len(pixels))
    head = (head.ljust(56, b"\0") + colours).ljust(112, b"\0")
    head += struct.pack("<II", 124 + len(pixels), len(profile)) + bytes(4)
    start = struct.pack("<IHHI", 138 + len(pixels) + len(profile), 0, 0, 138)
    return b"BM" + start + head + pixels + profile


def calibrated(endpoints: list[tuple[float, float, float]], gamma: float) -> bytes:
    numbers = [round(number * 2**30) for each in endpoints for number in each]
    return bytes(4) + struct.pack("<9I3I", *numbers, *[round(gamma * 65536)] * 3)


ADOBE_ENDPOINTS = [(0.64, 0.33, 0.03), (0.21, 0.71, 0.08), (0.15, 0.06, 0.79)]
REC709_ENDPOINTS = [(0.64, 0.33, 0.03), (0.30, 0.60, 0.10), (0.15, 0.06, 0.79)]


@pytest.mark.parametrize("how", ["profile", "numbers"])
def test_the_colours_of_a_bitmap_are_heeded(
    how: str, levels: NDArray[np.uint8], tmp_path: Path
) -> None:
    samples = np.rint(adobe_levels(levels) * 255).astype(np.uint8)
    if how == "profile":
        data = bitmap(samples, b"DEBM", adobe_rgb())
    else:
        data = bitmap(samples, calibrated(ADOBE_ENDPOINTS, 563 / 256))
    (tmp_path / "a.bmp").write_bytes(data)
    error = np.abs(imaging.read(tmp_path / "a.bmp").pixels.astype(int) - levels)
    assert error.max() <= 4
    assert error.mean() < 1


@pytest.mark.parametrize(
    "colours",
    [b"BGRs", calibrated(REC709_ENDPOINTS, 2.2), calibrated([(0, 0, 0)] * 3, 2.2), bytes(52)],
)
def test_a_bitmap_of_srgb_or_without_numbers_has_no_profile(colours: bytes) -> None:
    assert of_bmp(bitmap(np.zeros((2, 2, 3), np.uint8), colours)) is None


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("curve", ["gamma", "table"])
def test_measured_colours_of_a_tiff_become_srgb(
    bits: int, curve: str, levels: NDArray[np.uint8], tmp_path: Path
) -> None:
    top = 2**bits - 1
    samples = np.rint(adobe_levels(levels) * top).astype(f"u{bits // 8}")
    page = {
        318: Field.of(RATIONAL, "<", 3127, 10_000, 3290, 10_000),
        319: Field.of(RATIONAL, "<", 64, 100, 33, 100, 21, 100, 71, 100, 15, 100, 6, 100),
    }
    photo = {}
    if curve == "gamma":
        photo[42240] = Field.of(RATIONAL, "<", 563, 256)
    else:
        light = np.linspace(0, 1, 2**bits) ** (563 / 256)
        page[301] = Field.of(SHORT, "<", *np.rint(light * 65535).astype(int))
    block = serialise(Directory("<", page, {EXIF: Directory("<", photo)} if photo else {}))
    data = write_tiff.encode(samples, MARK + block)
    (tmp_path / "a.tif").write_bytes(data.replace(b"\x73\x87\x07\0", b"\x74\x87\x07\0"))
    picture = imaging.read(tmp_path / "a.tif")
    assert picture.bits == bits
    error = np.abs(picture.pixels / (top / 255) - levels)
    assert error.max() <= (4 if bits == 8 else 0.5)
    assert error.mean() < 1


@pytest.mark.parametrize(
    ("primaries", "transfer", "turns", "is_hdr"),
    [(1, 13, False, False), (2, 2, False, False), (12, 13, True, False), (9, 16, True, True)],
)
def test_numbers_of_a_heic_mean_a_profile_or_srgb(
    primaries: int, transfer: int, turns: bool, is_hdr: bool
) -> None:
    icc, note = of_nclx({"color_primaries": primaries, "transfer_characteristics": transfer})
    assert (icc is not None) == turns
    assert ("HDR" in note) == is_hdr


def test_a_heic_of_display_p3_by_numbers_is_read_as_by_profile(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    image = Image.new("RGB", (64, 64), (200, 120, 60))
    options = {"quality": -1, "matrix_coefficients": 0, "chroma": 444}
    for name, primaries in (("srgb", 1), ("p3", 12)):
        pillow_heif.from_pillow(image).save(
            tmp_path / f"{name}.heic",
            color_primaries=primaries,
            transfer_characteristics=13,
            full_range_flag=1,
            **options,
        )
    plain, strong = (imaging.read(tmp_path / f"{n}.heic").pixels[9, 9] for n in ("srgb", "p3"))
    assert np.abs(plain.astype(int) - (200, 120, 60)).max() <= 1
    assert strong[0] > 205
    assert strong[2] < 55
