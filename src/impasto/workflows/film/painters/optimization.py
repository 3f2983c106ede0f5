"""Each frame is optimised, from what was painted before: slow, with strokes like `default`'s."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from impasto import faces, imaging, methods
from impasto.errors import CheckpointError, PartTooSmallError, SettingError
from impasto.imaging import tensors
from impasto.media.flow import flow, opencv, warp
from impasto.methods.optimization.run import Optimization
from impasto.methods.pictures import plane
from impasto.methods.protocol import RunOptions
from impasto.settings import StyleSettings
from impasto.task import StyleTask
from impasto.workflows.film.painters.colours import ShotColours, opened
from impasto.workflows.film.painters.protocol import Frame, StyleAt, check_frame, checked_shares
from impasto.workflows.film.painters.samples import sampled, with_masks
from impasto.workflows.film.painters.temporal import Held
from impasto.workflows.film.steady import changed, kept_share
from impasto.workflows.film.where import EVERYWHERE, Where

__all__ = ["OptimizationPainter"]

Floats = NDArray[np.float32]

WEIGHT = 5.0  # of the temporal term, beside losses near 1
SEEN = 0.4  # share of a frame that was painted before; with less it is painted as a first one is
LATER = 0.1  # of the steps, for every frame of a shot but its first
LAID = 8.0  # a painting that its mask has mixed counts whole from an eighth of the share on
LOOKED_AT = (1, 2, 4)  # frames back; the farther ones where the nearer ones see nothing


class _Past(NamedTuple):
    """A frame of the film, (H, W, 3) uint8, and as it was painted, (H, W, 3) in [0, 1].

    Beside them how far each style painted it, (S, H, W) in [0, 1]; None for all of it.
    """

    photo: Frame
    painted: Floats
    shares: Floats | None = None


class OptimizationPainter:
    """Paints shots by `impasto.methods.optimization`.

    The first frame of a shot is painted as a picture is. Every further one begins from the frames
    before it, moved along the flow of the film, and is held to them where that can be trusted; it
    is painted with fewer steps, at the finest scale alone: a coarser one would lose its strokes.

    Args:
        styles: pictures, as `impasto.stylize` takes them, at least one.
        settings: all but those of the size.
        shape: (height, width) of the frames, in px.
        style_masks: pictures, one for each style, or none: white where it is learnt from.

    Raises:
        SettingError: another method, no style, or a start, which every frame has of its own.
        PictureError: a style cannot be read.
        MissingPackageError: the extra `video` is not installed.

    Source: Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos", 2016.
    """

    alone = None  # each frame begins from those before it

    def __init__(
        self,
        styles: Sequence[imaging.Source],
        settings: StyleSettings,
        shape: tuple[int, int],
        *,
        style_masks: Sequence[imaging.Source] = (),
    ) -> None:
        if settings.method != Optimization.name:
            raise SettingError(
                f"method is {settings.method}, and this painter paints by optimization: take "
                "another"
            )
        if not styles:
            raise SettingError("no style is given: name at least one picture to learn from")
        if settings.init.startswith("image:"):
            raise SettingError(
                f"init is {settings.init}, and frames of a film begin from those before them: "
                "leave it out"
            )
        opencv()  # a lack is told before the work
        if settings.keep_faces:
            faces.check()
        self._method = methods.choose(settings)
        self.shape, self.settings = shape, settings
        self._styles = opened(styles, settings, style_masks)
        self.notes = self._styles.notes
        self._colours = ShotColours(self._styles, settings, pales=True)
        self.count = len(styles)
        # Colours are moved here, alike for all frames; a picture's own would change from one to
        # the next.
        plain: dict[str, Any] = {} if settings.color == "only" else {"color": "style"}
        plain |= {"palette": None, "tone": {}}
        self._first = settings.replace(shape=shape, content_chroma=1.0, **plain)
        self._later = self._first.replace(steps=max(1, round(LATER * settings.steps)), coarsest=0)
        self._samples: NDArray[np.uint8] | None = None
        self._track = faces.Track()
        self._past: deque[_Past] = deque(maxlen=max(LOOKED_AT))

    # The protocol of `impasto.workflows.film.painters.protocol`

    def begin(self, samples: Sequence[Frame], where: Sequence[Where] = ()) -> None:
        """As `ShotPainter.begin` says."""
        self._judge(sampled(with_masks(samples, where)))
        self._past.clear()
        self._track.begin()

    def paint(
        self,
        frame: Frame,
        style: StyleAt = (),
        alone: Floats | None = None,  # noqa: ARG002 - there is none
        where: Where = EVERYWHERE,
    ) -> Frame:
        """As `ShotPainter.paint` says."""
        check_frame(frame, self.shape)
        if self._samples is None:
            self.begin([frame], [where])
        shares = checked_shares(style, self.settings.style_blend, self.count)
        if self.settings.color == "only":
            recoloured = _levels(self._colours.recoloured(frame, shares, where))
            return where.laid(recoloured, frame)
        painted, where = self._optimised(frame, shares, where)
        return _laid(_levels(self._colours.finished(painted, frame)), frame, where)

    def _judge(self, samples: NDArray[np.uint8]) -> None:
        self._samples = samples
        self._colours.begin(samples)

    def _optimised(self, frame: Frame, shares: StyleAt, where: Where) -> tuple[Floats, Where]:
        """A frame as it is optimised, (H, W, 3) in [0, 1], and where that was.

        Elsewhere it is the frame itself: where masks say so, and where a part is so small that no
        layer can show it in its style, as where something comes into the picture.
        """
        kept = self._track.next(frame) if self.settings.keep_faces else None
        while counted := self._counted(shares, where):
            try:
                painted = self._painted(frame, shares, where, counted, kept)
                break
            except PartTooSmallError as error:
                where = where.without(counted[error.which])
        else:
            painted = _floats(frame)
        self._past.append(_Past(frame.copy(), painted, where.shares))
        return painted, where

    def _painted(
        self,
        frame: Frame,
        shares: StyleAt,
        where: Where,
        counted: Sequence[int],
        kept: tuple[faces.Face, ...] | None,
    ) -> Floats:
        """A frame, painted in those styles that count in it, with its faces."""
        seen = self._colours.seen(frame, shares, where)
        task = self._task(seen, where, counted)
        settings, start = self._first, None
        terms: tuple[Held, ...] = ()
        if self._past:
            target, share = self._held(frame, where)
            before = _picture(target)
            terms = (Held(tensors.preprocess(before), plane(share), WEIGHT),)
            if share.mean() > SEEN:
                settings, start = self._later, before
        if not task.masks:
            settings = settings.replace(style_blend=[shares[n] for n in counted])
        run = self._method.prepare(
            task.replace(start=start), settings, RunOptions(terms=terms, faces=kept)
        )
        for _ in run:
            pass
        painted = np.asarray(run.result().pixels)
        if where.painted is not None and self.settings.color == "style":
            # What is not painted is the frame in all its colours, not as the painter saw it.
            unpainted = 1 - where.painted[..., None]
            painted = painted + unpainted * (_floats(frame) - seen.floats)
        return painted

    def _counted(self, shares: StyleAt, where: Where) -> list[int]:
        """The styles that paint something of a frame; others would be read for nothing."""
        if where.painted is not None and not where.painted.any():
            return []
        planes = where.shares if where.masks is not None else None
        return [
            n for n, share in enumerate(shares) if (share if planes is None else planes[n].any())
        ]

    def _task(
        self, seen: imaging.Picture, where: Where, counted: Sequence[int]
    ) -> StyleTask[imaging.Picture]:
        """What is painted of a frame."""
        return StyleTask(
            seen,
            tuple(self._colours.styles[n] for n in counted),
            () if where.masks is None else tuple(_grey(where.masks[n]) for n in counted),
            tuple(self._styles.masks[n] for n in counted) if self._styles.masks else (),
            keep=None if where.keep is None or not where.keep.any() else _grey(where.keep),
        )

    def _held(self, frame: Frame, where: Where = EVERYWHERE) -> tuple[Floats, Floats]:
        """What was painted before, moved to this frame, and how far it may stand.

        Returns:
            (H, W, 3) in [0, 1], and (H, W) in [0, 1].
        """
        target: Floats | None = None
        share = np.zeros(self.shape, np.float32)
        for back in LOOKED_AT:
            if back > len(self._past):
                break
            past = self._past[-back]
            there = flow(frame, past.photo)
            moved = warp(past.painted, there)
            own = kept_share(past.photo, frame, there, flow(past.photo, frame))
            if past.shares is not None and where.shares is not None:
                own *= 1 - changed(past.shares, where.shares, there)
            own = np.minimum(own, 1 - share) if target is not None else own
            if target is None:
                target = moved
            else:
                weight = own / np.maximum(share + own, 1e-6)
                target += weight[..., None] * (moved - target)
            share = share + own
        assert target is not None
        return np.asarray(target), share

    def state(self) -> dict[str, NDArray[Any]]:
        """As `ShotPainter.state` says; empty before a shot."""
        if self._samples is None:
            return {}
        state: dict[str, NDArray[Any]] = {"samples": self._samples}
        if self._past:
            state["photos"] = np.stack([past.photo for past in self._past])
            state["paintings"] = np.stack([past.painted for past in self._past])
            shares = [past.shares for past in self._past if past.shares is not None]
            if shares:
                state["shares"] = np.stack(shares)
        return state | self._track.state()

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """As `ShotPainter.restore` says."""
        samples, photos = state.get("samples"), state.get("photos", ())
        paintings, shares = state.get("paintings", ()), state.get("shares")
        counted = {len(photos), len(paintings), len(photos if shares is None else shares)}
        if samples is None or samples.ndim != 4 or len(counted) > 1:
            raise CheckpointError("the state of a shot is damaged: begin the shot anew")
        self._judge(samples)
        self._past.clear()
        self._past.extend(map(_Past, photos, paintings, repeat(None) if shares is None else shares))
        self._track.restore(state)


def _floats(frame: Frame) -> Floats:
    return frame.astype(np.float32) / np.float32(255)


def _levels(pixels: Floats) -> Frame:
    return np.asarray(np.rint(pixels.clip(0, 1) * 255), np.uint8)


def _grey(mask: Frame) -> imaging.Picture:
    return imaging.Picture(np.repeat(mask[..., None], 3, 2))


def _laid(painted: Frame, frame: Frame, where: Where) -> Frame:
    """The frame itself where nothing is painted; masks were heeded when it was painted."""
    if where.painted is None:
        return painted
    some = (LAID * where.painted[..., None]).clip(0, 1)
    apart = painted.astype(np.float32) - frame
    return np.asarray(np.rint(frame + some * apart), np.uint8)


def _picture(pixels: Floats) -> imaging.Picture:
    """A picture 16 bits deep, so that nothing is rounded away."""
    return imaging.Picture(np.rint(pixels.clip(0, 1) * 65535).astype(np.uint16))
