"""How frames become a GIF, an APNG or a WebP, of which memory holds but a few."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.media.frame import Frame
from impasto.media.pyav import load, refusals

__all__ = ["CODERS", "Coder"]


class Coder(Protocol):
    """Writes one animated picture.

    Its methods raise `OSError` where the disk is full, or the format cannot hold a frame.

    Attributes:
        clock: ticks a second, on which its frames begin.
    """

    clock: int

    def __init__(self, path: Path, shape: tuple[int, int], quality: int) -> None: ...

    def add(self, frame: Frame, tick: int) -> None:
        """Takes the next frame, which begins at a tick above that of the one before."""

    def finish(self) -> None:
        """Makes the file whole."""

    def stop(self) -> None:
        """Lets go of all that is open, whether or not it is whole."""


class _Streamed:
    """What FFmpeg writes frame by frame."""

    format: str
    layout: str
    clock: int  # ticks a second
    options: dict[str, str]

    def __init__(self, path: Path, shape: tuple[int, int], quality: int) -> None:  # noqa: ARG002
        av = load("an animated picture")
        with refusals():
            self.container = av.open(
                str(path), "w", format=self.format, container_options=self.options
            )
        self.container.flags |= av.container.Flags.bitexact.value
        self.stream = self.container.add_stream(self.format, rate=self.clock)
        self.stream.height, self.stream.width = shape
        self.stream.pix_fmt = self.layout
        self.stream.codec_context.time_base = Fraction(1, self.clock)
        self.duration = 0

    def add(self, frame: Frame, tick: int) -> None:
        picture = self.picture(frame.pixels)
        picture.pts = tick
        picture.duration = max(1, round(frame.duration * self.clock))
        picture.time_base = Fraction(1, self.clock)
        self.duration = picture.duration
        self.write(picture)

    def picture(self, pixels: NDArray[np.uint8]) -> Any:
        """A frame for the encoder."""
        return load("").VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")

    def write(self, picture: Any) -> None:
        with refusals():
            for packet in self.stream.encode(picture):
                packet.duration = self.duration  # which the last frame keeps
                self.container.mux(packet)

    def finish(self) -> None:
        self.write(None)
        with refusals():
            self.container.close()

    def stop(self) -> None:
        with suppress(OSError), refusals():  # which was told before
            self.container.close()


class _Apng(_Streamed):
    format, layout, clock = "apng", "rgb24", 1000
    options = {"plays": "0"}  # noqa: RUF012 - for ever


class _Gif(_Streamed):
    format, layout, clock = "gif", "pal8", 100
    options = {"loop": "0"}  # noqa: RUF012 - for ever

    def picture(self, pixels: NDArray[np.uint8]) -> Any:
        """In 256 colours of its own."""
        few = Image.fromarray(pixels).quantize(256, Image.Quantize.MEDIANCUT)
        colours = np.full((256, 4), 255, np.uint8)  # alpha first
        table = np.array(few.getpalette(), np.uint8).reshape(-1, 3)
        colours[: len(table), 1:] = table
        return load("").VideoFrame.from_ndarray((np.array(few), colours), format="pal8")


class _WebP:
    """What Pillow writes, which takes all frames at once: they wait on the disk."""

    clock = 1000

    def __init__(self, path: Path, shape: tuple[int, int], quality: int) -> None:
        self.path, self.shape, self.quality = path, shape, quality
        self.begins: list[int] = []  # ms
        self.duration = 0  # ms, of the last frame

    def add(self, frame: Frame, tick: int) -> None:
        Image.fromarray(frame.pixels).save(self._waiting(len(self.begins)), compress_level=1)
        self.begins.append(tick)
        self.duration = max(1, round(frame.duration * self.clock))

    def finish(self) -> None:
        files = [self._waiting(n) for n in range(len(self.begins))]
        Reel(files, self.shape).save(
            self.path,
            "WEBP",
            save_all=True,
            duration=np.diff([*self.begins, self.begins[-1] + self.duration]).tolist(),
            quality=self.quality,
            loop=0,
        )

    def stop(self) -> None:
        """Nothing is open; what waits goes with the folder of the draft."""

    def _waiting(self, number: int) -> Path:
        return self.path.with_name(f"{number}.png")


class Reel(Image.Image):
    """Files as the frames of one picture, of which memory holds the one that was sought."""

    def __init__(self, files: list[Path], shape: tuple[int, int]) -> None:
        super().__init__()
        self.files, self._mode, self._size = files, "RGB", shape[::-1]
        self.n_frames, self._at = len(files), -1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Shows another frame."""
        if frame != self._at:
            with Image.open(self.files[frame]) as picture:
                picture.load()
                self.im, self._at = picture.im, frame

    def tell(self) -> int:
        """Which frame it shows, from 0 on."""
        return self._at


CODERS: dict[str, type[Coder]] = {"GIF": _Gif, "PNG": _Apng, "WEBP": _WebP}
"""By Pillow's names of the formats."""
