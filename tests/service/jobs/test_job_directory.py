"""When a checkpoint or a preview is due; what they hold is tested with whole paintings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto.events import Preview, Step
from impasto.service.jobs import job_directory
from impasto.service.jobs.job_directory import JobDirectory


class NoRun:
    """Has told nothing yet."""

    def past_events(self) -> list[Any]:
        return []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass for a directory, in seconds, and only so."""
    now = [1000.0]
    monkeypatch.setattr(job_directory.time, "monotonic", lambda: now[0])

    def pass_time(seconds: float) -> None:
        now[0] += seconds

    return pass_time


@pytest.fixture
def directory(tmp_path: Path, clock: Callable[[float], None]) -> Iterator[JobDirectory]:  # noqa: ARG001 - first
    directory = JobDirectory(tmp_path)
    directory.open_log(NoRun(), None)  # type: ignore[arg-type]
    yield directory
    directory.close()


@pytest.fixture
def saved(
    directory: JobDirectory, clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """After which steps a checkpoint was written; each takes half a second."""
    counts: list[int] = []

    def save(*_: object) -> None:
        counts.append(len(directory.steps))
        clock(0.5)

    monkeypatch.setattr(job_directory.checkpoints, "save", save)
    return counts


class SomeRun:
    """Whose state does not matter."""

    def checkpoint(self, outputs: dict[str, Any]) -> dict[str, Any]:
        return outputs


def paint(
    directory: JobDirectory, clock: Callable[[float], None], steps: int, each_s: float
) -> None:
    for _ in range(steps):
        clock(each_s)
        number = len(directory.steps) + 1
        directory.write_event(Step(number, 1000, (48, 64), {"total": 1.0}, 0.0))
        directory.save_checkpoint_if_due(SomeRun())  # type: ignore[arg-type]


def test_quick_steps_are_saved_every_25th(
    directory: JobDirectory, clock: Callable[[float], None], saved: list[int]
) -> None:
    paint(directory, clock, 60, each_s=0.3)
    assert saved == [25, 50]


def test_slow_steps_are_saved_every_ten_seconds(
    directory: JobDirectory, clock: Callable[[float], None], saved: list[int]
) -> None:
    paint(directory, clock, 9, each_s=4.0)
    assert saved == [3, 6, 9]


def test_checkpoints_take_a_tenth_of_the_time_at_most(
    directory: JobDirectory, clock: Callable[[float], None], saved: list[int]
) -> None:
    paint(directory, clock, 25, each_s=0.01)
    paint(directory, clock, 490, each_s=0.01)
    assert saved == [25]  # 4.9 s since one that took 0.5 s
    paint(directory, clock, 20, each_s=0.01)
    assert len(saved) == 2


def test_previews_are_shown_at_most_every_0_7_s_and_not_too_large(
    directory: JobDirectory, clock: Callable[[float], None], tmp_path: Path
) -> None:
    for step in range(5, 25, 5):
        directory.write_preview(Preview(step, Image.new("RGB", (3000, 1500))))
        clock(0.35)
    directory.close()
    lines = (tmp_path / "events.jsonl").read_text().splitlines()
    numbers = [json.loads(line)["data"]["step"] for line in lines]
    assert numbers == [5, 15]
    with Image.open(tmp_path / "preview.png") as preview:
        assert preview.size == (1024, 512)


def test_without_a_checkpoint_or_with_one_that_is_none_a_job_begins_anew(
    directory: JobDirectory, tmp_path: Path
) -> None:
    assert directory.load_checkpoint() is None
    (tmp_path / "checkpoint.safetensors").write_bytes(b"no checkpoint")
    assert directory.load_checkpoint() is None
    directory.remove_checkpoint()
    assert not (tmp_path / "checkpoint.safetensors").exists()
    directory.remove_checkpoint()
