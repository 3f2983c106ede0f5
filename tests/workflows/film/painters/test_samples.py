from __future__ import annotations

import numpy as np
import pytest

from impasto.errors import InputError
from impasto.workflows.film.painters.samples import SAMPLED_PX, sampled


@pytest.mark.parametrize("shape", [(20, 30), (360, 640), (720, 1280), (2160, 3840), (16, 9000)])
@pytest.mark.parametrize("count", [1, 3, 30])
def test_samples_are_no_more_than_are_painted_at_once(shape: tuple[int, int], count: int) -> None:
    samples = sampled([np.zeros((*shape, 3), np.uint8)] * count)
    assert samples.ndim == 4
    assert samples[..., 0].size <= SAMPLED_PX


def test_crops_of_a_large_frame_lie_all_over_it() -> None:
    frame = np.zeros((2160, 3840, 3), np.uint8)
    frame[..., 0] = np.linspace(0, 255, 3840)
    frame[..., 1] = np.linspace(0, 255, 2160)[:, None]
    corners = sampled([frame])[:, 0, 0]
    for channel in (0, 1):
        assert np.histogram(corners[:, channel], 3, (0, 225))[0].min() >= 2


def test_every_frame_gives_crops_where_frames_are_large() -> None:
    frames = [np.full((1080, 1920, 3), level, np.uint8) for level in range(5)]
    assert set(sampled(frames)[:, 0, 0, 0].tolist()) == set(range(5))


def test_no_frame_is_refused() -> None:
    with pytest.raises(InputError, match="at least its first"):
        sampled([])


def test_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(InputError, match="several sizes"):
        sampled([np.zeros((20, 20, 3), np.uint8), np.zeros((20, 21, 3), np.uint8)])
