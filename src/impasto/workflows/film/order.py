"""What is asked of a film: all that its painting depends on, as a worker and a journal take it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from impasto.networks.clip.folder import located_model
from impasto.settings import StyleSettings, from_stored, to_stored
from impasto.settings.model_files import files_of_model, moved_model
from impasto.workflows.film.style_times import StyleTimes

__all__ = ["SEGMENTS", "Kind", "Order"]

Kind = Literal["paint", "steady"]

# Every segment begins with a frame that is coded by itself, and coding errs there in other places
# than in the frame before: the texture jumps. So segments are as long as encoders have them at most
# (10 s), where frames are painted fast enough for a crash to cost little.
SEGMENTS = {"one-pass": 240, "optimization": 24}
"""Frames of a segment, by the method that paints them."""

ALL_ALONG = StyleTimes(((Fraction(0), (1.0,)),))  # one style
_TIMES = ("start", "end", "rate", "film_rate")
_TUPLES = ("shape", "styles", "masks", "style_masks")


@dataclass(frozen=True)
class Order:
    """A film to be painted, or a painted one to be steadied.

    Attributes:
        kind: "paint", or "steady" for a film that was painted elsewhere.
        film: a file, a folder of pictures, or their pattern: `in/frame-%04d.png`.
        output: the file, folder or pattern to write; None for a pipe.
        settings: all of them.
        shape: (height, width) of the painted frames, in px.
        styles: files of the style pictures; none where the network was taught them, or `steady`.
        times: their shares at each time.
        like: the original of a film that is steadied; None where one is painted.
        start, end: of what is painted, in seconds; None for all of it.
        rate: frames a second; None for those of the film.
        film_rate: frames a second on average of the film itself; None where nobody knows.
        codec: name of it: h264, prores or ffv1.
        tracks: the film whose sound, subtitles and chapters go along; None for none.
        max_megapixels: of a frame of the film, above which none is decoded.
        masks: one for each style, or none: pictures, or films; white where it paints.
        style_masks: pictures, one for each style, or none: white where it is learnt from.
        keep: a picture or a film, white where the film stays as it is; None for nowhere.
        still_masks: whether masks are read as pictures, animated ones by their first frame.
        segment: frames of a segment at most; 0 for as many as is usual with its method.
    """

    kind: Kind
    film: str
    output: str | None
    settings: StyleSettings
    shape: tuple[int, int]
    styles: tuple[str, ...] = ()
    times: StyleTimes = ALL_ALONG
    like: str | None = None
    start: Fraction | None = None
    end: Fraction | None = None
    rate: Fraction | None = None
    film_rate: Fraction | None = None
    codec: str = "h264"
    tracks: str | None = None
    max_megapixels: float = 100.0
    masks: tuple[str, ...] = ()
    style_masks: tuple[str, ...] = ()
    keep: str | None = None
    still_masks: bool = False
    segment: int = 0

    def __post_init__(self) -> None:
        if not self.segment:
            object.__setattr__(self, "segment", SEGMENTS.get(self.name, SEGMENTS["one-pass"]))

    @property
    def name(self) -> str:
        """Of the method, for people."""
        return "steady" if self.kind == "steady" else self.settings.method

    @property
    def places(self) -> tuple[str, ...]:
        """Where styles paint and, at last, where nothing does: pictures or films."""
        return self.masks if self.keep is None else (*self.masks, self.keep)

    def moving_masks(self) -> tuple[str, ...]:
        """Those of `places` that are films."""
        from impasto.media.film import is_moving

        return () if self.still_masks else tuple(filter(is_moving, self.places))

    def inputs(self) -> dict[str, Path]:
        """Every file that is read, by what it is."""
        named = {"the film": self.film, "the original": self.like or ""}
        named |= {f"mask {n}": mask for n, mask in enumerate(self.masks, 1)}
        named |= {"the mask of what is kept": self.keep or ""}
        files = dict(_numbered(named))
        files |= {f"style {n}": Path(style) for n, style in enumerate(self.styles, 1)}
        files |= {f"style mask {n}": Path(mask) for n, mask in enumerate(self.style_masks, 1)}
        model = files_of_model(self.settings.model)
        files |= {f"network {n}": path for n, path in enumerate(model, 1)}
        if self.settings.weights_file is not None:
            files["the weights"] = Path(self.settings.weights_file)
        return files

    def located(self) -> Order:
        """The same with absolute paths, to be gone on with from any folder."""

        def whole(path: str) -> str:
            return str(Path(path).absolute())

        settings = self.settings.model_copy()
        if settings.model is not None:
            settings = settings.model_copy(update={"model": moved_model(settings.model, whole)})
        if settings.weights_file is not None:
            settings = settings.model_copy(update={"weights_file": whole(settings.weights_file)})
        if settings.clip is not None:
            settings = settings.model_copy(update={"clip": located_model(settings.clip)})
        return replace(
            self,
            film=whole(self.film),
            like=None if self.like is None else whole(self.like),
            tracks=None if self.tracks is None else whole(self.tracks),
            output=None if self.output is None else whole(self.output),
            styles=tuple(map(whole, self.styles)),
            masks=tuple(map(whole, self.masks)),
            style_masks=tuple(map(whole, self.style_masks)),
            keep=None if self.keep is None else whole(self.keep),
            settings=settings,
        )

    def as_json(self) -> dict[str, Any]:
        """For a journal."""
        data = {part.name: getattr(self, part.name) for part in fields(self)}
        data |= {"settings": to_stored(self.settings), "times": self.times.as_json()}
        return data | {name: None if data[name] is None else str(data[name]) for name in _TIMES}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Order:
        """What `as_json` gave, as JSON has it.

        Raises:
            KeyError, TypeError, ValueError: it is damaged.
        """
        names = {part.name for part in fields(cls)}
        values = {name: value for name, value in data.items() if name in names}
        values |= {"settings": from_stored(data["settings"])}
        values |= {"times": StyleTimes.from_json(data["times"])}
        values |= {name: None if data[name] is None else Fraction(data[name]) for name in _TIMES}
        values |= {name: tuple(data.get(name, ())) for name in _TUPLES}
        return cls(**values)


def _numbered(named: dict[str, str]) -> Iterator[tuple[str, Path]]:
    """The files of a source: its own, or every picture of a folder or a pattern."""
    from impasto.media.sequences import pictures_of

    for what, source in named.items():
        path = Path(source)
        if not source:
            continue
        pictures = [path] if path.is_file() else pictures_of(path)
        for number, picture in enumerate(pictures, 1):
            yield (what if number == 1 else f"{what}, picture {number}"), picture
