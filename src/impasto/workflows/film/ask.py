"""From what somebody asks of a film to an order, checked before the long work."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

from impasto import methods
from impasto.errors import FilmError, OutputError, SettingError
from impasto.files import check_place
from impasto.samples.lookup import sample_or
from impasto.settings import StyleSettings, complete
from impasto.task import StyleTask
from impasto.text import format_path
from impasto.workflows.film.fitting import painted_shape
from impasto.workflows.film.order import Order
from impasto.workflows.film.places import check_still, places_of
from impasto.workflows.film.style_times import StyleTimes, style_times

__all__ = ["asked", "asked_steady"]

PathLike = str | os.PathLike[str]

USUAL_CODEC = "h264"  # every film's file holds it
SLOWEST, FASTEST = Fraction(1, 100), 1000  # frames a second
# What says nothing of a film, and why.
# What is drawn on a picture before it is painted.
CARTOON = ("flat_colors", "lines")
OF_PICTURES = {
    "bits": "a film has as many as its codec",
    "embed_recipe": "a film keeps no recipe",
    "scratch": "its frames are painted in memory",
}


def exact(number: float | Fraction, what: str) -> Fraction:
    """Seconds, or frames a second, as a fraction; a float as it is written.

    Args:
        number: as it was given.
        what: it is, for messages.

    Raises:
        SettingError: it is no finite number.

    Example:
        >>> exact(0.1, "start")
        Fraction(1, 10)
    """
    try:
        return Fraction(str(number))
    except (ValueError, ZeroDivisionError):
        raise SettingError(f"{what} is {number!r}: give a number, as 12.5") from None


def _exact(number: float | Fraction | None, what: str) -> Fraction | None:
    return None if number is None else exact(number, what)


def _rate(rate: float | Fraction | None) -> Fraction | None:
    """Frames a second, as a film may have.

    Raises:
        SettingError: too few or too many.
    """
    found = _exact(rate, "the rate")
    if found is not None and not SLOWEST <= found <= FASTEST:
        raise SettingError(
            f"the rate is {float(found):g} frames a second: give {float(SLOWEST):g} to {FASTEST}"
        )
    return found


def asked(
    film: PathLike,
    style: PathLike | Sequence[PathLike] | None,
    output: PathLike | None,
    settings: StyleSettings | None = None,
    *,
    start: float | Fraction | None = None,
    end: float | Fraction | None = None,
    rate: float | Fraction | None = None,
    style_at: Mapping[Any, PathLike] | None = None,
    style_fade: float = 1.0,
    masks: Sequence[PathLike] | PathLike | None = None,
    style_masks: Sequence[PathLike] | PathLike | None = None,
    keep: PathLike | None = None,
    still_masks: bool = False,
    codec: str | None = None,
    sound: bool = True,
    live: bool = False,
    max_megapixels: float = 100.0,
    **overrides: Any,
) -> Order:
    """The order of a film to be painted.

    Args:
        film, style, output, settings, start, end, rate, style_at, style_fade, masks, style_masks,
            keep, codec, sound, overrides: as for `impasto.paint_video`; no output for a pipe.
        still_masks: whether masks are read as pictures, animated ones by their first frame.
        live: whether the film is a camera or a stream.
        max_megapixels: of a frame of the film, above which none is decoded.

    Raises:
        ImpastoError: a film or styles that cannot be read, a place that cannot be written, or
            settings that a film does not heed.
    """
    if settings is None:
        overrides = {"method": "one-pass", **overrides}
    settings = complete(settings, overrides)
    if methods.choose(settings).name == "onnx":
        raise SettingError(
            f"model is {settings.model}, and a film is painted with networks that torch runs: name "
            "the .safetensors file that it was exported from"
        )
    for name, why in OF_PICTURES.items():
        if name in settings.explicit:
            raise SettingError(f"{name} means nothing to a film, as {why}: leave it out")
    for name in CARTOON:
        if getattr(settings, name):
            raise SettingError(
                f"{name} is {getattr(settings, name):g}, and what it draws would change from frame "
                "to frame: set it to 0"
            )
    if "tile" in settings.explicit and settings.method == "optimization":
        raise SettingError(
            "tile means nothing to a film that is optimised, as its frames are painted whole: "
            "leave it out"
        )
    named = [style] if isinstance(style, str | os.PathLike) else list(style or ())
    later = [(exact(t, "a time of style_at"), os.fspath(s)) for t, s in (style_at or {}).items()]
    blend = settings.style_blend
    # Without pictures it blends what a network was taught, which checks it.
    if blend is not None and (named or later) and len(blend) != len(named):
        raise SettingError(
            f"style_blend has {len(blend)} shares for {len(named)} styles: give one share for each "
            "style, in their order"
        )
    if not named and not later and settings.model is None:
        raise SettingError("no style is given: name at least one picture to learn from")
    places: StyleTask[str] = StyleTask.of(
        os.fspath(film),
        [os.fspath(sample_or("style", each)) for each in named],
        masks=_named(masks),
        style_masks=_named(style_masks),
        keep=None if keep is None else os.fspath(keep),
        taught=not named,
    )
    masked = bool(places.masks or places.style_masks)
    if masked and later:
        raise SettingError(
            "masks are of the styles in their order, and style_at has others come in later: leave "
            "one of them out"
        )
    if places.masks:
        places.check_blend(blend)
    if masked:  # one style may paint twice then
        parts = blend or [1.0] * len(named)
        shares = tuple(part / sum(parts) for part in parts)
        names, times = places.styles, StyleTimes(((Fraction(0), shares),))
    else:
        names, times = style_times(
            places.styles,
            blend if named else None,
            [(time, os.fspath(sample_or("style", each))) for time, each in later],
            style_fade,
        )
    return _order(
        kind="paint",
        film=os.fspath(film),
        output=output,
        settings=settings,
        styles=names,
        times=times,
        masks=places.masks,
        style_masks=places.style_masks,
        keep=places.keep,
        still_masks=still_masks,
        start=_exact(start, "start"),
        end=_exact(end, "end"),
        rate=_rate(rate),
        codec=codec,
        sound=sound,
        live=live,
        max_megapixels=max_megapixels,
    )


def asked_steady(
    painted: PathLike,
    like: PathLike,
    output: PathLike,
    *,
    start: float | Fraction | None = None,
    end: float | Fraction | None = None,
    codec: str | None = None,
    sound: bool = True,
    force: bool = False,
) -> Order:
    """The order of a painted film to be steadied.

    Args:
        painted, like: films, folders or patterns: the painted one, and its original.
        output, start, end, codec, sound: as for `impasto.paint_video`.
        force: whether to begin even if the disk seems too small.

    Raises:
        ImpastoError: as for `asked`.
    """
    return _order(
        kind="steady",
        film=os.fspath(painted),
        like=os.fspath(like),
        output=output,
        settings=StyleSettings(method="one-pass", force=force),
        start=_exact(start, "start"),
        end=_exact(end, "end"),
        rate=_rate_of_pictures(os.fspath(painted), os.fspath(like)),
        codec=codec,
        sound=sound,
    )


def _rate_of_pictures(painted: str, like: str) -> Fraction | None:
    """Frames a second of numbered pictures, which are as many as their original's; else None."""
    from impasto.media.film import open_source
    from impasto.media.sequences import is_pattern

    path = Path(painted)
    if not (path.is_dir() or (is_pattern(path) and not path.exists())):
        return None
    with open_source(like) as original:
        return original.info.rate


