import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from impasto import imaging
from impasto.errors import PictureError
from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.deep_tiff import decode, is_ours
from impasto.imaging.codecs.formats import UnreadLayoutError
from impasto.imaging.codecs.profile import srgb_profile
from impasto.imaging.codecs.write_tiff import encode


def _tiff(samples: NDArray[Any], **options: Any) -> bytes:
    out = BytesIO()
    options.setdefault("photometric", "rgb" if samples.shape[-1] in (3, 4) else "minisblack")
    tifffile.imwrite(out, samples, metadata=None, **options)
    return out.getvalue()


def _any_size(*_: int) -> None:
    """No limit."""


def _read(data: bytes) -> Planes:
    return decode(data, _any_size)[0]


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"compression": "zlib"},
        {"compression": "zlib", "predictor": True},
        {"rowsperstrip": 7},
        {"tile": (16, 16)},
        {"tile": (16, 16), "compression": "zlib"},
        {"bigtiff": True},
    ],
)
@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_every_layout_gives_every_bit(
    deep_ramp: NDArray[np.uint16], layout: dict[str, Any], planar: str, byteorder: str
) -> None:
    samples = deep_ramp if planar == "contig" else np.moveaxis(deep_ramp, -1, 0)
    data = _tiff(
        samples,
        photometric="rgb",
        planarconfig=planar,
        extrasamples=["unassalpha"],
        byteorder=byteorder,
        **layout,
    )
    assert is_ours(data)
    result = _read(data)
    assert np.array_equal(result.pixels, deep_ramp[..., :3])
    assert result.alpha is not None
    assert np.array_equal(result.alpha, deep_ramp[..., 3])


@pytest.mark.parametrize("compression", ["tiff_lzw", "packbits", "tiff_adobe_deflate", "zstd"])
def test_compressions_of_libtiff_are_read(
    deep_ramp: NDArray[np.uint16], to_bytes: Callable[..., bytes], compression: str
) -> None:
    grey = deep_ramp[..., 0]
    result = _read(to_bytes(Image.fromarray(grey), "TIFF", compression=compression))
    assert np.array_equal(result.pixels[..., 2], grey)


def test_lzw_colour_is_read_to_the_last_bit(
    deep_ramp: NDArray[np.uint16], to_bytes: Callable[..., bytes]
) -> None:
    """A 16-bit RGB row is, to LZW, a grey row of six times as many bytes: made from such a one."""
    rgb = np.ascontiguousarray(deep_ramp[..., :3])
    grey = rgb.view(np.uint8).reshape(20, -1)
    data = to_bytes(Image.fromarray(grey), "TIFF", compression="tiff_lzw", strip_size=10**6)
    tags = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
    file = BytesIO(data)
    file.seek(tags.next)
    tags.load(file)
    start, length = tags[273][0], tags[279][0]
    new = TiffImagePlugin.ImageFileDirectory_v2(b"II*\0\x08\0\0\0")
    new[256], new[257], new[258], new[259], new[262] = 30, 20, (16, 16, 16), 5, 2
    new[273], new[277], new[278], new[279] = 0, 3, 20, length
    whole = b"II*\0\x08\0\0\0" + new.tobytes(8) + data[start : start + length]
    assert np.array_equal(_read(whole).pixels, rgb)


def test_grey_with_and_without_alpha(deep_ramp: NDArray[np.uint16]) -> None:
    plain = _read(_tiff(deep_ramp[..., 0]))
    assert np.array_equal(plain.pixels[..., 1], deep_ramp[..., 0])
    assert plain.alpha is None
    both = _read(_tiff(deep_ramp[..., [0, 3]], planarconfig="contig", extrasamples=["unassalpha"]))
    assert both.alpha is not None
    assert np.array_equal(both.alpha, deep_ramp[..., 3])


def test_white_is_zero_is_turned(deep_ramp: NDArray[np.uint16]) -> None:
    result = _read(_tiff(deep_ramp[..., 0], photometric="miniswhite"))
    assert np.array_equal(result.pixels[..., 0], 65535 - deep_ramp[..., 0])


def test_premultiplied_colour_is_divided_by_alpha() -> None:
    samples = np.array([[[10_000, 20_000, 0, 32_768]]], np.uint16)
    result = _read(_tiff(samples, extrasamples=["assocalpha"]))
    assert np.abs(result.pixels.astype(int) - [[[20_000, 40_000, 0]]]).max() <= 1


def test_filler_is_no_alpha(deep_ramp: NDArray[np.uint16]) -> None:
    assert _read(_tiff(deep_ramp, extrasamples=["unspecified"])).alpha is None


def test_floats_from_0_to_1_become_16_bits() -> None:
    samples = np.array([[[0.0, 0.5, 1.0]]], np.float32)
    assert _read(_tiff(samples)).pixels.tolist() == [[[0, 32768, 65535]]]


