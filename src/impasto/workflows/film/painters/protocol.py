"""What paints the frames of a shot: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from impasto.errors import InputError, SettingError
from impasto.workflows.film.where import EVERYWHERE, Where

__all__ = ["Floats", "Frame", "ShotPainter", "StyleAt", "check_frame", "checked_shares"]

Frame: TypeAlias = NDArray[np.uint8]
"""(H, W, 3), sRGB."""

Floats: TypeAlias = NDArray[np.float32]
"""(H, W, 3) in [0, 1], sRGB."""

StyleAt: TypeAlias = tuple[float, ...]
"""Shares of the styles at one time, in their order, with the sum 1; empty for the settings' own."""


class ShotPainter(Protocol):
    """Paints a film shot by shot, and each shot frame by frame, in their order."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading its styles has to say, in a sentence each."""

    def begin(self, samples: Sequence[Frame], where: Sequence[Where] = ()) -> None:
        """A shot begins: nothing of the last one is kept.

        Args:
            samples: some frames that are spread over the shot, at least its first; what is fixed
                for a shot is taken from them.
            where: their masks, one for each; none where there are none.
        """

    @property
    def alone(self) -> Callable[[Frame, StyleAt, Where], Floats] | None:
        """The part of the work that needs no frame before; None where there is none.

        Another thread may do it ahead: it takes what `paint` takes, and gives what is handed there.
        """

    def paint(
        self,
        frame: Frame,
        style: StyleAt = (),
        alone: Floats | None = None,
        where: Where = EVERYWHERE,
    ) -> Frame:
        """The next frame of the shot, painted, of the same size.

        Args:
            frame: (H, W, 3) uint8, of the size that the painter was made for.
            style: what the styles are blended by.
            alone: what `alone` made of frame, style and masks; None to do that work here.
            where: its masks, as many as the styles or none.
        """

    def state(self) -> dict[str, NDArray[Any]]:
        """What the next frame depends on, beside what the painter was made of."""

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from `state` in the midst of a shot, to the same bytes; in place of `begin`.

        Raises:
            CheckpointError: it is damaged.
        """


def checked_shares(style: StyleAt, given: Sequence[float] | None, count: int) -> StyleAt:
    """Shares with the sum 1.

    Args:
        style: of one time; empty for those of the settings.
        given: shares of the settings; None for equal ones.
        count: how many styles there are.

    Raises:
        SettingError: not as many as the styles, negative ones, or all 0.

    Example:
        >>> checked_shares((), None, 2), checked_shares((3.0, 1.0), None, 2)
        ((0.5, 0.5), (0.75, 0.25))
    """
    shares = style or tuple(given or (1.0,) * count)
    if len(shares) != count:
        raise SettingError(
            f"{len(shares)} shares are given and there are {count} styles: give one for each"
        )
    total = sum(shares)
    if min(shares) < 0 or not 0 < total < float("inf"):
        raise SettingError(
            f"the shares of the styles are {', '.join(f'{share:g}' for share in shares)}: none may "
            "be negative, and one has to be above 0"
        )
    return tuple(share / total for share in shares)


def check_frame(frame: Frame, shape: tuple[int, int]) -> None:
    """Refuse a frame of another size.

    Args:
        frame: any.
        shape: (height, width) in px that the painter was made for.

    Raises:
        InputError: it has another size, or is no frame.
    """
    if frame.shape != (*shape, 3) or frame.dtype != np.uint8:
        raise InputError(
            f"a frame is an array of {frame.dtype.name} of shape {frame.shape} and this painter "
            f"paints uint8 ones of shape {(*shape, 3)}: resize it"
        )
