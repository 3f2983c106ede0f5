"""TIFFs that usual writers do not make, put together tag by tag."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.errors import PictureError
from impasto.imaging.codecs.directories import LONG, SHORT, Directory, Field, serialise

TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def tiff(
    segments: list[bytes], shape: tuple[int, int, int], **tags: int | list[int] | None
) -> bytes:
    """A little-endian TIFF of 8 bits and uncompressed RGB strips unless tags say otherwise."""
    height, width, count = shape
    values: dict[int, int | list[int] | None] = {
        256: width,
        257: height,
        258: [8] * count,
        259: 1,
        262: 2,
        277: count,
        278: height,
        279: [len(segment) for segment in segments],
    }
    values |= {int(name[1:]): value for name, value in tags.items()}

    def directory(offsets: list[int]) -> bytes:
        fields = {
            tag: Field.of(LONG if tag in (273, 279) else SHORT, "<", *np.atleast_1d(value).tolist())
            for tag, value in (values | {273: offsets}).items()
            if value is not None
        }
        return serialise(Directory("<", dict(sorted(fields.items()))))

    begin = len(directory([0] * len(segments)))
    starts = begin + np.cumsum([0, *map(len, segments)])[:-1]
    return directory(starts.tolist()) + b"".join(segments)


def read(data: bytes, tmp_path: Path) -> imaging.Picture:
    (tmp_path / "a.tif").write_bytes(data)
    return imaging.read(tmp_path / "a.tif")


def refusal(data: bytes, tmp_path: Path) -> str:
    with pytest.raises(PictureError) as error:
        read(data, tmp_path)
    return str(error.value)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("planar", [1, 2])
@pytest.mark.parametrize("bits", [8, 16])
def test_bytes_with_their_lowest_bit_first_are_turned(
    ramp: NDArray[np.uint8], bits: int, planar: int, compressed: bool, tmp_path: Path
) -> None:
    samples = ramp.astype(f"<u{bits // 8}")
    planes = [samples] if planar == 1 else list(np.moveaxis(samples, -1, 0))
    pack = zlib.compress if compressed else bytes
    segments = [pack(plane.tobytes()).translate(TURNED) for plane in planes]
    options = {"_258": [bits] * 3, "_259": 8 if compressed else 1, "_266": 2, "_284": planar}
    data = tiff(segments, samples.shape, **options)
    assert np.array_equal(read(data, tmp_path).pixels, samples)


@pytest.mark.parametrize("bits", [8, 16])
def test_what_samples_mean_is_guessed_by_their_number_where_a_file_does_not_say(
    ramp: NDArray[np.uint8], bits: int, tmp_path: Path
) -> None:
    samples = ramp.astype(f"<u{bits // 8}")
    data = tiff([samples.tobytes()], samples.shape, _258=[bits] * 3, _262=None)
    assert np.array_equal(read(data, tmp_path).pixels, samples)
    grey = np.ascontiguousarray(samples[..., :1])
    data = tiff([grey.tobytes()], grey.shape, _258=[bits], _262=None)
    assert np.array_equal(read(data, tmp_path).pixels, np.repeat(grey, 3, axis=2))


@pytest.mark.parametrize("bits", [8, 16])
def test_a_length_of_nothing_is_the_rest(
    ramp: NDArray[np.uint8], bits: int, tmp_path: Path
) -> None:
    samples = ramp.astype(f"<u{bits // 8}")
    data = tiff([samples.tobytes()], samples.shape, _258=[bits] * 3, _279=[0])
    assert np.array_equal(read(data, tmp_path).pixels, samples)


def test_8_bits_that_are_called_signed_are_read_as_they_are_with_a_note(
    ramp: NDArray[np.uint8], tmp_path: Path
) -> None:
    picture = read(tiff([ramp.tobytes()], ramp.shape, _339=[2] * 3), tmp_path)
    assert np.array_equal(picture.pixels, ramp)
    (note,) = picture.notes
    assert "said to be signed" in note


@pytest.mark.parametrize(
    ("count", "tags", "says"),
    [
        (5, {"_262": 5, "_332": 2, "_334": 5, "_338": [0]}, "a TIFF of 5 inks"),
        (3, {"_262": 8, "_284": 2}, "a TIFF of cielab pixels at 8 bits"),
    ],
)
def test_layouts_that_are_not_read_are_named(
    count: int, tags: dict[str, int | list[int]], says: str, tmp_path: Path
) -> None:
    planes = count if tags.get("_284") == 2 else 1
    segments = [bytes(64 * 64 * count // planes)] * planes
    assert says in refusal(tiff(segments, (64, 64, count), **tags), tmp_path)


def test_strips_that_are_each_the_whole_file_are_refused(tmp_path: Path) -> None:
    count, whole = 500, bytes(200_000)
    segments = [*[b""] * (count - 1), whole]  # which all begin at the same place
    tags = {"_258": [16] * 3, "_278": 1, "_279": [len(whole)] * count}
    said = refusal(tiff(segments, (count, 64, 3), **tags), tmp_path)
    assert "damaged or of a rare kind" in said


def test_webp_of_another_size_than_its_page_is_refused(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("RGB", (4000, 4000)).save(file, "WEBP", lossless=True)
    data = tiff([file.getvalue()], (64, 64, 3), _259=50001)
    assert "damaged or of a rare kind" in refusal(data, tmp_path)
