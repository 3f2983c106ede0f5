"""One picture over several processes and machines: the same bytes, whoever is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from impasto.errors import ClusterError
from impasto.events import Finished, Started, Step
from impasto.methods import checkpoint
from impasto.methods.holding import Holders
from impasto.methods.protocol import Run, RunOptions
from impasto.painting import paint, resumed
from impasto.settings import StyleSettings
from impasto.task import StyleTask
from impasto.workflows.executors import Needs
from impasto.workflows.executors.holders import hold
from impasto.workflows.executors.process_holders import ProcessHolders
from tests.workflows.executors.simulated import Machines

pytestmark = pytest.mark.usefixtures("warm_workers")

SETTINGS = StyleSettings(
    size=256, steps=9, margin=0.0, tile="128", threads=1, precision="float32", coarsest=96
)
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("photo") / "photo.png"
    rows, columns = np.mgrid[:256, :48]
    levels = np.stack([rows, 5 * columns, (rows * columns) % 256], -1).astype(np.uint8)
    Image.fromarray(levels).save(path)
    return str(path)


def begun(photo: str, holders: Holders | None = None) -> Run:
    return paint(StyleTask.of(photo, "swirls"), SETTINGS, RunOptions(holders=holders))


def ended(run: Run, happens: Mapping[int, Callable[[], object]] | None = None) -> str:
    """SHA-256 of what a run paints, if something happens after some of its steps."""
    for event in run:
        if isinstance(event, Step) and happens and event.step in happens:
            happens[event.step]()
    return hashlib.sha256(run.result().pixels.tobytes()).hexdigest()


@pytest.fixture(scope="module")
def alone(photo: str) -> str:
    return ended(begun(photo))


@pytest.fixture(scope="module")
def two() -> Iterator[ProcessHolders]:
    with hold("local:2") as holders:
        assert isinstance(holders, ProcessHolders)
        yield holders


def test_two_processes_paint_the_same_bytes_and_say_so(
    photo: str, two: ProcessHolders, alone: str
) -> None:
    run = begun(photo, two)
    started = next(iter(run))
    assert isinstance(started, Started)
    assert "2 workers paint from 48 x 256 px on, in tiles of 128 px" in started.notes[-1]
    assert ended(run) == alone
    assert len(two.pids) == 2


def test_a_killed_process_costs_time_alone_and_is_told(
    photo: str, two: ProcessHolders, alone: str
) -> None:
    run = begun(photo, two)
    finished: list[Finished] = []
    for event in run:
        if isinstance(event, Step) and event.step == 7:
            psutil.Process(two.pids[1]).kill()
        if isinstance(event, Finished):
            finished.append(event)
    assert finished[0].notes[0].startswith("a worker was lost (SIGKILL)")
    assert hashlib.sha256(run.result().pixels.tobytes()).hexdigest() == alone


def test_a_checkpoint_goes_from_two_to_one_and_back(
    photo: str, two: ProcessHolders, alone: str, tmp_path: Path
) -> None:
    for first, second in ((two, None), (None, two)):
        run = begun(photo, first)
        for event in run:
            if isinstance(event, Step) and event.step == 8:
                break
        path = tmp_path / "kept.checkpoint.safetensors"
        checkpoint.save(run.checkpoint(), path)
        assert ended(resumed(checkpoint.load(path), holders=second)) == alone


def test_when_nobody_is_left_a_checkpoint_can_still_be_had(
    photo: str, alone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hold("local:2") as holders:
        assert isinstance(holders, ProcessHolders)
        run = begun(photo, holders)

        def all_gone(*_: object) -> int:
            raise ClusterError("nobody is left")

        def lose() -> None:
            monkeypatch.setattr(holders, "ready", all_gone)
            psutil.Process(holders.pids[0]).kill()

        with pytest.raises(ClusterError, match="nobody is left"):
            ended(run, {8: lose})
    path = tmp_path / "kept.checkpoint.safetensors"
    checkpoint.save(run.checkpoint(), path)
    assert ended(resumed(checkpoint.load(path))) == alone


def actors() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if "RemoteHolder" in process.name()
    ]


@needs_ray
def test_a_killed_actor_and_a_lost_machine_change_no_byte(
    photo: str, cluster: Machines, alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from impasto.workflows.executors import ray_holders

    monkeypatch.setattr(ray_holders, "OTHERS_S", 2.0)
    node = cluster.add()
    holders = ray_holders.RayHolders(cluster.address, Needs(1))
    try:
        happens = {6: lambda: actors()[0].kill(), 8: lambda: cluster.lose(node)}
        assert ended(begun(photo, holders), happens) == alone
    finally:
        holders.close()
