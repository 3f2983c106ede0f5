"""What tests of films share: small films, and a painter whose every frame depends on the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from impasto.workflows.film.frames import Seen
from impasto.workflows.film.order import Order
from tests.films import card, make_film


class Smear:
    """Paints the negative of a frame, halfway to the painting before it; notes what it is asked."""

    notes: tuple[str, ...] = ()

    def __init__(self, order: Order, asked: list[Any]) -> None:
        self.order, self.asked = order, asked
        self._last: np.ndarray | None = None

    def begin(self, samples: Sequence[Seen]) -> None:
        self.asked.append([float(sample.time) for sample in samples])
        self._last = None

    def alone(self, seen: Seen, shares: tuple[float, ...]) -> np.ndarray:
        self.asked.append(shares)
        return 255 - seen.pixels.astype(np.float32)

    def paint(
        self, seen: Seen, shares: tuple[float, ...], alone: np.ndarray | None = None
    ) -> np.ndarray:
        negative = self.alone(seen, shares) if alone is None else alone
        self._last = negative if self._last is None else (negative + self._last) / 2
        return seen.where.laid(np.rint(self._last).astype(np.uint8), seen.pixels)

    def state(self) -> Mapping[str, np.ndarray]:
        assert self._last is not None
        return {"last": self._last}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        self._last = state["last"]


@pytest.fixture
def smears(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Has films painted without a network; gives what the painters are asked, shots and shares."""
    asked: list[Any] = []

    def hand_of(order: Order) -> Smear:
        return Smear(order, asked)

    for module in ("run", "segments", "stream"):
        monkeypatch.setattr(f"impasto.workflows.film.{module}.hand_of", hand_of)
    return asked


def two_shots(first: int, second: int) -> list[np.ndarray]:
    """Cards on a dark ground, then on a light one."""
    light = [np.clip(card(n).astype(int) + 120, 0, 255).astype(np.uint8) for n in range(second)]
    return [*(card(n) // 2 for n in range(first)), *light]


@pytest.fixture
def film(tmp_path: Path) -> Callable[..., Path]:
    """Makes a film of two shots, 64 x 48 px, 25 frames a second."""

    def make(first: int = 7, second: int = 5, name: str = "film.mp4", **more: Any) -> Path:
        return make_film(tmp_path / name, pictures=two_shots(first, second), **more)

    return make
