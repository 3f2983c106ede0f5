from __future__ import annotations

import numpy as np
import pytest

from impasto.errors import CheckpointError
from impasto.faces import Face, Track

FACE = Face((30, 30, 90, 114), 1.0, (45, 60), (75, 60), (60, 75), (48, 93), (72, 93))


def beside(px: float) -> Face:
    return FACE.moved(1, 1, px)


def test_a_face_that_trembles_is_held_and_one_that_moves_is_followed() -> None:
    track = Track()
    track.follow([FACE])
    (held,) = track.follow([beside(1)])
    assert held.left_eye[0] == pytest.approx(45 + 0.3)
    (moved,) = track.follow([beside(12)])
    assert moved.left_eye[0] == pytest.approx(57)


def test_a_face_that_is_missed_once_stays_and_one_that_is_gone_fades() -> None:
    track = Track()
    track.follow([FACE])
    presences = [track.follow([])[0].presence for _ in range(3)]
    assert presences == [0.875, 0.75, 0.625]
    assert track.follow([FACE])[0].presence == 0.875
    for _ in range(8):
        left = track.follow([])
    assert left == ()


def test_a_face_is_whole_in_the_first_frame_and_comes_softly_later() -> None:
    track = Track()
    assert track.follow([FACE])[0].presence == 1
    other = beside(100)
    assert [face.presence for face in track.follow([FACE, other])] == [1, 0.25]


def test_a_track_goes_on_from_its_state() -> None:
    one, other = Track(), Track()
    one.follow([FACE])
    one.follow([beside(1)])
    other.restore(one.state())
    assert one.follow([beside(2)]) == other.follow([beside(2)])
    fresh = Track()
    fresh.restore({})
    assert fresh.state() == {}


def test_a_damaged_state_is_refused() -> None:
    with pytest.raises(CheckpointError):
        Track().restore({"faces": np.zeros(3)})
