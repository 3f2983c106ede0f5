"""From what was asked to a painting, whatever its kind: a toy kind stands for all of them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image

from impasto import arrangements, painting
from impasto.arrangements.options import Options
from impasto.asked import Asked
from impasto.errors import CheckpointError, InputError, SettingError, UnknownNameError
from impasto.imaging import Picture
from impasto.methods import checkpoint
from impasto.methods.protocol import RunOptions
from impasto.settings import StyleSettings
from impasto.settings.embedded import text_in
from impasto.settings.fields import setting
from impasto.task import StyleTask

FAST = StyleSettings(steps=6, size=64, coarsest=0, threads=1)


class Mirrored(Options):
    takes: ClassVar[tuple[str, ...]] = ("labels",)

    upside_down: bool = setting(False, "Whether it is turned over too.", "Toy")


def arrange(pictures: dict[str, Picture], options: Mirrored, _: StyleSettings) -> StyleTask[Any]:
    content = pictures["content"]
    pixels = content.pixels[:, ::-1]
    if options.upside_down:
        pixels = pixels[::-1]
    mirrored = Picture(np.ascontiguousarray(pixels), name="the mirrored", notes=("it is mirrored",))
    return StyleTask.of(mirrored, pictures["style"])


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("toy_kind")
    module.Mirrored, module.arrange = Mirrored, arrange  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "toy_kind", module)
    homes = {"toy": ("toy_kind:Mirrored", "toy_kind:arrange")}
    monkeypatch.setattr(arrangements, "_HOMES", homes)


@pytest.fixture
def asked(tmp_path: Path) -> Asked[str]:
    rng = np.random.default_rng(0)
    for name in ("photo.png", "style.png"):
        Image.fromarray(rng.integers(0, 255, (64, 64, 3), np.uint8)).save(tmp_path / name)
    pictures = {"content": str(tmp_path / "photo.png"), "style": str(tmp_path / "style.png")}
    return Asked("toy", {}, pictures)


@pytest.mark.usefixtures("toy")
def test_a_task_keeps_what_it_was_arranged_from(asked: Asked[str]) -> None:
    task = arrangements.arrange(asked, FAST)
    assert task.asked is not None
    given = task.given()
    assert [given[role].path.name for role in given] == ["photo.png", "style.png"]
    np.testing.assert_array_equal(task.content.pixels[:, 0], given["content"].pixels[:, -1])


@pytest.mark.usefixtures("toy")
def test_a_stopped_painting_is_arranged_anew_and_ends_in_the_same_bytes(
    asked: Asked[str], tmp_path: Path
) -> None:
    whole = painting.paint(asked, FAST)
    for _ in whole:
        pass
    stopped = painting.paint(asked, FAST)
    for _ in range(4):
        next(stopped)
    checkpoint.save(stopped.checkpoint(), tmp_path / "kept.safetensors")
    rest = painting.resumed(checkpoint.load(tmp_path / "kept.safetensors"))
    for _ in rest:
        pass
    assert rest.result().to_bytes() == whole.result().to_bytes()


@pytest.mark.usefixtures("toy")
def test_a_changed_drawing_is_not_gone_on_with(asked: Asked[str], tmp_path: Path) -> None:
    run = painting.paint(asked, FAST)
    for _ in range(3):
        next(run)
    checkpoint.save(run.checkpoint(), tmp_path / "kept.safetensors")
    Image.new("RGB", (64, 64)).save(asked.pictures["content"])
    with pytest.raises(CheckpointError, match=r"photo\.png, has changed since"):
        painting.resumed(checkpoint.load(tmp_path / "kept.safetensors"))


@pytest.mark.usefixtures("toy")
def test_a_painting_names_the_pictures_that_were_given_and_how_they_were_arranged(
    asked: Asked[str],
) -> None:
    run = painting.paint(Asked("toy", {"upside_down": True}, asked.pictures), FAST)
    started = next(run)
    assert "it is mirrored" in started.notes  # type: ignore[union-attr]
    for _ in run:
        pass
    text = text_in(run.result().to_bytes())
    assert text is not None
    assert 'content = {name = "photo.png"' in text
    assert 'kind = "toy"' in text
    assert "upside_down = true" in text


@pytest.mark.usefixtures("toy")
def test_pictures_and_options_that_do_not_fit_are_refused_in_a_sentence(
    asked: Asked[str],
) -> None:
    pictures = dict(asked.pictures)
    with pytest.raises(InputError, match=r"the style image is missing: give one"):
        arrangements.arrange(Asked("toy", {}, {"content": pictures["content"]}), FAST)
    with pytest.raises(InputError, match=r"the mask has no meaning here: leave it out"):
        arrangements.arrange(Asked("toy", {}, pictures | {"mask": pictures["style"]}), FAST)
    with pytest.raises(SettingError, match=r"did you mean 'upside_down'"):
        arrangements.arrange(Asked("toy", {"upside": True}, pictures), FAST)
    with pytest.raises(UnknownNameError, match=r"kind of arrangement"):
        arrangements.arrange(Asked("toys", {}, pictures), FAST)


@pytest.mark.usefixtures("toy")
def test_an_array_is_painted_and_cannot_be_found_again_by_a_checkpoint() -> None:
    pictures = {"content": np.zeros((64, 64, 3), np.uint8), "style": "swirls"}
    run = painting.paint(Asked("toy", {}, pictures), FAST, RunOptions())
    next(run)
    next(run)
    with pytest.raises(CheckpointError, match="the content image is not a file"):
        run.checkpoint()
