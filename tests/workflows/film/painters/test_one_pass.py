from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.errors import CheckpointError, InputError, PictureError, SettingError
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.one_pass import OnePassPainter
from impasto.workflows.film.where import Where
from tests.taught import write_taught
from tests.workflows.film.clips import card, textured

SHAPE = (64, 128)
FRAMES = [frame for frame, _ in card(5)]


def settings(model: Path | None = None, **others: object) -> StyleSettings:
    named = {} if model is None else {"model": f"{model}:blue,red"}
    return StyleSettings(method="one-pass", precision="float32", **named, **others)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_taught(tmp_path_factory.mktemp("model") / "tiny.safetensors")


def painted(painter: OnePassPainter, frames: list[np.ndarray] = FRAMES) -> list[np.ndarray]:
    painter.begin(frames[::2])
    return [painter.paint(frame) for frame in frames]


def test_frames_keep_their_size_and_are_painted(model: Path) -> None:
    out = painted(OnePassPainter([], settings(model), SHAPE))
    assert {frame.shape for frame in out} == {(*SHAPE, 3)}
    assert all((one != other).any() for one, other in zip(out, FRAMES, strict=True))


def test_a_still_film_is_painted_still(model: Path) -> None:
    out = painted(OnePassPainter([], settings(model), SHAPE), [FRAMES[0]] * 3)
    assert np.abs(out[0].astype(int) - out[2]).max() <= 1


