"""A network paints each frame in one pass, with all that could flicker fixed for a shot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from impasto import faces, imaging, methods
from impasto.errors import CheckpointError, SettingError
from impasto.imaging import tensors
from impasto.methods.inputs import GENTLE, one_pass_shape
from impasto.methods.one_pass import memory
from impasto.methods.one_pass.engine import WHOLE_PX
from impasto.methods.one_pass.kept_faces import painted_faces, with_faces
from impasto.methods.one_pass.photo import Photo
from impasto.methods.one_pass.ready import (
    check_sizes,
    made_ready,
    read,
    refuse_pictureless,
    refuse_reading,
    taught,
)
from impasto.methods.one_pass.run import OnePass
from impasto.networks.stylizers.painter import Hand, Spreads
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.colours import ShotColours, opened
from impasto.workflows.film.painters.protocol import (
    Floats,
    Frame,
    StyleAt,
    check_frame,
    checked_shares,
)
from impasto.workflows.film.painters.samples import sampled, with_masks
from impasto.workflows.film.steady import KEPT, Steadying
from impasto.workflows.film.where import EVERYWHERE, Where

__all__ = ["OnePassPainter"]

# While one style turns into another, spreads are found at so many steps of the way, and between
# them they are interpolated.
STEPS = 8
REMEMBERED = 16  # hands and spreads


class OnePassPainter:
    """Paints shots with a one-pass network.

    Fixed for a shot are the codes of the styles, what features are normalised by, and how colours
    are matched; the frames themselves are made steady by `Steadying`.

    Args:
        styles: pictures, as `impasto.stylize` takes them; none where the settings name a model
            that was taught its styles.
        settings: all that one pass heeds, but for those of the size.
        shape: (height, width) of the frames, in px.
        style_masks: pictures, one for each style, or none: white where it is learnt from.
        masks: how many masks come with each frame.
        kept: share of the last painting, see `Steadying`; 0 paints each frame alone.
        beside: bytes of memory that the film takes beside its painting.

    Raises:
        SettingError: another method, a setting that it does not heed, no style.
        PictureError: a style cannot be read, or it or the frames are too small.
        WeightsError: the network cannot be read.
        MemoryShortError: frames of that size do not fit.
        MissingPackageError: the extra `video` is not installed.

    Example:
        >>> settings = StyleSettings(method="one-pass")
        >>> painter = OnePassPainter(["swirls"], settings, (36, 64))
        >>> frame = np.full((36, 64, 3), 128, np.uint8)
        >>> painter.begin([frame])
        >>> painter.paint(frame).shape
        (36, 64, 3)
    """

    def __init__(
        self,
        styles: Sequence[imaging.Source],
        settings: StyleSettings,
        shape: tuple[int, int],
        *,
        style_masks: Sequence[imaging.Source] = (),
        masks: int = 0,
        kept: float = KEPT,
        beside: int = 0,
    ) -> None:
        if settings.method != OnePass.name:
            raise SettingError(
                f"method is {settings.method}, and this painter paints in one pass: take another"
            )
        methods.choose(settings)
        self._engine, rows, self.settings = made_ready(settings)
        if styles and rows:
            raise SettingError(
                f"the model is told to paint {', '.join(rows)}, and a style picture is given too: "
                "leave one of them out"
            )
        self.shape = shape
        seen = opened(styles, self.settings, style_masks)
        self.notes = seen.notes
        self._counts = [_plane(weights) for weights in seen.weights]
        read_at = [one_pass_shape(style, shape, self.settings) for style in seen.pictures]
        check_sizes("the film", seen.pictures, shape, read_at)
        at_once = (max(shape[0], 1024), max(shape[1], 1024))  # the samples, or a frame
        device = self._engine.device
        memory.check(at_once, read_at, self.settings, device, WHOLE_PX, beside, masks=masks)
        self._colours = ShotColours(seen, self.settings)
        if styles:
            self._engine.network.check_reads()
            self._codes = [] if self._colours.moves_styles else self._codes_of(self._colours.styles)
        else:
            refuse_reading(settings.explicit)
            refuse_pictureless(settings)
            self._codes = taught(self._engine, rows)
        self.count = len(styles) or len(self._codes)
        self._steadying = Steadying(kept)
        self._samples: NDArray[np.uint8] | None = None
        self._track = faces.Track()
        if settings.keep_faces:
            faces.check()  # a lack is told before the work
        self._hands: dict[tuple[StyleAt, float | None], Hand] = {}
        self._spreads: dict[tuple[StyleAt, float | None], Spreads] = {}

    def _codes_of(self, styles: Sequence[imaging.Picture]) -> list[Tensor]:
        return [
            read(self._engine, style, counts, self.shape, self.settings)
            for style, counts in zip(styles, self._counts, strict=True)
        ]

    # The protocol of `impasto.workflows.film.painters.protocol`

    def begin(self, samples: Sequence[Frame], where: Sequence[Where] = ()) -> None:
        """As `ShotPainter.begin` says."""
        self._judge(sampled(with_masks(samples, where)))
        self._steadying.begin()
        self._track.begin()

    @property
    def alone(self) -> Callable[[Frame, StyleAt, Where], Floats] | None:
        """As `ShotPainter.alone` says: the frame as it is painted without those before it.

        Faces are followed from frame to frame; where they are kept, nothing is done ahead.
        """
        return None if self.settings.keep_faces else self._fresh

    def _fresh(self, frame: Frame, style: StyleAt = (), where: Where = EVERYWHERE) -> Floats:
        check_frame(frame, self.shape)
        if self._samples is None:
            self.begin([frame], [where])
        shares = checked_shares(style, self.settings.style_blend, self.count)
        if self.settings.color == "only":
            return self._colours.recoloured(frame, shares, where)
        x = tensors.preprocess(self._colours.seen(frame, shares))
        kept = self._track.next(frame) if self.settings.keep_faces else ()
        if where.mixed is None:
            painted = self._painted(x, shares, kept)
        else:
            painted = torch.zeros_like(x)
            for which, mixed in enumerate(where.mixed):
                if mixed.any():
                    own = self._painted(x, _one(which, self.count), kept)
                    painted += torch.from_numpy(mixed) * own
        pixels = tensors.to_array(tensors.postprocess(painted))
        return self._colours.finished(pixels, frame)

    def paint(
        self,
        frame: Frame,
        style: StyleAt = (),
        alone: Floats | None = None,
        where: Where = EVERYWHERE,
    ) -> Frame:
        """As `ShotPainter.paint` says."""
        fresh = self._fresh(frame, style, where) if alone is None else alone
        return where.laid(self._steadying.steadied(frame, fresh, where.mixed), frame)

    def _painted(self, x: Tensor, shares: StyleAt, kept: Sequence[faces.Face]) -> Tensor:
        """A frame in a blend of the styles, with its faces painted gently."""
        strength, tile = self.settings.strength, self.settings.tile
        hand, spreads = self._hand(shares, strength), self._spread(shares, strength)
        for _, _, painting in self._engine.paint(x, hand, spreads, tile=tile):
            painted = painting
        if not kept:
            return painted
        hand, spreads = self._hand(shares, GENTLE), self._spread(shares, GENTLE)
        own = painted_faces(self._engine, Photo(x), hand, spreads, kept)
        whole = slice(0, self.shape[0]), slice(0, self.shape[1])
        return with_faces(painted, whole, own)

    def state(self) -> dict[str, NDArray[Any]]:
        """As `ShotPainter.state` says; empty before a shot."""
        if self._samples is None:
            return {}
        return {"samples": self._samples, **self._steadying.state(), **self._track.state()}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """As `ShotPainter.restore` says."""
        samples = state.get("samples")
        if samples is None or samples.ndim != 4 or not len(samples) or samples.shape[-1] < 3:
            raise CheckpointError("the state of a shot is damaged: begin the shot anew")
        self._judge(samples)
        self._steadying.restore(state)
        self._track.restore(state)

    # What is fixed for a shot

    def _judge(self, samples: NDArray[np.uint8]) -> None:
        """Fix what follows from the samples of a shot."""
        self._samples = samples
        self._spreads.clear()
        self._colours.begin(samples)
        if self._colours.moves_styles:
            self._codes = self._codes_of(self._colours.styles)
            self._hands.clear()

    def _hand(self, shares: StyleAt, strength: float | None) -> Hand:
        if (shares, strength) not in self._hands:
            if len(self._hands) >= REMEMBERED:
                self._hands.clear()
            code = self._engine.blended(self._codes, shares)
            self._hands[shares, strength] = self._engine.hand(code, strength)
        return self._hands[shares, strength]

    def _spread(self, shares: StyleAt, strength: float | None) -> Spreads:
        """What features are normalised by, between two steps of the way from style to style."""
        mixed = [which for which, share in enumerate(shares) if 0 < share < 1]
        at = STEPS * shares[mixed[-1]] if len(mixed) == 2 else 0.0
        below = int(at)
        if at == below:
            return self._spread_at(shares, strength)
        one, other = (
            self._spread_at(_on_the_way(shares, mixed, n), strength) for n in (below, below + 1)
        )
        return {
            name: (
                mean.lerp(other[name][0], at - below),
                variance.lerp(other[name][1], at - below),
            )
            for name, (mean, variance) in one.items()
        }

    def _spread_at(self, shares: StyleAt, strength: float | None) -> Spreads:
        if (shares, strength) not in self._spreads:
            assert self._samples is not None
            if len(self._spreads) >= REMEMBERED:
                self._spreads.clear()
            photos = [self._colours.seen(frame, shares) for frame in self._samples[..., :3]]
            together = torch.cat([tensors.preprocess(photo) for photo in photos])
            hand = self._hand(shares, strength)
            self._spreads[shares, strength] = self._engine.spreads(together, hand)
        return self._spreads[shares, strength]


def _one(which: int, count: int) -> StyleAt:
    """The shares of a style alone."""
    return tuple(float(n == which) for n in range(count))


def _plane(weights: Floats | None) -> Tensor | None:
    """How much each pixel of a style counts, (1, 1, h, w)."""
    return None if weights is None else torch.from_numpy(weights)[None, None]


def _on_the_way(shares: StyleAt, mixed: Sequence[int], step: int) -> StyleAt:
    """The shares at a step of the way from one of two styles to the other."""
    knots = [0.0] * len(shares)
    knots[mixed[1]] = step / STEPS
    knots[mixed[0]] = 1 - step / STEPS
    return tuple(knots)
