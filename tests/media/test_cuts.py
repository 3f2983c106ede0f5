from __future__ import annotations

import numpy as np

from impasto.media.cuts import Cuts
from tests.workflows.film.clips import textured


def found(frames: list[np.ndarray]) -> list[int]:
    cuts = Cuts()
    return [number for number, frame in enumerate(frames) if cuts.is_cut(frame)]


def scene(seed: int) -> np.ndarray:
    """Large soft blots, light and dark."""
    return np.repeat(np.repeat(textured(18, 32, seed), 10, 0), 10, 1)


def test_a_cut_is_where_the_scene_changes() -> None:
    assert found([scene(0)] * 5 + [scene(1)] * 5 + [scene(2)]) == [5, 10]


def test_the_first_frame_is_no_cut() -> None:
    assert found([scene(0)]) == []


def test_noise_is_no_cut() -> None:
    rng = np.random.default_rng(0)
    noisy = [scene(0) + rng.normal(0, 20, (180, 320, 3)) for _ in range(8)]
    assert found([frame.clip(0, 255).astype(np.uint8) for frame in noisy]) == []


def test_a_flash_is_no_cut() -> None:
    usual = (scene(0) // 2).astype(np.uint8)
    flash = usual + np.uint8(90)
    assert found([usual, usual, flash, usual, usual]) == []


def test_a_fast_camera_makes_no_cuts() -> None:
    whole = np.concatenate([scene(seed) for seed in range(4)], 1)
    assert found([whole[:, 12 * n :][:, :320] for n in range(60)]) == []


def test_a_dissolve_is_no_cut() -> None:
    a, b = scene(0).astype(np.float32), scene(1).astype(np.float32)
    assert found([np.uint8(a + (b - a) * n / 12) for n in range(13)]) == []


def test_black_and_the_scene_after_it_are_two_shots() -> None:
    black = np.zeros((180, 320, 3), np.uint8)
    assert found([scene(0), scene(0), black, black, scene(1)]) == [2, 4]


def test_shots_of_other_sizes_are_compared_too() -> None:
    assert found([scene(0), scene(0)[::2, ::2], scene(1)]) == [2]