def test_a_frame_is_normalised_by_its_shot_and_not_by_itself(model: Path) -> None:
    # Alone, a darker frame is normalised to the same features: here it stays darker.
    dark = [frame // 2 for frame in FRAMES]
    alone = OnePassPainter([], settings(model), SHAPE, kept=0)
    alone.begin(FRAMES)
    of_shot = alone.paint(dark[0])
    alone.begin(dark[:1])
    of_itself = alone.paint(dark[0])
    assert (of_shot != of_itself).any()


def test_an_earlier_shot_changes_nothing(model: Path) -> None:
    painter = OnePassPainter([], settings(model), SHAPE)
    painted(painter, [frame[:, ::-1] for frame in FRAMES])
    again = painted(painter)
    fresh = painted(OnePassPainter([], settings(model), SHAPE))
    assert np.array_equal(again, fresh)


@pytest.mark.parametrize("style", [(1.0, 0.0), (0.5, 0.5), (0.3, 0.7)])
def test_a_restored_painter_goes_on_to_the_same_bytes(
    model: Path, style: tuple[float, ...]
) -> None:
    whole = OnePassPainter([], settings(model), SHAPE)
    whole.begin(FRAMES)
    expected = [whole.paint(frame, style) for frame in FRAMES]
    cut = OnePassPainter([], settings(model), SHAPE)
    cut.begin(FRAMES)
    for frame in FRAMES[:2]:
        cut.paint(frame, style)
    other = OnePassPainter([], settings(model), SHAPE)
    other.restore({name: array.copy() for name, array in cut.state().items()})
    assert np.array_equal([other.paint(frame, style) for frame in FRAMES[2:]], expected[2:])


def test_one_style_turns_into_another_without_a_leap(model: Path) -> None:
    painter = OnePassPainter([], settings(model), SHAPE, kept=0)
    painter.begin(FRAMES)
    way = np.linspace(0, 1, 33)
    steps = np.stack([painter.paint(FRAMES[0], (1 - at, at)) for at in way.tolist()]).astype(int)
    whole = np.abs(steps[-1] - steps[0]).mean()
    assert whole > 1
    assert np.abs(np.diff(steps, axis=0)).mean((1, 2, 3)).max() < 0.3 * whole


def test_shares_are_those_of_the_settings_where_none_are_given(model: Path) -> None:
    blended = OnePassPainter([], settings(model, style_blend=[1, 3]), SHAPE)
    plain = OnePassPainter([], settings(model), SHAPE)
    blended.begin(FRAMES)
    plain.begin(FRAMES)
    assert np.array_equal(blended.paint(FRAMES[0]), plain.paint(FRAMES[0], (0.25, 0.75)))


@pytest.mark.parametrize("colour", ["match", "histogram", "luminance", "only"])
def test_colours_are_matched_once_for_a_shot(colour: str) -> None:
    # A bright frame in the midst stays bright, although its own colours would be matched away.
    style = np.full((64, 64, 3), 90, np.uint8) + textured(64, 64, seed=9) // 4
    painter = OnePassPainter([style], settings(color=colour), SHAPE, kept=0)
    frames = [FRAMES[0] // 2, FRAMES[0] // 2, FRAMES[0] // 2 + 60]
    painter.begin(frames[:2])
    out = [painter.paint(frame).mean() for frame in frames]
    assert out[0] == pytest.approx(out[1])
    assert out[2] > out[0] + 5


def test_the_painting_of_luminance_has_the_colours_of_the_film() -> None:
    grey = [np.repeat(frame[..., :1], 3, 2) for frame in FRAMES[:1]]
    painter = OnePassPainter(["swirls"], settings(color="luminance"), SHAPE)
    painter.begin(grey)
    assert np.ptp(painter.paint(grey[0]).astype(int), axis=2).max() <= 2


def test_a_frame_of_another_size_is_refused(model: Path) -> None:
    painter = OnePassPainter([], settings(model), SHAPE)
    with pytest.raises(InputError, match="resize it"):
        painter.paint(FRAMES[0][:-1])


def test_shares_that_do_not_fit_the_styles_are_refused(model: Path) -> None:
    painter = OnePassPainter([], settings(model), SHAPE)
    with pytest.raises(SettingError, match="3 shares are given and there are 2 styles"):
        painter.paint(FRAMES[0], (1.0, 1.0, 1.0))


def test_frames_too_small_for_a_stroke_are_refused(model: Path) -> None:
    with pytest.raises(PictureError, match="the film would be painted at 40 x 8 px"):
        OnePassPainter([], settings(model), (8, 40))


def test_another_method_is_refused() -> None:
    with pytest.raises(SettingError, match="method is optimization"):
        OnePassPainter(["swirls"], StyleSettings(), SHAPE)


def test_a_state_without_samples_is_refused(model: Path) -> None:
    with pytest.raises(CheckpointError, match="damaged"):
        OnePassPainter([], settings(model), SHAPE).restore({})


def test_a_frame_that_was_painted_alone_ahead_ends_as_it_would_have(model: Path) -> None:
    expected = painted(OnePassPainter([], settings(model), SHAPE))
    ahead = OnePassPainter([], settings(model), SHAPE)
    ahead.begin(FRAMES[::2])
    waiting = [ahead.alone(frame) for frame in FRAMES]
    out = [ahead.paint(frame, (), alone) for frame, alone in zip(FRAMES, waiting, strict=True)]
    assert np.array_equal(out, expected)


def faces_of_a_film(count: int) -> list[np.ndarray]:
    """A head that goes to the right by a pixel a frame."""
    head = np.asarray(Image.open(samples.content("astronaut")).convert("RGB").resize((128, 128)))
    return [np.ascontiguousarray(head[:96, 20 - n : 100 - n]) for n in range(count)]


def test_faces_are_followed_through_a_shot_and_a_state_goes_on_with_them(model: Path) -> None:
    frames = faces_of_a_film(4)
    kept, again = (OnePassPainter([], settings(model, keep_faces=True), (96, 80)) for _ in range(2))
    assert kept.alone is None
    kept.begin(frames)
    kept.paint(frames[0])
    kept.paint(frames[1])
    assert "faces" in kept.state()
    again.restore(kept.state())
    assert (kept.paint(frames[2]) == again.paint(frames[2])).all()
    plain = OnePassPainter([], settings(model), (96, 80))
    plain.begin(frames)
    kept.begin(frames)
    one, other = plain.paint(frames[0]), kept.paint(frames[0])
    assert (one[80:] == other[80:]).all()
    assert (one != other).any()


def left_and_right() -> Where:
    left = np.zeros(SHAPE, np.uint8)
    left[:, :64] = 255
    return Where(np.stack([left, 255 - left]))


def test_each_style_paints_where_its_mask_is_white(model: Path) -> None:
    painter = OnePassPainter([], settings(model), SHAPE, kept=0)
    painter.begin(FRAMES, [left_and_right()] * len(FRAMES))
    first, second = (painter.paint(FRAMES[0], style) for style in ((1.0, 0.0), (0.0, 1.0)))
    both = painter.paint(FRAMES[0], where=left_and_right())
    assert np.array_equal(both[:, :64], first[:, :64])
    assert np.array_equal(both[:, 64:], second[:, 64:])


def test_what_is_kept_is_the_frame_itself_however_it_is_steadied(model: Path) -> None:
    keep = np.zeros(SHAPE, np.uint8)
    keep[:, 40:] = 255
    painter = OnePassPainter([], settings(model), SHAPE)
    painter.begin(FRAMES)
    for frame in FRAMES[:3]:
        out = painter.paint(frame, where=Where(keep=keep))
        assert np.array_equal(out[:, 40:], frame[:, 40:])
        assert (out[:, :40] != frame[:, :40]).any()


def test_nothing_of_one_style_is_kept_where_another_paints_next(model: Path) -> None:
    ours, anew = (OnePassPainter([], settings(model), SHAPE, kept=kept) for kept in (0.9, 0))
    whole = np.full(SHAPE, 255, np.uint8)
    for each in (ours, anew):
        each.begin(FRAMES)
        each.paint(FRAMES[0], where=Where(np.stack([whole, 0 * whole])))
    kept, fresh = (each.paint(FRAMES[0], where=left_and_right()) for each in (ours, anew))
    assert np.abs(kept[:, 72:].astype(int) - fresh[:, 72:]).mean() < 0.5


def test_a_restored_painter_with_masks_goes_on_to_the_same_bytes(model: Path) -> None:
    where = [Where(np.roll(left_and_right().masks, 9 * n, -1)) for n in range(len(FRAMES))]
    whole, cut, other = (OnePassPainter([], settings(model), SHAPE) for _ in range(3))
    whole.begin(FRAMES, where)
    expected = [whole.paint(*pair[:1], where=pair[1]) for pair in zip(FRAMES, where, strict=True)]
    cut.begin(FRAMES, where)
    for frame, own in zip(FRAMES[:2], where, strict=False):
        cut.paint(frame, where=own)
    other.restore({name: array.copy() for name, array in cut.state().items()})
    rest = [other.paint(frame, where=own) for frame, own in zip(FRAMES[2:], where[2:], strict=True)]
    assert np.array_equal(rest, expected[2:])


def test_a_style_is_learnt_where_its_mask_is_white() -> None:
    half = np.zeros((64, 64, 3), np.uint8)
    half[:, 32:] = textured(64, 32, seed=5)
    mask = np.zeros((64, 64, 3), np.uint8)
    mask[:, 32:] = 255
    other = half.copy()
    other[:, :32] = 200, 30, 30
    out = [
        OnePassPainter([style], settings(), SHAPE, style_masks=[mask]).paint(FRAMES[0])
        for style in (half, other)
    ]
    plain = OnePassPainter([other], settings(), SHAPE).paint(FRAMES[0])
    # Features at the border see a little of what is masked.
    apart = [np.abs(out[0].astype(int) - each).mean() for each in (out[1], plain)]
    assert apart[0] < apart[1] / 2
    with pytest.raises(SettingError, match="2 style masks are given for 1 styles"):
        OnePassPainter([half], settings(), SHAPE, style_masks=[mask, mask])
