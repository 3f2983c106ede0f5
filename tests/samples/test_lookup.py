from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import impasto
from impasto import samples
from impasto.errors import PictureError
from impasto.methods import checkpoint
from impasto.methods.inputs import Inputs
from impasto.painting import resumed, run
from impasto.samples.lookup import located, sample_or
from impasto.settings import StyleSettings
from impasto.task import StyleTask

TINY: dict[str, Any] = {"size": 64, "steps": 4, "threads": 1}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_name_means_the_sample_of_its_kind() -> None:
    assert sample_or("style", "swirls") == samples.style("swirls")
    assert sample_or("style", Path("swirls")) == samples.style("swirls")
    assert sample_or("content", "chelsea") == samples.content("chelsea")
    with pytest.raises(PictureError):
        sample_or("content", "swirls")


def test_a_file_wins_over_the_sample_of_its_name(here: Path) -> None:
    (here / "swirls").touch()
    assert sample_or("style", "swirls") == "swirls"


def test_a_folder_does_not_as_paintings_in_that_style_may_lie_there(here: Path) -> None:
    (here / "swirls").mkdir()
    (here / "paintings").mkdir()
    assert sample_or("style", "swirls") == samples.style("swirls")
    assert sample_or("style", "paintings") == "paintings"


@pytest.mark.parametrize("name", ["./swirls", "in/swirls", "swirls.jpg", "gone.jpg", "", ".swirls"])
def test_what_leads_somewhere_or_has_an_ending_is_no_sample(name: str) -> None:
    assert sample_or("style", name) == name


def test_paint_is_painted_unless_a_file_has_that_very_name(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impasto.painters.painted.painted_file", lambda text: here / text[6:])
    assert sample_or("style", "paint:oil?scale=1.5") == here / "oil?scale=1.5"
    assert sample_or("style", Path("paint:oil")) == here / "oil"
    (here / "paint:oil").touch()
    assert sample_or("style", "paint:oil") == "paint:oil"


def test_what_is_no_name_is_handed_on() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    assert sample_or("style", picture) is picture


def test_a_wrong_name_is_told_with_the_nearest() -> None:
    with pytest.raises(PictureError) as error:
        sample_or("style", "swirls2")
    assert str(error.value) == (
        "swirls2 does not exist, and is no sample style: did you mean swirls? "
        "(impasto styles and impasto library list them)"
    )
    with pytest.raises(PictureError, match="no sample photograph: did you mean chelsea"):
        sample_or("content", "chelsee")
    with pytest.raises(PictureError, match="no sample style: there are starry-night, great-wave, "):
        sample_or("style", "zzz")


def test_masks_and_start_pictures_are_no_samples() -> None:
    task = StyleTask.of("chelsea", "swirls", masks="woodcut", style_masks="mosaic", start="coffee")
    assert located(task) == task.replace(
        content=samples.content("chelsea"), styles=(samples.style("swirls"),)
    )


def test_the_library_paints_samples_by_name() -> None:
    named = impasto.stylize("chelsea", ["swirls", "mosaic"], **TINY)
    paths = [samples.style("swirls"), samples.style("mosaic")]
    by_path = impasto.stylize(samples.content("chelsea"), paths, **TINY)
    assert np.array_equal(named.pixels, by_path.pixels)


def test_a_painting_in_a_sample_style_is_resumed_from_any_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, stopped = run("chelsea", "swirls", **TINY), run("chelsea", "swirls", **TINY)
    list(whole)
    next(stopped), next(stopped)
    checkpoint.save(stopped.checkpoint(), here / "run.safetensors")
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    Image.new("RGB", (64, 64)).save("swirls", "PNG")  # which now would win
    again = resumed(checkpoint.load(here / "run.safetensors"))
    list(again)
    assert np.array_equal(again.result().pixels, whole.result().pixels)


def test_a_painting_in_a_painted_style_is_resumed_when_the_cache_is_gone(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("scipy", reason="painting needs the extra words")
    monkeypatch.setenv("IMPASTO_CACHE", str(here / "cache"))
    style = "paint:swirls?palette=ochre,navy&width=80&height=64"
    whole, stopped = run("chelsea", style, **TINY), run("chelsea", style, **TINY)
    list(whole)
    next(stopped), next(stopped)
    checkpoint.save(stopped.checkpoint(), here / "run.safetensors")
    shutil.rmtree(here / "cache")
    again = resumed(checkpoint.load(here / "run.safetensors"))
    list(again)
    assert np.array_equal(again.result().pixels, whole.result().pixels)
    record = Inputs.read(located(StyleTask.of("chelsea", style)), StyleSettings()).record(
        StyleSettings()
    )
    assert record is not None
    named = "paint:swirls?palette=%23c8923b,%23000080&width=80&height=64"
    assert f'style = {{name = "{named}", sha256' in record