def _order(
    *,
    film: str,
    output: PathLike | None,
    settings: StyleSettings,
    codec: str | None,
    rate: Fraction | None = None,
    sound: bool,
    live: bool = False,
    like: str | None = None,
    max_megapixels: float = 100.0,
    **more: Any,
) -> Order:
    from impasto.media.film import FilmReader, open_source

    chosen = _codec(output, codec)
    films = [film, *more.get("masks", ()), *filter(None, (like, more.get("keep")))]
    _check_place(output, films, [*more.get("styles", ()), *more.get("style_masks", ())])
    if live:
        order = Order(
            film=film, output=_text(output), settings=settings, shape=(0, 0), codec=chosen, **more
        )
        check_still(order)
        return order
    tracks = None
    start, end = more.get("start"), more.get("end")
    with open_source(
        film, start=start, end=end, rate=rate, max_megapixels=max_megapixels
    ) as source:
        info = source.info
        if sound and isinstance(source, FilmReader):
            tracks = film
    if like is not None:
        with open_source(like) as original:
            # What paints a film often loses its sound, which the original still has.
            if sound and isinstance(original, FilmReader) and not info.sounds:
                tracks = like if original.info.sounds else tracks
    if output is None and rate is None and info.variable:
        rate = info.rate  # a pipe knows no times
    order = Order(
        film=film,
        like=like,
        output=_text(output),
        settings=settings,
        shape=painted_shape((info.height, info.width), settings),
        rate=rate,
        film_rate=info.rate,
        codec=chosen,
        tracks=tracks,
        max_megapixels=max_megapixels,
        **more,
    )
    if order.places:
        places_of(order)  # what is wrong with masks is told at once
    return order


