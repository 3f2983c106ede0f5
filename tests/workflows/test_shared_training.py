"""Trainings whose steps are shared: the same network, whoever computes the shares."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main
from impasto.errors import SettingError
from impasto.training.stylizers import Training
from impasto.workflows.executors.local import SerialExecutor
from impasto.workflows.shared_training import SharedGradients, shares_of
from tests.workflows.executors.simulated import Machines

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")


@pytest.fixture
def style(tmp_path: Path) -> Path:
    path = tmp_path / "style.png"
    with Image.open(samples.style("swirls")) as image:
        image.resize((96, 80)).save(path)
    return path


@pytest.fixture
def begin(style: Path) -> Callable[..., Training]:
    """Begins a training of three small steps with two shares each."""

    def make(**changes: Any) -> Training:
        small = {"steps": 3, "side": 64, "batch": 2, "shares": 2, "precision": "float32"}
        return Training.begin([style], threads=1, compares=False, **(small | changes))

    return make


def learnt(training: Training, path: Path) -> bytes:
    for _ in training:
        pass
    training.save(path)
    return path.read_bytes()


def test_shares_that_are_computed_elsewhere_make_the_same_network(
    begin: Callable[..., Training], tmp_path: Path
) -> None:
    here = learnt(begin(), tmp_path / "net.safetensors")
    elsewhere = SharedGradients(SerialExecutor())
    assert learnt(begin(elsewhere=elsewhere), tmp_path / "net.safetensors") == here


def test_a_training_that_was_stopped_goes_on_here_to_the_same_network(
    begin: Callable[..., Training], tmp_path: Path
) -> None:
    whole = learnt(begin(), tmp_path / "net.safetensors")
    stopped = begin(elsewhere=SharedGradients(SerialExecutor()))
    events = iter(stopped)
    for _ in range(3):  # the start and two steps
        next(events)
    stopped.keep(tmp_path / "kept.checkpoint.safetensors")
    resumed = Training.resumed(tmp_path / "kept.checkpoint.safetensors")
    assert learnt(resumed, tmp_path / "net.safetensors") == whole


def test_a_critic_learns_in_one_place_alone(begin: Callable[..., Training]) -> None:
    with pytest.raises(SettingError, match="a critic learns in one place alone"):
        begin(adversarial=0.5)


@needs_ray
def test_a_cluster_learns_the_same_network_as_one_process(
    cluster: Machines, begin: Callable[..., Training], tmp_path: Path
) -> None:
    here = learnt(begin(), tmp_path / "net.safetensors")
    with shares_of(cluster.address) as (count, elsewhere):
        assert count == 1
        assert learnt(begin(elsewhere=elsewhere), tmp_path / "net.safetensors") == here


@needs_ray
def test_a_cluster_that_is_not_there_is_told_before_anything_is_learnt(
    style: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.safetensors"
    assert main(["train", str(style), "--cluster", "127.0.0.1:1", "-o", str(out)]) == 1
    assert "cannot be reached" in capsys.readouterr().err
    assert not out.exists()
