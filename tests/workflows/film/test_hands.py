from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from impasto.errors import MemoryShortError
from impasto.workflows.film import hands
from impasto.workflows.film.ask import asked
from impasto.workflows.film.hands import hand_of


def test_frames_on_their_way_count_in_the_memory_that_a_film_needs(
    film: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = asked(film(), "swirls", tmp_path / "out.mp4")
    hand_of(order)
    monkeypatch.setattr(hands, "bytes_in_flight", lambda *_: 10**15)
    with pytest.raises(MemoryShortError, match="needs about 1000000"):
        hand_of(order)


def test_by_optimization_a_frame_needs_those_before_it(
    film: Callable[..., Path], tmp_path: Path
) -> None:
    order = asked(film(), "swirls", tmp_path / "out.mp4", method="optimization")
    assert hand_of(order).alone is None