def _packbits(data: bytes) -> bytes:
    """The bytes as PackBits: runs of up to 128 that stand as they are, each behind its length."""
    runs = [data[i : i + 128] for i in range(0, len(data), 128)]
    return b"".join(bytes([len(run) - 1]) + run for run in runs)


def test_differences_under_packbits_are_summed(ramp: NDArray[np.uint8], tmp_path: Path) -> None:
    differences = np.diff(ramp, axis=1, prepend=np.zeros((20, 1, 3), np.uint8))
    data = _packbits(differences.tobytes())
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags.update({256: 30, 257: 20, 258: (8, 8, 8), 259: 32773, 262: 2, 277: 3, 278: 20, 317: 2})
    tags.update({273: 0, 279: len(data)})  # Pillow counts the strip's place from the tags' end
    header = b"II*\0" + (8).to_bytes(4, "little")
    (tmp_path / "a.tif").write_bytes(header + tags.tobytes(8) + data)
    assert np.array_equal(imaging.read(tmp_path / "a.tif").pixels, ramp)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_cmyk_without_a_profile_is_noted(dtype: type, tmp_path: Path) -> None:
    paper = np.zeros((2, 2, 4), dtype)
    (tmp_path / "a.tif").write_bytes(_tiff(paper, photometric="separated"))
    picture = imaging.read(tmp_path / "a.tif")
    assert (picture.pixels == 255).all()
    (note,) = picture.notes
    assert "CMYK without a profile" in note


def test_cmyk_goes_on_with_8_bits() -> None:
    paper = np.zeros((2, 2, 4), np.uint16)
    result = _read(_tiff(paper, photometric="separated"))
    assert result.pixels.dtype == np.uint8
    assert (result.pixels == 255).all()


def test_orientation_is_reported(deep_ramp: NDArray[np.uint16]) -> None:
    data = _tiff(deep_ramp[..., 0], extratags=[(274, "H", 1, 6, True)])
    assert decode(data, _any_size)[1] == 6


def test_first_page_of_many(deep_ramp: NDArray[np.uint16]) -> None:
    pages = np.stack([deep_ramp[..., 0], deep_ramp[..., 1]])
    assert np.array_equal(_read(_tiff(pages)).pixels[..., 0], deep_ramp[..., 0])


def test_other_layouts_say_what_they_are(deep_ramp: NDArray[np.uint16]) -> None:
    with pytest.raises(UnreadLayoutError, match="cielab"):
        _read(_tiff(deep_ramp[..., :3], photometric="cielab"))


def test_tiles_above_the_limit_are_refused_unread(deep_ramp: NDArray[np.uint16]) -> None:
    sizes: list[tuple[int, int]] = []
    decode(_tiff(deep_ramp[..., 0], tile=(64, 32)), lambda *size: sizes.append(size))
    assert sizes == [(20, 30), (64, 32)]


