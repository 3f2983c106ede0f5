"""Whole paintings in tiles, against paintings of the whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from impasto import painting
from impasto.errors import MemoryShortError, SettingError
from impasto.imaging import write
from impasto.methods import checkpoint as checkpoints
from impasto.methods import device as devices
from impasto.methods.optimization.looker import Looker
from impasto.methods.protocol import Run, RunOptions
from impasto.settings import StyleSettings
from impasto.task import StyleTask

FAST: dict[str, Any] = {
    "size": 160,
    "steps": 9,
    "coarsest": 80,
    # What sees little beyond a tile, for speed.
    "style_layers": {"relu1_1": 1.0, "relu2_1": 1.0, "relu3_1": 1.0},
    "content_layers": {"relu3_1": 1.0},
    "precision": "float32",
    "scale_tolerance": 0,
    "device": "cpu",
}
SQUEEZENET = {
    "backbone": "squeezenet",
    "style_layers": {"relu1": 1.0},
    "content_layers": {"fire2": 1.0},
}


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> StyleTask[str]:
    """A photograph and a painting of waves, in files."""
    folder = tmp_path_factory.mktemp("pictures")
    down, across = np.mgrid[0:150, 0:200] / 9.0
    photo = np.stack([np.sin(down) * np.cos(across), np.sin(across), np.cos(down)], -1)
    waves = np.stack([np.sin(down * across), np.cos(3 * across), np.sin(2 * down)], -1)
    for name, picture in (("photo", photo), ("waves", waves)):
        write(folder / f"{name}.png", picture / 2 + 0.5)
    return StyleTask.of(str(folder / "photo.png"), str(folder / "waves.png"))


def run(task: StyleTask[str], options: RunOptions | None = None, **changes: Any) -> Run:
    settings = StyleSettings(**{**FAST, **changes})
    return painting.paint(task, settings, options or RunOptions())


def painted(run: Run) -> np.ndarray[Any, Any]:
    for _ in run:
        pass
    return np.asarray(run.result().pixels)


def test_tiles_paint_what_the_whole_paints(task: StyleTask[str]) -> None:
    whole, tiled = run(task), run(task, tile="128")
    one, other = painted(whole), painted(tiled)
    assert np.abs(one - other).mean() < 0.5 / 255
    last = [run.result().losses[-1]["total"] for run in (whole, tiled)]
    assert last[1] == pytest.approx(last[0], rel=1e-3)


def test_files_paint_what_memory_paints(task: StyleTask[str], tmp_path: Path) -> None:
    one = painted(run(task, tile="128"))
    other = painted(run(task, tile="128", scratch=str(tmp_path)))
    assert np.array_equal(one, other)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("after", [2, 6, 8])
def test_it_goes_on_exactly_where_it_stopped(
    task: StyleTask[str], tmp_path: Path, after: int
) -> None:
    begun, path = run(task, tile="128"), tmp_path / "kept.safetensors"
    for event in begun:
        if getattr(event, "step", 0) == after:
            checkpoints.save(begun.checkpoint(), path)
    kept = checkpoints.load(path)
    assert kept.state["tile"] == 128
    settings = StyleSettings(**FAST, tile="auto")
    resumed = painting.paint(kept.task(), settings, RunOptions(resume=kept))
    assert np.array_equal(painted(resumed), painted(begun))


def test_it_goes_on_from_any_folder_and_with_another_for_scratch(
    task: StyleTask[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, other = tmp_path / "first", tmp_path / "other"
    first.mkdir()
    other.mkdir()
    begun = run(task, tile="128", scratch="first")
    for event in begun:
        if getattr(event, "step", 0) == 7:
            checkpoints.save(begun.checkpoint(), tmp_path / "kept.safetensors")
    kept = checkpoints.load(tmp_path / "kept.safetensors")
    assert kept.settings["scratch"] == str(first)
    first.rmdir()
    with pytest.raises(SettingError, match=r"scratch is .*first, where no file can be made"):
        painting.resumed(kept)
    resumed = painting.resumed(kept, scratch=str(other))
    assert np.array_equal(painted(resumed), painted(begun))


def test_adam_paints_in_tiles_too(task: StyleTask[str]) -> None:
    changes = {"optimizer": "adam", "lr": 0.05}
    one, other = painted(run(task, **changes)), painted(run(task, tile="128", **changes))
    assert np.abs(one - other).mean() < 0.5 / 255


def test_a_picture_that_fits_one_tile_is_painted_whole(task: StyleTask[str]) -> None:
    assert np.array_equal(painted(run(task, tile="512")), painted(run(task)))


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def set_free(count: int) -> None:
        monkeypatch.setattr(devices, "free_bytes", lambda _: count)

    return set_free


def tile_of(run: Run) -> int:
    next(run)
    next(run)
    return int(run.checkpoint().state["tile"])


def test_tiles_are_taken_where_the_whole_does_not_fit(
    task: StyleTask[str], free: Callable[[int], None]
) -> None:
    large = {"size": 1200, "upscale": True, "coarsest": 128, "steps": 7}
    free(10**12)
    assert tile_of(run(task, **large)) == 0
    free(900_000_000)
    assert tile_of(run(task, **large)) > 0
    with pytest.raises(MemoryShortError, match="or --force to try all the same"):
        run(task, tile="off", **large)


def test_what_no_memory_holds_is_refused_with_the_ways_out(
    task: StyleTask[str], free: Callable[[int], None], tmp_path: Path
) -> None:
    large = {"size": 4000, "upscale": True}
    free(1_500_000_000)
    with pytest.raises(MemoryShortError, match=r"pass --size \d+, or --scratch DIR for what"):
        run(task, **large)
    assert run(task, scratch=str(tmp_path), **large) is not None


@pytest.mark.parametrize(
    ("changes", "options", "reason"),
    [
        ({"style_loss": "sliced"}, {}, "style_loss sliced sees the whole picture at once: take"),
        ({}, {"terms": (lambda _: None,)}, "a loss term of another package sees the whole"),
        (SQUEEZENET, {}, "only the VGGs can be looked through in tiles"),
    ],
)
def test_what_cannot_be_painted_in_tiles_says_why(
    task: StyleTask[str], changes: dict[str, Any], options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SettingError, match=f"tile is 128, and {reason}"):
        run(task, RunOptions(**options), tile="128", **changes)


def test_a_gpu_paints_the_whole() -> None:
    look = Looker.of(StyleSettings(), (), RunOptions())
    assert look.untiled(RunOptions(), torch.device("cpu")) == ""
    assert "on the CPU alone" in look.untiled(RunOptions(), torch.device("cuda"))


@pytest.mark.parametrize("tile", ["100", "yes", "-5", "1e3", ""])
def test_a_tile_is_a_number_of_px_or_a_word(tile: str) -> None:
    with pytest.raises(SettingError, match="give auto, off or a number of px from 128 on"):
        StyleSettings(tile=tile)
