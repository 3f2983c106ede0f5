"""Where frames go, as whole files or not at all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

from impasto.errors import FilmError, OutputError, reason_of
from impasto.files import replacing
from impasto.media.frame import Frame
from impasto.text import format_path

__all__ = ["FileSink", "Sink", "check_shape", "writing"]


class Sink(ABC):
    """Where frames go. Leaving its `with` block by an error leaves no file.

    Attributes:
        notes: what writing changed, in a sentence each.
    """

    notes: list[str]

    @abstractmethod
    def add(self, frame: Frame) -> None:
        """Takes the next frame."""

    def close(self) -> None:  # noqa: B027 - a pipe stays as it is
        """Makes the file whole."""

    def abandon(self) -> None:  # noqa: B027 - pictures that are whole stay
        """Leaves no file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()


@contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Tells of what the system refuses in the block that a file cannot be written.

    Args:
        path: of the file.

    Raises:
        OutputError: in place of an `OSError`.

    Example:
        >>> with writing("film.mp4"):
        ...     raise OSError(28, "No space left on device")
        Traceback (most recent call last):
        impasto.errors.OutputError: film.mp4 cannot be written (no space left on device): ...
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{format_path(path)} cannot be written ({reason_of(error)}): choose another place or "
            "make room"
        ) from error


class FileSink(Sink):
    """One file of frames of one size, which lies at its place once it is whole.

    Args:
        path: of the file.
        shape: (height, width) of the frames in px.

    Attributes:
        frames: how many were added.

    Raises:
        OutputError: the place cannot be written.
    """

    def __init__(self, path: str | Path, shape: tuple[int, int]) -> None:
        self.path, self.name = Path(path), format_path(path)
        self.shape, self.frames, self.notes = shape, 0, list[str]()
        with writing(path), ExitStack() as opening:
            draft = opening.enter_context(replacing(self.path))
            self._begin(draft, opening)
            self._open = opening.pop_all()

    @abstractmethod
    def _begin(self, draft: Path, opening: ExitStack) -> None:
        """Opens the draft; what lets go of it goes onto `opening`."""

    @abstractmethod
    def _take(self, frame: Frame) -> None:
        """Writes a frame of the right size."""

    @abstractmethod
    def _finish(self) -> None:
        """Writes what is left, so that the draft is whole."""

    def add(self, frame: Frame) -> None:
        """Takes the next frame.

        Raises:
            FilmError: it has another size.
            OutputError: the disk is full, or the format cannot hold the frame.
        """
        check_shape(frame, self.shape, self.name)
        with writing(self.path):
            self._take(frame)
        self.frames += 1

    def close(self) -> None:
        """Makes the file whole, at its place.

        Raises:
            FilmError: no frame was added.
            OutputError: the disk is full.
        """
        with writing(self.path), self._open:
            if not self.frames:
                raise FilmError(f"{self.name} would hold no frame: add one before it is closed")
            self._finish()

    def abandon(self) -> None:
        """Leaves no file, unless it was closed."""
        error = RuntimeError("abandoned")
        self._open.__exit__(type(error), error, None)


def check_shape(frame: Frame, shape: tuple[int, int], name: str) -> None:
    """Refuses a frame of another size than those before it.

    Args:
        frame: any.
        shape: (height, width) of those before it, in px.
        name: of what takes them, for the message.

    Raises:
        FilmError: it is one.

    Example:
        >>> import numpy as np
        >>> from fractions import Fraction
        >>> frame = Frame(np.zeros((2, 3, 3), np.uint8), Fraction(0), Fraction(1))
        >>> check_shape(frame, (2, 3), "film.mp4")
        >>> check_shape(frame, (4, 6), "film.mp4")
        Traceback (most recent call last):
        impasto.errors.FilmError: a frame of 2 x 3 px for film.mp4, whose frames are 4 x 6 px: ...
    """
    if frame.pixels.shape[:2] != shape:
        height, width = frame.pixels.shape[:2]
        raise FilmError(
            f"a frame of {height} x {width} px for {name}, whose frames are {shape[0]} x "
            f"{shape[1]} px: give frames of one size"
        )