def test_a_strip_that_swells_stops_at_its_promised_length(deep_ramp: NDArray[np.uint16]) -> None:
    data = bytearray(_tiff(deep_ramp[..., 0], compression="zlib"))
    with tifffile.TiffFile(BytesIO(bytes(data))) as file:
        tags = file.pages.first.tags
        start, length = tags[273].valueoffset, tags[279].valueoffset
    bomb = zlib.compress(bytes(50_000_000))
    data[start : start + 4] = len(data).to_bytes(4, "little")
    data[length : length + 4] = len(bomb).to_bytes(4, "little")
    tracemalloc.start()
    result = _read(bytes(data) + bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (result.pixels == 0).all()
    assert peak < 10_000_000


def test_8_bit_tiff_is_not_deep(ramp: NDArray[np.uint8]) -> None:
    assert not is_ours(_tiff(ramp))


def test_the_preview_of_a_raw_file_is_not_taken_for_the_picture(ramp: NDArray[np.uint8]) -> None:
    dng = _tiff(ramp, extratags=[(50706, "B", 4, b"\1\4\0\0", True)])
    nef = BytesIO()
    with tifffile.TiffWriter(nef) as file:
        file.write(ramp, photometric="rgb", subfiletype=1, subifds=1, metadata=None)
        file.write(ramp, photometric="rgb", metadata=None)
    for data in (dng, nef.getvalue()):
        with pytest.raises(UnreadLayoutError, match="raw"):
            is_ours(data)


@pytest.mark.parametrize("with_exif", [False, True])
@pytest.mark.parametrize("count", [3, 4])
def test_tiff_holds_every_bit_with_and_without_exif(
    deep_ramp: NDArray[np.uint16], block: bytes, count: int, with_exif: bool
) -> None:
    samples = deep_ramp[..., :count]
    data = encode(samples, block if with_exif else None)
    with tifffile.TiffFile(BytesIO(data)) as file:
        page = file.pages.first
        assert np.array_equal(page.asarray(), samples)
        assert page.iccprofile == srgb_profile()
        assert len(file.pages) == 1


def test_tiff_of_many_strips_survives_the_joining(block: bytes) -> None:
    samples = np.random.default_rng(0).integers(0, 65536, (400, 500, 3), np.uint16)
    with tifffile.TiffFile(BytesIO(encode(samples, block))) as file:
        assert len(file.pages.first.dataoffsets) > 1
        assert np.array_equal(file.pages.first.asarray(), samples)


def test_tiff_joins_all_of_exif(ramp: NDArray[np.uint8], block: bytes) -> None:
    with Image.open(BytesIO(encode(ramp, block))) as image:
        exif = image.getexif()
        assert exif[0x010F] == "A maker"
        assert exif[0x011A] == 300
        assert exif.get_ifd(0x8769)[0x9003] == "2020:02:02 20:02:20"
        assert exif.get_ifd(0x8825)[1] == "N"
        assert np.array_equal(np.asarray(image), ramp)


def test_tiff_has_no_tag_with_a_time_or_maker_of_ours(ramp: NDArray[np.uint8]) -> None:
    with tifffile.TiffFile(BytesIO(encode(ramp, None))) as file:
        names = {tag.name for tag in file.pages.first.tags}
    assert not {"DateTime", "Software", "ImageDescription"} & names


CYAN = {"photometric": "separated", "extrasamples": ["unassalpha"]}
ODD_LAYOUTS: dict[str, dict[str, object]] = {
    "grey with alpha in planes": {
        "photometric": "minisblack",
        "planarconfig": "separate",
        "extrasamples": ["unassalpha"],
    },
    "CMYK with transparency": CYAN,
    "big-endian BigTIFF": {"photometric": "rgb", "byteorder": ">", "bigtiff": True},
}


@pytest.mark.parametrize("layout", list(ODD_LAYOUTS))
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_layouts_of_8_bits_that_pillow_misreads_are_read(
    ramp: NDArray[np.uint8], layout: str, compression: str | None, tmp_path: Path
) -> None:
    opacity = np.full(ramp.shape[:2], 200, np.uint8)
    samples, expected = ramp, ramp
    if layout.startswith("grey"):
        samples = np.stack([ramp[..., 0], opacity])
        expected = ramp[..., :1].repeat(3, axis=-1)
    elif layout.startswith("CMYK"):
        samples = np.dstack([255 - ramp, np.zeros_like(opacity), opacity])
    path = tmp_path / "odd.tif"
    tifffile.imwrite(path, samples, metadata=None, compression=compression, **ODD_LAYOUTS[layout])
    picture = imaging.read(path)
    assert picture.bits == 8
    assert (picture.pixels == expected).all()
    if layout != "big-endian BigTIFF":
        assert picture.alpha is not None
        assert (picture.alpha == 200).all()


def test_a_colour_map_of_8_bits_is_not_black(tmp_path: Path) -> None:
    levels = np.zeros((3, 256), np.uint16)
    levels[:, :4] = [[255, 0, 0, 9], [0, 255, 0, 9], [0, 0, 255, 9]]
    places = np.arange(64, dtype=np.uint8).reshape(8, 8) % 4
    path = tmp_path / "map.tif"
    tifffile.imwrite(path, places, photometric="palette", colormap=levels, metadata=None)
    assert (imaging.read(path).pixels == levels.T[places]).all()


def test_a_sound_layout_that_is_not_read_is_named_and_not_called_damaged(
    ramp: NDArray[np.uint8], tmp_path: Path
) -> None:
    path = tmp_path / "video.tif"
    tifffile.imwrite(path, ramp, photometric="ycbcr", metadata=None)
    with pytest.raises(PictureError, match="is a TIFF of ycbcr pixels"):
        imaging.read(path)


def test_floats_a_hair_outside_their_range_are_clipped_and_noted(
    ramp: NDArray[np.uint8], tmp_path: Path
) -> None:
    samples = (ramp / 255).astype(np.float32)
    samples[0, 0] = 1.00003
    path = tmp_path / "over.tif"
    tifffile.imwrite(path, samples, photometric="rgb", metadata=None)
    picture = imaging.read(path)
    assert (picture.pixels[0, 0] == 65535).all()
    (note,) = picture.notes
    assert "from 0 to 1.00003: what lies outside 0 to 1 is clipped" in note
    samples[0, 0] = 1.5
    tifffile.imwrite(path, samples, photometric="rgb", metadata=None)
    with pytest.raises(PictureError, match=r"samples from 0 to 1\.5"):
        imaging.read(path)
