from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.errors import CheckpointError, PictureError, SettingError
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.optimization import OptimizationPainter
from impasto.workflows.film.where import Where
from tests.workflows.film.clips import card, textured

SHAPE = (64, 128)
FRAMES = [frame for frame, _ in card(6)]
STYLE = np.full((64, 64, 3), 90, np.uint8) + textured(64, 64, seed=9) // 4


def painter(**settings: Any) -> OptimizationPainter:
    settings = {"steps": 6, "precision": "float32", **settings}
    made = OptimizationPainter([STYLE], StyleSettings(**settings), SHAPE)
    made.begin(FRAMES)
    return made


def test_frames_keep_their_size_and_are_painted() -> None:
    ours = painter()
    out = [ours.paint(frame) for frame in FRAMES[:2]]
    assert {frame.shape for frame in out} == {(*SHAPE, 3)}
    assert all((one != other).any() for one, other in zip(out, FRAMES, strict=False))


def test_later_frames_are_held_to_the_first() -> None:
    ours = painter(steps=10)
    first, second = (ours.paint(FRAMES[0]).astype(int) for _ in range(2))
    alone = painter(steps=2, coarsest=64)  # as many steps, begun from the photograph
    assert np.abs(second - first).mean() < 0.7 * np.abs(alone.paint(FRAMES[0]) - first).mean()


def test_a_frame_that_is_hidden_in_the_last_is_held_to_one_before() -> None:
    # For one frame a black card hides the left half; what was painted there comes back.
    ours = painter()
    hidden = FRAMES[0].copy()
    hidden[:, :64] = 0
    ours.paint(FRAMES[0])
    ours.paint(hidden)
    _, share = ours._held(FRAMES[0])
    assert share[8:-8, 8:48].mean() > 0.8
    assert share.max() <= 1 + 1e-6


def test_a_new_shot_begins_anew() -> None:
    ours = painter()
    first = ours.paint(FRAMES[0])
    ours.paint(FRAMES[1])
    ours.begin(FRAMES)
    assert np.array_equal(ours.paint(FRAMES[0]), first)


def test_a_restored_painter_goes_on_to_the_same_bytes() -> None:
    whole = painter(steps=3)
    expected = [whole.paint(frame) for frame in FRAMES]
    cut = painter(steps=3)
    for frame in FRAMES[:3]:
        cut.paint(frame)
    other = OptimizationPainter([STYLE], StyleSettings(steps=3, precision="float32"), SHAPE)
    other.restore({name: array.copy() for name, array in cut.state().items()})
    assert np.array_equal([other.paint(frame) for frame in FRAMES[3:]], expected[3:])


@pytest.mark.parametrize("colour", ["match", "luminance", "only"])
def test_every_colour_is_painted(colour: str) -> None:
    ours = painter(steps=2, color=colour)
    assert ours.paint(FRAMES[0]).shape == (*SHAPE, 3)
    assert ours.paint(FRAMES[1]).shape == (*SHAPE, 3)


def test_a_start_of_ones_own_is_refused() -> None:
    with pytest.raises(SettingError, match="init is image:start"):
        painter(init="image:start.png")


def test_no_style_is_refused() -> None:
    with pytest.raises(SettingError, match="at least one picture"):
        OptimizationPainter([], StyleSettings(), SHAPE)


def test_a_state_of_unlike_parts_is_refused() -> None:
    ours = painter(steps=2)
    ours.paint(FRAMES[0])
    state = ours.state()
    del state["paintings"]
    with pytest.raises(CheckpointError, match="damaged"):
        ours.restore(state)


def test_a_frame_of_which_little_was_seen_is_painted_as_a_first_one_is() -> None:
    other = 255 - FRAMES[0][::-1, ::-1] // 3
    ours = painter(steps=8)
    ours.paint(FRAMES[0])
    after = ours.paint(other)
    first = painter(steps=8)
    assert np.abs(after.astype(int) - first.paint(other)).mean() < 3


def test_faces_are_followed_and_a_state_goes_on_with_them() -> None:
    head = np.asarray(Image.open(samples.content("astronaut")).convert("RGB").resize((128, 128)))
    frames = [np.ascontiguousarray(head[:96, 20 - n : 100 - n]) for n in range(3)]
    settings = StyleSettings(steps=2, coarsest=0, precision="float32", keep_faces=True)
    kept, again = (OptimizationPainter([STYLE], settings, (96, 80)) for _ in range(2))
    kept.begin(frames)
    kept.paint(frames[0])
    kept.paint(frames[1])
    assert len(kept.state()["faces"]) == 1
    again.restore(kept.state())
    assert (kept.paint(frames[2]) == again.paint(frames[2])).all()


