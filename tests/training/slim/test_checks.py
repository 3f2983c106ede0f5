from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from impasto.errors import CheckpointError, OutputError, SettingError
from training.slim.checks import check_options, check_same


@pytest.mark.parametrize(
    ("options", "wish"),
    [
        ({"out": Path("weights.png")}, r"weights\.png: give a name that ends in \.safetensors"),
        ({"threads": -1}, "threads is -1: give 1 to 1024"),
        ({"checkpoint_every": 0}, "checkpoint_every is 0: give 1 step or more"),
        ({"device": "cuda"}, "device is cuda, and torch finds none"),
    ],
)
def test_options_that_cannot_be_met_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], wish: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    good = {"out": tmp_path / "w.safetensors", "device": "cpu", "threads": 1, "checkpoint_every": 1}
    check_options(**good)
    with pytest.raises(SettingError, match=wish):
        check_options(**{**good, **options})


@pytest.mark.parametrize("ending", [".safetensors", ".checkpoint", ".jsonl", ".png"])
def test_a_folder_in_the_way_is_found_before_the_work(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"new{ending}").mkdir()
    with pytest.raises(OutputError, match=rf"new\{ending} is a folder"):
        check_options(tmp_path / "new.safetensors", "cpu", 1, 1)


def test_only_another_choice_than_begun_with_is_refused() -> None:
    check_same(Path("c"), {}, "recipe", 1, "--set")  # nothing was begun
    check_same(Path("c"), {"recipe": 1}, "recipe", 1, "--set")
    with pytest.raises(CheckpointError, match=r"another choice of recipe: pass the --set of"):
        check_same(Path("c"), {"recipe": 2}, "recipe", 1, "--set")
