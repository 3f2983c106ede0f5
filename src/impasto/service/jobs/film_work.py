"""What a job of kind `video` is beside its settings and its uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from impasto.service.contract import FilmOptions
from impasto.settings import StyleSettings

__all__ = ["RESULT", "FilmWork"]

RESULT = "result.mp4"  # in the folder of the job
_SIZES = ("size", "shape")


@dataclass(frozen=True)
class FilmWork:
    """What is asked of a film beside the settings, and what a worker must not go beyond.

    Attributes:
        options: which part of it, and how.
        most_frames: that may be painted: a file may have more than it says.
        most_seconds: likewise; None for any.
        most_bytes: of the disk that painting it may take, as far as can be told; None for any.
        most_megapixels: of a frame.
        sized: which of `size` and `shape` somebody gave: without one a film keeps its own size,
            and settings that were kept no longer know.

    Example:
        >>> work = FilmWork.of(StyleSettings(size=256), FilmOptions(end=2), most_frames=50)
        >>> work.sized, FilmWork.from_json(work.as_json()) == work
        (('size',), True)
    """

    options: FilmOptions
    most_frames: int
    most_seconds: float | None = None
    most_bytes: int | None = None
    most_megapixels: float = 100.0
    sized: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        settings: StyleSettings,
        options: FilmOptions,
        most_frames: int,
        *,
        most_seconds: float | None = None,
        most_bytes: int | None = None,
        most_megapixels: float = 100.0,
    ) -> FilmWork:
        """The work of settings that were just given."""
        sized = tuple(name for name in _SIZES if name in settings.explicit)
        return cls(options, most_frames, most_seconds, most_bytes, most_megapixels, sized)

    def as_json(self) -> dict[str, Any]:
        """For the row of a job."""
        options = self.options.model_dump(mode="json")
        return {**vars(self), "options": options, "sized": list(self.sized)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FilmWork:
        """What `as_json` gave."""
        options = FilmOptions.model_validate(data["options"])
        return cls(**{**data, "options": options, "sized": tuple(data["sized"])})