def chroma(frame: np.ndarray) -> float:
    """How far channels are from their mean, in levels."""
    return float(np.abs(frame - frame.mean(-1, keepdims=True)).mean())


def test_what_is_kept_is_the_frame_itself() -> None:
    keep = np.zeros(SHAPE, np.uint8)
    keep[:, :48] = 255
    ours = painter(steps=4)
    for frame in FRAMES[:2]:
        out = ours.paint(frame, where=Where(keep=keep))
        assert np.array_equal(out[:, :48], frame[:, :48])
        assert (out[:, 64:] != frame[:, 64:]).any()


def test_each_style_paints_where_its_mask_is_white_and_not_where_it_is_black() -> None:
    left = np.zeros(SHAPE, np.uint8)
    left[:, :64] = 255
    options = StyleSettings(steps=4, precision="float32")
    ours = OptimizationPainter([STYLE, 255 - STYLE], options, SHAPE)
    first = ours.paint(FRAMES[0], where=Where(np.stack([left, 0 * left])))
    assert np.array_equal(first[:, 64:], FRAMES[0][:, 64:])
    assert (first[:, :48] != FRAMES[0][:, :48]).any()
    # Of this frame nothing is painted, and the next is not held to what was not there.
    nothing = ours.paint(FRAMES[1], where=Where(np.stack([0 * left, 0 * left])))
    assert np.array_equal(nothing, FRAMES[1])
    _, share = ours._held(FRAMES[1], Where(np.stack([left, 0 * left])))
    assert share[:, :40].mean() < share[:, 72:].mean()


def test_what_is_half_kept_has_half_of_its_colours_beside_a_grey_style() -> None:
    grey = np.repeat(textured(64, 64, seed=9)[..., :1], 3, 2)
    options = StyleSettings(steps=4, precision="float32", content_chroma=0.0)
    ours, frame = OptimizationPainter([grey], options, SHAPE), textured(*SHAPE)
    out = ours.paint(frame, where=Where(keep=np.full(SHAPE, 128, np.uint8)))
    assert 0.4 < chroma(out) / chroma(frame) < 0.6  # and a quarter of it as the painter saw it


@pytest.mark.parametrize("masked", [False, True])
def test_a_part_too_small_for_its_style_stays_until_it_is_larger(masked: bool) -> None:
    sliver, part = np.zeros(SHAPE, np.uint8), np.zeros(SHAPE, np.uint8)
    sliver[30, 40:43], part[16:48, 24:56] = 255, 255
    ours = painter(steps=4)
    for level, mask in enumerate((sliver, part)):
        where = Where(mask[None]) if masked else Where(keep=255 - mask)
        apart = np.abs(ours.paint(FRAMES[level], where=where).astype(int) - FRAMES[level])
        assert not apart[mask == 0].any()
        assert apart.any() == (mask is part)


def test_what_is_too_small_to_learn_from_is_refused_whatever_the_frame() -> None:
    speck = np.zeros((64, 64, 3), np.uint8)
    speck[30, 30] = 255
    options = StyleSettings(steps=4, precision="float32")
    ours = OptimizationPainter([STYLE], options, SHAPE, style_masks=[speck])
    with pytest.raises(PictureError, match="too small for every style layer"):
        ours.paint(FRAMES[0], where=Where(np.full((1, *SHAPE), 255, np.uint8)))


def test_a_restored_painter_with_masks_goes_on_to_the_same_bytes() -> None:
    keep = np.zeros(SHAPE, np.uint8)
    keep[:, :48] = 255
    whole, cut, other = (painter(steps=3) for _ in range(3))
    expected = [whole.paint(frame, where=Where(keep=keep)) for frame in FRAMES[:3]]
    for frame in FRAMES[:2]:
        cut.paint(frame, where=Where(keep=keep))
    other.restore({name: array.copy() for name, array in cut.state().items()})
    assert np.array_equal(other.paint(FRAMES[2], where=Where(keep=keep)), expected[2])
