from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

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


def test_masks_that_are_on_their_way_count_too(film: Callable[..., Path], tmp_path: Path) -> None:
    Image.new("L", (64, 48), 90).save(mask := tmp_path / "mask.png")
    order = asked(film(), "swirls", tmp_path / "out.mp4", masks=mask, keep=mask)
    counted = hands.bytes_in_flight
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hands, "bytes_in_flight", lambda *of: 10**15 * (of[2:] == (2,)))
        with pytest.raises(MemoryShortError):
            hand_of(order)
    assert counted(order.shape, order.codec, 2) > counted(order.shape, order.codec)


def test_by_optimization_a_frame_needs_those_before_it(
    film: Callable[..., Path], tmp_path: Path
) -> None:
    order = asked(film(), "swirls", tmp_path / "out.mp4", method="optimization")
    assert hand_of(order).alone is None


@pytest.mark.parametrize("method", ["one-pass", "optimization"])
def test_what_reading_a_mask_of_a_style_has_to_say_is_noted(
    film: Callable[..., Path], tmp_path: Path, method: str
) -> None:
    classes = tmp_path / "classes.png"
    Image.new("L", (64, 64), 1).save(classes)
    Image.new("RGB", (64, 64), (200, 90, 30)).save(style := tmp_path / "style.png")
    more = {"style_masks": classes, "method": method}
    (note,) = hand_of(asked(film(), style, tmp_path / "out.mp4", **more)).notes
    assert note.startswith(f"{classes}: its lightest value is 1 of 255")
