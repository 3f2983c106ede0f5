from __future__ import annotations

import sys

import numpy as np
import pytest

from impasto.errors import InputError, MissingPackageError
from impasto.media import flow as flows
from impasto.media.flow import agreement, flow, opencv, warp
from tests.workflows.film.clips import textured


def test_a_frame_moved_to_the_right_flows_to_the_right() -> None:
    whole = textured(80, 120)
    a, b = whole[:, 10:110], whole[:, 7:107]  # what is at x in the first is at x + 3
    found = flow(a, b)[10:-10, 10:-10]
    assert found.shape == (60, 80, 2)
    assert np.abs(np.median(found, (0, 1)) - [3, 0]).max() < 0.1


def test_large_frames_flow_as_far_as_small_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "HALVED_PX", 100)
    whole = textured(161, 241)  # odd, so that halves do not fit
    found = flow(whole[4:, :], whole[:-4, :])[20:-20, 20:-20]
    assert np.abs(np.median(found, (0, 1)) - [0, 4]).max() < 0.2


@pytest.mark.parametrize("shape", [(1, 1), (2, 40), (9, 7), (23, 24), (25, 500)])
def test_frames_of_any_size_have_a_flow(shape: tuple[int, int]) -> None:
    frame = textured(*shape)
    found = flow(frame, frame)
    assert found.shape == (*shape, 2)
    assert np.isfinite(found).all()


def test_flow_is_the_same_each_time() -> None:
    a, b = textured(64, 96), textured(64, 96, seed=1)
    assert flow(a, b).tobytes() == flow(a, b).tobytes()


def test_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(InputError, match="40 x 30 px and another 40 x 31"):
        flow(textured(30, 40), textured(31, 40))


def test_warp_fetches_each_pixel_from_where_the_flow_points() -> None:
    frame = textured(40, 50)
    down = np.zeros((40, 50, 2), np.float32)
    down[..., 1] = 2
    moved = warp(frame, down)
    assert moved.dtype == np.uint8
    assert (moved[:-2] == frame[2:]).all()
    assert (moved[-2:] == frame[-1]).all()  # beyond the border its last row stands


def test_warp_by_half_a_pixel_keeps_a_ramp() -> None:
    ramp = np.tile(np.arange(20, dtype=np.float32), (5, 1))
    half = np.full((5, 20, 2), 0.5, np.float32)
    assert np.abs(warp(ramp, half)[:, 2:-2] - (ramp[:, 2:-2] + 0.5)).max() < 0.02


def test_what_a_card_uncovers_is_not_trusted() -> None:
    ground = np.zeros((40, 60, 2), np.float32)
    back, forth = ground.copy(), ground.copy()
    back[10:30, 25:45, 0] = -5  # the card at its new place came from the left
    forth[10:30, 20:40, 0] = 5
    trusted = agreement(back, forth)
    assert not trusted[10:30, 20:25].any()  # where the card was
    assert trusted[12:28, 27:43].all()  # the card itself, but for its edge
    assert trusted[:9].all()  # the ground


def test_a_flow_out_of_the_picture_is_not_trusted() -> None:
    pan = np.zeros((20, 30, 2), np.float32)
    pan[..., 0] = 4
    trusted = agreement(pan, -pan)
    assert trusted[:, :26].all()
    assert not trusted[:, 26:].any()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    opencv.cache_clear()
    with pytest.raises(MissingPackageError, match="opencv-python-headless: pip install"):
        opencv()
