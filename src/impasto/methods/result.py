"""What a painting leaves: the picture, and how it came about."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from impasto import imaging
from impasto.errors import OutputError
from impasto.imaging.codecs.formats import by_name, by_suffix
from impasto.imaging.codecs.metadata import Metadata
from impasto.imaging.streams import Writable, name_of, write_all
from impasto.settings import StyleSettings
from impasto.text import format_path

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Result"]

SHOWN_PX = 1024  # longest side in a notebook, which keeps all that it shows


@dataclass(frozen=True, repr=False)
class Result:
    """A painted picture and how it came about; a notebook shows it.

    Attributes:
        picture: 8-bit PIL image, RGBA if the content image had transparency.
        pixels: (H, W, 3) float32 in [0, 1], sRGB, before any rounding.
        losses: for each step done, weighted and by name, before its update.
        settings: all of them.
        seconds: from start to end.
        content: the content image at the painting's size, with its EXIF data.
        inputs: files that `save` must not overwrite.
        scales: as in `impasto.Started`.
        recipe: how it was painted, which `save` keeps in the file; None to keep nothing.
    """

    picture: Image
    pixels: Any
    losses: list[dict[str, float]]
    settings: StyleSettings
    seconds: float
    content: imaging.Picture
    inputs: tuple[Path, ...] = ()
    scales: tuple[tuple[tuple[int, int], int], ...] = ()
    recipe: str | None = None

    def __repr__(self) -> str:
        height, width = self.pixels.shape[:2]
        steps = f"{len(self.losses)} {'step' if len(self.losses) == 1 else 'steps'}"
        recipe = self.settings.recipe
        return f"Result({width} x {height} px, {steps}, {self.seconds:.1f} s, recipe {recipe})"

    def _repr_png_(self) -> bytes:
        """What Jupyter shows: the picture, a large one made smaller."""
        shown, out = self.picture.copy(), BytesIO()
        shown.thumbnail((SHOWN_PX, SHOWN_PX))
        shown.save(out, "PNG")
        return out.getvalue()

    @overload
    def save(
        self, path: str | os.PathLike[str], *, format: str | None = None, quality: int = 95
    ) -> Path: ...

    @overload
    def save(self, path: Writable, *, format: str | None = None, quality: int = 95) -> None: ...

    def save(
        self,
        path: str | os.PathLike[str] | Writable,
        *,
        format: str | None = None,
        quality: int = 95,
    ) -> Path | None:
        """Write the picture, with its recipe, the content image's metadata and transparency.

        16 bits a channel are written if `settings.bits` says so, or if it is "auto", the
        content image had them and the format can hold them.

        Args:
            path: where it goes, or a binary file object, which stays open.
            format: name or ending of the format, "PNG", "jpg"; what has a name says it by that.
            quality: 1 to 100 for JPEG, WebP and HEIC.

        Returns:
            The path; None for a file object.

        Raises:
            OutputError: if the place cannot be written, or the format cannot hold 16 bits.
        """
        if not isinstance(path, str | os.PathLike):
            self._save_to_file(path, format, quality)
            return None
        kind = imaging.check_output(path, inputs=self.inputs)
        if format is not None and imaging.check_format(format) != kind:
            raise OutputError(
                f"{format_path(path)} ends as {kind} does, and format is {format!r}: leave one out"
            )
        content = self.content
        more: dict[str, Any] = {
            **content.metadata,
            "recipe": self.recipe,
            "bits": 16 if self._is_deep(kind) else 8,
            "quality": quality,
            "inputs": self.inputs,
        }
        if content.scratch is None:
            return imaging.write(path, self.pixels, alpha=content.alpha, **more)
        return imaging.write_bands(
            path,
            self.pixels.shape[:2],
            imaging.rows_of(self.pixels),
            alpha_bands=None if content.alpha is None else imaging.rows_of(content.alpha),
            **more,
        )

    def save_deep_zoom(self, folder: str | os.PathLike[str], *, quality: int = 90) -> Path:
        """Write the picture as tiles for Deep Zoom, with a page that shows it; see
        `impasto.imaging.deep_zoom`.

        Args:
            folder: where it goes; one that was written so is replaced.
            quality: of the tiles, JPEG, 1 to 100.

        Returns:
            The page.

        Raises:
            OutputError: the folder cannot be written, or something else is there.
        """
        alpha = self.content.alpha
        return imaging.deep_zoom(
            folder,
            self.pixels.shape[:2],
            imaging.rows_of(self.pixels),
            alpha_bands=None if alpha is None else imaging.rows_of(alpha),
            quality=quality,
        )

    def to_bytes(self, format: str = "PNG", *, quality: int = 95) -> bytes:
        """The bytes of the file that `save` writes.

        Args:
            format, quality: as for `save`.

        Raises:
            OutputError: unknown format, or one that cannot hold 16 bits.
        """
        kind = imaging.check_format(format)
        return imaging.to_bytes(
            kind,
            self.pixels,
            alpha=self.content.alpha,
            metadata=self._metadata,
            bits=16 if self._is_deep(kind) else 8,
            quality=quality,
        )

    def _save_to_file(self, file: Writable, format: str | None, quality: int) -> None:
        if not isinstance(file, Writable):
            raise OutputError(
                f"a {type(file).__name__} is no place to write to: pass a path, or a file object "
                "that is open for writing bytes"
            )
        name = name_of(file, "the file object")
        if format is None:
            kind = by_suffix(name)
            if kind is None:
                raise OutputError(f'{name} says no format: pass one, as in format="PNG"')
            format = kind.name
        write_all(file, self.to_bytes(format, quality=quality), name)

    @property
    def _metadata(self) -> Metadata:
        """What goes into a file beside the pixels."""
        return Metadata(**self.content.metadata, recipe=self.recipe)

    def omissions(self, format: str | None) -> tuple[str, ...]:
        """What a file of some format would not hold of the picture, in a sentence each.

        Args:
            format: its name or ending, as for `save`; None for no file.
        """
        if format is None:
            return ()
        format = imaging.check_format(format)
        sentences = []
        if self.content.alpha is not None and not by_name(format).alpha:
            sentences.append(
                f"{format} holds no transparency: what is hidden becomes white; .png would keep it"
            )
        if self.content.bits == 16 and not self._is_deep(format):
            sentences.append(f"{self.content.name} has 16 bits a channel, the painting gets 8")
        sentences += self._metadata.fitted(format)[1]
        return tuple(sentences)

    def _is_deep(self, format: str) -> bool:
        """Whether 16 bits a channel are written."""
        if self.settings.bits != "auto":
            return self.settings.bits == "16"
        return self.content.bits == 16 and imaging.holds_16_bit(format)
