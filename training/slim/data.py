"""Photographs and paintings in memory, and the crops that every step sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from impasto.errors import PictureError
from impasto.imaging.tensors import MEAN, STD

__all__ = ["Crops", "Folder", "standardise"]

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class Folder:
    """The pictures of a folder, each (1, 3, H, W), uint8.

    Attributes:
        names: file names without suffix, sorted.
        pictures: in the same order.
        origins: of several folders that were joined, the number of each picture's; else empty.
    """

    names: tuple[str, ...]
    pictures: tuple[Tensor, ...]
    origins: tuple[int, ...] = ()

    @classmethod
    def read(
        cls,
        path: Path,
        *,
        smallest: int,
        longest: int,
        without: Callable[[str], bool] = lambda _: False,
    ) -> Folder:
        """Every picture of a folder.

        Args:
            path: the folder.
            smallest: shorter side a picture must have, in px; smaller ones are enlarged.
            longest: longest side kept, in px.
            without: whether a name, without its suffix, is left out.

        Raises:
            PictureError: if there is no such folder, or it has fewer than two pictures, or one
                that cannot be read.
        """
        if not path.is_dir():
            raise PictureError(f"{path} is not a folder: pass a folder of pictures to learn from")
        files = sorted(p for p in path.glob("*") if p.suffix.lower() in SUFFIXES)
        files = [p for p in files if not without(p.stem)]
        if len(files) < 2:
            contents = f"only {files[0].name}" if files else "no picture to learn from"
            raise PictureError(
                f"{path} holds {contents}: pass a folder of at least two ({', '.join(SUFFIXES)}), "
                "one to learn from and one to judge by"
            )
        return cls(tuple(p.stem for p in files), tuple(_read(p, smallest, longest) for p in files))

    @classmethod
    def joined(cls, folders: Iterable[Folder]) -> Folder:
        """The pictures of several folders, one folder after the other."""
        every = list(folders)
        names = tuple(name for folder in every for name in folder.names)
        pictures = tuple(picture for folder in every for picture in folder.pictures)
        return cls(names, pictures, tuple(n for n, f in enumerate(every) for _ in f.names))

    def to(self, device: str) -> Folder:
        """The same on a device, where crops are then cut."""
        return replace(self, pictures=tuple(picture.to(device) for picture in self.pictures))

    def balanced(self) -> Folder:
        """The same, the pictures of a small folder repeated until each folder weighs about as much.

        A few large paintings, whose strokes can be seen, are else lost among many small ones.
        """
        if not self.origins:
            return self
        counts = {origin: self.origins.count(origin) for origin in self.origins}
        largest = max(counts.values())
        again = [round(largest / counts[origin]) for origin in self.origins]
        order = [n for n, times in enumerate(again) for _ in range(times)]
        return Folder(
            tuple(self.names[n] for n in order),
            tuple(self.pictures[n] for n in order),
            tuple(self.origins[n] for n in order),
        )

    def split(self, last: int) -> tuple[Folder, Folder]:
        """Without the last so many, and those alone; of few pictures the last are half at most."""
        cut = max(len(self.names) - last, -(-len(self.names) // 2))
        first = Folder(self.names[:cut], self.pictures[:cut], self.origins[:cut])
        return first, Folder(self.names[cut:], self.pictures[cut:], self.origins[cut:])


def _read(path: Path, smallest: int, longest: int) -> Tensor:
    try:
        with Image.open(path) as file:
            file.draft("RGB", (longest, longest))
            picture = file.convert("RGB")
    # Pillow's decoders raise anything at all on bytes that are damaged.
    except Exception as error:
        raise PictureError(f"{path} cannot be read ({error}): mend or remove it") from error
    factor = min(1.0, longest / max(picture.size))
    factor = max(factor, smallest / min(picture.size))
    if factor != 1.0:
        width, height = (max(smallest, round(side * factor)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1).unsqueeze(0)
    return pixels.contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True)
class Crops:
    """Square crops at random places and scales, flipped half of the time.

    Attributes:
        photos, art: to crop from.
        share_of_art: of the crops.
    """

    photos: Folder
    art: Folder
    share_of_art: float

    def draw(self, side: int, count: int, generator: torch.Generator) -> Tensor:
        """A batch of crops.

        Each shows from 0.8 of `side` px of the picture (slightly enlarged) up to its whole
        shorter side (as much reduced as needed), evenly on a logarithmic scale: painting begins
        with whole pictures 128 px wide and ends with details.

        Returns:
            (count, 3, side, side), uint8, where the pictures are.
        """
        rolls = torch.rand(count, 6, generator=generator, dtype=torch.float64).tolist()
        return torch.cat([self._one(side, roll) for roll in rolls])

    def _one(self, side: int, roll: Sequence[float]) -> Tensor:
        which, nth, scale, down, across, flip = roll
        pictures = (self.art if which < self.share_of_art else self.photos).pictures
        picture = pictures[int(nth * len(pictures))]
        height, width = picture.shape[-2:]
        widest = min(height, width)
        narrowest = min(0.8 * side, widest)
        extent = round(narrowest * (widest / narrowest) ** scale)
        top, left = int(down * (height - extent + 1)), int(across * (width - extent + 1))
        crop = picture[..., top : top + extent, left : left + extent]
        if extent != side:
            crop = crop.contiguous(memory_format=torch.channels_last)
            # CUDA resizes no bytes.
            crop = crop.float() if crop.is_cuda else crop
            crop = F.interpolate(crop, (side, side), mode="bilinear", antialias=True)
            crop = crop.round().to(torch.uint8) if crop.is_cuda else crop
        return crop.flip(-1) if flip < 0.5 else crop


def standardise(pixels: Tensor) -> Tensor:
    """(B, 3, H, W) uint8 as float32, standardised as by `impasto.imaging.tensors.preprocess`."""
    mean, std = (torch.tensor(v, device=pixels.device).view(1, 3, 1, 1) for v in (MEAN, STD))
    x = (pixels.float() / 255 - mean) / std
    return x.contiguous(memory_format=torch.channels_last)
