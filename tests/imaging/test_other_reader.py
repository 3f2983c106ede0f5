"""Pictures made by others, read here and by libvips, which shares no code with our readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
import tifffile
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging


def pillow(image: Image.Image, path: Path, **options: Any) -> None:
    image.save(path, **options)


def vips(image: Image.Image, path: Path, **options: Any) -> None:
    samples = np.asarray(image)
    pyvips.Image.new_from_array(samples).write_to_file(str(path), **options)


def deep(image: Image.Image, path: Path, **options: Any) -> None:
    samples = np.asarray(image).astype(np.uint16) * 257 + 3
    made = pyvips.Image.new_from_array(samples).copy(interpretation="rgb16")
    made.write_to_file(str(path), **options)


def tiff(image: Image.Image, path: Path, **options: Any) -> None:
    samples = np.asarray(image)
    if options.get("planarconfig") == "separate":
        samples = np.moveaxis(samples, -1, 0)
    tifffile.imwrite(path, samples, photometric="rgb", metadata=None, **options)


EXIF_ON_ITS_SIDE = b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"
WRITERS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "a JPEG on its side": (pillow, "jpg", {"exif": EXIF_ON_ITS_SIDE, "quality": 90}),
    "a progressive JPEG": (vips, "jpg", {"interlace": True, "Q": 95}),
    "an interlaced PNG": (vips, "png", {"interlace": True}),
    "a PNG with a palette": (vips, "png", {"palette": True}),
    "a PNG of 16 bits": (deep, "png", {}),
    "a WebP without loss": (vips, "webp", {"lossless": True}),
    "a tiled TIFF": (vips, "tif", {"tile": True, "compression": "lzw", "predictor": "horizontal"}),
    "a TIFF of 16 bits": (deep, "tif", {"compression": "deflate", "tile": True}),
    "a TIFF pyramid": (vips, "tif", {"pyramid": True, "tile": True, "bigtiff": True}),
    "a TIFF in planes": (tiff, "tif", {"planarconfig": "separate"}),
    "a big-endian BigTIFF": (tiff, "tif", {"byteorder": ">", "bigtiff": True}),
}


@pytest.mark.parametrize("kind", list(WRITERS))
def test_both_read_the_same_picture(kind: str, ramp: NDArray[np.uint8], tmp_path: Path) -> None:
    write, suffix, options = WRITERS[kind]
    path = tmp_path / f"picture.{suffix}"
    write(Image.fromarray(np.kron(ramp, np.ones((8, 8, 1), np.uint8))), path, **options)
    other = pyvips.Image.new_from_file(str(path)).autorot().numpy()
    picture = imaging.read(path)
    assert picture.pixels.dtype == other.dtype
    assert picture.pixels.shape == other[..., :3].shape
    # JPEG decoders may differ by a rounding or two.
    tolerance = 3 if suffix == "jpg" else 0
    assert np.abs(picture.pixels.astype(int) - other[..., :3]).max() <= tolerance


@pytest.mark.parametrize("options", [{}, {"tile": True}, {"bigtiff": True}])
def test_floats_stored_as_differences_are_summed(options: dict[str, Any], tmp_path: Path) -> None:
    samples = np.random.default_rng(3).random((70, 90, 3), np.float32)
    made = pyvips.Image.new_from_array(samples).copy(interpretation="rgb")
    path = str(tmp_path / "float.tif")
    made.tiffsave(path, compression="deflate", predictor="float", **options)
    with tifffile.TiffFile(path) as file:
        page: Any = file.pages.first
        assert page.predictor == 3
    picture = imaging.read(path)
    assert np.abs(picture.pixels - samples.astype(np.float64) * 65535).max() < 0.51
