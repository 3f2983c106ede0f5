from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.film.motion import estimated, flow, warped


def test_two_frames_alike_do_not_move_and_show_the_same_everywhere(texture: Any) -> None:
    frame = texture(64, 96, 0)
    motion = estimated(frame, frame)
    assert not motion.flow.any()
    assert motion.shown.all()


@pytest.mark.parametrize("fine", [False, True])
def test_flow_leads_from_the_earlier_frame_to_the_later_one(texture: Any, fine: bool) -> None:
    wide = texture(64, 100, 0)
    earlier, later = wide[:, 4:].copy(), wide[:, :-4].copy()  # all moves 4 px to the right
    inner = flow(earlier, later, fine=fine)[16:-16, 16:-16]
    assert np.median(inner[..., 0]) == pytest.approx(4, abs=0.2)
    assert np.median(inner[..., 1]) == pytest.approx(0, abs=0.2)


def test_what_leaves_the_frame_is_not_shown_in_both(texture: Any) -> None:
    wide = texture(64, 100, 0)
    shown = estimated(wide[:, 4:].copy(), wide[:, :-4].copy()).shown
    assert shown[16:-16, 16:-16].mean() > 0.9
    assert not shown[:, -3:].any()


def test_what_is_covered_is_not_shown_in_both(texture: Any) -> None:
    earlier, later = texture(64, 96, 0), texture(64, 96, 0)
    later[16:48, 32:64] = texture(32, 32, 1)
    shown = estimated(earlier, later).shown
    assert shown[20:44, 36:60].mean() < 0.5
    assert shown[:, :16].mean() > 0.9


def test_a_warp_by_whole_px_is_exact(texture: Any) -> None:
    wide = texture(8, 20, 0)
    earlier, later = wide[:, 4:].copy(), wide[:, :-4].copy()
    right = np.full((8, 16, 2), (4, 0), np.float32)
    np.testing.assert_array_equal(warped(later, right)[:, :-4], earlier[:, :-4])
