"""The painter of an order, whatever its kind: what begins a shot, and paints frame after frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from numpy.typing import NDArray

from impasto.workflows.film.frames import Seen
from impasto.workflows.film.in_flight import bytes_in_flight
from impasto.workflows.film.order import Order

if TYPE_CHECKING:
    from impasto.workflows.film.painters.protocol import ShotPainter

__all__ = ["Alone", "Hand", "hand_of"]

Alone: TypeAlias = Callable[[Seen, tuple[float, ...]], NDArray[Any]]
"""What a frame and the shares of the styles are made into before `Hand.paint`."""


class Hand(Protocol):
    """Paints the frames of shots, one after the other."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading its styles has to say, in a sentence each."""

    def begin(self, samples: Sequence[Seen]) -> None:
        """A shot begins.

        Args:
            samples: some frames that are spread over it, its first among them.
        """

    @property
    def alone(self) -> Alone | None:
        """The part of the work that needs no frame before; None where there is none.

        Another thread may do it ahead: it takes what `paint` takes, and gives what is handed there.
        """

    def paint(
        self, seen: Seen, shares: tuple[float, ...], alone: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """The next frame, painted.

        Args:
            seen: the frame.
            shares: of the styles, with the sum 1.
            alone: what `alone` made of both; None to do that work here.

        Returns:
            (H, W, 3), uint8, sRGB.
        """

    def state(self) -> Mapping[str, NDArray[Any]]:
        """What the next frame depends on."""

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on after the frame that a state is of, in place of `begin`."""


def hand_of(order: Order) -> Hand:
    """The painter that an order names.

    Raises:
        ImpastoError: about styles, settings or weights.
    """
    if order.kind == "steady":
        return _Steady()
    if order.settings.method == "optimization":
        from impasto.workflows.film.painters.optimization import OptimizationPainter

        optimised = OptimizationPainter(
            order.styles, order.settings, order.shape, style_masks=order.style_masks
        )
        return _Painter(optimised, order)
    from impasto.workflows.film.painters.one_pass import OnePassPainter

    beside = bytes_in_flight(order.shape, order.codec, len(order.places))

    painter = OnePassPainter(
        order.styles,
        order.settings,
        order.shape,
        style_masks=order.style_masks,
        masks=len(order.places),
        beside=beside,
    )
    return _Painter(painter, order)


class _Painter:
    """A painter of shots, which needs the pixels and the masks alone."""

    def __init__(self, painter: ShotPainter, order: Order) -> None:
        self._painter, self._has_styles = painter, bool(order.styles)
        self.notes = painter.notes

    def begin(self, samples: Sequence[Seen]) -> None:
        self._painter.begin(
            [sample.pixels for sample in samples], [sample.where for sample in samples]
        )

    @property
    def alone(self) -> Alone | None:
        alone = self._painter.alone
        if alone is None:
            return None
        return lambda seen, shares: alone(seen.pixels, self._shares(shares), seen.where)

    def paint(
        self, seen: Seen, shares: tuple[float, ...], alone: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        return self._painter.paint(seen.pixels, self._shares(shares), alone, seen.where)

    def _shares(self, shares: tuple[float, ...]) -> tuple[float, ...]:
        # What a network was taught is blended as the settings say.
        return shares if self._has_styles else ()

    def state(self) -> Mapping[str, NDArray[Any]]:
        return self._painter.state()

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        self._painter.restore(state)


class _Steady:
    """Takes the flicker out of frames that were painted elsewhere."""

    alone = None
    notes: tuple[str, ...] = ()

    def __init__(self) -> None:
        from impasto.workflows.film.steady import Steadying

        self._steadying = Steadying()

    def begin(self, samples: Sequence[Seen]) -> None:  # noqa: ARG002 - nothing is fixed for a shot
        self._steadying.begin()

    def paint(
        self,
        seen: Seen,
        shares: tuple[float, ...],  # noqa: ARG002 - there are no styles
        alone: NDArray[Any] | None = None,  # noqa: ARG002 - and nothing to paint
    ) -> NDArray[Any]:
        return self._steadying.steadied(seen.original, seen.pixels)

    def state(self) -> Mapping[str, NDArray[Any]]:
        return self._steadying.state()

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        self._steadying.restore(state)
