"""Pictures to learn from and to judge by: a folder of photographs, or those of the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from impasto import imaging, samples
from impasto.errors import PictureError
from impasto.imaging.codecs.formats import by_suffix, readable_formats
from impasto.methods.state_file import InputFile
from impasto.text import format_path

__all__ = ["Photographs", "as_picture", "check_size", "read_pixels"]

LONGEST = 512  # px that are kept of a photograph's longest side
SMALLEST = 64  # px of a picture's shorter side: deep layers see nothing of less
MOST = 200  # photographs of a folder that are read
ASIDE = 2  # photographs of a folder that are judged by and not learnt from
TRIFLE = 4  # photographs of a folder below which one is judged by
OWN_ASIDE = ("chelsea",)  # of the package's


@dataclass(frozen=True)
class Photographs:
    """Photographs of a training, each (1, 3, H, W), uint8.

    Attributes:
        files: of all, those to learn from first.
        learnt, aside: to learn from, and to judge by.
        bundled: whether they are those of the package, which are few.
        notes: on how they were chosen, a sentence each.
    """

    files: tuple[InputFile, ...]
    learnt: tuple[Tensor, ...]
    aside: tuple[Tensor, ...]
    bundled: bool = False
    notes: tuple[str, ...] = ()

    @classmethod
    def of_package(cls) -> Photographs:
        """Those that come with impasto."""
        names = [name for name in samples.names("content") if name not in OWN_ASIDE]
        paths = [samples.content(name) for name in (*names, *OWN_ASIDE)]
        note = (
            f"learns on {len(names)} photographs that come with impasto; --photos DIR with a "
            "hundred of your own paints better"
        )
        return cls.of_files(paths, len(OWN_ASIDE), bundled=True, notes=(note,))

    @classmethod
    def of_folder(cls, folder: Path) -> Photographs:
        """Those of a folder and the folders in it; of many an even choice.

        Raises:
            PictureError: there are fewer than two, or one cannot be read or is too narrow.
        """
        if not folder.is_dir():
            raise PictureError(
                f"{format_path(folder)} is not a folder: pass one of photographs to learn from"
            )
        paths = sorted(path for path in folder.rglob("*") if by_suffix(path) and path.is_file())
        if len(paths) < 2:
            held = f"only {format_path(paths[0].name)}" if paths else "no photograph"
            raise PictureError(
                f"{format_path(folder)} holds {held}: pass a folder of at least two, one to learn "
                f"from and one to judge by ({readable_formats()})"
            )
        count, notes = len(paths), tuple[str, ...]()
        if count > MOST:
            paths = [paths[n * count // MOST] for n in range(MOST)]
            notes = (f"learns on {MOST} of the {count} photographs in {format_path(folder)}",)
        aside = ASIDE if len(paths) >= TRIFLE else 1
        return cls.of_files(paths, aside, notes=notes)

    @classmethod
    def of_files(
        cls,
        paths: Sequence[Path],
        aside: int,
        *,
        bundled: bool = False,
        notes: tuple[str, ...] = (),
    ) -> Photographs:
        """Of these files, the last so many to judge by.

        Raises:
            PictureError: one cannot be read, or is too narrow.
        """
        pictures = [read_pixels(imaging.read(path), LONGEST) for path in paths]
        for path, pixels in zip(paths, pictures, strict=True):
            check_size(path, pixels, LONGEST)
        files = tuple(map(InputFile.of, paths))
        cut = len(pictures) - aside
        return cls(files, tuple(pictures[:cut]), tuple(pictures[cut:]), bundled, notes)


def read_pixels(picture: imaging.Picture, longest: int) -> Tensor:
    """A picture as (1, 3, H, W), uint8, its longest side at most so many px.

    Where it is transparent it has the colours around, as when it is painted.

    Raises:
        PictureError: it is transparent everywhere.
    """
    factor = min(1.0, longest / max(picture.height, picture.width))
    height, width = (max(1, round(side * factor)) for side in (picture.height, picture.width))
    if factor < 1:
        picture = imaging.resized(picture, height, width)
    picture = imaging.filled(picture)
    eight = picture.pixels if picture.bits == 8 else (picture.pixels // 257).astype(np.uint8)
    return torch.from_numpy(np.ascontiguousarray(eight)).permute(2, 0, 1).unsqueeze(0)


def check_size(path: Path, pixels: Tensor, longest: int) -> None:
    """Refuse a picture that is too narrow to be seen by a guide.

    Args:
        path: of its file.
        pixels: (1, 3, H, W), as `read_pixels` gave them.
        longest: px of its longest side, at most.

    Raises:
        PictureError: its shorter side has less than 64 px.
    """
    height, width = pixels.shape[-2:]
    if min(height, width) < SMALLEST:
        raise PictureError(
            f"{format_path(path)} is {width} x {height} px when its longest side has at most "
            f"{longest}: pass a picture whose shorter side then has {SMALLEST}"
        )


def as_picture(pixels: Tensor) -> imaging.Picture:
    """The inverse of `read_pixels`: (1, 3, H, W), uint8, as a picture.

    Example:
        >>> pixels = torch.zeros(1, 3, 4, 6, dtype=torch.uint8)
        >>> read_pixels(as_picture(pixels), 6).equal(pixels)
        True
    """
    return imaging.read(pixels[0].permute(1, 2, 0).contiguous().numpy())
