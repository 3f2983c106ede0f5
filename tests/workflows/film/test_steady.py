from __future__ import annotations

import numpy as np
import pytest

from impasto.errors import CheckpointError, InputError
from impasto.workflows.film.steady import Steadying, kept_share
from tests.workflows.film.clips import STEP, card, painted_with_flicker, textured


def still(shape: tuple[int, int] = (60, 80)) -> np.ndarray:
    return textured(*shape)


def test_the_first_frame_of_a_shot_stays_as_it_is() -> None:
    photo, painted = still(), textured(60, 80, seed=1)
    assert (Steadying().steadied(photo, painted) == painted).all()


def test_flicker_over_a_still_ground_shrinks_as_the_filter_says() -> None:
    # With a share k of the last one kept, white noise of variance 1 becomes (1 - k) / (1 + k).
    rng, photo = np.random.default_rng(0), still()
    steadying, frames = Steadying(kept=0.5), []
    for _ in range(60):
        level = 128 + 20 * rng.choice([-1, 1])
        frames.append(steadying.steadied(photo, np.full_like(photo, level))[30, 40, 0])
    # Each new one is as far again as colours are drawn back to it, a fifth: k is 0.4.
    assert np.var(frames[10:]) / 400 == pytest.approx(0.6 / 1.4, abs=0.15)


def test_a_moving_card_leaves_no_ghost() -> None:
    # The ground is painted dark and the card bright: what stays bright behind the card is a ghost.
    steadying, ghosts = Steadying(), []
    for photo, where in card(frames=14):
        painted = np.full_like(photo, 60)
        painted[where] = 220
        out = steadying.steadied(photo, painted)
        rows, columns = where
        behind = slice(columns.start - 3 * STEP, columns.start - 3)  # uncovered in three frames
        ghosts.append((out[rows, behind].astype(float) - 60).mean() / (220 - 60))
    assert max(ghosts[4:]) < 0.05


def test_a_card_keeps_its_painting_while_it_moves() -> None:
    # What is painted moves with the card, and so does its noise once it is steady.
    alone, steady = [], []
    steadying = Steadying()
    for (photo, where), painted in zip(
        card(frames=10), painted_with_flicker(card(frames=10)), strict=True
    ):
        out = steadying.steadied(photo, painted)
        rows, columns = where
        inner = slice(rows.start + 6, rows.stop - 6), slice(columns.start + 6, columns.stop - 6)
        alone.append(painted[inner].astype(float))
        steady.append(out[inner].astype(float))
    flicker = [np.diff(np.stack(frames[3:]), axis=0).std() for frames in (alone, steady)]
    assert flicker[1] < 0.5 * flicker[0]


def test_another_picture_keeps_nothing() -> None:
    steadying = Steadying()
    steadying.steadied(textured(60, 80), np.full((60, 80, 3), 200, np.uint8))
    dark = np.full((60, 80, 3), 20, np.uint8)
    photo = 255 - textured(60, 80, seed=5) // 3
    assert steadying.steadied(photo, dark).mean() < 40


def test_a_new_shot_keeps_nothing() -> None:
    steadying, photo = Steadying(), still()
    steadying.steadied(photo, np.full_like(photo, 200))
    steadying.begin()
    assert (steadying.steadied(photo, np.full_like(photo, 20)) == 20).all()


def test_nothing_drifts_over_two_hundred_frames_of_back_and_forth() -> None:
    whole = textured(48, 80)
    painted = np.rint(128 + 0.5 * (whole.astype(float) - 128)).astype(np.uint8)
    steadying, means = Steadying(), []
    for n in range(200):
        at = abs(n % 8 - 4)
        out = steadying.steadied(whole[:, at : at + 72], painted[:, at : at + 72])
        means.append(out.mean() - painted[:, at : at + 72].mean())
    assert np.abs(means).max() < 0.5


def test_a_restored_filter_goes_on_to_the_same_bytes() -> None:
    frames = list(zip((photo for photo, _ in card(6)), painted_with_flicker(card(6)), strict=True))
    whole, cut = Steadying(), Steadying()
    expected = [whole.steadied(*pair).tobytes() for pair in frames]
    for pair in frames[:3]:
        cut.steadied(*pair)
    other = Steadying()
    other.restore({name: array.copy() for name, array in cut.state().items()})
    assert [other.steadied(*pair).tobytes() for pair in frames[3:]] == expected[3:]


def test_a_filter_restored_from_before_a_shot_begins_one() -> None:
    photo = still()
    steadying = Steadying()
    steadying.steadied(photo, photo)
    steadying.restore(Steadying().state())
    assert (steadying.steadied(photo, np.full_like(photo, 9)) == 9).all()


def test_half_a_state_is_refused() -> None:
    with pytest.raises(CheckpointError, match="damaged"):
        Steadying().restore({"photo": still()})


def test_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(InputError, match="80 x 60 px and the film's 80 x 61"):
        Steadying().steadied(textured(61, 80), textured(60, 80))


@pytest.mark.parametrize("kept", [-0.1, 1.0, float("nan")])
def test_a_share_that_would_keep_all_is_refused(kept: float) -> None:
    with pytest.raises(InputError, match="below 1"):
        Steadying(kept)


def test_glitter_counts_for_less_than_a_change_of_the_whole() -> None:
    photo = still()
    rng = np.random.default_rng(2)
    noise = rng.choice([-25, 25], photo.shape)
    glitter = np.clip(photo + noise, 0, 255).astype(np.uint8)
    lighter = np.clip(photo.astype(int) + 25, 0, 255).astype(np.uint8)
    no_flow = np.zeros((60, 80, 2), np.float32)
    kept = [kept_share(photo, other, no_flow, no_flow).mean() for other in (glitter, lighter)]
    assert kept[0] > 0.8
    assert kept[1] < 0.3


def test_nothing_is_kept_of_one_style_where_another_paints() -> None:
    grey, one = np.full((32, 32, 3), 128, np.uint8), np.zeros((2, 32, 32), np.float32)
    one[0] = 1  # the first style paints all
    other = one.copy()
    other[0, :, 16:], other[1, :, 16:] = 0, 1  # and then only the left half
    steadying = Steadying(kept=0.5)
    steadying.steadied(grey, np.full_like(grey, 100), one)
    second = steadying.steadied(grey, np.full_like(grey, 120), other)
    # Averages of the whole frame are drawn back, so levels may differ by some.
    assert abs(int(second[16, 4, 0]) - 110) <= 3
    assert abs(int(second[16, 28, 0]) - 120) <= 3


def test_a_state_with_masks_goes_on_to_the_same_bytes() -> None:
    frames = [frame for frame, _ in card(3)]
    mixed = np.stack([np.eye(64, 128, n, dtype=np.float32) for n in range(2)])
    whole, cut, other = Steadying(), Steadying(), Steadying()
    expected = [whole.steadied(frame, 255 - frame, mixed) for frame in frames]
    for frame in frames[:2]:
        cut.steadied(frame, 255 - frame, mixed)
    other.restore(cut.state())
    assert (other.steadied(frames[2], 255 - frames[2], mixed) == expected[2]).all()