def _named(pictures: Sequence[PathLike] | PathLike | None) -> list[str]:
    """Masks, given singly or in a list."""
    some = [pictures] if isinstance(pictures, str | os.PathLike) else pictures or ()
    return [os.fspath(picture) for picture in some]


def _codec(output: PathLike | None, codec: str | None) -> str:
    """How segments are coded.

    Raises:
        OutputError: the output cannot hold the codec, or is no film and has none.
        UnknownNameError: there is no such codec.
    """
    from impasto.media.codec import check_codec
    from impasto.media.film import check_output, output_kind, segment_codec

    path = None if output is None else Path(output)
    if codec is not None:
        check_codec(codec)
        if path is None or output_kind(path) != "film":
            where = "standard output" if path is None else format_path(path)
            raise OutputError(
                f"codec is {codec}, and {where} is no film that could hold it: leave it out, or "
                "name a film, such as painted.mkv"
            )
    codec = codec or USUAL_CODEC
    if path is None:
        return codec
    check_output(path, codec)
    return segment_codec(path, codec)


def _check_place(output: PathLike | None, films: Sequence[str], styles: Sequence[PathLike]) -> None:
    """Refuse, before the long work, an output that could not be written after it.

    Raises:
        OutputError: such a place, one of the inputs, or the folder of a film's pictures.
    """
    from impasto.media.film import output_kind
    from impasto.media.sequences import is_pattern

    if output is None:
        return
    path = Path(output)
    inputs = [*chain.from_iterable(map(_files, films)), *filter(Path.is_file, map(Path, styles))]
    if output_kind(path) != "pictures":
        check_place(path, inputs=inputs)
        return
    folder = path.parent if is_pattern(path) else path
    for film in films:
        source = Path(film).parent if is_pattern(film) else Path(film)
        if source.is_dir() and folder.exists() and folder.samefile(source):
            raise OutputError(
                f"{format_path(folder)} has the pictures of the film or of a mask: choose another "
                "folder for the painted ones"
            )
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent  # what is missing is made
    check_place(folder / path.name, inputs=inputs)


def _files(film: str) -> list[Path]:
    """A film's own file, or its pictures; none where it cannot be read, which is told later."""
    from impasto.media.sequences import pictures_of

    path = Path(film)
    if path.is_file():
        return [path]
    try:
        return pictures_of(path)
    except FilmError:
        return []


def _text(path: PathLike | None) -> str | None:
    return None if path is None else os.fspath(path)
