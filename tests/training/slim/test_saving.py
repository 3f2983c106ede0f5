from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from impasto.errors import CheckpointError
from impasto.networks.weights import read_tensors
from training.slim import saving


def test_a_checkpoint_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.checkpoint"
    state = {"recipe": {"crops": [[32, 4]]}, "step": 7, "student": {"weight": torch.randn(3, 2)}}
    saving.write_checkpoint(path, state)
    checkpoint = saving.read_checkpoint(path)
    assert checkpoint["step"] == 7
    assert checkpoint["recipe"] == state["recipe"]
    assert torch.equal(checkpoint["student"]["weight"], state["student"]["weight"])
    assert [each.name for each in tmp_path.iterdir()] == ["a.checkpoint"]


def test_a_missing_checkpoint_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no checkpoint .*a\.checkpoint: start without"):
        saving.read_checkpoint(tmp_path / "a.checkpoint")


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.checkpoint"
    path.write_bytes(b"nonsense")
    with pytest.raises(CheckpointError, match=r"a\.checkpoint cannot be read"):
        saving.read_checkpoint(path)
    for other in ([1, 2], {"weight": torch.zeros(1)}):
        torch.save(other, path)
        with pytest.raises(CheckpointError, match=r"a\.checkpoint is no checkpoint of a training"):
            saving.read_checkpoint(path)


class Trap:
    """Makes a file when it is unpickled, if anything lets it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_no_code_in_a_checkpoint_is_run(tmp_path: Path) -> None:
    torch.save({"recipe": Trap(tmp_path / "sprung")}, tmp_path / "a.checkpoint")
    with pytest.raises(CheckpointError):
        saving.read_checkpoint(tmp_path / "a.checkpoint")
    assert not (tmp_path / "sprung").exists()


def test_weights_are_halves_with_what_a_person_should_know(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    weight = torch.randn(4, 3, 3, 3).contiguous(memory_format=torch.channels_last)
    saving.write_weights(path, {"features.0.weight": weight.requires_grad_()}, {"licence": "MIT"})
    with safe_open(path, "pt") as file:
        assert file.get_tensor("features.0.weight").dtype == torch.float16
        metadata = file.metadata()
    assert metadata["licence"] == "MIT"
    assert date.fromisoformat(metadata["date"]).year > 2000
    tensor = read_tensors(path, {"features.0.weight": (4, 3, 3, 3)})["features.0.weight"]
    torch.testing.assert_close(tensor, weight.detach(), rtol=1e-3, atol=1e-4)


def test_code_outside_git_has_no_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    assert saving.commit() == "unknown"
    monkeypatch.setenv("PATH", str(tmp_path))  # and no git to ask
    assert saving.commit() == "unknown"
