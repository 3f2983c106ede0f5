"""What the tasks paint: pictures derived from the samples, and a network of drawn weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import png
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file

__all__ = ["disc", "make", "ramp", "sample", "save"]

LONGEST_PX = 128
SMALL_PX = 64
# Of torchvision's vgg19.features: channels of the five blocks, convolutions in each.
WIDTHS, DEPTHS = (64, 128, 256, 512, 512), (2, 2, 4, 4, 4)

Pixels = NDArray[np.uint8]


def make(folder: Path, root: Path) -> None:
    """Write all inputs into a folder.

    Args:
        folder: exists.
        root: of a tree whose samples are taken.
    """
    photo = sample(root, "chelsea")
    height, width = photo.shape[:2]
    save(folder / "photo.png", photo)
    save(folder / "swirls.png", sample(root, "swirls"))
    save(folder / "mosaic.png", sample(root, "mosaic"))
    save(folder / "small.png", sample(root, "chelsea", SMALL_PX))
    across, middle = ramp(height, width), disc(height, width)
    save(folder / "left.png", 255 - across)
    save(folder / "right.png", across)
    save(folder / "disc.png", middle)
    style = sample(root, "swirls")
    save(folder / "swirls-disc.png", disc(*style.shape[:2]))
    save(folder / "clear-photo.png", np.dstack([photo, middle]))
    save(folder / "clear-swirls.png", np.dstack([style, ramp(*style.shape[:2])]))
    _save_deep(folder / "deep.png", _deepen(photo))
    (folder / "photos").mkdir()
    for name in ("astronaut", "chelsea", "coffee"):
        save(folder / "photos" / f"{name}.png", sample(root, name, SMALL_PX))
    save_file(_vgg19(), folder / "vgg19.safetensors")


def sample(root: Path, name: str, longest_px: int = LONGEST_PX) -> Pixels:
    """A bundled picture, (H, W, 3) uint8; found by its name, wherever the package keeps it."""
    (path,) = (root / "src").rglob(f"{name}.jpg")
    with Image.open(path) as file:
        picture = file.convert("RGB")
    picture.thumbnail((longest_px, longest_px))
    return np.asarray(picture)


def ramp(height: int, width: int) -> Pixels:
    """A soft mask, (H, W): black at the left, white at the right."""
    ramp = np.clip(np.linspace(-0.5, 1.5, width), 0, 1)
    return np.broadcast_to(np.rint(255 * ramp), (height, width)).astype(np.uint8)


def disc(height: int, width: int) -> Pixels:
    """A soft mask, (H, W): white in the middle, black in the corners."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    mask: Pixels = np.rint(255 * np.clip(2 - 2 * np.hypot(x, y), 0, 1)).astype(np.uint8)
    return mask


def _deepen(pixels: Pixels) -> NDArray[np.uint16]:
    """A picture of 16 bits a channel whose low bytes are used."""
    height, width = pixels.shape[:2]
    low = (np.arange(height)[:, None] * 7 + np.arange(width)[None] * 3) % 256
    return pixels.astype(np.uint16) * 256 + low[..., None].astype(np.uint16)


def save(path: Path, pixels: Pixels) -> None:
    """Write a picture of 8 bits a channel."""
    Image.fromarray(pixels).save(path)


def _save_deep(path: Path, pixels: NDArray[np.uint16]) -> None:
    """Write (H, W, 3) uint16, which Pillow cannot."""
    height, width = pixels.shape[:2]
    writer = png.Writer(width, height, greyscale=False, bitdepth=16)
    with path.open("wb") as file:
        writer.write(file, pixels.reshape(height, -1).tolist())


def _vgg19() -> dict[str, NDArray[Any]]:
    """Weights of a VGG-19 under torchvision's names, drawn as He et al. (2015) begin training."""
    draw = np.random.default_rng(19)
    weights: dict[str, NDArray[Any]] = {}
    for index, channels_in, channels_out in _convolutions():
        shape = (channels_out, channels_in, 3, 3)
        values = draw.standard_normal(shape, np.float32)
        weights[f"features.{index}.weight"] = values * np.float32((2 / (9 * channels_in)) ** 0.5)
        weights[f"features.{index}.bias"] = np.zeros(channels_out, np.float32)
    return weights


def _convolutions() -> Iterator[tuple[int, int, int]]:
    """(place in `features`, channels in, channels out) of every convolution.

    Example:
        >>> list(_convolutions())[:3]
        [(0, 3, 64), (2, 64, 64), (5, 64, 128)]
    """
    index, before = 0, 3
    for width, depth in zip(WIDTHS, DEPTHS, strict=True):
        for _ in range(depth):
            yield index, before, width
            index, before = index + 2, width
        index += 1
