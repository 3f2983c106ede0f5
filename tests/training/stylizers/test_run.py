from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.errors import CheckpointError, PictureError, SettingError
from impasto.events import Event, Finished, Part, Preview, Started, Step
from impasto.networks import stylizers
from impasto.training.stylizers import comparison
from impasto.training.stylizers.run import Training

TINY: dict[str, Any] = {"steps": 4, "side": 64, "batch": 1, "draws": 1, "threads": 1}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    generator = np.random.default_rng(0)
    for number in range(3):
        pixels = generator.integers(0, 256, (80, 96, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def style(tmp_path: Path) -> Path:
    path = tmp_path / "mine.png"
    with Image.open(samples.style("woodcut")) as picture:
        picture.resize((96, 96)).save(path)
    return path


def begin(style: Path, photos: Path, **changes: Any) -> Training:
    return Training.begin([style], photos=photos, **{**TINY, "compares": False, **changes})


def without_seconds(events: list[Event]) -> list[tuple[int, dict[str, float]]]:
    return [(event.step, dict(event.losses)) for event in events if isinstance(event, Step)]


def test_a_training_tells_its_steps_a_last_preview_and_its_end(style: Path, photos: Path) -> None:
    events = list(begin(style, photos))
    kinds = [type(event) for event in events]
    assert kinds == [Started, *[Step] * 4, Preview, Finished]
    assert isinstance(events[0], Started)
    assert events[0].steps == 4
    last = events[-2]
    assert isinstance(last, Preview)
    assert last.picture.width > 3 * 300


def test_previews_come_as_often_as_is_asked(style: Path, photos: Path) -> None:
    training = begin(style, photos)
    training.preview_every_s = 0.0
    assert [type(event) for event in training].count(Preview) == 5


def test_one_that_was_stopped_ends_in_the_file_of_one_that_was_not(
    style: Path, photos: Path, tmp_path: Path
) -> None:
    whole, checkpoint = begin(style, photos), tmp_path / "kept.safetensors"
    told = list(whole)
    whole.save(tmp_path / "net.safetensors")
    expected = (tmp_path / "net.safetensors").read_bytes()
    stopped = begin(style, photos)
    for event in stopped:
        if isinstance(event, Step) and event.step == 2:
            stopped.keep(checkpoint)
            break
    resumed = Training.resumed(checkpoint)
    events = [*resumed.past_events(), *resumed]
    assert without_seconds(events) == without_seconds(told)
    started = [event for event in events if isinstance(event, Started)]
    assert [event.first_step for event in started] == [1, 3]
    resumed.save(tmp_path / "net.safetensors")
    assert (tmp_path / "net.safetensors").read_bytes() == expected


def test_a_style_that_has_changed_is_refused(style: Path, photos: Path, tmp_path: Path) -> None:
    training = begin(style, photos)
    training.keep(tmp_path / "kept")
    Image.new("RGB", (80, 80), "red").save(style)
    with pytest.raises(CheckpointError, match=r"the style of this training, .*, has changed"):
        Training.resumed(tmp_path / "kept")


def test_a_photograph_that_is_gone_is_refused(style: Path, photos: Path, tmp_path: Path) -> None:
    begin(style, photos).keep(tmp_path / "kept")
    (photos / "1.png").unlink()
    with pytest.raises(CheckpointError, match=r"the photograph of this training, .* cannot be"):
        Training.resumed(tmp_path / "kept")


def test_minutes_become_steps_by_steps_that_are_timed(
    style: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.training.stylizers.learning.Learning.measured_step_s", lambda _: 3)
    training = begin(style, photos, steps=None, minutes=0.5)
    assert training.learning.course.steps == 10
    assert training.step_s == 3
    started = next(iter(training))
    assert isinstance(started, Started)
    assert (started.steps, started.predicted_s) == (10, 30)


def test_what_was_learnt_is_a_network_with_a_row_for_each_style(
    style: Path, photos: Path, tmp_path: Path
) -> None:
    other = tmp_path / "more" / "mine.png"
    other.parent.mkdir()
    Image.new("RGB", (70, 90), "teal").save(other)
    training = Training.begin(
        [style, other, "swirls"], photos=photos, **{**TINY, "steps": 1}, compares=False
    )
    list(training)
    training.save(tmp_path / "many.safetensors")
    assert stylizers.load(tmp_path / "many.safetensors").names == ("mine", "mine-2", "swirls")


def test_the_end_tells_how_many_steps_of_the_optimisation_are_as_good(
    style: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "STEPS", (1, 2))
    *_, last = events = list(begin(style, photos, steps=1, compares=True))
    assert [event.number for event in events if isinstance(event, Part)] == [1, 2]
    assert isinstance(last, Finished)
    assert "of optimisation, recipe default: mine has style" in last.notes[0]


def test_a_comparison_that_fails_is_a_note(
    style: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise SettingError("size is too small: give a larger one")

    monkeypatch.setattr(comparison, "stylize", fail)
    *_, last = begin(style, photos, steps=1, compares=True)
    assert isinstance(last, Finished)
    assert last.notes == (
        "was not compared with the optimisation: size is too small: give a larger one",
    )


def test_the_bundled_photographs_say_that_they_are_few(style: Path) -> None:
    training = Training.begin([style], **TINY, compares=False)
    started = next(iter(training))
    assert isinstance(started, Started)
    assert started.notes == training.photographs.notes != ()


def test_what_cannot_be_learnt_is_refused(style: Path, photos: Path, tmp_path: Path) -> None:
    flea = tmp_path / "flea.png"
    Image.new("RGB", (9, 9)).save(flea)
    with pytest.raises(PictureError, match=r"flea\.png is 9 x 9 px"):
        begin(flea, photos)
    with pytest.raises(SettingError, match="no style to learn"):
        Training.begin([], photos=photos)
    with pytest.raises(SettingError, match="minutes is 0: give a number above 0"):
        begin(style, photos, steps=None, minutes=0.0)
    with pytest.raises(SettingError, match="steps is 0"):
        begin(style, photos, steps=0)
    with pytest.raises(SettingError, match="give one of them"):
        begin(style, photos, steps=1, minutes=1.0)
    for seed in (-1, 2**63):
        with pytest.raises(SettingError, match=f"seed is {seed}: give a whole number from 0"):
            begin(style, photos, seed=seed)
    with pytest.raises(SettingError, match="adversarial is -1"):
        begin(style, photos, adversarial=-1.0)
