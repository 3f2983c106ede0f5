"""What a painting leaves: the picture, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto import imaging
from impasto.imaging.codecs.formats import by_name
from impasto.imaging.codecs.metadata import Metadata
from impasto.settings import StyleSettings

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Result"]


@dataclass(frozen=True)
class Result:
    """A painted picture and how it came about.

    Attributes:
        picture: 8-bit PIL image, RGBA if the content image had transparency.
        pixels: (H, W, 3) float32 in [0, 1], sRGB, before any rounding.
        losses: for each step done, weighted and by name, before its update.
        settings: all of them.
        seconds: from start to end.
        content: the content image at the painting's size, with its EXIF data.
        inputs: files that `save` must not overwrite.
    """

    picture: Image = field(repr=False)
    pixels: Any = field(repr=False)
    losses: list[dict[str, float]] = field(repr=False)
    settings: StyleSettings
    seconds: float
    content: imaging.Picture = field(repr=False)
    inputs: tuple[Path, ...] = field(default=(), repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the picture, with the content image's EXIF data and transparency.

        16 bits a channel are written if `settings.bits` says so, or if it is "auto", the
        content image had them and the format can hold them.

        Raises:
            OutputError: if the place cannot be written, or the format cannot hold 16 bits.
        """
        format = imaging.check_output(path, inputs=self.inputs)
        return imaging.write(
            path,
            self.pixels,
            alpha=self.content.alpha,
            **self.content.metadata,
            bits=16 if self._is_deep(format) else 8,
            inputs=self.inputs,
        )

    def omissions(self, format: str | None) -> tuple[str, ...]:
        """What a file of some format would not hold of the picture, in a sentence each.

        Args:
            format: its name, as `impasto.imaging.check_output` gives it; None for no file.
        """
        if format is None:
            return ()
        sentences = []
        if self.content.alpha is not None and not by_name(format).alpha:
            sentences.append(
                f"{format} holds no transparency: what is hidden becomes white; .png would keep it"
            )
        if self.content.bits == 16 and not self._is_deep(format):
            sentences.append(f"{self.content.name} has 16 bits a channel, the painting gets 8")
        sentences += Metadata(**self.content.metadata).fitted(format)[1]
        return tuple(sentences)

    def _is_deep(self, format: str) -> bool:
        """Whether 16 bits a channel are written."""
        if self.settings.bits != "auto":
            return self.settings.bits == "16"
        return self.content.bits == 16 and imaging.holds_16_bit(format)
