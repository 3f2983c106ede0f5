"""A film of a painting: from the photograph to the finished picture, in a few seconds.

A picture changes fast when a scale begins, and hardly at all when it ends. So frames are not even
over steps but over what is seen to change: one that looks like the frame before it is left out.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.errors import OutputError, reason_of
from impasto.events import Event, Finished, Preview
from impasto.files import replacing
from impasto.text import format_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL.Image import Image

__all__ = ["FILM_FORMATS", "Film", "check_film", "preview_every"]

FILM_FORMATS = {".gif": "GIF", ".webp": "WEBP"}
MOST_FRAMES = 60
LONGEST_PX = 512
LARGEST_BYTES = 8_000_000  # what chats and forums take
FIRST_MS, FRAME_MS, LAST_MS = 1000, 80, 2000
LEAST_CHANGE = 1.0  # mean of the channels' differences, of 255
# What it grows by while there are too many frames: the fewer of them it drops at once, the better.
STRICTER = 1.1
MOST_PREVIEWS = 100  # more than frames, as many of them look like the one before
# One less than a GIF can have: Pillow writes what stays the same from frame to frame as clear.
COLOURS = 255
MIXED = 9  # frames that the palette of a GIF is chosen from
WEBP_QUALITY = 80
PAPER = (255, 255, 255)


def check_film(path: Path) -> None:
    """Refuse, before the long work, a film that has no format.

    Raises:
        OutputError: its name ends in something else than one of `FILM_FORMATS`.
    """
    if path.suffix.lower() not in FILM_FORMATS:
        raise OutputError(
            f"{format_path(path)} has no format a film can have: end its name in "
            f"{' or '.join(FILM_FORMATS)}"
        )


def preview_every(steps: int) -> int:
    """The steps between two previews that are enough for a film and cost next to nothing.

    Args:
        steps: of the whole run.

    Example:
        >>> preview_every(250), preview_every(10)
        (3, 1)
    """
    return max(1, -(-steps // MOST_PREVIEWS))


class Film:
    """Pictures on the way, as a film; of any number of them it keeps at most `MOST_FRAMES`.

    It can be called with every event of a run, and takes the pictures that are among them. Its
    first picture, the photograph as a rule, says how large it is: that size, reduced to
    `LONGEST_PX` on the longest side. What is transparent there is white throughout.

    Example:
        >>> from PIL import Image
        >>> film = Film()
        >>> for colour in ("white", "grey", "grey", "black"):
        ...     film.add(Image.new("RGB", (1024, 512), colour))
        >>> len(film), film.size
        (3, (512, 256))
    """

    def __init__(self) -> None:
        self._kept: list[Image] = []
        self._last: Image | None = None
        self._opacity: Image | None = None
        self._least = LEAST_CHANGE
        self._size: tuple[int, int] | None = None

    def __call__(self, event: Event) -> None:
        """Add the picture of a `Preview`, or of the end."""
        if isinstance(event, Preview | Finished):
            self.add(event.picture)

    def __len__(self) -> int:
        """How many frames it has."""
        return len(self._frames)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of its frames in px; (0, 0) before the first."""
        return self._size or (0, 0)

    @property
    def _frames(self) -> list[Image]:
        """Those that are kept, and the last picture in any case."""
        if self._last is None or self._last is self._kept[-1]:
            return self._kept
        return [*self._kept, self._last]

    def add(self, picture: Image) -> None:
        """Add a picture.

        Args:
            picture: a PIL image of any size and mode, which is not changed.
        """
        self._last = self._fitted(picture)
        self._kept = _changing([self._last], self._least, self._kept)
        while len(self._kept) >= MOST_FRAMES:  # one is left for the last
            self._least *= STRICTER
            self._kept = _changing(self._kept, self._least)

    def save(self, path: str | Path) -> Path:
        """Write the film; it begins anew at its end, for ever.

        A film of more than `LARGEST_BYTES` is written smaller.

        Args:
            path: .gif or .webp.

        Raises:
            OutputError: another ending, no frames, or a place that cannot be written.
        """
        path = Path(path)
        check_film(path)
        if not self._frames:
            raise OutputError(f"{format_path(path)} has no frames: add a picture to the film first")
        data = _within(LARGEST_BYTES, self._frames, FILM_FORMATS[path.suffix.lower()])
        try:
            with replacing(path) as draft:
                draft.write_bytes(data)
        except OSError as error:
            raise OutputError(
                f"the film {format_path(path)} cannot be written ({reason_of(error)}): name a file "
                "you can write to"
            ) from None
        return path

    def _fitted(self, picture: Image) -> Image:
        """A picture as a frame: RGB, as large as the first one, and white where that is clear."""
        from PIL import Image

        if self._size is None:
            self._size = _within_px(picture.size, LONGEST_PX)
            if picture.has_transparency_data:
                self._opacity = picture.convert("RGBA").getchannel("A").resize(self._size)
        frame = picture.convert("RGB").resize(self._size, Image.Resampling.BICUBIC)
        if self._opacity is not None:
            frame = Image.composite(frame, Image.new("RGB", self._size, PAPER), self._opacity)
        return frame


def _within_px(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """(width, height) in px, reduced to a longest side."""
    share = min(1.0, longest / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _changing(frames: Iterable[Image], least: float, before: Sequence[Image] = ()) -> list[Image]:
    """The frames that differ by at least so much from the one kept before them."""
    kept = list(before)
    for frame in frames:
        if not kept or _change(kept[-1], frame) >= least:
            kept.append(frame)
    return kept


def _change(one: Image, other: Image) -> float:
    """Mean of the channels' differences, from 0 to 255."""
    from PIL import ImageChops, ImageStat

    means = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(means) / len(means)


def _within(largest: int, frames: Sequence[Image], format: str) -> bytes:
    """The bytes of a film, with frames as small as it takes to have at most so many."""
    data = _encoded(frames, format)
    while len(data) > largest and max(frames[0].size) > 1:
        # Bytes go with the pixels, or nearly.
        share = min(0.95, (largest / len(data)) ** 0.5)
        size = _within_px(frames[0].size, int(share * max(frames[0].size)))
        frames = [frame.resize(size) for frame in frames]
        data = _encoded(frames, format)
    return data


def _encoded(frames: Sequence[Image], format: str) -> bytes:
    times = [FIRST_MS, *[FRAME_MS] * (len(frames) - 2), LAST_MS][-len(frames) :]
    options: dict[str, Any] = {"quality": WEBP_QUALITY}
    if format == "GIF":
        frames, options = _indexed(frames), {}
    out = BytesIO()
    frames[0].save(
        out, format, save_all=True, append_images=frames[1:], duration=times, loop=0, **options
    )
    return out.getvalue()


def _indexed(frames: Sequence[Image]) -> list[Image]:
    """The frames in one palette, so that nothing flickers between them.

    Dithered: a photograph and its painting share the colours, and without it one has bands.
    """
    from PIL import Image

    width, height = frames[0].size
    mix = Image.new("RGB", (width, height * MIXED))
    for place in range(MIXED):
        mix.paste(frames[place * (len(frames) - 1) // (MIXED - 1)], (0, place * height))
    palette = mix.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    dither = Image.Dither.FLOYDSTEINBERG
    return [frame.quantize(palette=palette, dither=dither) for frame in frames]
